//! Telling cells that are plainly fine from those that need a closer look.

use super::classes::Classify;

/// Chunks without the end of a cell after which the cell is too long to be plainly fine: a number of that many
/// digits may be beyond the range of doubles.
const LONGEST: u32 = 4;

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the vector instructions need the caller's features"
)]
pub(super) fn odd_bytes<C: Classify>(block: &[u8], start: usize, end: usize, odd: &mut Vec<u32>) {
    let mut carry = Carry {
        after_tab: 1,
        after_digit: 0,
        wants_digit: 0,
        dotted: 0,
        without_tab: 0,
    };
    let values = &block[start..end];
    let mut at = start;
    let (chunks, tail) = values.as_chunks::<64>();
    for chunk in chunks {
        carry.look(C::number(chunk), u64::MAX, at, odd);
        at += 64;
    }
    if !tail.is_empty() {
        let mut last = [b'\t'; 64];
        last[..tail.len()].copy_from_slice(tail);
        carry.look(C::number(&last), (1 << tail.len()) - 1, at, odd);
        if tail.len() < 64 {
            // The padding ends the last cell; what it lacked has been found at the first padding byte.
            return;
        }
    }
    if carry.wants_digit != 0 {
        odd.push(narrow(end));
    }
}

/// What the bytes before a chunk mean for its first.
struct Carry {
    after_tab: u64,
    after_digit: u64,
    wants_digit: u64,
    dotted: u64,
    without_tab: u32,
}

impl Carry {
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the vector instructions need the caller's features"
    )]
    fn look(&mut self, classes: super::classes::NumberClasses, valid: u64, at: usize, odd: &mut Vec<u32>) {
        let super::classes::NumberClasses {
            tab,
            digit,
            dot,
            minus,
        } = classes;
        let sign_or_dot = minus | dot;
        let other = !(tab | digit | sign_or_dot);
        let misplaced_minus = minus & !(tab << 1 | self.after_tab);
        let dot_after_no_digit = dot & !(digit << 1 | self.after_digit);
        let no_digit_after = (sign_or_dot << 1 | self.wants_digit) & !digit;
        let second_dot = dot & self.after_first_dot(tab, dot);
        // A place beyond the values can only be the first: there the last cell ends and lacks its digit.
        let mut found = (other | misplaced_minus | dot_after_no_digit | second_dot) & valid
            | no_digit_after & (valid << 1 | valid);
        self.without_tab = if tab == 0 { self.without_tab + 1 } else { 0 };
        if self.without_tab >= LONGEST {
            found |= 1;
        }
        while found != 0 {
            odd.push(narrow(at + found.trailing_zeros() as usize));
            found &= found - 1;
        }
        self.after_tab = tab >> 63;
        self.after_digit = digit >> 63;
        self.wants_digit = sign_or_dot >> 63;
        self.dotted = match tab.leading_zeros() {
            64 => u64::from(self.dotted != 0 || dot != 0),
            0 => 0,
            after => u64::from(dot >> (64 - after) != 0),
        };
    }

    /// The bytes that follow a dot in the same cell. Adding a bit inside a run of ones carries to the run's end
    /// and turns what it passes to zeros; a second bit in the same run leaves a one right after its dot, which
    /// does not matter, for that dot itself has been passed.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the vector instructions need the caller's features"
    )]
    fn after_first_dot(&self, tab: u64, dot: u64) -> u64 {
        let inside = !tab;
        let starts = (dot << 1 | self.dotted) & inside;
        (starts.wrapping_add(inside) ^ inside) & inside
    }
}

fn narrow(place: usize) -> u32 {
    // A block is shorter than 4 GiB: its index was made before.
    u32::try_from(place).unwrap_or(u32::MAX)
}
