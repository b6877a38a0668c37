//! Finding every tab and line feed.

use super::classes::Classify;

/// What is in a block.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of one thing whether it is there"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BlockFacts {
    /// Line feeds.
    pub line_feeds: u64,
    /// Carriage returns.
    pub carriage_returns: u64,
    /// Whether some carriage return is not followed by a line feed.
    pub lone_carriage_return: bool,
    /// Whether there is a NUL.
    pub nul: bool,
    /// Whether there is anything beyond ASCII.
    pub high: bool,
    /// Whether a tab or a line feed follows another directly: some cell or line is empty. The beginning of the
    /// block counts as a line feed.
    pub empty: bool,
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the vector instructions need the caller's features"
)]
pub(super) fn index<C: Classify>(block: &[u8], ends: &mut Vec<u32>) -> BlockFacts {
    assert!(
        u32::try_from(block.len()).is_ok(),
        "a block is shorter than 4 GiB"
    );
    let mut facts = BlockFacts::default();
    // A place for every byte would be too much; the vector grows when it must, in whole chunks.
    let mut found = 0;
    let mut after_end = 1_u64;
    let mut after_return = 0_u64;
    let mut empty = 0;
    let mut nul = 0;
    let mut high = 0;
    let mut lone = 0;
    let (chunks, tail) = block.as_chunks::<64>();
    let mut last = [b' '; 64];
    last[..tail.len()].copy_from_slice(tail);
    let mut base = 0_u32;
    for chunk in chunks.iter().chain((!tail.is_empty()).then_some(&last)) {
        let classes = C::text(chunk);
        let end = classes.tab | classes.line_feed;
        facts.line_feeds += u64::from(classes.line_feed.count_ones());
        facts.carriage_returns += u64::from(classes.carriage_return.count_ones());
        nul |= classes.nul;
        high |= classes.high;
        empty |= end & (end << 1 | after_end);
        lone |= (classes.carriage_return << 1 | after_return) & !classes.line_feed;
        after_end = end >> 63;
        after_return = classes.carriage_return >> 63;
        if ends.len() < found + 64 {
            ends.resize((found + 64).max(ends.len() * 2), 0);
        }
        if let Some(places) = ends[found..].first_chunk_mut::<64>() {
            found += C::places(end, base, places);
        }
        base += 64;
    }
    ends.truncate(found);
    facts.nul = nul != 0;
    facts.high = high != 0;
    facts.empty = empty != 0;
    facts.lone_carriage_return = lone != 0 || after_return != 0;
    facts
}
