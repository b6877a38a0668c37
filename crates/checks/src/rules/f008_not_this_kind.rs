//! F008 not-this-kind.

use std::sync::Arc;

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F008"),
    name: "not-this-kind",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The content is another format: a Git LFS pointer, an HTML error page, a spreadsheet, HDF5, PDF, and so on.",
    why: "ODM imports text. The name may say GCT or TSV, but the bytes are something else.",
    mend: "Fetch the real file (`git lfs pull`; download again after signing in), or export it as tab-separated text.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "version https://git-lfs.github.com/spec/v1\noid sha256:4665a5ea423c2713d436b5ee50593a9640e0018c1550b5a0002f74190d6caea8\nsize 12345\n"),
        ],
    },
};

/// The content is `what`, and `help` says how to come by the real file.
pub fn finding(path: &Arc<str>, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("this is {what}, not a table that ODM can import")).at(Position::START).help(help)
}

/// The first line says that the file is `what`, and somebody said that it is of another kind.
pub fn said_to_be(path: &Arc<str>, what: &str, kind: FileKind) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("this is {what}, and was said to be a file of {kind}"))
        .at(Position::START)
        .help("leave --kind out, or list the file in study.toml as what it is: data under [[data]]")
}
