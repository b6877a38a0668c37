//! Matches among the doubles of a page.
//!
//! What a word will be (zero, seen before, seen in part, new) cannot be foreseen, so a processor that has to
//! branch on it stands still much of the time. Hence both steps here compute what to do more than they decide: the
//! first looks every word up, the second turns each into a sequence and some literals, or into none. The second
//! decides one thing, whether the whole word was seen, for only then is it worth a look at the recent distances.

use std::hint::select_unpredictable as select;
use std::ops::Range;

use super::parts::{Parts, SHORT};
use super::sequences::Sequence;

/// Odd, with its bits spread about evenly (2^64 divided by the golden ratio).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// A tail is the five low bytes of a word: of a decimal number, what its remainder decides. Six bytes decide also
/// something of its size, recur less often, and are better where they do.
const TAIL_BYTES: u32 = 5;
const TAIL: u32 = 64 - 8 * TAIL_BYTES;
const LONG_TAIL: u32 = 64 - 8 * 6;

/// The bytes of a whole word.
const WHOLE: usize = 8;

/// Places for tails of either length: four decimals have 625 of five bytes. They stay in the first cache.
const TAIL_BITS: u32 = 12;
const LONG_TAIL_BITS: u32 = 13;

/// Places for whole words, at the most.
const WHOLE_BITS: u32 = 16;

/// Words that are looked up before they are gone through: little enough for the first cache.
const STRIP: usize = 1 << 10;

/// A distance that leads nowhere.
const NOWHERE: u32 = u32::MAX;

/// Remembers where numbers and their tails were last seen.
#[derive(Debug, Default)]
pub(super) struct Finder {
    whole: Places<{ 1 << WHOLE_BITS }>,
    /// How far a hash is shifted to the right, to give a place in `whole`: short pages use but some of it.
    shift: u32,
    tails: Places<{ 1 << TAIL_BITS }>,
    long_tails: Places<{ 1 << LONG_TAIL_BITS }>,
    /// Whether the page is so short that its words are also looked up in `parts`.
    short: bool,
    parts: Parts,
    hits: Vec<Hit>,
    /// The last three distances, in words; [`NOWHERE`] for one that is not of whole words.
    recent: [u32; 3],
}

/// The bits of a slot that hold a place, plus one: pages are below 2^23 bytes. The bits above are a tag, some others of
/// the hash: where it differs, so does the word.
const PLACE: u32 = (1 << 21) - 1;

/// For each of so many hashes, the place of the last such word, plus one, and a tag; zero is free.
#[derive(Debug, Default)]
struct Places<const HASHES: usize>(Vec<u32>);

/// Which bytes of a word were seen before, and where, in one number: how many bytes (four bits: 8, or some, or 0), how
/// many come before them in the word (two bits), and how many bytes back they were seen.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Hit(u32);

impl Hit {
    #[inline(always)]
    pub(super) const fn new(distance: u32, start: u32, length: u32) -> Self {
        Self(distance << 6 | start << 4 | length)
    }

    /// The distance in bytes: below 2^23, as pages are.
    #[inline(always)]
    const fn distance(self) -> u32 {
        self.0 >> 6
    }

    /// The bytes of the word before those that were seen.
    #[inline(always)]
    const fn start(self) -> usize {
        (self.0 >> 4 & 3) as usize
    }

    #[inline(always)]
    pub(super) const fn length(self) -> usize {
        (self.0 & 15) as usize
    }
}

