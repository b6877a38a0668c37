//! G008 space-in-sample.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G008"),
    name: "space-in-sample",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A sample name of a GCT file has white space inside.",
    why: "ODM's description of the format forbids it; links are by exact text, and a double or a special blank is invisible.",
    mend: "Use names without blanks, in the samples table as well (`S_1` for `S 1`).",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>ALL 19769\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The sample name at `position` has white space inside. All such names of a file are one cause.
pub fn finding(path: &Arc<str>, position: Position, name: &str) -> Diagnostic {
    let finding = |message: String| Diagnostic::new(&RULE, path, message).at(position).field(name).value(name);
    let number = name.strip_prefix("Unnamed: ");
    if number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())) {
        return finding(format!("pandas called a column `{name}` that had no name"))
            .help("give the column the name of its sample; if it holds the numbers of rows, delete it")
            .cause("unnamed by pandas");
    }
    finding(format!("white space inside the sample name `{name}`"))
        .help("use names without blanks, here and in the samples table")
        .cause("space in sample")
}
