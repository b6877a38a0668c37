//! Words that were seen in part, at other bytes than they are now.
//!
//! The binary expansion of a decimal fraction is periodic, so what stands in the low bytes of one number often stands
//! a byte or two higher in another. In a short page most tails occur for the first time, and there this saves a
//! sixteenth; in a long one nearly every tail has been seen in its own place, which costs less to look up.

use std::hint::select_unpredictable as select;
use std::ops::Range;

use super::finder::Hit;

/// The most words of a page that is looked through in this way: beyond it the search costs more than it finds.
pub(super) const SHORT: usize = 1 << 13;

/// A part is four bytes, from one of the three lowest bytes of a word on.
const STARTS: u32 = 3;
const LEAST: u32 = 4;

/// Places for parts: they stay in the first cache, together with those for tails.
const PART_BITS: u32 = 12;

/// Odd, with its bits spread about evenly (2^32 divided by the golden ratio).
const SPREAD: u32 = 0x9E37_79B1;

/// For each hash of a part, where it was last seen: four times the word, and the byte in it, plus one. Zero is free.
#[derive(Debug, Default)]
pub(super) struct Parts(Vec<u16>);

// The last part of the longest page must have a place.
const _: () = assert!(4 * (SHORT - 1) + (STARTS as usize) < 1 << 16);

impl Parts {
    /// Forgets everything.
    pub(super) fn start(&mut self) {
        self.0.clear();
        self.0.resize(1 << PART_BITS, 0);
    }

    /// Looks up the parts of those words of a strip that have no hit: the longest is their hit then.
    #[inline(always)]
    pub(super) fn look_up(&mut self, words: &[u64], strip: Range<usize>, hits: &mut [Hit]) {
        let Some(slots) = self.0.first_chunk_mut::<{ 1 << PART_BITS }>() else {
            return;
        };
        for (at, hit) in strip.zip(hits) {
            if hit.length() > 0 {
                continue;
            }
            let word = words[at];
            let mut best = Hit::default();
            for start in 0..STARTS {
                let other = seen(words, at, start, slots[slot(word, start)]);
                best = if other.length() > best.length() {
                    other
                } else {
                    best
                };
            }
            *hit = best;
            // The lowest part last: it is found where a word has but one byte, over and over.
            for start in (0..STARTS).rev() {
                slots[slot(word, start)] = place(at, start);
            }
        }
    }
}

/// The hit of the part of `words[at]` that begins at the byte `start`, where `place` says it may be; else none.
#[inline(always)]
fn seen(words: &[u64], at: usize, start: u32, place: u16) -> Hit {
    // Place zero is nowhere: looked up all the same, and then not believed.
    let earlier = u32::from(place.saturating_sub(1));
    let (word, byte) = (earlier / 4, earlier % 4);
    let difference = (words[word as usize] >> (8 * byte)) ^ (words[at] >> (8 * start));
    // Above its last byte a word has no more to compare.
    let length = (difference.trailing_zeros() / 8).min(8 - byte.max(start));
    let distance = (8 * position(at) + start).wrapping_sub(8 * word + byte);
    let found = Hit::new(distance, start, length);
    select(place > 0 && length >= LEAST, found, Hit::default())
}

/// Where the part of a word that begins at the byte `start` has its place.
#[inline(always)]
fn slot(word: u64, start: u32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a part is the low half of what is left"
    )]
    let part = (word >> (8 * start)) as u32;
    (part.wrapping_mul(SPREAD) >> (u32::BITS - PART_BITS)) as usize
}

#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "short pages have fewer than 2^14 words"
)]
const fn place(at: usize, start: u32) -> u16 {
    (4 * position(at) + start + 1) as u16
}

#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "short pages have fewer than 2^14 words"
)]
const fn position(at: usize) -> u32 {
    at as u32
}
