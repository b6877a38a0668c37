//! T001 ragged-row.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_formats::Terminator;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::matrix::Stray;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T001"),
    name: "ragged-row",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A row has more or fewer fields than the header, or a line between the rows is none. In a metadata table, a row may end before columns whose values are blank: that is a warning only. A header that stands among the rows once more is told here, too.",
    why: "Fields are told apart by counting tabs: one too many or too few puts every later value under the wrong name.",
    mend: "Look for a lost or an extra tab in the row; a tab, a line break or a carriage return inside a cell is the usual cause.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic<TAB>male\n"),
        ],
    },
};

/// A row of `found` fields under a header of `expected`. Rows with the same number of fields are one cause.
pub fn finding(path: &Arc<str>, position: Position, found: u64, expected: u64) -> Diagnostic {
    let help = if found == 1 && expected > 2 {
        "if the line is a note or a title, delete it; else look for lost tabs, or for a line break inside a cell"
    } else if found + 1 == expected {
        "a cell is missing: look for a lost tab, or for a line break inside a cell"
    } else if found < expected {
        "cells are missing: look for lost tabs, or for a line break inside a cell"
    } else if found == expected + 1 {
        "look for an extra tab, or for a tab inside a cell"
    } else {
        "look for extra tabs, or for tabs inside cells"
    };
    Diagnostic::new(&RULE, path, format!("this row has {} where the header has {expected}", count(found)))
        .at(position)
        .help(help)
        .cause(format!("width {found}"))
}

/// A header of `header` fields at `position`, where every row has `found`, and the file declares as many.
pub fn long_header(path: &Arc<str>, position: Position, header: u64, found: u64) -> Diagnostic {
    let message = format!("the header has {}, and every row {found}, as the figures say", count(header));
    let names = if header - found == 1 { "the name that is".to_owned() } else { format!("the {} names that are", header - found) };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(format!("delete {names} no column's from line {}", position.line))
        .cause("long header")
}

/// The names of the columns stand on so many lines, for line breaks within; the first of these ends with the field at
/// `position`, in which a quote may be open.
pub fn cut_names(path: &Arc<str>, position: Position, lines: u64, is_quoted: bool) -> Diagnostic {
    let message = if lines == 2 {
        "a line break stands inside the line of column names: it goes on in the next one".to_owned()
    } else {
        format!("line breaks stand inside the line of column names: it goes on in the next {} lines", lines - 1)
    };
    let quotes = if is_quoted { ", and delete the quotes around the name" } else { "" };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(format!("put all names on one line, with a blank in place of each line break{quotes}"))
        .cause("cut names")
}

/// In the line of column names, so many times, two tabs stand side by side, first at `position`; no row has a field there.
pub fn doubled_tab(path: &Arc<str>, position: Position, count: u64) -> Diagnostic {
    let (message, help) = if count == 1 {
        ("two tabs stand side by side in the line of column names, and no row has a field between them".to_owned(), "delete one of the two tabs")
    } else {
        (
            format!("tabs stand side by side in {count} places in the line of column names, and no row has fields between them"),
            "delete one of each two tabs",
        )
    };
    Diagnostic::new(&RULE, path, message).at(position).help(help).cause("long header")
}

/// Every tab of the header and of the rows stands twice, first at `position`.
pub fn doubled_tabs(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "every second field is empty, from the header on: all tabs are doubled")
        .at(position)
        .help("put one tab in place of each two, in every line")
        .cause("doubled tabs")
}

/// Every row, the first at `position`, has so many fields more than the header, in columns that are empty in all of them.
pub fn empty_fields(path: &Arc<str>, position: Position, count: u64) -> Diagnostic {
    let fields = if count == 1 { "an empty field".to_owned() } else { format!("{count} empty fields") };
    let message = format!("each row has {fields} more than the header: tabs are doubled, or a column is empty");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(format!(
            "delete {} from every row",
            if count == 1 { "the empty field" } else { "the empty fields" }
        ))
        .cause("empty fields")
}

/// Each row, the first at `position`, has numbers in place of the description, and one field less than the header; `sample` is
/// the first.
pub fn no_descriptions(path: &Arc<str>, position: Position, sample: &str) -> Diagnostic {
    let message = "each row has one field less than the header: a number stands in place of the description";
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(format!("put a description, or NA, and a tab before the value of `{sample}` in every row"))
        .cause("no descriptions")
}

/// Each row, the first at `position`, begins with a field that the header has no name for, and the header has all names.
pub fn numbered(path: &Arc<str>, position: Position) -> Diagnostic {
    let message = "each row has one field more than the header, at its beginning: R writes row names there unless told not to";
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help("delete the first field of each row, or write the table again with row.names = FALSE")
        .cause("row names")
}

/// Each row has one field more than the header: R writes row names so.
pub fn row_names(path: &Arc<str>, position: Position) -> Diagnostic {
    let message = "each row has one field more than the header: the column of row names has no name, which R leaves out";
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(
            "write a name and a tab at the beginning of the header, or save the table without row names if they are of no use; \
             in R, write.table(..., row.names = FALSE)",
        )
        .cause("row names")
}

