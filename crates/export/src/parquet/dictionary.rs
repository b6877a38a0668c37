//! Distinct values by a hash table of our own: one multiplication and, nearly always, one probe per value.

use crate::word::Word;

/// Distinct words in the order of their first appearance, and the index of each word seen.
#[derive(Debug, Default)]
pub(crate) struct Dictionary<W> {
    /// The place in `distinct`, plus one; zero is free.
    slots: Vec<u32>,
    /// The distinct words.
    pub(crate) distinct: Vec<W>,
    /// For each word given, its place in `distinct`.
    pub(crate) indices: Vec<u32>,
}

impl<W: Word> Dictionary<W> {
    /// Indexes `words`; gives up, with `false`, when more than `limit` are distinct.
    pub(crate) fn build(&mut self, words: &[W], limit: usize) -> bool {
        let bits = (limit * 2).next_power_of_two().trailing_zeros().max(4);
        let shift = 64 - bits;
        let mask = (1usize << bits) - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, 0);
        self.distinct.clear();
        self.indices.clear();
        self.indices.reserve(words.len());
        for &word in words {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the shift leaves as many bits as there are slots"
            )]
            let mut slot = (word.hash() >> shift) as usize;
            let index = loop {
                match self.slots[slot & mask] {
                    0 => {
                        if self.distinct.len() == limit {
                            return false;
                        }
                        self.distinct.push(word);
                        #[expect(clippy::cast_possible_truncation, reason = "a limit is far below 2^32")]
                        let place = self.distinct.len() as u32;
                        self.slots[slot & mask] = place;
                        break place - 1;
                    }
                    place if self.distinct[place as usize - 1] == word => break place - 1,
                    _ => slot += 1,
                }
            };
            self.indices.push(index);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_finds_its_place() {
        let words: Vec<u64> = (0..10_000u64).map(|i| (i * 7919) % 613).collect();
        let mut dictionary = Dictionary::default();
        assert!(dictionary.build(&words, 613));
        assert_eq!(dictionary.distinct.len(), 613);
        for (word, &index) in words.iter().zip(&dictionary.indices) {
            assert_eq!(dictionary.distinct[index as usize], *word);
        }
        assert!(!dictionary.build(&words, 612));
        assert!(dictionary.build(&words[..5], 5));
        assert_eq!(dictionary.indices, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn zero_and_minus_zero_differ() {
        let words = [0.0f64.to_bits(), (-0.0f64).to_bits(), 0.0f64.to_bits()];
        let mut dictionary = Dictionary::default();
        assert!(dictionary.build(&words, 4));
        assert_eq!(dictionary.indices, [0, 1, 0]);
    }
}
