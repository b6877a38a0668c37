//! G009 empty-name.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G009"),
    name: "empty-name",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A row of a GCT file has no name, or nothing but quotes for one.",
    why: "The name identifies the feature; a row without one cannot be stored.",
    mend: "Give the row its name, or delete it.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n2<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n<TAB>tumour protein<TAB>2.5\n"),
        ],
    },
};

/// A row without a name. All such rows of a file are one cause.
pub fn finding(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "a row has no name")
        .at(position)
        .field("Name")
        .help("give the row its name, or delete it")
        .cause("empty name")
}
