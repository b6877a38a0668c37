//! Where the number in the middle of each column seems to lie, by the first rows. Of the rows after them only what lies
//! there is held, and the rest is counted. A guess that fails costs another look at the rows; it never makes an answer.

#![expect(
    clippy::inline_always,
    reason = "what is done for each number is compiled for the processor that was found"
)]

use odmkit_columns::kernel::{Kernel, Work};

use super::median::{key, number};
use super::tally::count;
use super::values::Block;

/// Numbers of a column that are looked at for a guess.
const SAMPLE: usize = 1024;

/// Bounds between which the middle of each column seems to lie.
#[derive(Debug)]
pub(super) struct Sieve(Vec<Bounds>);

/// A number that is below the middle, and one that is above it.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: f64,
    high: f64,
}

/// The numbers of a column that are not between its bounds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside {
    below: u64,
    /// At the lower bound.
    low: u64,
    /// At the higher bound, where that is another one.
    high: u64,
    above: u64,
}

impl Sieve {
    /// A guess by the first rows.
    pub(super) fn guess(blocks: &[Block], columns: usize) -> Self {
        let rows: usize = blocks.iter().map(|block| block.rows).sum();
        let step = rows.div_ceil(SAMPLE).max(1);
        let mut sample = Vec::new();
        let bounds = (0..columns).map(|column| {
            sample.clear();
            for block in blocks {
                let values = block.column(column).iter().step_by(step);
                sample.extend(values.filter(|value| value.is_finite()).map(|value| key(*value)));
            }
            Bounds::guess(&mut sample)
        });
        Self(bounds.collect())
    }

    /// Leaves of full rows what lies between the bounds.
    pub(super) fn sift(&self, kernel: Kernel, block: &mut Block) {
        let Block { rows, values, .. } = block;
        let (ends, beside) = kernel.run(Sifting {
            bounds: &self.0,
            rows: *rows,
            values,
        });
        let kept = ends.last().map_or(0, |end| *end as usize);
        // The room of whole rows is used again for the next ones.
        block.values = values[..kept].to_vec();
        block.sifted = Some((ends, beside));
    }

    /// The median of a column, of which these keys are between the bounds; `None` where the guess has failed.
    pub(super) fn median(&self, column: usize, beside: &Beside, keys: &mut [i64]) -> Option<f64> {
        let Bounds { low, high } = self.0[column];
        let (held, lowest) = (keys.len() as u64, beside.below + beside.low);
        let count = lowest + held + beside.high + beside.above;
        let mut at = |rank: u64| match rank {
            _ if rank < beside.below => None,
            _ if rank < lowest => Some(low),
            _ if rank < lowest + held => {
                let (_, found, _) = keys.select_nth_unstable(usize::try_from(rank - lowest).ok()?);
                Some(number(*found))
            }
            _ => (rank < count - beside.above).then_some(high),
        };
        let (lower, upper) = (count.checked_sub(1)? / 2, count / 2);
        let lower_found = at(lower)?;
        let upper_found = if upper == lower { lower_found } else { at(upper)? };
        Some(lower_found.midpoint(upper_found))
    }
}

/// Moves what lies between the bounds of each column to the front of the values.
struct Sifting<'a> {
    bounds: &'a [Bounds],
    rows: usize,
    values: &'a mut [f64],
}

impl Work for Sifting<'_> {
    /// Where what is left of each column ends, and what was not kept of it.
    type Output = (Vec<u32>, Vec<Beside>);

    #[inline(always)]
    fn run(self) -> Self::Output {
        let Self { bounds, rows, values } = self;
        let (mut ends, mut beside) = (Vec::with_capacity(bounds.len()), Vec::with_capacity(bounds.len()));
        let mut next = 0;
        for (column, bounds) in bounds.iter().enumerate() {
            let found = column * rows..(column + 1) * rows;
            beside.push(bounds.beside(&values[found.clone()]));
            for at in found {
                // What is kept never overtakes what is looked at.
                let value = values[at];
                values[next] = value;
                next += usize::from(bounds.low < value && value < bounds.high);
            }
            // A block has fewer values than bytes, and fewer bytes than 2^32.
            ends.push(u32::try_from(next).unwrap_or(u32::MAX));
        }
        (ends, beside)
    }
}

