//! The masks made one byte at a time: the twin that the others are tested against.

use super::classes::{Classes, Classify, NumberClasses};

pub(super) struct Portable;

impl Classify for Portable {
    fn text(bytes: &[u8; 64]) -> Classes {
        Classes {
            tab: mask(bytes, |byte| byte == b'\t'),
            line_feed: mask(bytes, |byte| byte == b'\n'),
            carriage_return: mask(bytes, |byte| byte == b'\r'),
            nul: mask(bytes, |byte| byte == 0),
            high: mask(bytes, |byte| byte >= 0x80),
        }
    }

    fn number(bytes: &[u8; 64]) -> NumberClasses {
        NumberClasses {
            tab: mask(bytes, |byte| byte == b'\t'),
            digit: mask(bytes, |byte| byte.is_ascii_digit()),
            dot: mask(bytes, |byte| byte == b'.'),
            minus: mask(bytes, |byte| byte == b'-'),
        }
    }
}

fn mask(bytes: &[u8; 64], is: impl Fn(u8) -> bool) -> u64 {
    bytes
        .iter()
        .enumerate()
        .fold(0, |mask, (at, byte)| mask | u64::from(is(*byte)) << at)
}
