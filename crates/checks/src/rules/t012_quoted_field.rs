//! T012 quoted-field.

use std::sync::Arc;

use memchr::memchr_iter;
use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T012"),
    name: "quoted-field",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::Safe,
    what: "A field is wrapped in double quotes.",
    why: "ODM has no quoting: the quotes become part of the value, so that it is no dictionary term, no number and no matching identifier.",
    mend: "Save the file without quotes around fields, or run `odmkit fix`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>\"clinic, ward 3\"\n"),
        ],
    },
};

/// The field of the column `name` is quoted. All such fields of a column are one cause.
pub fn finding(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the quotes in {} become part of the value", shown(value)))
        .at(position)
        .field(name)
        .value(value)
        .help("save the file without quotes around fields")
        .fix("remove the quotes around fields")
        .cause(format!("quoted {name}"))
}

/// The cause of all quotes of a table whose names are all in quotes.
pub const QUOTED_TABLE: &str = "quoted table";

/// All names of a metadata table are in quotes, the first of them, `name`, at `position`. `has_key` says that ODM looks
/// for one of them, and does not find it.
pub fn all_names(path: &Arc<str>, position: Position, name: &str, has_key: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        &RULE,
        path,
        "all fields are in double quotes, which ODM takes for a part of each name and value",
    )
    .at(position)
    .field(name)
    .help("save the file without quotes around fields; in R, write.table(..., quote = FALSE)")
    .fix("remove the quotes around fields")
    .cause(QUOTED_TABLE);
    if has_key { finding.rejected() } else { finding }
}

/// A field in a table of metadata begins with a double quote that nothing closes.
pub fn unclosed(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("the quote before {} is not closed, and becomes part of the value", shown(&value[1..])),
    )
    .at(position)
    .field(name)
    .value(value)
    .help("delete the quote; where the value went on in the next line, put the two lines together")
    .cause(format!("unclosed {name}"))
}

/// Quotes stand around the version line or the first name of a GCT file, and so around others. All of a file are one cause.
pub fn whole_file(path: &Arc<str>, position: Position, value: &str) -> Diagnostic {
    let message = format!("fields stand in quotes, such as {}: ODM takes the quotes as part of the text", shown(value.trim()));
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .value(value)
        .help("save the file without quotes around fields")
        .fix("remove the quotes around fields")
        .cause("quoted file")
        .rejected()
}

/// A number in quotes under the column `name`. All of a file are one cause.
pub fn number(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("{} is no number: the quotes are part of the value", shown(value.trim())))
        .at(position)
        .field(name)
        .value(value)
        .help("save the file without quotes around fields")
        .fix("remove the quotes around fields")
        .cause("quoted number")
        .rejected()
}

fn shown(value: &str) -> String {
    if value.chars().count() > 40 {
        let start: String = value.chars().take(40).collect();
        format!("`{start}…`")
    } else {
        format!("`{value}`")
    }
}

/// Whether a field begins with a double quote that is not closed in it.
pub fn is_unclosed(field: &[u8]) -> bool {
    field.first() == Some(&b'"') && memchr_iter(b'"', field).count() % 2 == 1
}

/// Whether a field is wrapped in double quotes.
pub fn is_quoted(field: &[u8]) -> bool {
    field.len() >= 2 && field[0] == b'"' && field[field.len() - 1] == b'"'
}

/// Whether a field is wrapped in double quotes, with something but quotes inside.
pub fn is_wrapped(field: &[u8]) -> bool {
    is_quoted(field) && {
        let inner = &field[1..field.len() - 1];
        !inner.trim_ascii().is_empty() && !inner.contains(&b'"')
    }
}
