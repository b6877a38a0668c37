//! A row at a time: where it ends, how many cells it has, and which of its values need a closer look.

use super::classes::{Classify, NumberClasses};

/// A row as a kernel sees it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of one thing whether it is there"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowFacts {
    /// Where its text ends: before its line end, or at the end of the block.
    pub end: usize,
    /// Where the next row begins.
    pub next: usize,
    /// Its tabs.
    pub tabs: usize,
    /// Values that are nothing at all.
    pub empty: u64,
    /// Whether a carriage return stands before its line feed.
    pub carriage_return: bool,
    /// Whether there is a carriage return anywhere else.
    pub lone_carriage_return: bool,
    /// Whether there is a NUL.
    pub nul: bool,
    /// Whether there is anything beyond ASCII.
    pub high: bool,
}

/// A value that is not plainly fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OddValue {
    /// Which of the values of its row it is.
    pub value: u32,
    /// A byte in it, or the one after it.
    pub place: u32,
}

/// Chunks without the end of a cell after which the cell is too long to be plainly fine: a number of so many
/// digits may be beyond the range of doubles. No cell that is passed has more than 62 + 2 · 63 + 62 bytes.
const LONGEST: u32 = 3;

/// The bytes of a chunk, of which the last of a block may have fewer: then line feeds follow.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the vector instructions need the caller's features"
)]
fn chunk<'a>(block: &'a [u8], at: usize, padded: &'a mut [u8; 64]) -> &'a [u8; 64] {
    let rest = block.get(at..).unwrap_or_default();
    if let Some(whole) = rest.first_chunk::<64>() {
        return whole;
    }
    *padded = [b'\n'; 64];
    padded[..rest.len()].copy_from_slice(rest);
    padded
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the vector instructions need the caller's features"
)]
pub(super) fn row<C: Classify>(
    block: &[u8],
    start: usize,
    described: usize,
    ends: &mut Vec<u32>,
    odd: &mut Vec<OddValue>,
) -> RowFacts {
    let mut facts = RowFacts::default();
    ends.clear();
    odd.clear();
    match describe::<C>(block, start, described, ends, &mut facts) {
        Some(values) => measure::<C>(block, values, odd, &mut facts),
        None => facts.tabs = ends.len(),
    }
    facts
}

/// Looks at the cells that describe the row; `None` where it has no more than these, else where its values begin.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the vector instructions need the caller's features"
)]
fn describe<C: Classify>(
    block: &[u8],
    start: usize,
    described: usize,
    ends: &mut Vec<u32>,
    facts: &mut RowFacts,
) -> Option<usize> {
    let mut padded = [0; 64];
    let mut at = start;
    loop {
        let classes = C::text(chunk(block, at, &mut padded));
        let line = classes.line_feed & classes.line_feed.wrapping_neg();
        let mut tabs = classes.tab & line.wrapping_sub(1);
        let mut seen = line.wrapping_sub(1);
        let mut values = None;
        while tabs != 0 {
            let tab = tabs.trailing_zeros();
            ends.push(narrow(at) + tab);
            tabs &= tabs - 1;
            if ends.len() == described {
                seen = (1 << tab) - 1;
                values = Some(at + tab as usize + 1);
                break;
            }
        }
        facts.nul |= classes.nul & seen != 0;
        facts.high |= classes.high & seen != 0;
        let returns = classes.carriage_return & seen;
        if returns != 0 {
            // One at the very end is looked at once more when the row ends.
            facts.lone_carriage_return |= returns & !(1 << 63 | line >> 1) != 0;
            let last = at + 63;
            facts.lone_carriage_return |= returns >> 63 != 0 && block.get(last + 1) != Some(&b'\n');
        }
        if values.is_some() {
            facts.tabs = described;
            return values;
        }
        if line != 0 {
            end_row(block, at + line.trailing_zeros() as usize, start, facts);
            return None;
        }
        at += 64;
    }
}

/// Ends a row at a line feed, which may be the one that stands for the end of the block.
fn end_row(block: &[u8], line_feed: usize, start: usize, facts: &mut RowFacts) {
    facts.end = line_feed;
    facts.next = (line_feed + 1).min(block.len());
    if line_feed > start && block[line_feed - 1] == b'\r' {
        if line_feed < block.len() {
            facts.carriage_return = true;
            facts.end -= 1;
        } else {
            facts.lone_carriage_return = true;
        }
    }
}

