//! F006 nul-byte.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F006"),
    name: "nul-byte",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The text holds a NUL byte.",
    why: "NUL never occurs in text: the file is damaged, binary, or in UTF-16.",
    mend: "Export the file again; a run of NUL bytes is what a crashed copy leaves.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>cli<NUL>nic\n"),
        ],
    },
};

/// The first NUL; `count` is how many there are in all.
pub fn finding(path: &Arc<str>, position: Position, count: u64) -> Diagnostic {
    Diagnostic::new(&RULE, path, if count == 1 { "a NUL byte in the text".to_owned() } else { format!("{count} NUL bytes in the text") })
        .at(position)
        .count(count)
        .help("the file is damaged, or is no text; export it again")
}
