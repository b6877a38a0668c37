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
    Diagnostic::new(&RULE, path, format!("white space inside the sample name `{name}`"))
        .at(position)
        .field(name)
        .value(name)
        .help("use names without blanks, here and in the samples table")
        .cause("space in sample")
}
