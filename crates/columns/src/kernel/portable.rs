//! The masks made eight bytes at a time, with plain arithmetic on words.

use super::classes::{Classes, Classify, NumberClasses};

pub(super) struct Portable;

impl Classify for Portable {
    #[inline]
    fn text(bytes: &[u8; 64]) -> Classes {
        Classes {
            tab: mask(bytes, |word| equal(word, b'\t')),
            line_feed: mask(bytes, |word| equal(word, b'\n')),
            carriage_return: mask(bytes, |word| equal(word, b'\r')),
            nul: mask(bytes, |word| equal(word, 0)),
            high: mask(bytes, |word| word & HIGH),
        }
    }

    #[inline]
    fn number(bytes: &[u8; 64]) -> NumberClasses {
        NumberClasses {
            tab: mask(bytes, |word| equal(word, b'\t')),
            line_feed: mask(bytes, |word| equal(word, b'\n')),
            digit: mask(bytes, digit),
            dot: mask(bytes, |word| equal(word, b'.')),
            minus: mask(bytes, |word| equal(word, b'-')),
        }
    }
}

/// The high bit of each byte.
const HIGH: u64 = every(0x80);
/// All other bits.
const LOW: u64 = every(0x7F);

/// Every byte of a word.
const fn every(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// High bits where the byte is this one. Sums stay within their bytes: seven bits and 127 are below 256.
#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    let difference = word ^ every(byte);
    !(((difference & LOW) + LOW) | difference) & HIGH
}

/// High bits where the byte is a digit: seven bits that reach 128 with 80 but not with 70.
#[inline]
fn digit(word: u64) -> u64 {
    let bits = word & LOW;
    (bits + every(0x80 - b'0')) & !(bits + every(0x80 - b'9' - 1)) & !word & HIGH
}

/// Gathers the high bits of 64 bytes, eight at a time: the multiplication moves each to its place in the top byte.
#[inline]
fn mask(bytes: &[u8; 64], high_bits: impl Fn(u64) -> u64) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().rev().fold(0, |mask, word| {
        let bits = high_bits(u64::from_le_bytes(*word)) >> 7;
        mask << 8 | bits.wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}
