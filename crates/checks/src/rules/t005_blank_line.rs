//! T005 blank-line.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T005"),
    name: "blank-line",
    severity: Severity::Warning,
    effect: Effect::None,
    fix: Fixable::Safe,
    what: "A blank line stands between or after the rows.",
    why: "Some readers take a blank line for the end of the table or for an empty record.",
    mend: "Delete the line, or run `odmkit fix`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n\nS2<TAB>clinic\n"),
        ],
    },
};

/// A blank line. All blank lines of a file are one cause.
pub fn finding(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "a blank line").at(position).help("delete the line").fix("delete blank lines").cause("blank line")
}