/// A row of a metadata table that ends before the last columns. ODM takes it, and reads their values as blank.
pub fn short(path: &Arc<str>, position: Position, found: u64, expected: u64) -> Diagnostic {
    let missing = expected - found;
    let (values, tabs) = if missing == 1 {
        ("value is".to_owned(), "a tab".to_owned())
    } else {
        (format!("{missing} values are"), format!("{missing} tabs"))
    };
    let message = format!(
        "this row has {} where the header has {expected}: ODM takes what is missing at its end for blank",
        count(found)
    );
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(format!("if the last {values} blank, end the row with {tabs}; else look for a lost tab or a line break in the row"))
        .taken(Effect::None)
        .cause(format!("short {found}"))
}

/// A cell of a metadata table that begins with a quote at `position` and goes on in the lines that follow.
/// Where all line ends of one kind stand in such cells, `by` is that.
pub fn torn(path: &Arc<str>, position: Position, by: Option<Terminator>) -> Diagnostic {
    let message = "a quoted cell goes on in the next line; ODM knows no quotes, and takes each line for a row of its own";
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help("put the cell on one line, with a blank for each line break, and delete the quotes around it")
        .cause(by.map_or("torn", cause_of_breaks))
}

/// A row of a metadata table with a line break in it, which few lines of the file end with. `is_refused` says that ODM wants
/// one record, and takes this for two.
pub fn cut(path: &Arc<str>, position: Position, by: Terminator, is_refused: bool) -> Diagnostic {
    let finding = stray(path, position, if by == Terminator::Cr { Stray::Returned } else { Stray::LineBreak });
    if is_refused { finding } else { finding.taken(Effect::Degraded) }
}

/// What line breaks within rows have for a cause: it tells of these ends of lines.
const fn cause_of_breaks(by: Terminator) -> &'static str {
    match by {
        Terminator::Cr => RETURNED,
        _ => BROKEN,
    }
}

/// A line of a metadata table with one text in it that looks like a note. It is told of, and no record is looked for in it.
/// `is_refused` says that ODM wants one record, and takes this for two.
pub fn note(path: &Arc<str>, position: Position, is_refused: bool) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, path, "this line looks like a note; ODM takes it for a record")
        .at(position)
        .help("delete the line; if it goes on with the row above it, put the two on one line")
        .cause("note");
    if is_refused { finding } else { finding.taken(Effect::Degraded) }
}

/// A line that is no row, or only a part of one. All of a kind are one cause.
pub fn stray(path: &Arc<str>, position: Position, what: Stray) -> Diagnostic {
    let (message, help, cause) = match what {
        Stray::Comment => ("this line is a comment, and ODM knows none here", "delete the line", "comment"),
        Stray::EndMark => ("this line holds only the mark that ended a file in DOS (Ctrl-Z)", "delete the line", "end mark"),
        Stray::Version => (
            "another GCT file begins on this line: two were pasted together",
            "keep each in a file of its own",
            REPEATED,
        ),
        Stray::Figures => ("this line holds two figures, as the second line of a GCT file does", "delete the line", REPEATED),
        Stray::Separated(byte) => return separated(path, position, byte),
        Stray::Broken => (
            "a line break stands inside a quoted cell: this line is a part of a row",
            "join the parts of the row, with a blank in place of the line break",
            BROKEN,
        ),
        Stray::LineBreak => (
            "a line break stands inside this row: ODM takes what follows it for another row",
            "put the row on one line, with a blank in place of the line break",
            BROKEN,
        ),
        Stray::Returned => (
            "a carriage return stands inside this row: ODM takes it for the end of the line, and the rest for another row",
            "delete the carriage return, or put a blank in its place",
            RETURNED,
        ),
        Stray::Note => (
            "this line has words in its first field and nothing else: it looks like a note, and ODM takes it for a row",
            "delete the line; if it is a part of a cell with a line break in it, join it to the row above",
            "note",
        ),
        Stray::CutOff => (
            "the file ends in the middle of this row: it seems to be cut off",
            "export or copy the file again, and compare the sizes; if all is there, look for lost tabs in the row",
            "cut off",
        ),
    };
    Diagnostic::new(&RULE, path, message).at(position).help(help).cause(cause)
}

/// A row whose fields stand apart by something other than tabs.
fn separated(path: &Arc<str>, position: Position, byte: u8) -> Diagnostic {
    let name = match byte {
        b',' => "commas",
        b';' => "semicolons",
        b'|' => "bars",
        _ => "blanks",
    };
    Diagnostic::new(&RULE, path, format!("this row has no tabs: {name} stand between its fields"))
        .at(position)
        .help("put a tab between each two fields")
        .cause(format!("separated by {name}"))
}

/// A line that says what the header says.
pub fn header_again(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "this line is the header once more").at(position).help("delete the line").cause(REPEATED)
}

/// The same of line feeds, or of carriage returns with one.
pub const BROKEN: &str = "line break in a row";

/// What rows that a carriage return has cut have for a cause: it tells of these returns.
pub const RETURNED: &str = "carriage return";

/// A row of a metadata table that says what the header says. ODM takes it for a record, and may refuse the table for that.
pub fn names_again(path: &Arc<str>, position: Position, is_refused: bool) -> Diagnostic {
    let message = "this line is the header once more, and ODM takes it for a record";
    let finding = Diagnostic::new(&RULE, path, message).at(position).help("delete the line").cause(REPEATED);
    if is_refused {
        return finding;
    }
    finding.taken(Effect::Degraded)
}

/// What lines that belong above the rows have for a cause.
const REPEATED: &str = "lines of a header";

fn count(fields: u64) -> String {
    if fields == 1 { "1 field".to_owned() } else { format!("{fields} fields") }
}
