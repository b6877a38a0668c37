//! The number in the middle of columns that are too long to be held: it is found digit by digit, in four passes over
//! the rows, with a table of counts for each column.

use super::median::{key, number};

/// Bits of a digit, and digits of a number.
const BITS: u32 = 16;
pub(super) const DIGITS: u32 = 64 / BITS;

/// What a column takes, in bytes.
pub(super) const COST: usize = 2 * (8 << BITS);

/// A column whose median is looked for.
#[derive(Debug)]
pub(super) struct Digits {
    /// The two in the middle, which may be one.
    middle: [Place; 2],
}

/// The number at a place in the order of all.
#[derive(Debug)]
struct Place {
    /// How many of the numbers that begin with these digits come before it.
    rank: u64,
    digits: u64,
    known: u32,
    counts: Vec<u64>,
}

impl Digits {
    /// A column of so many numbers.
    pub(super) fn new(numbers: u64) -> Self {
        let place = |rank| Place {
            rank,
            digits: 0,
            known: 0,
            counts: vec![0; 1 << BITS],
        };
        Self {
            middle: [place(numbers.saturating_sub(1) / 2), place(numbers / 2)],
        }
    }

    /// Takes in numbers.
    pub(super) fn add(&mut self, values: &[f64]) {
        for value in values {
            // The sign is turned, so that digits count up from the least number.
            let key = key(*value).cast_unsigned() ^ (1 << 63);
            self.middle.iter_mut().for_each(|place| place.add(key));
        }
    }

    /// Ends a pass, which tells the next digit.
    pub(super) fn narrow(&mut self) {
        self.middle.iter_mut().for_each(Place::narrow);
    }

    /// The median after the last pass, of a column that has any numbers.
    pub(super) fn median(&self) -> f64 {
        let [lower, upper] = &self.middle;
        let value = |place: &Place| number((place.digits ^ (1 << 63)).cast_signed());
        value(lower).midpoint(value(upper))
    }
}

impl Place {
    fn add(&mut self, key: u64) {
        let known = BITS * self.known;
        if known == 0 || key >> (64 - known) == self.digits {
            let digit = (key >> (64 - BITS - known)) & ((1 << BITS) - 1);
            self.counts[usize::try_from(digit).unwrap_or(0)] += 1;
        }
    }

    fn narrow(&mut self) {
        let mut digit = 0;
        for (at, count) in (0..).zip(&self.counts) {
            digit = at;
            if self.rank < *count {
                break;
            }
            self.rank -= count;
        }
        self.digits = (self.digits << BITS) | digit;
        self.known += 1;
        self.counts.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn digits_lead_to_the_median(mut values in proptest::collection::vec(-1e3_f64..1e3, 1..40)) {
            let mut digits = Digits::new(values.len() as u64);
            for _ in 0..DIGITS {
                values.chunks(7).for_each(|values| digits.add(values));
                digits.narrow();
            }
            values.sort_by(f64::total_cmp);
            let half = values.len() / 2;
            let expected = values[(values.len() - 1) / 2].midpoint(values[half]);
            assert_eq!(digits.median().to_bits(), expected.to_bits());
        }
    }
}
