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
    what: "The file has no bytes, or only blank lines or a byte order mark.",
    why: "An import of an empty file fails: there is not even a header line.",
    mend: "Export the file again; an empty file is usually what an interrupted export or a full disk leaves.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", ""),
        ],
    },
};

/// What there is in a file with nothing in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// No bytes.
    Nothing,
    /// Lines of blanks.
    BlankLines,
    /// The mark with which a text in some encoding begins, and no text.
    Mark,
}

/// The file holds nothing; `packed` says that it is another that holds it.
pub fn finding(path: &Arc<str>, packed: bool, holds: Holds) -> Diagnostic {
    let file = if packed { "the file inside" } else { "the file" };
    let holds = match holds {
        Holds::Nothing => "is empty",
        Holds::BlankLines => "has nothing but blank lines",
        Holds::Mark => "has nothing but a byte order mark",
    };
    Diagnostic::new(&RULE, path, format!("{file} {holds}"))
        .help("export the file again: an interrupted export or a full disk leaves such a file")
}