impl Bounds {
    /// The wider apart, the fewer numbers say where.
    fn guess(sample: &mut [i64]) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a sample is small")]
        let count = sample.len() as f64;
        let apart = 0.1 + 2.0 / count.sqrt();
        if apart >= 0.45 {
            return Self {
                low: f64::NEG_INFINITY,
                high: f64::INFINITY,
            };
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is within the sample"
        )]
        let mut at = |part: f64| number(*sample.select_nth_unstable((count * part) as usize).1);
        Self {
            low: at(0.5 - apart),
            high: at(0.5 + apart),
        }
    }

    #[inline(always)]
    fn beside(self, values: &[f64]) -> Beside {
        let Self { low, high } = self;
        let below = count(values, |value| value < low);
        let above = count(values, |value| value > high);
        let at_high = || count(values, |value| value >= high) - above;
        Beside {
            below,
            low: count(values, |value| value <= low) - below,
            high: if low < high { at_high() } else { 0 },
            above,
        }
    }
}

impl Beside {
    pub(super) fn add(&mut self, other: &Self) {
        self.below += other.below;
        self.low += other.low;
        self.high += other.high;
        self.above += other.above;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Some values as blocks of so many rows.
    fn blocks(values: &[f64], rows: usize) -> Vec<Block> {
        let block = |values: &[f64]| Block {
            rows: values.len(),
            values: values.to_vec(),
            tallies: Vec::new(),
            sifted: None,
        };
        values.chunks(rows).map(block).collect()
    }

    /// The median by a guess from the first blocks.
    fn sifted(values: &[f64], rows: usize, first: usize) -> Option<f64> {
        let kernels = Kernel::available();
        let found = kernels
            .iter()
            .map(|kernel| sifted_by(*kernel, values, rows, first));
        let mut found: Vec<Option<f64>> = found.collect();
        found.dedup();
        assert_eq!(found.len(), 1, "each kernel finds the same");
        found[0]
    }

    fn sifted_by(kernel: Kernel, values: &[f64], rows: usize, first: usize) -> Option<f64> {
        let mut blocks = blocks(values, rows);
        let sieve = Sieve::guess(&blocks[..first.min(blocks.len())], 1);
        let (mut all, mut keys) = (Beside::default(), Vec::new());
        for block in &mut blocks {
            sieve.sift(kernel, block);
            let (ends, beside) = block.sifted.as_ref().unwrap();
            assert_eq!(ends[..], [u32::try_from(block.values.len()).unwrap()]);
            all.add(&beside[0]);
            keys.extend(block.values.iter().map(|value| key(*value)));
        }
        sieve.median(0, &all, &mut keys)
    }

    fn sorted(values: &[f64]) -> Option<f64> {
        let mut numbers: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        numbers.sort_by(f64::total_cmp);
        let middle = |of: usize| numbers.get(of).copied();
        let upper = middle(numbers.len() / 2)?;
        Some(middle((numbers.len() - 1) / 2)?.midpoint(upper))
    }

    proptest! {
        #[test]
        fn a_median_is_right_or_not_found(
            spread in prop::sample::select(vec![2, 9, 40_000]),
            seed in prop::collection::vec((0_u32..40_000, prop::bool::weighted(0.1)), 1..700),
            rows in 1_usize..300,
            first in 1_usize..4,
        ) {
            let values: Vec<f64> = seed
                .iter()
                .map(|(value, missing)| if *missing { f64::NAN } else { f64::from(value % spread) - 3.0 })
                .collect();
            let found = sifted(&values, rows, first);
            if found.is_some() {
                prop_assert_eq!(found, sorted(&values));
            }
            // By all rows the guess cannot fail.
            prop_assert_eq!(sifted(&values, rows, values.len()), sorted(&values));
        }
    }

    #[test]
    fn a_median_is_found_where_the_first_rows_are_like_the_others() {
        let shuffled: Vec<f64> = (0..20_000_u32)
            .map(|row| f64::from(row * 7919 % 20_000))
            .collect();
        assert_eq!(sifted(&shuffled, 1_000, 2), Some(9_999.5));
        let mut ascending = shuffled.clone();
        ascending.sort_by(f64::total_cmp);
        assert_eq!(sifted(&ascending, 1_000, 2), None);
        // Of what lies apart little is held.
        let mut blocks = blocks(&shuffled, 1_000);
        let sieve = Sieve::guess(&blocks[..2], 1);
        for block in &mut blocks {
            sieve.sift(Kernel::best(), block);
        }
        let held: usize = blocks.iter().map(|block| block.values.len()).sum();
        assert!((5_000..8_000).contains(&held), "{held}");
        let mostly_zero: Vec<f64> = shuffled.iter().map(|value| (value - 15_000.0).max(0.0)).collect();
        assert_eq!(sifted(&mostly_zero, 1_000, 2), Some(0.0));
    }
}
