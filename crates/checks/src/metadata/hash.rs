//! A hasher for short texts that come from the file itself.
//!
//! Every cell of a judged column is looked up among the values seen in its block. The default hasher resists
//! attacks that a bounded, short-lived map of one block does not invite, at several times the cost.

use std::hash::{BuildHasherDefault, Hasher};

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
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
        let rest = chunks.remainder();
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(word) ^ ((bytes.len() as u64) << 56));
    }

    fn write_usize(&mut self, _: usize) {
        // The length of a slice; `write` mixes it in already.
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
