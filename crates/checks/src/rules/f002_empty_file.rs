//! F002 empty-file.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F002"),
    name: "empty-file",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The file has no bytes, or only blank lines.",
    why: "An import of an empty file fails: there is not even a header line.",
    mend: "Export the file again; an empty file is usually what an interrupted export or a full disk leaves.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", ""),
        ],
    },
};

/// The file holds nothing; `bytes` is its length.
pub fn finding(path: &Arc<str>, bytes: u64) -> Diagnostic {
    let message = if bytes == 0 { "the file is empty" } else { "the file has nothing but blank lines" };
    Diagnostic::new(&RULE, path, message)
        .help("export the file again: an interrupted export or a full disk leaves such a file")
}