/// Looks at the values of a row, which begin at `start`, after a tab. Each chunk begins with the last byte of the one
/// before it, so that every byte is seen together with its neighbours.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the vector instructions need the caller's features"
)]
fn measure<C: Classify>(block: &[u8], start: usize, odd: &mut Vec<OddValue>, facts: &mut RowFacts) {
    let mut padded = [0; 64];
    let mut carry = Carry::default();
    let mut at = start - 1;
    let (mut tabs, mut empty) = (0, 0);
    loop {
        let classes = C::number(chunk(block, at, &mut padded));
        // The line feed ends the last cell as tabs end the others; what follows it does not count.
        let line = classes.line_feed & classes.line_feed.wrapping_neg();
        let found = carry.look(classes, classes.tab | line, line | line.wrapping_sub(1));
        if found.odd != 0 {
            let returned = look_closer(block, at, found.other, facts);
            if returned == 0 {
                note(found.odd, found.ends, at, tabs, odd);
            } else {
                // A carriage return before the line feed ends the cell: the row is seen once more without it.
                let ends = classes.tab & (returned - 1) | returned;
                let found = carry.look(classes, ends, returned | (returned - 1));
                note(found.odd, found.ends, at, tabs, odd);
                facts.empty = empty + u64::from(found.empty.count_ones());
                facts.tabs += (tabs + found.ends.count_ones() - 1) as usize;
                end_row(block, at + returned.trailing_zeros() as usize + 1, start, facts);
                return;
            }
        }
        empty += u64::from(found.empty.count_ones());
        tabs += found.ends.count_ones();
        if line != 0 {
            facts.empty = empty;
            facts.tabs += tabs as usize - 1;
            facts.end = at + line.trailing_zeros() as usize;
            facts.next = (facts.end + 1).min(block.len());
            return;
        }
        carry.dotted = found.after_dot >> 63;
        carry.without_end = if found.ends == 0 { carry.without_end + 1 } else { 0 };
        at += 63;
    }
}

/// What a chunk shows.
#[derive(Clone, Copy)]
struct Found {
    /// Ends of cells.
    ends: u64,
    /// Ends of cells that are nothing.
    empty: u64,
    /// Bytes that keep their cells from being plainly fine.
    odd: u64,
    /// Bytes that have no place in a plain number.
    other: u64,
    /// Bytes that stand behind a dot in their cells.
    after_dot: u64,
}

/// What the bytes before a chunk mean for it.
#[derive(Clone, Copy, Default)]
struct Carry {
    /// Whether the first byte stands behind a dot in its cell.
    dotted: u64,
    /// Chunks before it in which no cell ends.
    without_end: u32,
}

impl Carry {
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the vector instructions need the caller's features"
    )]
    fn look(self, classes: NumberClasses, ends: u64, valid: u64) -> Found {
        let NumberClasses {
            digit, dot, minus, ..
        } = classes;
        // The first byte has been judged with the chunk before.
        let valid = valid & !1;
        let begins = ends << 1;
        let sign_or_dot = minus | dot;
        let other = !(ends | digit | sign_or_dot);
        let misplaced_minus = minus & !begins;
        let dot_after_no_digit = dot & !(digit << 1);
        let no_digit_after = sign_or_dot << 1 & !digit;
        // Adding a bit inside a run of ones carries to the run's end and turns what it passes to zeros; a second
        // bit in the same run leaves a one right after its dot, which does not matter, for that dot itself has
        // been passed.
        let inside = !ends;
        let starts = (dot << 1 | self.dotted) & inside;
        let after_dot = (starts.wrapping_add(inside) ^ inside) & inside;
        let second_dot = dot & after_dot;
        let too_long = u64::from(ends & !1 == 0 && self.without_end + 1 >= LONGEST) << 1;
        Found {
            ends: ends & valid,
            empty: ends & begins & valid,
            odd: (other | misplaced_minus | dot_after_no_digit | no_digit_after | second_dot | too_long)
                & valid,
            other: other & valid,
            after_dot,
        }
    }
}

/// Says what the bytes are that are no part of numbers. Gives the bit of the carriage return before the line feed,
/// if there is one.
#[cold]
#[inline(never)]
fn look_closer(block: &[u8], at: usize, mut other: u64, facts: &mut RowFacts) -> u64 {
    let mut returned = 0;
    while other != 0 {
        let place = at + other.trailing_zeros() as usize;
        match block[place] {
            0 => facts.nul = true,
            0x80.. => facts.high = true,
            b'\r' if block.get(place + 1) == Some(&b'\n') => returned = other & other.wrapping_neg(),
            b'\r' => facts.lone_carriage_return = true,
            _ => {}
        }
        other &= other - 1;
    }
    returned
}

#[cold]
#[inline(never)]
fn note(mut places: u64, ends: u64, at: usize, cells_before: u32, odd: &mut Vec<OddValue>) {
    while places != 0 {
        let below = (places & places.wrapping_neg()) - 1;
        let value = cells_before + (ends & below).count_ones();
        if odd.last().is_none_or(|last| last.value != value) {
            let place = narrow(at) + places.trailing_zeros();
            odd.push(OddValue { value, place });
        }
        places &= places - 1;
    }
}

fn narrow(place: usize) -> u32 {
    // Larger blocks are not given to kernels.
    u32::try_from(place).unwrap_or(u32::MAX)
}
