//! G010 empty-description.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G010"),
    name: "empty-description",
    severity: Severity::Warning,
    effect: Effect::None,
    fix: Fixable::Safe,
    what: "A row of a GCT file has no description, or nothing but quotes for one.",
    why: "ODM's description of the format wants a text there, `NA` where there is none.",
    mend: "Write `NA`, or run `odmkit fix`.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB><TAB>1.5\n"),
        ],
    },
};

/// A row without a description. All such rows of a file are one cause.
pub fn finding(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "a row has no description")
        .at(position)
        .field("Description")
        .help("write NA where there is no description")
        .fix("write NA for empty descriptions")
        .cause("empty description")
}
