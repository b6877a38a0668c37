//! What the first rows of a matrix show of all of them.

use std::collections::BTreeMap;

use odmkit_columns::cell::{self, Cell};
use odmkit_columns::missing;
use odmkit_formats::gct::Header;
use odmkit_formats::{HeaderLine, Line, Lines, fields};

use crate::values::NotANumber;

/// Rows at the beginning of a file that are looked at to tell columns of text from columns of numbers.
const SAMPLED_ROWS: usize = 50;

/// The first rows of a text.
pub(crate) fn rows(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    Lines::new(text)
        .filter(|line| !line.is_blank())
        .take(SAMPLED_ROWS)
}

/// How wide the first rows are, where most have as many fields: the others are no rows, or something else is wrong with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Widths {
    /// How many fields they have.
    pub(crate) all: usize,
    /// How many up to the last in which any of these rows has something.
    pub(crate) used: usize,
    /// How many such rows there are.
    pub(crate) rows: usize,
}

/// How many fields a line has. That is asked of many lines, several times.
fn width(line: &[u8]) -> usize {
    memchr::memchr_iter(b'\t', line).count() + 1
}

impl Widths {
    pub(crate) fn of(rows: &[u8]) -> Option<Self> {
        let mut counts = BTreeMap::<usize, usize>::new();
        for line in self::rows(rows) {
            *counts.entry(width(line.text)).or_default() += 1;
        }
        let (&all, &count) = counts.iter().max_by_key(|(_, count)| **count)?;
        if count * 2 <= counts.values().sum() {
            return None;
        }
        let mut widths = Self {
            all,
            used: 0,
            rows: count,
        };
        for line in widths.of_them(rows) {
            let used = line.text.trim_ascii_end();
            widths.used = widths.used.max(if used.is_empty() { 0 } else { width(used) });
        }
        Some(widths)
    }

    /// The rows that are so wide.
    pub(crate) fn of_them(self, rows: &[u8]) -> impl Iterator<Item = Line<'_>> {
        self::rows(rows).filter(move |line| width(line.text) == self.all)
    }

    /// Whether what pads the rows pads the header: it has as many blank fields at its end as they have, or a spreadsheet
    /// has made all lines equally long.
    pub(crate) fn fits(self, names: &HeaderLine, header: &Header) -> bool {
        let padding = (self.all - self.used) as u64;
        padding == names.padding || (header.is_rectangle() && self.ends_with(names))
    }

    /// Whether the header has as many fields, blank ones included.
    pub(crate) fn ends_with(self, names: &HeaderLine) -> bool {
        self.all as u64 == names.fields.len() as u64 + names.padding
    }
}

/// The value columns that hold text in the first rows.
pub(crate) struct Texts {
    /// Those without a number.
    pub(crate) columns: Vec<usize>,
    /// Those with numbers and several texts.
    pub(crate) mixed: Vec<usize>,
}

/// So many texts that differ, among numbers, are what a column holds, and no word for a missing value.
const SEVERAL: usize = 3;

impl Texts {
    pub(crate) fn of(rows: &[u8], features: usize, width: usize) -> Self {
        let mut text = vec![0_usize; width];
        let mut numbers = vec![0_usize; width];
        let mut differ: Vec<Vec<&[u8]>> = vec![Vec::new(); width];
        for line in self::rows(rows) {
            for (column, (_, field)) in fields(line.text).enumerate().take(width).skip(features) {
                match cell::judge(field) {
                    Cell::Text => {
                        let shown = String::from_utf8_lossy(field);
                        if NotANumber::judge(&shown).is_spelling() {
                            // A number in another spelling is a wrong cell in a column of numbers.
                            numbers[column] += 1;
                        } else if !missing::is_placeholder(&shown) {
                            text[column] += 1;
                            if differ[column].len() < SEVERAL && !differ[column].contains(&field) {
                                differ[column].push(field);
                            }
                        }
                    }
                    Cell::Missing(_) => {}
                    Cell::Number | Cell::OutOfRange(_) | Cell::Padded => numbers[column] += 1,
                }
            }
        }
        // One text cell in a short file is a wrong cell; from two on it is a column.
        let is_text = |column: &usize| text[*column] > 1 && numbers[*column] == 0;
        let is_mixed = |column: &usize| numbers[*column] > 0 && differ[*column].len() == SEVERAL;
        Self {
            columns: (features..width).filter(is_text).collect(),
            mixed: (features..width).filter(is_mixed).collect(),
        }
    }
}

/// Which of so many first columns have nothing in them in any of the first rows.
pub(crate) fn blank_columns(rows: &[u8], count: usize) -> Vec<usize> {
    let mut blank: Vec<usize> = (0..count).collect();
    for line in self::rows(rows) {
        for (column, (_, field)) in fields(line.text).enumerate().take(count) {
            if !field.trim_ascii().is_empty() {
                blank.retain(|other| *other != column);
            }
        }
    }
    blank
}

