//! What is wrong with the line of column names as a line, so that no column has its own name under it: line breaks within it,
//! which spreadsheets allow in cells, and doubled tabs.

use std::sync::Arc;

use odmkit_core::{FieldNumber, Position};
use odmkit_diagnostics::Diagnostic;
use odmkit_formats::{Line, Lines, fields};

use crate::rules::t001_ragged_row as t001;
use crate::rules::t012_quoted_field::is_unclosed;

/// Lines that the names may be cut into.
const PIECES: usize = 40;

/// What is known of a line that may be the beginning of the names.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// It can be nothing else.
    pub is_names: bool,
    /// A name begins at its end and ends in the next line.
    pub goes_on: bool,
    /// As many rows are to have the width of the whole; a table of one record has no more.
    pub rows: usize,
}

impl Known {
    /// Nothing, or that it can be nothing else, of a table of several records.
    pub const fn of_names(is_names: bool) -> Self {
        Self {
            is_names,
            goes_on: false,
            rows: 2,
        }
    }
}

/// Tells of names that stand on several lines: these have, joined, as many fields as each of the rows that follow. `text` begins
/// with the line of names at `at`, and ends with a whole line.
pub fn cut(path: &Arc<str>, at: Position, text: &[u8], known: Known) -> Option<Diagnostic> {
    let mut lines = Lines::new(text).filter(|line| !line.is_blank());
    let first = lines
        .next()
        .filter(|line| !line.text.trim_ascii().starts_with(b"#1."))?;
    let further: Vec<Line<'_>> = lines.take(PIECES).collect();
    let (pieces, rows) = joined(&first, &further, known)?;
    let last = fields(first.text).last()?;
    let is_quoted = is_unclosed(last.1.trim_ascii());
    // One longer row may be what is wrong; and above a table there may stand a few lines of other fields.
    if !is_quoted
        && (rows.len() < known.rows || !(known.is_names || known.goes_on || ends_with_number(rows[0])))
    {
        return None;
    }
    let place = Position::field(
        at.line,
        FieldNumber::from_index(count(&first) - 1),
        at.byte.advanced(last.0),
    );
    Some(t001::cut_names(path, place, pieces as u64, is_quoted))
}

/// Tells of tabs that are doubled in the line of names at `at`, with which `text` begins: the rows, `least` of them or more, have
/// fields for all other names, and none where the names have nothing between two tabs.
pub fn doubled_tab(path: &Arc<str>, at: Position, text: &[u8], least: usize) -> Option<Diagnostic> {
    const ROWS: usize = 10;
    let mut lines = Lines::new(text).filter(|line| !line.is_blank());
    let first = lines.next()?;
    let names: Vec<_> = fields(first.text).collect();
    let is_blank = |(_, name): &(usize, &[u8])| name.trim_ascii().is_empty();
    let last = names.iter().rposition(|name| !is_blank(name))?;
    let blank = names[..last].iter().position(is_blank)?;
    let blanks = names[..last].iter().filter(|name| is_blank(name)).count();
    let width = last + 1 - blanks;
    let rows: Vec<Line<'_>> = lines.take(ROWS).collect();
    // Where a row has a field for each name, blank or not, the last may be a blank value.
    let is_shorter = |row: &Line<'_>| fields(row.text).count() < names.len();
    let fits = rows.len() >= least && rows.iter().all(|row| count(row) == width && is_shorter(row));
    let place = Position::field(
        at.line,
        FieldNumber::from_index(blank),
        at.byte.advanced(names[blank].0),
    );
    (fits && width > 1).then(|| t001::doubled_tab(path, place, blanks as u64))
}

/// How many lines the names stand on, and the rows below them.
fn joined<'f, 'l>(
    first: &Line<'l>,
    further: &'f [Line<'l>],
    known: Known,
) -> Option<(usize, &'f [Line<'l>])> {
    // What a name goes on in is no row, however wide it is.
    let from = usize::from(known.goes_on);
    let rows = further.get(from..)?;
    let width = rows.iter().map(count).max()?;
    let row = from + rows.iter().position(|line| count(line) == width)?;
    let (pieces, rows) = further.split_at(row);
    let is_even = rows.iter().take(3).all(|row| count(row) == width);
    let together = count(first) + pieces.iter().map(count).sum::<usize>();
    // A break stands within a name, or in place of a tab.
    let fits = (width..=width + pieces.len()).contains(&together);
    let is_begun = count(first) < width || known.goes_on;
    (!pieces.is_empty() && is_begun && is_even && width > 2 && fits).then(|| (pieces.len() + 1, rows))
}

