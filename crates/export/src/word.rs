//! The bits of numbers.

/// The bits of a number, as wide as they are stored.
pub(crate) trait Word: Copy + Eq + Send + Sync {
    /// The number of bytes.
    const BYTES: usize;

    /// A number whose upper bits depend on all bits of the word.
    fn hash(self) -> u64;

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
