//! A hasher for short texts that come from the file itself.
//!
//! Every cell of a column with a dictionary is looked up among the values seen before. The default hasher resists
//! attacks that a bounded map does not invite, at several times the cost.

use std::hash::{BuildHasherDefault, Hasher};

/// A bounded set of values.
pub(super) type ValueSet = std::collections::HashSet<Box<[u8]>, BuildHasherDefault<TextHasher>>;

/// A map of values of one block.
pub(super) type ValueMap<V> = std::collections::HashMap<Box<[u8]>, V, BuildHasherDefault<TextHasher>>;

/// Multiplies and folds eight bytes at a time.
#[derive(Debug, Default, Clone)]
pub(super) struct TextHasher(u64);

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl TextHasher {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word ^ FACTOR) * u128::from(FACTOR | 1);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "both halves of the product are folded together"
        )]
        let folded = (product as u64) ^ ((product >> 64) as u64);
        self.0 = folded;
    }
}

impl Hasher for TextHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while rest.len() > 8
            && let Some((word, after)) = rest.split_first_chunk::<8>()
        {
            self.mix(u64::from_le_bytes(*word));
            rest = after;
        }
        // What is left is at most eight bytes; the last eight, or the first and the last four, hold all of them.
        let word = if let Some(last) = bytes.last_chunk::<8>() {
            u64::from_le_bytes(*last)
        } else if let (Some(first), Some(last)) = (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        } else {
            rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
        };
        self.mix(word ^ ((bytes.len() as u64) << 56));
    }

    fn write_usize(&mut self, _: usize) {
        // The length of a slice; `write` mixes it in already.
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
