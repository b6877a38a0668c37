//! Matches among the doubles of a page.
//!
//! What a word will be (zero, seen before, seen in part, new) cannot be foreseen, so a processor that has to
//! branch on it stands still half of the time. Hence both steps here compute what to do instead of deciding: the
//! first looks every word up, the second turns each into a sequence and some literals, or into none.

use std::ops::Range;

use super::sequences::Sequence;

/// Odd, with its bits spread about evenly (2^64 divided by the golden ratio).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Low bytes that make a tail, and the shift that leaves nothing else.
const TAIL_BYTES: u32 = 5;
const TAIL_SHIFT: u32 = 64 - 8 * TAIL_BYTES;

/// Places for tails: decimals have a few hundred, and this many stay in the first cache.
const TAIL_BITS: u32 = 12;

/// A distance that leads nowhere.
const NOWHERE: usize = usize::MAX / 2;

/// Remembers where numbers and their tails were last seen.
#[derive(Debug, Default)]
pub(super) struct Finder {
    /// The place of a word plus one; zero is free.
    whole: Vec<u32>,
    tails: Vec<u32>,
    whole_shift: u32,
    hits: Vec<Hit>,
    /// The last three distances, in words.
    recent: [usize; 3],
}

/// Where a word was last seen, and how many of its bytes: 8, or a tail, or 0.
#[derive(Debug, Default, Clone, Copy)]
struct Hit {
    distance: u32,
    length: u32,
}

/// The matches of one block and the bytes between them.
#[derive(Debug, Default)]
pub(super) struct Found {
    sequences: Vec<Sequence>,
    literals: Vec<u8>,
    count: usize,
    literal_bytes: usize,
}

impl Found {
    /// The matches.
    pub(super) fn sequences(&self) -> &[Sequence] {
        &self.sequences[..self.count]
    }

    /// The bytes between them.
    pub(super) fn literals(&self) -> &[u8] {
        &self.literals[..self.literal_bytes]
    }
}

impl Finder {
    /// Forgets everything, before a page of `words` words.
    pub(super) fn start(&mut self, words: usize) {
        let bits = (usize::BITS - words.leading_zeros()).clamp(8, 17);
        self.whole_shift = 64 - bits;
        self.whole.clear();
        self.whole.resize(1 << bits, 0);
        self.tails.clear();
        self.tails.resize(1 << TAIL_BITS, 0);
        // A frame begins with the distances 1, 4 and 8 in bytes.
        self.recent = [NOWHERE, NOWHERE, 1];
    }

    #[expect(
        clippy::needless_bitwise_bool,
        reason = "these conditions are to be computed, and not branched on"
    )]
    /// Finds the matches of the words of `block`, before which `lead` stands in the same block.
    pub(super) fn find(&mut self, words: &[u64], block: Range<usize>, lead: &[u8], found: &mut Found) {
        self.look_up(words, block.clone());
        found.literals.resize(lead.len() + block.len() * 8 + 8, 0);
        found.literals[..lead.len()].copy_from_slice(lead);
        found.sequences.resize(block.len() + 1, Sequence::default());
        let mut literal_bytes = lead.len();
        let mut pending = lead.len();
        let mut count = 0;
        let [mut first, mut second, mut third] = self.recent;
        for (at, hit) in block.zip(&self.hits) {
            let word = words[at];
            let seen_at = |distance: usize| words.get(at.wrapping_sub(distance)) == Some(&word);
            let bare = pending == 0;
            // Right after a match, the last distance again means that the match goes on. That cannot be said at
            // the start of a block, where there is no match to go on.
            let on_first = seen_at(first) & !(bare & (count == 0));
            let on_second = seen_at(second) & !on_first;
            let on_third = seen_at(third) & !on_first & !on_second;
            let again = on_first | on_second | on_third;
            let goes_on = on_first & bare;
            let length = if again { 8 } else { hit.length as usize };
            let distance = match (on_first, on_second, on_third) {
                (true, ..) => first,
                (_, true, _) => second,
                (_, _, true) => third,
                _ => hit.distance as usize,
            };
            let named = 1 + u32::from(on_second) + 2 * u32::from(on_third) - u32::from(bare & !on_first);
            let code = if again { named } else { hit.distance * 8 + 3 };
            let matched = length > 0;

            let slot = count - usize::from(goes_on);
            let before = if goes_on {
                found.sequences[slot]
            } else {
                Sequence::default()
            };
            found.sequences[slot] = Sequence {
                literals: if goes_on { before.literals } else { narrow(pending) },
                length: before.length + narrow(length),
                distance: if goes_on { before.distance } else { code },
            };
            count += usize::from(matched & !goes_on);
            (first, second, third) = (
                if matched { distance } else { first },
                if matched & !on_first { first } else { second },
                if matched & !on_first & !on_second {
                    second
                } else {
                    third
                },
            );

            // All eight bytes are written, and only those that are no part of the match are kept.
            let rest = word.checked_shr(narrow(length * 8)).unwrap_or(0);
            found.literals[literal_bytes..literal_bytes + 8].copy_from_slice(&rest.to_le_bytes());
            literal_bytes += 8 - length;
            pending = if matched { 8 - length } else { pending + 8 };
        }
        self.recent = [first, second, third];
        (found.count, found.literal_bytes) = (count, literal_bytes);
    }

    /// For each word of a block, where it or its tail was last seen.
    fn look_up(&mut self, words: &[u64], block: Range<usize>) {
        self.hits.clear();
        self.hits.extend(block.map(|at| {
            let word = words[at];
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the shifts leave as many bits as there are places"
            )]
            let (whole, tail) = (
                (word.wrapping_mul(SPREAD) >> self.whole_shift) as usize,
                ((word << TAIL_SHIFT).wrapping_mul(SPREAD) >> (64 - TAIL_BITS)) as usize,
            );
            let place = narrow(at) + 1;
            let seen = std::mem::replace(&mut self.whole[whole], place);
            let tail_seen = std::mem::replace(&mut self.tails[tail], place);
            // Place zero is nowhere: looked up all the same, and then not believed.
            let same = words[(seen as usize).saturating_sub(1)] == word && seen > 0;
            let difference = words[(tail_seen as usize).saturating_sub(1)] ^ word;
            let tail_same = difference << TAIL_SHIFT == 0 && tail_seen > 0;
            let tail_length = if tail_same {
                difference.trailing_zeros() / 8
            } else {
                0
            };
            Hit {
                distance: place - if same { seen } else { tail_seen },
                length: if same { 8 } else { tail_length },
            }
        }));
    }
}

#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "pages are below 2^32 bytes: the frame states their size in four"
)]
const fn narrow(count: usize) -> u32 {
    count as u32
}
