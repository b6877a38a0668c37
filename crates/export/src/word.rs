//! The bits of numbers.

/// The bits of a number, as wide as they are stored.
pub(crate) trait Word: Copy + Eq + Send + Sync {
    /// The number of bytes.
    const BYTES: usize;

    /// A number whose upper bits depend on all bits of the word.
    fn hash(self) -> u64;

    /// The word with the upper bits off that give a decimal number its size.
    #[must_use]
    fn tail(self) -> Self;

    /// The word as 64 bits.
    fn bits(self) -> u64;

    /// The words, if they are doubles.
    fn doubles(words: &[Self]) -> Option<&[u64]>;

    /// Writes the bytes, least significant first, to a slice of exactly [`Self::BYTES`].
    fn put(self, out: &mut [u8]);
}

/// Odd, with its bits spread about evenly (2^64 divided by the golden ratio).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Word for u64 {
    const BYTES: usize = 8;

    #[inline]
    fn hash(self) -> u64 {
        (self ^ (self >> 32)).wrapping_mul(SPREAD)
    }

    #[inline]
    fn tail(self) -> Self {
        self << 24
    }

    #[inline]
    fn bits(self) -> u64 {
        self
    }

    fn doubles(words: &[Self]) -> Option<&[u64]> {
        Some(words)
    }

    #[inline]
    fn put(self, out: &mut [u8]) {
        out.copy_from_slice(&self.to_le_bytes());
    }
}

impl Word for u32 {
    const BYTES: usize = 4;

    #[inline]
    fn hash(self) -> u64 {
        u64::from(self).wrapping_mul(SPREAD)
    }

    #[inline]
    fn tail(self) -> Self {
        self << 16
    }

    #[inline]
    fn bits(self) -> u64 {
        u64::from(self)
    }

    fn doubles(_: &[Self]) -> Option<&[u64]> {
        None
    }

    #[inline]
    fn put(self, out: &mut [u8]) {
        out.copy_from_slice(&self.to_le_bytes());
    }
}

/// Appends words as bytes, least significant first.
pub(crate) fn put_words<W: Word>(out: &mut Vec<u8>, words: &[W]) {
    let start = out.len();
    out.resize(start + words.len() * W::BYTES, 0);
    for (bytes, word) in out[start..].chunks_exact_mut(W::BYTES).zip(words) {
        word.put(bytes);
    }
}

/// Appends the first bytes of all words, then the second bytes of all, and so on.
pub(crate) fn split_words<W: Word>(out: &mut Vec<u8>, words: &[W]) {
    let start = out.len();
    out.resize(start + words.len() * W::BYTES, 0);
    if words.is_empty() {
        return;
    }
    let mut streams: Vec<&mut [u8]> = out[start..].chunks_exact_mut(words.len()).collect();
    let (eights, rest) = words.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let turned = turn(eight.map(Word::bits));
        for (stream, bytes) in streams.iter_mut().zip(turned) {
            stream[at * 8..at * 8 + 8].copy_from_slice(&bytes.to_le_bytes());
        }
    }
    for (at, word) in (eights.len() * 8..).zip(rest) {
        for (stream, byte) in streams.iter_mut().zip(word.bits().to_le_bytes()) {
            stream[at] = byte;
        }
    }
}

/// Turns eight words of eight bytes, so that the first holds the first byte of each: a transposition of the
/// quarters, the pairs, the bytes.
fn turn(mut rows: [u64; 8]) -> [u64; 8] {
    const STEPS: [(usize, u32, u64); 3] = [
        (4, 32, 0x0000_0000_FFFF_FFFF),
        (2, 16, 0x0000_FFFF_0000_FFFF),
        (1, 8, 0x00FF_00FF_00FF_00FF),
    ];
    for (apart, shift, mask) in STEPS {
        for row in (0..8).filter(|row| row & apart == 0) {
            let (low, high) = (rows[row], rows[row + apart]);
            rows[row] = (low & mask) | ((high & mask) << shift);
            rows[row + apart] = ((low >> shift) & mask) | (high & !mask);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_puts_each_byte_into_its_stream() {
        for count in [0, 1, 7, 8, 9, 31, 64] {
            let doubles: Vec<u64> = (0..count)
                .map(|at: u64| at.wrapping_mul(0x9E37_79B9_7F4A_7C15))
                .collect();
            let singles: Vec<u32> = doubles
                .iter()
                .map(|&word| u32::try_from(word >> 32).unwrap())
                .collect();
            let (mut of_doubles, mut of_singles) = (vec![1], vec![1]);
            split_words(&mut of_doubles, &doubles);
            split_words(&mut of_singles, &singles);
            for (at, (double, single)) in doubles.iter().zip(&singles).enumerate() {
                for stream in 0..8 {
                    assert_eq!(
                        of_doubles[1 + stream * doubles.len() + at],
                        double.to_le_bytes()[stream]
                    );
                }
                for stream in 0..4 {
                    assert_eq!(
                        of_singles[1 + stream * singles.len() + at],
                        single.to_le_bytes()[stream]
                    );
                }
            }
            assert_eq!(
                (of_doubles.len(), of_singles.len()),
                (1 + doubles.len() * 8, 1 + singles.len() * 4)
            );
        }
    }
}
