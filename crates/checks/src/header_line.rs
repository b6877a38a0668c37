//! What is wrong with the line of column names as a line, so that no column has its own name under it: line breaks within it,
//! which spreadsheets allow in cells, and doubled tabs.

use std::sync::Arc;

use odmkit_columns::number;
use odmkit_core::{FieldNumber, Position};
use odmkit_diagnostics::Diagnostic;
use odmkit_formats::fields;

use crate::rules::t001_ragged_row as t001;
use crate::rules::t012_quoted_field::is_unclosed;

/// So many lines are enough to look at.
pub const LOOKED_AT: usize = 41;

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

/// Tells of the line of names at `at`, the first of the `lines`, where line breaks or doubled tabs in it have put names over other
/// columns than their own. The others are those below it; none of them is blank.
pub fn torn(path: &Arc<str>, at: Position, lines: &[&[u8]], known: Known) -> Option<Diagnostic> {
    let (first, further) = lines.split_first()?;
    cut(path, at, (first, further), known).or_else(|| doubled_tab(path, at, (first, further), known.rows))
}

/// Names that stand on several lines: these have, joined, as many fields as each of the rows that follow.
fn cut(path: &Arc<str>, at: Position, (first, further): Lines<'_>, known: Known) -> Option<Diagnostic> {
    if first.trim_ascii().starts_with(b"#1.") {
        return None;
    }
    let (pieces, rows) = joined(first, further, known)?;
    let last = count(first) - 1;
    let (start, field) = fields(first).nth(last)?;
    let is_quoted = is_unclosed(field.trim_ascii());
    // One longer row may be what is wrong; and above a table there may stand a few lines of other fields.
    if !is_quoted
        && (rows.len() < known.rows || !(known.is_names || known.goes_on || ends_with_number(rows[0])))
    {
        return None;
    }
    let place = Position::field(at.line, FieldNumber::from_index(last), at.byte.advanced(start));
    Some(t001::cut_names(path, place, pieces as u64, is_quoted))
}

/// Tabs that are doubled in the names: the rows, `least` of them or more, have fields for all other names, and none where the names
/// have nothing between two tabs.
fn doubled_tab(
    path: &Arc<str>,
    at: Position,
    (first, further): Lines<'_>,
    least: usize,
) -> Option<Diagnostic> {
    const ROWS: usize = 10;
    let names: Vec<_> = fields(first).collect();
    let used = &names[..count(first)];
    let is_blank = |(_, name): &&(usize, &[u8])| name.trim_ascii().is_empty();
    let blanks = used.iter().filter(is_blank).count();
    let (index, (start, _)) = used.iter().enumerate().find(|(_, name)| is_blank(name))?;
    let width = used.len() - blanks;
    let rows = &further[..further.len().min(ROWS)];
    // Where a row has a field for each name, blank or not, the last may be a blank value.
    let is_shorter = |row: &[u8]| fields(row).count() < names.len();
    let fits = rows.len() >= least && rows.iter().all(|row| count(row) == width && is_shorter(row));
    let place = Position::field(at.line, FieldNumber::from_index(index), at.byte.advanced(*start));
    (fits && width > 1).then(|| t001::doubled_tab(path, place, blanks as u64))
}

/// A line, and those below it.
type Lines<'l> = (&'l [u8], &'l [&'l [u8]]);

/// How many lines the names stand on, and the rows below them.
fn joined<'l>(first: &[u8], further: &'l [&'l [u8]], known: Known) -> Option<(usize, &'l [&'l [u8]])> {
    // What a name goes on in is no row, however wide it is.
    let from = usize::from(known.goes_on);
    let rows = further.get(from..)?;
    let width = rows.iter().map(|row| count(row)).max()?;
    let row = from + rows.iter().position(|line| count(line) == width)?;
    let (pieces, rows) = further.split_at(row);
    let is_even = rows.iter().take(3).all(|row| count(row) == width);
    let together = count(first) + pieces.iter().map(|piece| count(piece)).sum::<usize>();
    // A break stands within a name, or in place of a tab.
    let fits = (width..=width + pieces.len()).contains(&together);
    let is_begun = count(first) < width || known.goes_on;
    (!pieces.is_empty() && is_begun && is_even && width > 2 && fits).then(|| (pieces.len() + 1, rows))
}

/// The fields of a line, without blank ones at its end: these may be padding.
fn count(line: &[u8]) -> usize {
    memchr::memchr_iter(b'\t', line.trim_ascii_end()).count() + 1
}

fn ends_with_number(row: &[u8]) -> bool {
    fields(row)
        .last()
        .is_some_and(|(_, field)| number::is_number(field.trim_ascii()))
}

#[cfg(test)]
mod tests {
    use odmkit_core::{ByteOffset, LineNumber};

    use super::*;

    fn lines(text: &str) -> Vec<&[u8]> {
        let lines = odmkit_formats::Lines::new(text.as_bytes());
        lines.map(|line| line.text).collect()
    }

    /// Where the break is, and on how many lines it says the names stand.
    fn found(text: &str, is_surely_names: bool) -> Option<(u64, String)> {
        let at = Position::line(LineNumber::FIRST, ByteOffset(0));
        let finding = torn(
            &Arc::from("t.tsv"),
            at,
            &lines(text),
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
            let finding = torn(&Arc::from("t.tsv"), at, &lines(text), Known::of_names(false))?;
            Some(finding.column?.get())
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
