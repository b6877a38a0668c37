//! What a value cell of a matrix is: the number grammar and the missing tokens put together.
//!
//! This is the slow, obvious form; kernels that look at many cells at once must agree with it.

use crate::missing::{self, Missing};
use crate::number::{self, OutOfRange};

/// What a value cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// A number that a double can hold.
    Number,
    /// A number that no double can hold.
    OutOfRange(OutOfRange),
    /// No value, or an infinity, in one of the ways to write it.
    Missing(Missing),
    /// A number or a missing token with white space around it.
    Padded,
    /// Anything else.
    Text,
}

/// Looks at a cell.
pub fn judge(cell: &[u8]) -> Cell {
    if number::is_number(cell) {
        return range(cell);
    }
    if let Some(missing) = missing::judge(cell) {
        return Cell::Missing(missing);
    }
    let trimmed = cell.trim_ascii();
    if trimmed.len() < cell.len() && (number::is_number(trimmed) || missing::judge(trimmed).is_some()) {
        return Cell::Padded;
    }
    Cell::Text
}

/// The value of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A number, or an infinity.
    Number(f64),
    /// No value.
    Missing,
    /// Text.
    Text,
}

/// The value of a cell.
pub fn value(cell: &[u8]) -> Value {
    let exact = |cell: &[u8]| {
        number::parse(cell).map(Value::Number).or_else(|| {
            missing::judge(cell).map(|missing| missing.value().map_or(Value::Missing, Value::Number))
        })
    };
    exact(cell)
        .or_else(|| exact(cell.trim_ascii()))
        .unwrap_or(Value::Text)
}

/// A number without exponent and with fewer digits than this is within the range of doubles.
const SURELY_IN_RANGE: usize = 300;

fn range(cell: &[u8]) -> Cell {
    if cell.len() < SURELY_IN_RANGE && !cell.iter().any(|byte| matches!(byte, b'e' | b'E')) {
        return Cell::Number;
    }
    match number::parse(cell).and_then(|value| number::out_of_range(cell, value)) {
        Some(out) => Cell::OutOfRange(out),
        None => Cell::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_apart() {
        assert_eq!(judge(b"1.5"), Cell::Number);
        assert_eq!(judge(b"1e300"), Cell::Number);
        assert_eq!(judge(b"1e400"), Cell::OutOfRange(OutOfRange::Infinity));
        assert_eq!(
            judge("9".repeat(400).as_bytes()),
            Cell::OutOfRange(OutOfRange::Infinity)
        );
        assert_eq!(
            judge(format!("0.{}1", "0".repeat(400)).as_bytes()),
            Cell::OutOfRange(OutOfRange::Zero)
        );
        assert_eq!(judge(b""), Cell::Missing(Missing::Empty));
        assert_eq!(judge(b"NA"), Cell::Missing(Missing::Token));
        assert_eq!(judge(b" 1.5"), Cell::Padded);
        assert_eq!(judge(b"NA "), Cell::Padded);
        assert_eq!(judge(b"1,5"), Cell::Text);
        assert_eq!(judge(b"1 5"), Cell::Text);
    }

    #[test]
    fn values_agree_with_the_judgement() {
        let cells: [&[u8]; 14] = [
            b"1.5", b"1e400", b"", b"  ", b"NA", b" NA", b"Inf", b"-Inf", b"nan", b" 7 ", b"x", b"1,5",
            b"\"1\"", b"-inf",
        ];
        for cell in cells {
            let found = value(cell);
            assert_eq!(found == Value::Text, judge(cell) == Cell::Text, "{cell:?}");
        }
        assert_eq!(value(b" 7 "), Value::Number(7.0));
        assert_eq!(value(b"Inf"), Value::Number(f64::INFINITY));
        assert_eq!(value(b"-inf"), Value::Number(f64::NEG_INFINITY));
        assert_eq!(value(b" NA"), Value::Missing);
    }
}