/// Whether each of several rows has one field more than the header, and something in it.
pub(crate) fn has_row_names(rows: &[u8], width: usize) -> bool {
    let whole = |line: &Line<'_>| !line.is_blank() && !line.terminator.is_empty();
    let is_longer = |line: Line<'_>| {
        let last = fields(line.text).nth(width);
        fields(line.text).count() == width + 1 && last.is_some_and(|(_, last)| !last.trim_ascii().is_empty())
    };
    let mut longer = 0;
    for line in Lines::new(rows).filter(whole).take(SAMPLED_ROWS) {
        if !is_longer(line) {
            return false;
        }
        longer += 1;
    }
    longer > 1
}

/// How many lines below the first one there is what looks like a second header line: the first row, where it has words
/// in place of numbers, and the rows below it have numbers there, but for a few.
pub(crate) fn second_header(rows: &[u8], features: usize, width: usize) -> Option<u64> {
    let mut lines = Lines::new(rows).enumerate().filter(|(_, line)| !line.is_blank());
    let (number, first) = lines.next()?;
    let first: Vec<Top> = values(first, features, width).map(Top::of).collect();
    let named = first.iter().filter(|cell| **cell == Top::Word).count();
    if named < 2 || first.contains(&Top::Number) {
        return None;
    }
    let mut numbers = vec![0_i32; first.len()];
    let mut further = 0;
    for (_, line) in lines.take(SAMPLED_ROWS) {
        further += 1;
        for (cell, balance) in values(line, features, width).zip(&mut numbers) {
            match cell::judge(cell) {
                Cell::Text => *balance -= 1,
                Cell::Number => *balance += 1,
                _ => {}
            }
        }
    }
    // Columns of text may stand between those of numbers; they have names in both lines too.
    let over_numbers = first
        .iter()
        .zip(&numbers)
        .filter(|(cell, balance)| **cell == Top::Word && **balance > 0)
        .count();
    (further > 1 && over_numbers > 1).then_some(number as u64)
}

/// The value cells of a row.
fn values(line: Line<'_>, features: usize, width: usize) -> impl Iterator<Item = &[u8]> {
    fields(line.text)
        .take(width)
        .skip(features)
        .map(|(_, field)| field)
}

/// Whether a cell holds a number, however it is spelt.
pub(crate) fn is_number(cell: &[u8]) -> bool {
    Top::of(cell) == Top::Number
}

/// What a value cell of the first row says of that row. A line of names is thrown away: a row must not be taken for one
/// because its numbers are misspelt or not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Top {
    /// A number, however it is spelt and whatever follows it: this is a row.
    Number,
    /// Nothing, or what people write for it.
    Nothing,
    /// What may be a name.
    Word,
}

impl Top {
    fn of(cell: &[u8]) -> Self {
        let bare = String::from_utf8_lossy(cell);
        let bare = bare.trim_matches(|letter: char| letter == '"' || letter.is_whitespace());
        match cell::judge(bare.as_bytes()) {
            Cell::Missing(_) => Self::Nothing,
            Cell::Number | Cell::OutOfRange(_) | Cell::Padded => Self::Number,
            Cell::Text if !matches!(NotANumber::judge(bare), NotANumber::Text | NotANumber::Date) => {
                Self::Number
            }
            Cell::Text if missing::is_placeholder(bare) => Self::Nothing,
            Cell::Text => Self::Word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::second_header;

    #[test]
    fn a_row_of_misspelt_numbers_or_of_none_is_no_second_header() {
        for (first, is_header) in [
            ("log2\tratio", true),
            ("TPM\tTPM", true),
            ("\"TPM\"\t\"TPM\"", true),
            ("TPM\tNA\tTPM", true),
            ("1,5\t2,5", false),
            ("\"1,5\"\t\"2,5\"", false),
            ("\u{2212}1\t\u{2212}2", false),
            ("5 mg\t6 mg", false),
            ("1-2\t3-4", false),
            ("-\t-", false),
            ("n.d.\tn.d.", false),
            ("ND\tBDL", false),
            ("NA\tNA", false),
            ("NA \tNA ", false),
            ("#N/A\t#N/A", false),
            ("<0.5\t<0.5", false),
            ("not detected\tn.d.\t-", false),
        ] {
            let rows = format!("a\tx\t{first}\nb\tx\t1\t2\t3\nc\tx\t1\t2\t3\n");
            let found = second_header(rows.as_bytes(), 2, 5);
            assert_eq!(found.is_some(), is_header, "{first}");
        }
    }
}
