//! T014 lost-characters.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::rows::shown;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T014"),
    name: "lost-characters",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A name or a value of metadata, or the name of a sample or a feature, holds U+FFFD: some program read the text in the wrong encoding, and wrote this in place of each character that it could not read. Or it holds signs such as `Ã¶` that stand for one letter: UTF-8 that was read as Windows-1252.",
    why: "What stood there is lost: ODM shows the sign, finds nothing by the right word, and ties no data by such an identifier.",
    mend: "Type the character again, or export the table once more from where it is whole, as UTF-8.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>K\u{FFFD}ln\n"),
        ],
    },
};

/// A character is lost in a value of the column `name`. All such values of a column are one cause.
pub fn in_value(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    base(path, position, format!("a character was lost in `{}`, a value of `{name}`", shown(value)))
        .field(name)
        .value(value)
        .cause(format!("lost in {name}"))
}

/// The value of the column `name` was read in the wrong encoding; `meant` is what it was. All such values of a column are one
/// cause.
pub fn misread(path: &Arc<str>, position: Position, name: &str, value: &str, meant: &str) -> Diagnostic {
    let message = format!("`{}` in `{name}` was `{}` before it was read in the wrong encoding", shown(value), shown(meant));
    base(path, position, message)
        .field(name)
        .value(value)
        .help(format!("write {}, or export the table once more as UTF-8, and open it as that", shown(meant)))
        .cause(format!("misread in {name}"))
}

/// The name of a column was read in the wrong encoding. All names of a file are one cause.
pub fn misread_name(path: &Arc<str>, position: Position, name: &str, meant: &str) -> Diagnostic {
    let message = format!("the column name `{}` was `{}` before it was read in the wrong encoding", shown(name), shown(meant));
    base(path, position, message)
        .field(name)
        .value(name)
        .help(format!("write {}, or export the table once more as UTF-8, and open it as that", shown(meant)))
        .cause("misread names")
}

/// A character is lost in the name of a column. All names of a file are one cause.
pub fn in_name(path: &Arc<str>, position: Position, name: &str) -> Diagnostic {
    base(path, position, format!("a character was lost in the column name `{}`", shown(name)))
        .field(name)
        .value(name)
        .cause("lost in names")
}

fn base(path: &Arc<str>, position: Position, message: String) -> Diagnostic {
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help("type it again, or export the table once more as UTF-8: U+FFFD stands where a character could not be read")
}
