//! What the cells and columns of a data frame hold.

use crate::detect::Table;

/// What a cell of a data frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    Number,
    Missing,
    Text,
}

/// How many columns hold numbers, wherever they stand.
pub(crate) fn numeric_columns(table: &Table) -> usize {
    let from = usize::from(has_second_header(table));
    (0..table.header.len())
        .filter(|&column| is_numeric(table, column, from))
        .count()
}

/// How many columns, counted from the last one backwards, hold numbers.
pub(crate) fn trailing_numeric(table: &Table) -> usize {
    let from = usize::from(has_second_header(table));
    (0..table.header.len())
        .rev()
        .take_while(|&column| is_numeric(table, column, from))
        .count()
}

/// Whether the first row is a second line of names: it holds text, and no numbers, over several columns of numbers.
pub(crate) fn has_second_header(table: &Table) -> bool {
    if table.rows.len() < 3 {
        return false;
    }
    let mut texts = 0;
    for column in (1..table.header.len()).filter(|&column| is_numeric(table, column, 1)) {
        match Cell::of(table.cell(0, column)) {
            Cell::Text => texts += 1,
            Cell::Missing => {}
            Cell::Number => return false,
        }
    }
    texts > 1
}

impl Cell {
    /// What a cell holds, near enough to count columns by.
    pub(crate) fn of(text: &str) -> Self {
        match text.trim() {
            "" | "NaN" | "null" | "N/A" | "NA" | "filtered" | "Inf" | "-Inf" | "nan" | "NULL" | "na"
            | "n/a" | "#N/A" => Self::Missing,
            text if is_number(text) || is_number_with_commas(text) => Self::Number,
            _ => Self::Text,
        }
    }
}

fn is_number(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'))
        && text.parse::<f64>().is_ok()
}

/// A number with a decimal comma, or with commas or points between thousands: wrong as it is written, and a number all the
/// same.
fn is_number_with_commas(text: &str) -> bool {
    let Some((whole, rest)) = text.split_once(',') else {
        return false;
    };
    let is_group = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = whole.trim_start_matches(['-', '+']);
    let grouped =
        unsigned.split('.').skip(1).all(is_group) && unsigned.starts_with(|c: char| c.is_ascii_digit());
    let continental = grouped && is_number(&format!("{}.{rest}", whole.replace('.', "")));
    let thousands = rest
        .split('.')
        .next()
        .is_some_and(|groups| groups.split(',').all(is_group));
    continental || (thousands && is_number(&text.replace(',', "")))
}

/// Whether the cells of a column are numbers, but for a few faults, from a row on.
pub(super) fn is_numeric(table: &Table, column: usize, from: usize) -> bool {
    let (mut numbers, mut texts) = (0_usize, 0_usize);
    for row in from..table.rows.len() {
        match Cell::of(table.cell(row, column)) {
            Cell::Number => numbers += 1,
            Cell::Text => texts += 1,
            Cell::Missing => {}
        }
    }
    // A column with nothing in it says nothing; it goes with the values that it stands among.
    if numbers + texts == 0 {
        column > 0
    } else {
        // In a short table one cell is more than a few.
        numbers > 0 && (texts * 5 <= numbers + texts || (texts == 1 && numbers >= 3))
    }
}