/// The matches of one block and the bytes between them.
#[derive(Debug, Default)]
pub(super) struct Found {
    sequences: Vec<Sequence>,
    literals: Vec<u8>,
    count: usize,
    literal_bytes: usize,
    /// Literals since the last match.
    pending: usize,
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
        let bits = (usize::BITS - words.leading_zeros() + 1).clamp(8, WHOLE_BITS);
        self.shift = 64 - bits;
        self.whole.start(1 << bits);
        self.tails.start(1 << TAIL_BITS);
        self.long_tails.start(1 << LONG_TAIL_BITS);
        self.short = words <= SHORT;
        if self.short {
            self.parts.start();
        }
        // A frame begins with the distances 1, 4 and 8 in bytes.
        self.recent = [NOWHERE, NOWHERE, 1];
    }

    /// Finds the matches of the words of `block`, before which `lead` stands in the same block.
    #[inline(always)]
    pub(super) fn find(&mut self, words: &[u64], block: Range<usize>, lead: &[u8], found: &mut Found) {
        found.literals.resize(lead.len() + block.len() * 8 + 8, 0);
        found.literals[..lead.len()].copy_from_slice(lead);
        found.literal_bytes = lead.len();
        found.sequences.resize(block.len() + 1, Sequence::default());
        found.count = 0;
        found.pending = lead.len();
        for start in block.clone().step_by(STRIP) {
            let strip = start..block.end.min(start + STRIP);
            self.look_up(words, strip.clone());
            if self.short {
                self.parts.look_up(words, strip.clone(), &mut self.hits);
                self.go_through::<true>(words, strip, found);
            } else {
                self.go_through::<false>(words, strip, found);
            }
        }
    }

    /// Turns the words of a strip into sequences and literals. Only in `PARTS` do matches begin inside of words.
    #[inline(always)]
    fn go_through<const PARTS: bool>(&mut self, words: &[u64], strip: Range<usize>, found: &mut Found) {
        let [mut first, mut second, mut third] = self.recent;
        let Found {
            sequences,
            literals,
            count,
            literal_bytes,
            pending,
        } = found;
        let (mut made, mut kept, mut before) = (*count, *literal_bytes, *pending);
        let mut last = if made > 0 {
            sequences[made - 1]
        } else {
            Sequence::default()
        };
        for (at, hit) in strip.zip(&self.hits) {
            let word = words[at];
            let length = hit.length();
            let back = hit.distance();
            if length == WHOLE {
                // One of the last three distances costs next to nothing to name. Right after a match the last one
                // means that the match goes on, which cannot be said where there is none, at the start of a block.
                let same = |distance: u32| words.get(at.wrapping_sub(distance as usize)) == Some(&word);
                let bare = before == 0;
                let on_first = same(first) && (!bare || made > 0);
                let on_second = same(second);
                let on_third = same(third);
                let again = on_first || on_second || on_third;
                let named = select(on_first, first, select(on_second, second, third));
                let name = select(on_first, 1, select(on_second, 2, 3)) - u32::from(bare);
                let code = select(again, name, back + 3);
                let goes_on = bare && on_first;
                third = select(on_first || on_second, third, second);
                second = select(on_first, second, first);
                first = select(again, named, back / 8);
                last = Sequence::select(goes_on, last.longer(WHOLE), Sequence::new(before, WHOLE, code));
                made += usize::from(!goes_on);
                sequences[made - 1] = last;
                before = 0;
                continue;
            }
            // All eight bytes are written, and only those that are no part of a match are kept.
            literals[kept..kept + 8].copy_from_slice(&word.to_le_bytes());
            if length == 0 {
                kept += 8;
                before += 8;
                continue;
            }
            let start = if PARTS { hit.start() } else { 0 };
            kept += start;
            last = Sequence::new(before + start, length, back + 3);
            sequences[made] = last;
            made += 1;
            third = second;
            second = first;
            first = select(!PARTS || back % 8 == 0, back / 8, NOWHERE);
            let end = start + length;
            let rest = word.wrapping_shr(narrow(end * 8));
            literals[kept..kept + 8].copy_from_slice(&rest.to_le_bytes());
            kept += 8 - end;
            before = 8 - end;
        }
        self.recent = [first, second, third];
        (*count, *literal_bytes, *pending) = (made, kept, before);
    }

    /// For each word of a strip, where it or its tail was last seen: the more of it, the better.
    #[inline(always)]
    fn look_up(&mut self, words: &[u64], strip: Range<usize>) {
        self.hits.resize(STRIP, Hit::default());
        let places = narrow(strip.start) + 1..;
        let (Some(whole), Some(tails), Some(long_tails)) =
            (self.whole.slots(), self.tails.slots(), self.long_tails.slots())
        else {
            return;
        };
        for ((&word, hit), place) in words[strip].iter().zip(&mut self.hits).zip(places) {
            let hash = word.wrapping_mul(SPREAD);
            let tail_hash = (word << TAIL).wrapping_mul(SPREAD);
            let long_tail_hash = (word << LONG_TAIL).wrapping_mul(SPREAD);
            let seen = replace(whole, hash, self.shift, place);
            let tail_seen = replace(tails, tail_hash, 64 - TAIL_BITS, place);
            let long_tail_seen = replace(long_tails, long_tail_hash, 64 - LONG_TAIL_BITS, place);
            // The longest that its tag speaks for: only there it pays to look at what really stands there.
            let tail = select(long_tail_seen <= PLACE, long_tail_seen, tail_seen);
            let best = select(seen <= PLACE, seen, tail);
            *hit = Hit::at(words, word, place, best & PLACE);
        }
    }
}

impl Hit {
    /// What `word` has in common with the word at the place `seen`, if that is a tail at the least.
    #[inline(always)]
    fn at(words: &[u64], word: u64, place: u32, seen: u32) -> Self {
        // Place zero is nowhere: looked up all the same, and then not believed.
        let difference = words[(seen as usize).saturating_sub(1)] ^ word;
        let same = difference.trailing_zeros() / 8;
        let found = Self::new((place - seen) * 8, 0, same);
        select(same >= TAIL_BYTES && seen > 0, found, Self::default())
    }
}

impl<const HASHES: usize> Places<HASHES> {
    /// Forgets everything that the first `used` places hold.
    fn start(&mut self, used: usize) {
        self.0.resize(HASHES, 0);
        self.0[..used].fill(0);
    }

    /// The places, as many as there are hashes.
    #[inline(always)]
    fn slots(&mut self) -> Option<&mut [u32; HASHES]> {
        self.0.first_chunk_mut()
    }
}

/// Puts `place` and a tag where the high bits of `hash`, shifted by `shift`, point, and gives what was there; above
/// [`PLACE`] where that has another tag.
#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the shift leaves as many bits as there are slots, and of a tag the low bits do"
)]
fn replace<const HASHES: usize>(slots: &mut [u32; HASHES], hash: u64, shift: u32, place: u32) -> u32 {
    let slot = (hash >> shift) as usize % HASHES;
    let tag = (hash >> 16) as u32 & !PLACE;
    std::mem::replace(&mut slots[slot], place | tag) ^ tag
}

#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "pages are below 2^32 bytes: the frame states their size in four"
)]
const fn narrow(count: usize) -> u32 {
    count as u32
}
