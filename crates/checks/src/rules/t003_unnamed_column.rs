//! T003 unnamed-column.

use std::sync::Arc;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T003"),
    name: "unnamed-column",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A column has no name.",
    why: "Every column becomes an attribute or a sample, and needs a name; the import fails without.",
    mend: "Give the column a name, or delete it.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB><TAB>Sample Name\nS1<TAB>clinic<TAB>a<TAB>b\n"),
        ],
    },
};

/// The column at `position` has no name. All such columns of a file are one cause.
pub fn finding(path: &Arc<str>, position: Position) -> Diagnostic {
    let first = position.field.is_some_and(|field| field.get() == 1);
    Diagnostic::new(&RULE, path, "a column has no name")
        .at(position)
        .cause("unnamed column")
        .help(if first {
            "give the column a name, or delete it: R and pandas write row names under none"
        } else {
            "give the column a name, or delete it"
        })
        .cause("unnamed column")
}

/// The header at `position` has `found` names, and all rows have one field more: the name of the first column is not there.
pub fn lacks_first(path: &Arc<str>, position: Position, found: u64) -> Diagnostic {
    let message = format!(
        "the header lacks the name of the first column: it has {found} fields, and the rows have {}",
        found + 1
    );
    let line = position.line;
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(format!(
            "write a name and a tab at the beginning of line {line}: R leaves it out where it writes the names of rows"
        ))
        .cause("short header")
}

/// The rows begin with names or numbers of themselves, for which the header, at `position`, has no field.
pub fn lacks_row_names(path: &Arc<str>, position: Position) -> Diagnostic {
    let message = "the rows begin with a field more than the header has names for: R writes the names or numbers of rows so";
    Diagnostic::new(&RULE, path, message).at(position).help(WITHOUT_NUMBERS).cause("short header")
}

/// How a table is written without the names or numbers of its rows.
const WITHOUT_NUMBERS: &str = "delete the column, or write the table without it: row.names = FALSE in R, index=False in pandas";

/// The first column, called `name` where it has a name, numbers the rows: R and pandas write such a column. `uncounted` says
/// that it is not among the feature attributes, so that the last of them counts as a measurement.
pub fn row_numbers(path: &Arc<str>, position: Position, name: &str, uncounted: bool) -> Diagnostic {
    let help = WITHOUT_NUMBERS;
    if name.is_empty() {
        return Diagnostic::new(&RULE, path, "the first column has no name, and only numbers the rows")
            .at(position)
            .help(help)
            .cause("unnamed column");
    }
    let message = format!("the first column, `{name}`, only numbers the rows; ODM searches features by the first column");
    let finding = Diagnostic::new(&RULE, path, message).at(position).field(name).help(help).cause("row numbers");
    if uncounted { finding } else { finding.taken(Effect::Degraded) }
}

/// A header that ends before the columns that all rows have.
#[derive(Debug, Clone, Copy)]
pub struct ShortHeader<'a> {
    /// How many names it lacks.
    pub lacking: u64,
    /// How many fields it has.
    pub found: u64,
    /// How many samples the rows have.
    pub samples: u64,
    /// How many samples the file declares, and on which line.
    pub declared: Option<(u64, LineNumber)>,
    /// A name that may be as many names as the header lacks, and one: blanks stand between its words.
    pub joined: Option<&'a str>,
    /// The name behind the first, where that of a sample may stand there in place of as many names of row attributes.
    pub attribute: Option<&'a str>,
}

/// The header at `position` ends, and the rows go on.
pub fn short_header(path: &Arc<str>, position: Position, header: &ShortHeader<'_>) -> Diagnostic {
    let ShortHeader { lacking, found, samples, declared, joined, attribute } = *header;
    let (names, has, it) = if lacking == 1 {
        ("the name of the last column".to_owned(), "the missing name", "it")
    } else {
        (format!("the names of the last {lacking} columns"), "the missing names", "them")
    };
    let width = found + lacking;
    let message = format!("the header lacks {names}: it has {found} fields, and the rows have {width}");
    let line = position.line;
    let help = match declared {
        _ if joined.is_some() => format!(
            "put tabs for the blanks in `{}` on line {line}, if that is the names of {} samples; else put {has} at the end of the line",
            joined.unwrap_or_default(),
            lacking + 1
        ),
        _ if attribute.is_some() => format!(
            "if `{}` is a sample, put the {} of the attributes of rows before it on line {line}; else put {has} at the end of the line",
            attribute.unwrap_or_default(),
            if lacking == 1 { "name" } else { "names" }
        ),
        Some((declared, on)) if declared == samples => {
            format!("put {has} at the end of line {line}; line {on} counts {it} already")
        }
        Some((_, on)) => format!(
            "put {has} at the end of line {line}, and write {samples} as the second figure of line {on}; or delete what has no name \
             from every row"
        ),
        None => format!("put {has} at the end of line {line}, or delete what has no name from every row"),
    };
    Diagnostic::new(&RULE, path, message).at(position).help(help).cause("short header")
}
