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
    what: "A blank line stands between or after the rows, or above them in a GCT file, which is then an error.",
    why: "Some readers take a blank line for the end of the table or for an empty record. The first three lines of a GCT file must be where ODM looks for them.",
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

/// A blank line above or between the first lines of a GCT file, which ODM looks for by their numbers.
pub fn in_header(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "a blank line above the rows: ODM looks for version, figures and names on the lines 1, 2 and 3")
        .at(position)
        .help("delete the line")
        .fix("delete blank lines")
        .cause("blank line")
        .rejected()
}
