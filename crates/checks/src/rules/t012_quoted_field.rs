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
    what: "A field is wrapped in double quotes. Quotes inside the description of a GCT file, such as `\"a\" and \"b\"`, are text like any other.",
    why: "ODM has no quoting: the quotes become part of the value, so that it is no dictionary term, no number and no matching identifier.",
    mend: "Save the file without quotes around fields, or run `odmkit fix`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>\"clinic, ward 3\"\n"),
        ],
    },
};

/// The field of the column `name` is quoted. All such fields of a column are one cause, but for those with nothing but quotes
/// in them, or with quotes inside: what these meant is for a person to say.
pub fn finding(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, path, format!("the quotes in {} become part of the value", shown(value)))
        .at(position)
        .field(name)
        .value(value);
    let field = value.trim().as_bytes();
    if is_wrapped(field) || is_escaped(field) {
        finding
            .help("save the file without quotes around fields")
            .fix("remove the quotes around fields")
            .cause(format!("quoted {name}"))
    } else if is_hollow(field) {
        finding.help("leave the field empty: quotes are no way to say that").cause(format!("only quotes {name}"))
    } else {
        finding
            .help("delete the quotes around the field, if they do not belong to it")
            .cause(format!("quotes inside {name}"))
    }
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

/// Whether a field is written as CSV writes one with quotes in it: wrapped in quotes, and each quote inside doubled. One that
/// would be wrapped in quotes still is left to people.
pub fn is_escaped(field: &[u8]) -> bool {
    is_quoted(field) && {
        let mut rest = &field[1..field.len() - 1];
        if is_quoted(rest.trim_ascii()) {
            return false;
        }
        let mut found = 0;
        while let Some(at) = memchr::memchr(b'"', rest) {
            if rest.get(at + 1) != Some(&b'"') {
                return false;
            }
            found += 1;
            rest = &rest[at + 2..];
        }
        found > 0
    }
}

/// Whether there are quotes in a field, and nothing else.
pub fn is_hollow(field: &[u8]) -> bool {
    is_quoted(field) && field.iter().all(|byte| *byte == b'"' || byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_told_apart() {
        for (field, wrapped, escaped, hollow) in [
            ("\"a\"", true, false, false),
            ("\"a \"\"b\"\" c\"", false, true, false),
            ("\"a \"\"b\"\"\"", false, true, false),
            ("\"\"\"a\"\"\"", false, false, false),
            // Two words in quotes are no word in quotes.
            ("\"a\" and \"b\"", false, false, false),
            ("\"\"", false, false, true),
            ("\" \"", false, false, true),
            ("a", false, false, false),
            ("5\"", false, false, false),
            ("\"", false, false, false),
        ] {
            let field = field.as_bytes();
            let found = (is_wrapped(field), is_escaped(field), is_hollow(field));
            assert_eq!(found, (wrapped, escaped, hollow), "{}", String::from_utf8_lossy(field));
        }
    }
}
