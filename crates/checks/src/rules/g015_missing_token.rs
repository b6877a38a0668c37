//! G015 missing-token.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G015"),
    name: "missing-token",
    severity: Severity::Warning,
    effect: Effect::None,
    fix: Fixable::Safe,
    what: "A value of a GCT file is `NA`, `NaN`, `NULL` or the like, where GCT leaves the cell empty.",
    why: "ODM tolerates some of these tokens; other readers of GCT do not.",
    mend: "Leave the cell empty, or run `odmkit fix`.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>NA\n"),
        ],
    },
};

/// The missing token `token` stands as a value. All cells with the same token are one cause.
pub fn finding(path: &Arc<str>, position: Position, sample: &str, token: &str, infinite: bool) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, path, format!("`{token}` stands for a missing value; GCT leaves the cell empty"))
        .at(position)
        .field(sample)
        .value(token)
        .cause(token);
    if infinite {
        // Emptying the cell would lose that the value was infinite: a person must decide.
        finding.help("ODM takes an infinity for a missing value: leave the cell empty, or write a number")
    } else {
        finding.help("leave the cell empty").fix("leave cells of missing values empty")
    }
}
