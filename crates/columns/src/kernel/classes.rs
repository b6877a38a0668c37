//! Classes of bytes, as bit masks of 64 of them: bit 0 is the first byte.

/// What each of 64 bytes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Classes {
    pub(super) tab: u64,
    pub(super) line_feed: u64,
    pub(super) carriage_return: u64,
    pub(super) nul: u64,
    /// Bytes beyond ASCII.
    pub(super) high: u64,
}

/// What each of 64 bytes is in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct NumberClasses {
    pub(super) tab: u64,
    pub(super) line_feed: u64,
    pub(super) digit: u64,
    pub(super) dot: u64,
    pub(super) minus: u64,
}

/// Makes the masks. The implementations must agree with [`portable`](super::portable), byte for byte.
pub(super) trait Classify {
    /// The masks that tell what a text is made of.
    fn text(bytes: &[u8; 64]) -> Classes;

    /// The masks that tell what a number is made of.
    fn number(bytes: &[u8; 64]) -> NumberClasses;

    /// Writes the places of the set bits, counted from `base`, and gives how many there are; what is written beyond
    /// them means nothing.
    #[inline(always)]
    fn places(mut mask: u64, base: u32, places: &mut [u32; 64]) -> usize {
        // Several at a time, without asking whether there are so many.
        const STEP: usize = 8;
        let count = mask.count_ones() as usize;
        for step in places.chunks_exact_mut(STEP).take(count.div_ceil(STEP)) {
            for place in step {
                *place = base + mask.trailing_zeros();
                mask &= mask.wrapping_sub(1);
            }
        }
        count
    }
}
