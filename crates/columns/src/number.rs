//! The grammar of numbers, and their values.
//!
//! ```text
//! number   = [ "+" | "-" ] ( digits [ "." [ digits ] ] | "." digits ) [ exponent ]
//! exponent = ( "e" | "E" ) [ "+" | "-" ] digits
//! ```
//!
//! Nothing else is a number: no blanks, no thousands separators, no decimal comma, no hexadecimal, no names of
//! infinities (see [`missing`](crate::missing)). The value is the double nearest to the text, ties to even.

/// The number that `cell` spells, correctly rounded; `None` where it spells none. A number too large for a double
/// is an infinity, one too small a zero: [`out_of_range`] tells these from real ones.
pub fn parse(cell: &[u8]) -> Option<f64> {
    let spelling = Spelling::read(cell)?;
    Some(spelling.exact().unwrap_or_else(|| {
        // The grammar has been judged above; what is left to the library is arithmetic.
        fast_float2::parse(cell).unwrap_or(f64::NAN)
    }))
}

/// Whether `cell` spells a number.
pub fn is_number(cell: &[u8]) -> bool {
    Spelling::read(cell).is_some()
}

/// What a number beyond the range of doubles becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutOfRange {
    /// An infinity.
    Infinity,
    /// A zero, though a digit other than zero was written.
    Zero,
}

/// Whether the number that `cell` spells, of the given value, is beyond the range of doubles.
pub fn out_of_range(cell: &[u8], value: f64) -> Option<OutOfRange> {
    if value.is_infinite() {
        Some(OutOfRange::Infinity)
    } else if value == 0.0 && has_nonzero_digit(cell) {
        Some(OutOfRange::Zero)
    } else {
        None
    }
}

fn has_nonzero_digit(cell: &[u8]) -> bool {
    cell.iter()
        .take_while(|byte| !matches!(byte, b'e' | b'E'))
        .any(|byte| matches!(byte, b'1'..=b'9'))
}

/// A number's parts, as far as they fit.
struct Spelling {
    negative: bool,
    /// The digits without the point, where there are at most 19 of them after leading zeros.
    mantissa: Option<u64>,
    /// The power of ten by which the mantissa is multiplied.
    exponent: i64,
}

/// The powers of ten that are doubles exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

impl Spelling {
    fn read(cell: &[u8]) -> Option<Self> {
        let (negative, unsigned) = match cell {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] | rest => (false, rest),
        };
        let mut mantissa = 0_u64;
        let mut significant = 0;
        let mut digits = 0;
        let mut point = None;
        let mut at = 0;
        while let Some(&byte) = unsigned.get(at) {
            match byte {
                b'0'..=b'9' => {
                    digits += 1;
                    if significant > 0 || byte != b'0' {
                        significant += 1;
                        if significant <= 19 {
                            mantissa = mantissa * 10 + u64::from(byte - b'0');
                        }
                    }
                }
                b'.' if point.is_none() => point = Some(digits),
                _ => break,
            }
            at += 1;
        }
        if digits == 0 {
            return None;
        }
        let mut exponent = point.map_or(0, |before: i64| before - digits);
        match unsigned.get(at) {
            None => {}
            Some(b'e' | b'E') => exponent = exponent.saturating_add(read_exponent(&unsigned[at + 1..])?),
            Some(_) => return None,
        }
        Some(Self {
            negative,
            mantissa: (significant <= 19).then_some(mantissa),
            exponent,
        })
    }

    /// The value, where one multiplication or division of two exact doubles gives it: then the one rounding that
    /// the operation makes is the correct one (Clinger, "How to read floating point numbers accurately", 1990).
    #[expect(clippy::cast_precision_loss, reason = "the mantissa is below 2^53")]
    fn exact(&self) -> Option<f64> {
        let mantissa = self.mantissa.filter(|mantissa| *mantissa < 1 << 53)? as f64;
        let power = usize::try_from(self.exponent.unsigned_abs()).ok()?;
        let power = *EXACT_POWERS.get(power)?;
        let value = if self.exponent < 0 {
            mantissa / power
        } else {
            mantissa * power
        };
        Some(if self.negative { -value } else { value })
    }
}

fn read_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0_i64;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.saturating_mul(10).saturating_add(i64::from(byte - b'0'));
    }
    Some(if negative { -value } else { value })
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
