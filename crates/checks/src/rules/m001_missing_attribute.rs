//! M001 missing-attribute.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M001"),
    name: "missing-attribute",
    severity: Severity::Warning,
    effect: Effect::Flagged,
    fix: Fixable::No,
    what: "An attribute that the template requires has no column.",
    why: "ODM imports the record and marks it invalid (MISSING_ATTRIBUTE): it stays out of what needs valid metadata.",
    mend: "Add the column and fill it in; `Not applicable`, `Not reported` and `Not recorded` are valid for any attribute.",
    example: Example {
        command: "trial.study.tsv",
        files: &[
            ("trial.study.tsv", "Study Title<TAB>Study Source<TAB>Study Description\nA trial<TAB>GEO<TAB>Livers of mice\n"),
        ],
    },
};

/// The required attribute `name` has no column in the header at `header`, one of `absent` such attributes.
pub fn finding(path: &Arc<str>, header: Position, name: &str, absent: usize) -> Diagnostic {
    let what = if absent > 1 {
        "a column for each".to_owned()
    } else {
        format!("a column `{name}`")
    };
    Diagnostic::new(
        &RULE,
        path,
        format!("the required attribute `{name}` has no column"),
    )
    .at(header)
    .field(name)
    .help(format!("add {what}; where there is nothing to say, write Not reported"))
    .odm_error("MISSING_ATTRIBUTE")
    .cause("missing attribute")
}
