//! T008 no-rows.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T008"),
    name: "no-rows",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "There is a header and nothing under it.",
    why: "ODM has nothing to import.",
    mend: "Export the file again, with its rows.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\n"),
        ],
    },
};

/// The file ends with the line at `position`, before its column names.
pub fn without_header(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the file ends before its line of column names")
        .at(position)
        .help("export the file again: it was cut off")
}

/// The header at `position` has no row under it.
pub fn finding(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the file has a header and no rows").at(position).help("write the rows under it, or export the file again with its rows")
}
