//! What the first rows of a matrix show of all of them.

use odmkit_columns::cell::{self, Cell};
use odmkit_formats::{Line, Lines, fields};

use crate::values::NotANumber;

/// Rows at the beginning of a file that are looked at to tell columns of text from columns of numbers.
const SAMPLED_ROWS: usize = 50;

/// The first rows of a text.
pub(crate) fn rows(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    Lines::new(text)
        .filter(|line| !line.is_blank())
        .take(SAMPLED_ROWS)
}

/// The value columns that hold text in the first rows.
pub(crate) struct Texts {
    /// Those without a number, unless all are so: then no column is to blame.
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
                    // A number in another spelling is a wrong cell in a column of numbers.
                    Cell::Text if NotANumber::judge(&String::from_utf8_lossy(field)).is_spelling() => {
                        numbers[column] += 1;
                    }
                    Cell::Text => {
                        text[column] += 1;
                        if differ[column].len() < SEVERAL && !differ[column].contains(&field) {
                            differ[column].push(field);
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
        let all = (features..width).all(|column| is_text(&column));
        let is_text = |column: &usize| !all && is_text(column);
        Self {
            columns: (features..width).filter(is_text).collect(),
            mixed: (features..width).filter(is_mixed).collect(),
        }
    }
}

/// How many lines below the first one there is what looks like a second header line: the first row, where it has text
/// in place of numbers, and the rows below it have numbers there, but for a few.
pub(crate) fn second_header(rows: &[u8], features: usize, width: usize) -> Option<u64> {
    let mut lines = Lines::new(rows).enumerate().filter(|(_, line)| !line.is_blank());
    let (number, first) = lines.next()?;
    let cells = |line: Line<'_>| -> Vec<Cell> {
        fields(line.text)
            .take(width)
            .skip(features)
            .map(|(_, field)| cell::judge(field))
            .collect()
    };
    let first = cells(first);
    let named = first.iter().filter(|cell| matches!(cell, Cell::Text)).count();
    if named < 2
        || first
            .iter()
            .any(|cell| matches!(cell, Cell::Number | Cell::OutOfRange(_) | Cell::Padded))
    {
        return None;
    }
    let mut numbers = vec![0_i32; first.len()];
    let mut further = 0;
    for (_, line) in lines.take(SAMPLED_ROWS) {
        further += 1;
        for (cell, balance) in cells(line).into_iter().zip(&mut numbers) {
            match cell {
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
        .filter(|(cell, balance)| matches!(cell, Cell::Text) && **balance > 0)
        .count();
    (further > 1 && over_numbers > 1).then_some(number as u64)
}
