//! T012 quoted-field.

use std::borrow::Cow;
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
    what: "A field is wrapped in double quotes. Quotes inside a description or a value of metadata, such as `\"a\" and \"b\"`, are text like any other.",
    why: "ODM has no quoting: the quotes become part of the value, so that it is no dictionary term, no number and no matching identifier.",
    mend: "Save the file without quotes around fields, or run `odmkit fix`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>\"clinic, ward 3\"\n"),
        ],
    },
};

/// The field of the column `name` is quoted. All such fields of a file are one cause, but for those with nothing but quotes
/// in them, or with quotes inside: what these meant is for a person to say.
pub fn finding(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, path, format!("the quotes in {} become part of the value", shown(value)))
        .at(position)
        .field(name)
        .value(value);
    let field = value.trim().as_bytes();
    if comes_off(field) {
        finding
            .help("save the file without quotes around fields")
            .fix("remove the quotes around fields")
            .cause("quoted")
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

/// The key `value` in quotes, under the column `name`, would be the same without them as the one at `other`. Which of the two
/// records is meant is for a person to say.
pub fn twice(path: &Arc<str>, position: Position, name: &str, value: &str, other: Position) -> Diagnostic {
    let message = format!("without its quotes the {name} {} would stand twice", shown(value));
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .value(value)
        .help("give each record its own key, or delete the repeated record; then delete the quotes around keys")
        .related(path, Some(other.line), "the same key stands here")
        .cause(TWICE)
}

/// The name `name` of a column, which is a `what`, would be the same without its quotes as the one at `other`. Which of the two is
/// to have another name, nobody but a person can say.
pub fn name_twice(path: &Arc<str>, position: Position, what: &str, name: &str, other: Position) -> Diagnostic {
    let message = format!("without its quotes the {what} {} would stand twice", shown(name));
    let finding = Diagnostic::new(&RULE, path, message).at(position).value(name);
    let finding = match other.field {
        Some(field) => finding.related(path, Some(other.line), format!("column {field} has the same name")),
        None => finding,
    };
    finding.help("delete the column that is not wanted, or give it a name of its own; then delete the quotes")
}

/// The cause of keys and names that would stand twice without quotes.
pub const TWICE: &str = "quoted name that stands twice";

/// There is nothing but a pair of quotes in a field of metadata under the column `name`, which ODM does not take for blank.
pub fn blank(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    finding(path, position, name, value).fix("remove the quotes around fields")
}

/// A list under the column `name` has items in quotes.
pub fn in_list(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the quotes in the list {} become part of its values", shown(value)))
        .at(position)
        .field(name)
        .value(value)
        .help("write the values without quotes, with a | between two")
        .fix("remove the quotes around fields")
        .cause(format!("quoted items {name}"))
}

/// Quotes as a word processor writes them stand around a name or a value. Somebody typed them, so that it is not certain that
/// they are none of it. All such fields of a column are one cause.
pub fn typographic(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the quotes in {} become part of the value", shown(value)))
        .at(position)
        .field(name)
        .value(value)
        .help("delete the quotes around the field, if they do not belong to it")
        .cause(format!("typographic quotes {name}"))
}

/// A field in a table of metadata begins with a double quote that nothing closes.
pub fn unclosed(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    let after = value.strip_prefix('"').unwrap_or(value);
    let (message, help) = if after.is_empty() {
        (
            format!("a quote is all that stands in `{name}`, and becomes the value"),
            "write the value out: ODM knows no quote that repeats what stands above",
        )
    } else {
        (
            format!("the quote before {} is not closed, and becomes part of the value", shown(after)),
            "delete the quote; where the value went on in the next line, put the two lines together",
        )
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .value(value)
        .help(help)
        .cause(format!("unclosed {name}"))
}

/// Quotes stand around the version line or the first name of a GCT file, around the names of another table, or around values
/// without which ODM refuses a row; and so around others. All of a file are one cause.
pub fn whole_file(path: &Arc<str>, position: Position, value: &str) -> Diagnostic {
    fields(path, position, value).cause("quoted file").rejected()
}

/// Quotes stand around values of a table that ODM takes all the same. All of a file are one cause.
pub fn fields(path: &Arc<str>, position: Position, value: &str) -> Diagnostic {
    let message = format!("fields stand in quotes, such as {}: ODM takes the quotes as part of the text", shown(value.trim()));
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .value(value)
        .help("save the file without quotes around fields")
        .fix("remove the quotes around fields")
        .cause("quoted fields")
}

/// Quotes around nothing under the column `name` of a table in which a point stands for nothing. All of a file are one cause.
pub fn nothing(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    finding(path, position, name, value).help("write . where there is nothing to say").cause("only quotes")
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

/// The text that is meant by a field, without white space around it and quotes around that, however many times.
pub fn meant(field: &[u8]) -> Cow<'_, [u8]> {
    let mut bare = Cow::Borrowed(field.trim_ascii());
    while let Some(inner) = unquoted(&bare) {
        bare = Cow::Owned(inner.trim_ascii().to_vec());
    }
    bare
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
        let begins = rest.trim_ascii().starts_with(b"\"");
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
        // A value that begins with a quote that nothing closes would be no better.
        found > 0 && !(begins && found % 2 == 1)
    }
}

/// Whether it is certain that the quotes around a field are no part of it.
pub fn comes_off(field: &[u8]) -> bool {
    is_wrapped(field) || is_escaped(field)
}

/// What stands in the quotes around a field, with one quote for each two inside; `None` where there are none, or where it is not
/// certain what they meant.
pub fn unquoted(field: &[u8]) -> Option<Cow<'_, [u8]>> {
    let inner = || &field[1..field.len() - 1];
    if is_wrapped(field) {
        return Some(Cow::Borrowed(inner()));
    }
    is_escaped(field).then(|| {
        let mut quote = false;
        let single = inner().iter().filter(|byte| {
            quote = **byte == b'"' && !quote;
            **byte != b'"' || quote
        });
        Cow::Owned(single.copied().collect())
    })
}