/// The fields of a line, without blank ones at its end: these may be padding.
fn count(line: &Line<'_>) -> usize {
    memchr::memchr_iter(b'\t', line.text.trim_ascii_end()).count() + 1
}

fn ends_with_number(row: Line<'_>) -> bool {
    let last = fields(row.text)
        .last()
        .map_or(&b""[..], |(_, field)| field.trim_ascii());
    !last.is_empty() && std::str::from_utf8(last).is_ok_and(|text| text.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use odmkit_core::{ByteOffset, LineNumber};

    use super::*;

    /// Where the break is, and on how many lines it says the names stand.
    fn found(text: &str, is_surely_names: bool) -> Option<(u64, String)> {
        let at = Position::line(LineNumber::FIRST, ByteOffset(0));
        let finding = cut(
            &Arc::from("t.tsv"),
            at,
            text.as_bytes(),
            Known::of_names(is_surely_names),
        )?;
        Some((finding.column?.get(), finding.message))
    }

    #[test]
    fn names_on_several_lines_are_found() {
        for (text, column) in [
            ("id\tS1\n\tS2\nA\t1\t2\nB\t3\t4\n", 2),
            ("id\tS\n1\tS2\nA\t1\t2\nB\t3\t4\n", 2),
            ("id\tS\r1\tS2\nA\t1\t2\nB\t3\t4\n", 2),
            ("id\tS1\nS2\nA\t1\t2\nB\t3\t4\n", 2),
            ("id\t\"S\n1\"\t\"S\n2\"\nA\ta\tb\nB\tc\td\n", 2),
            ("id\n\tS1\tS2\tS3\nA\t1\t2\t3\t4\nB\t1\t2\t3\t4\n", 1),
        ] {
            let found = found(text, false);
            assert_eq!(found.map(|(column, _)| column), Some(column), "{text:?}");
        }
        let (_, message) = found("id\t\"S\n1\"\t\"S\n2\"\nA\ta\tb\n", false).unwrap();
        assert!(message.ends_with("it goes on in the next 2 lines"), "{message}");
    }

    #[test]
    fn doubled_tabs_are_told_from_columns_without_a_name() {
        let found = |text: &str| {
            let at = Position::line(LineNumber::FIRST, ByteOffset(0));
            doubled_tab(&Arc::from("t.tsv"), at, text.as_bytes(), 2)
                .and_then(|finding| Some(finding.column?.get()))
        };
        assert_eq!(found("id\t\tS1\tS2\nA\t1\t2\nB\t3\t4\n"), Some(2));
        assert_eq!(found("id\tS1\t\tS2\t\tS3\nA\t1\t2\t3\nB\t3\t4\t5\n"), Some(3));
        assert_eq!(found("\tid\tS1\nA\t1\nB\t3\n"), Some(1));
        for text in [
            "\tS1\tS2\nA\t1\t2\nB\t3\t4\n",
            "id\t\tS2\nA\t1\t2\nB\t3\t4\n",
            "id\tS1\t\t\nA\t1\nB\t3\n",
            "id\tS1\nA\t1\t\t\nB\t3\t\t\n",
            "id\t\tS1\tS2\nA\t1\t2\nB\t1\t3\t4\n",
            "id\t\tS1\nA\t1\n",
            // The last value is blank.
            "id\t\tS1\tS2\nA\t1\t2\t\nB\t3\t4\t\n",
            "id\tS1\n",
            "",
        ] {
            assert_eq!(found(text), None, "{text:?}");
        }
    }

    #[test]
    fn other_lines_of_other_widths_are_left_in_peace() {
        for text in [
            // Titles and what is said of the table above its names.
            "Results\nid\tS1\tS2\nA\t1\t2\n",
            "Results\nof June\nid\tS1\tS2\nA\t1\t2\n",
            "Date\tJune\nBy\tme\nid\tS1\tS2\nA\t1\t2\n",
            // The first name, or the last, is lacking.
            "S1\tS2\nA\t1\t2\nB\t3\t4\n",
            // A row is cut, and not the names.
            "id\tS1\tS2\nA\t1\n\t2\nB\t3\t4\n",
            "id\tS1\tS2\n# comment\nA\t1\t2\nB\t3\t4\n",
            "\t#1.2\n\t2\t3\n\tName\tAbout\tS1\n\tA\ta\t1\n\tB\tb\t2\n",
            "id\tS1\n1\t2\n",
            "id\tS1\tS2\n",
            "",
        ] {
            assert_eq!(found(text, false), None, "{text:?}");
        }
        let rows_of_words = "id\tcell\ntype\tsource\nA\tT cell\tlung\nB\tB cell\tskin\n";
        assert_eq!(found(rows_of_words, false), None);
        assert!(found(rows_of_words, true).is_some());
    }
}
