//! F010 line-too-long.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F010"),
    name: "line-too-long",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "One line is longer than the memory limit allows to hold.",
    why: "No table has such a line: the file is binary, or its line endings are lost. Reading stops there.",
    mend: "Look at the file's line endings; if the line is real, raise --memory-limit.",
    example: Example {
        command: "protein.tsv --feature-attributes 1 --memory-limit 1MiB",
        files: &[
            ("protein.tsv", "Protein<TAB>S1\nP04637<TAB><1, 16000000 times>\n"),
        ],
    },
};

/// The line at `position` is longer than `limit` bytes; `enough` is the limit of memory with which it could be held,
/// where that is known.
pub fn finding(path: &Arc<str>, position: Position, limit: u64, enough: Option<&str>) -> Diagnostic {
    let to = enough.map_or_else(String::new, |enough| format!(" to {enough}"));
    Diagnostic::new(&RULE, path, format!("a line is longer than {limit} bytes; reading stopped here"))
        .at(position)
        .help(format!("look at the file's line endings; if the line is real, raise --memory-limit{to}"))
}