/// How quotes stand at the beginning of a value of metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// Around it: they go.
    Around,
    /// Around nothing.
    Blank,
    /// Around it more than once, or many of them and nothing else: what they meant is for a person to say.
    Several,
    /// One is not closed.
    Unclosed,
}

impl Quoting {
    /// Looks at a value without white space around it. `None` for one whose quotes are text like any other, such as
    /// `"a" and "b"`.
    pub fn of(value: &[u8]) -> Option<Self> {
        if is_unclosed(value) {
            Some(Self::Unclosed)
        } else if !is_quoted(value) {
            None
        } else if comes_off(value) {
            Some(Self::Around)
        } else {
            let inner = value[1..value.len() - 1].trim_ascii();
            if inner.is_empty() {
                Some(Self::Blank)
            } else {
                inner.starts_with(b"\"\"").then_some(Self::Several)
            }
        }
    }
}

/// What the quotes around a field are, for a cause; `None` where there are none, or they are text.
pub fn cause_of(field: &[u8], text_may_have_some: bool) -> Option<&'static [u8]> {
    if !is_quoted(field) {
        None
    } else if comes_off(field) {
        Some(b"")
    } else if is_hollow(field) {
        Some(b"hollow")
    } else {
        (!text_may_have_some).then_some(b"inside")
    }
}

/// Whether there are quotes in a field, and nothing else.
pub fn is_hollow(field: &[u8]) -> bool {
    is_quoted(field) && field.iter().all(|byte| *byte == b'"' || byte.is_ascii_whitespace())
}

/// Whether a trimmed field holds nothing, in quotes or not.
pub fn is_nothing(field: &[u8]) -> bool {
    field.is_empty() || is_hollow(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_of_metadata_are_told_apart() {
        use Quoting::{Around, Blank, Several, Unclosed};
        for (value, quoting, bare) in [
            ("\"a\"", Some(Around), Some("a")),
            ("\"a \"\"b\"\" c\"", Some(Around), Some("a \"b\" c")),
            ("\"5\"\"\"", Some(Around), Some("5\"")),
            ("\"\"", Some(Blank), None),
            ("\" \"", Some(Blank), None),
            ("\"\"\"\"", Some(Several), None),
            ("\"\"\"a\"\"\"", Some(Several), None),
            ("\"\"\"a\"", Some(Several), None),
            ("\"", Some(Unclosed), None),
            ("\"a", Some(Unclosed), None),
            ("\"a\" and \"b\"", None, None),
            ("\"x\" y \"z\"", None, None),
            ("\"x\"|\"y\"", None, None),
            ("the \"old\" clinic", None, None),
        ] {
            assert_eq!(Quoting::of(value.as_bytes()), quoting, "{value}");
            assert_eq!(unquoted(value.as_bytes()).as_deref(), bare.map(str::as_bytes), "{value}");
        }
    }

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
