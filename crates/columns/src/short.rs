//! Short decimals, eight or sixteen bytes at a time: the fast path of [`cell::value`](crate::cell::value).
//!
//! The last bytes of the cell are loaded so that the number stands at the right end of a word, what is before it
//! becomes zeros, the dot is closed up, and three multiplications turn the digits into an integer ("SIMD within
//! a register"; the steps are those of Lemire's `parse_eight_digits_unrolled`). The value is that integer divided
//! by an exact power of ten, and so correctly rounded where the integer is below 2^53.

/// Every byte of a word.
const fn every(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The powers of ten by which up to sixteen digits are divided.
const POWERS: [f64; 17] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
];

/// The value of `block[start..end]`, where it is a minus or none, and up to sixteen digits with at most one dot
/// between digits; `None` where it is anything else, or where it stands too near to the beginning of the block.
#[inline]
pub fn parse(block: &[u8], start: usize, end: usize) -> Option<f64> {
    let length = end.checked_sub(start)?;
    match length {
        1..=8 if end >= 8 => parse_8(*block[end - 8..end].first_chunk()?, length),
        9..=16 if end >= 16 => parse_16(block[end - 16..end].first_chunk()?, length),
        _ => None,
    }
}

#[inline]
#[expect(clippy::cast_precision_loss, reason = "eight digits are below 2^53")]
fn parse_8(bytes: [u8; 8], length: usize) -> Option<f64> {
    // The first byte in memory becomes the lowest, on any machine.
    let shift = 8 * (8 - length);
    let mut word = u64::from_le_bytes(bytes) >> shift << shift;
    word |= every(b'0') & !(u64::MAX << shift);
    let negative = bytes[8 - length] == b'-';
    if negative {
        word ^= u64::from(b'-' ^ b'0') << shift;
    }
    let dot = word ^ every(b'.');
    let dot = dot.wrapping_sub(every(1)) & !dot & every(0x80);
    let mut fraction = 0;
    if dot != 0 {
        let at = dot.trailing_zeros() & !7;
        fraction = 7 - at as usize / 8;
        let before = (1 << at) - 1;
        word = word & !(before << 8 | 0xFF) | (word & before) << 8 | u64::from(b'0');
    }
    let digits = digits_8(word)?;
    // A dot or a minus needs a digit on either side: `-5`, `0.5`, but not `.5`, `5.`, `-.5` or `-`.
    let first = usize::from(negative);
    let dotted = usize::from(dot != 0);
    let whole = length - first - dotted - fraction;
    if whole == 0 || (dot != 0 && fraction == 0) {
        return None;
    }
    let value = digits as f64 / POWERS[fraction];
    Some(if negative { -value } else { value })
}

#[inline]
#[expect(
    clippy::cast_precision_loss,
    reason = "what is not below 2^53 is left to others"
)]
fn parse_16(bytes: &[u8; 16], length: usize) -> Option<f64> {
    let shift = 8 * (16 - length);
    let zeros = u128::from_ne_bytes([b'0'; 16]);
    let mut word = u128::from_le_bytes(*bytes) >> shift << shift;
    word |= zeros & !(u128::MAX << shift);
    let negative = bytes[16 - length] == b'-';
    if negative {
        word ^= u128::from(b'-' ^ b'0') << shift;
    }
    let dot = word ^ u128::from_ne_bytes([b'.'; 16]);
    let dot = dot.wrapping_sub(u128::from_ne_bytes([1; 16])) & !dot & u128::from_ne_bytes([0x80; 16]);
    let mut fraction = 0;
    if dot != 0 {
        let at = dot.trailing_zeros() & !7;
        fraction = 15 - at as usize / 8;
        let before = (1 << at) - 1;
        word = word & !(before << 8 | 0xFF) | (word & before) << 8 | u128::from(b'0');
    }
    let (high, low) = halves(word);
    let digits = digits_8(high)? * 100_000_000 + digits_8(low)?;
    let whole = length - usize::from(negative) - usize::from(dot != 0) - fraction;
    if digits >= 1 << 53 || whole == 0 || (dot != 0 && fraction == 0) {
        return None;
    }
    let value = digits as f64 / POWERS[fraction];
    Some(if negative { -value } else { value })
}

/// The first eight bytes in memory, which are the higher digits, and the last.
#[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
fn halves(word: u128) -> (u64, u64) {
    (word as u64, (word >> 64) as u64)
}

/// The integer that eight digits spell, the first in the lowest byte; `None` where one is no digit.
#[inline]
fn digits_8(word: u64) -> Option<u64> {
    if (word.wrapping_add(every(0x46)) | word.wrapping_sub(every(b'0'))) & every(0x80) != 0 {
        return None;
    }
    let word = word - every(b'0');
    let pairs = word * 10 + (word >> 8);
    let low = (pairs & 0x0000_00FF_0000_00FF).wrapping_mul(100 + (1_000_000 << 32));
    let high = (pairs >> 16 & 0x0000_00FF_0000_00FF).wrapping_mul(1 + (10_000 << 32));
    Some(low.wrapping_add(high) >> 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{cell, number, short};

    fn parse(text: &str) -> Option<f64> {
        let block = format!("{}\t{text}\tx", "7".repeat(20));
        short::parse(block.as_bytes(), 21, 21 + text.len())
    }

    #[test]
    fn plain_decimals_are_taken() {
        for (text, value) in [
            ("0", 0.0),
            ("7", 7.0),
            ("-7", -7.0),
            ("12345678", 12_345_678.0),
            ("1.5", 1.5),
            ("-0.25", -0.25),
            ("123.4567", 123.4567),
            ("1234567.8", 1_234_567.8),
            ("-12.345678901", -12.345_678_901),
            ("999999999999999", 999_999_999_999_999.0),
            ("0.00000000000001", 0.000_000_000_000_01),
        ] {
            assert_eq!(parse(text).map(f64::to_bits), Some(f64::to_bits(value)), "{text}");
        }
        assert_eq!(parse("-0").map(f64::to_bits), Some((-0.0_f64).to_bits()));
    }

    #[test]
    fn all_else_is_left_to_others() {
        for text in [
            "",
            "-",
            ".",
            "-.",
            "5.",
            ".5",
            "-.5",
            "-5.",
            "1..2",
            "1.2.3",
            "--1",
            "1-",
            "1e5",
            "1E5",
            "+1",
            " 1",
            "1 ",
            "1,5",
            "NA",
            "NaN",
            "12345678901234567",
            "9999999999999999",
            "1/2",
            "1:2",
            "é",
            "0x10",
            "123456789.123456.1",
            "1234567890-",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(short::parse(b"1.5", 0, 3), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn what_is_taken_has_the_exact_value(text in "[-0-9.]{0,18}") {
            if let Some(value) = parse(&text) {
                prop_assert_eq!(Some(value.to_bits()), number::parse(text.as_bytes()).map(f64::to_bits));
            }
        }

        #[test]
        fn short_decimals_are_all_taken(text in "-?[0-9]{1,7}(\\.[0-9]{1,6})?") {
            prop_assert_eq!(parse(&text).map(f64::to_bits), text.parse::<f64>().ok().map(f64::to_bits));
        }

        #[test]
        fn any_bytes_agree_with_the_slow_twin(bytes in prop::collection::vec(any::<u8>(), 0..18)) {
            let mut block = vec![b'3'; 20];
            block.extend(&bytes);
            if let Some(value) = short::parse(&block, 20, block.len()) {
                prop_assert_eq!(cell::value(&bytes), cell::Value::Number(value));
            }
        }
    }
}
