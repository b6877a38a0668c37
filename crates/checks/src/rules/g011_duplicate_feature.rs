//! G011 duplicate-feature.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G011"),
    name: "duplicate-feature",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "Two rows of a GCT file have the same name.",
    why: "The name identifies the feature; two rows cannot share it.",
    mend: "Make the names unique, or merge the rows.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n2<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\nTP53<TAB>na<TAB>1.7\n"),
        ],
    },
};

/// The row at `position` has a name that the row on the line `first` has already.
pub fn finding(path: &Arc<str>, position: Position, name: &str, first: odmkit_core::LineNumber) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the row name `{name}` is used more than once"))
        .at(position)
        .field("Name")
        .value(name)
        .help("make the names unique, or merge the rows")
        .cause("duplicate feature")
        .related(path, Some(first), format!("`{name}` is first used here"))
}
