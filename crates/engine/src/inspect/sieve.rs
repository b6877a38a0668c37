//! Where the number in the middle of each column seems to lie, by some of the rows. Of the others only what lies there is
//! held, and the rest is counted. A guess that fails costs another look at the rows; it never makes an answer.

use std::cmp::Ordering;
use std::ops::Range;

use odmkit_columns::kernel;

use super::median::{key, number};
use super::sums::LANES;
use super::values::Block;

/// Which rows are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sample {
    /// The first ones. The others may be of another kind.
    First,
    /// Some from all over the file.
    Scattered,
}

/// Bounds between which the middle of each column seems to lie, or all of a column, or nothing of it.
#[derive(Debug)]
pub(super) struct Sieve {
    /// As many as there are columns in whole groups of [`LANES`].
    low: Vec<f64>,
    high: Vec<f64>,
    /// Whether it leaves everything of some columns, and nothing of the others.
    open: bool,
}

/// A number that is below the middle, and one that is above it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The numbers of a column that are not between its bounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Beside {
    pub(super) below: u64,
    /// At the lower bound.
    pub(super) low: u64,
    /// At the higher bound, where that is another one.
    pub(super) high: u64,
    pub(super) above: u64,
}

impl Sieve {
    fn new(columns: usize, open: bool, mut bounds: impl FnMut(usize) -> Bounds) -> Self {
        let room = columns.next_multiple_of(LANES);
        // Between what are no numbers lies nothing.
        let (mut low, mut high) = (vec![f64::NAN; room], vec![f64::NAN; room]);
        for column in 0..columns {
            let found = bounds(column);
            (low[column], high[column]) = (found.low, found.high);
        }
        Self { low, high, open }
    }

    /// What leaves every number of the columns that are wanted, and nothing of the others.
    pub(super) fn open(columns: usize, wanted: impl Fn(usize) -> bool) -> Self {
        Self::new(columns, true, |column| {
            let bound = if wanted(column) { f64::INFINITY } else { f64::NAN };
            Bounds {
                low: -bound,
                high: bound,
            }
        })
    }

    /// Bounds of all columns.
    pub(super) fn between(bounds: &[Bounds]) -> Self {
        Self::new(bounds.len(), false, |column| bounds[column])
    }

    /// Whether it was not made to find the middle.
    pub(super) const fn is_open(&self) -> bool {
        self.open
    }

    /// The bounds of all columns.
    pub(super) fn bounds(&self) -> kernel::Bounds<'_> {
        kernel::Bounds {
            low: &self.low,
            high: &self.high,
        }
    }

    /// The bounds of all columns, lower and higher ones, group by group.
    #[inline]
    pub(super) fn groups(&self) -> impl Iterator<Item = (&[f64; LANES], &[f64; LANES])> {
        let (low, high) = (self.low.as_chunks().0, self.high.as_chunks().0);
        low.iter().zip(high)
    }

    /// The bounds of a column.
    pub(super) fn of(&self, column: usize) -> Bounds {
        Bounds {
            low: self.low[column],
            high: self.high[column],
        }
    }

    /// Leaves of what an open sieve has left what lies between the bounds, and adds up what does not.
    pub(super) fn sift(&self, block: &mut Block, beside: &mut [Beside]) {
        let (mut begin, mut kept) = (0, 0);
        for (column, (column_end, beyond)) in block.ends.iter_mut().zip(beside).enumerate() {
            let (bounds, end) = (self.of(column), *column_end as usize);
            for at in begin..end {
                // What is kept never overtakes what is looked at.
                let value = block.values[at];
                block.values[kept] = value;
                kept += usize::from(bounds.sift(value, beyond));
            }
            // A block has fewer values than bytes, and fewer bytes than 2^32.
            *column_end = u32::try_from(kept).unwrap_or(u32::MAX);
            begin = end;
        }
        block.values = block.values[..kept].to_vec();
        block.sifted = true;
    }

    /// The median of a column, of which these keys are between the bounds; `None` where the guess has failed.
    pub(super) fn median(&self, column: usize, beside: &Beside, keys: &mut [i64]) -> Option<f64> {
        let bounds = self.of(column);
        let count = beside.count() + keys.len() as u64;
        let mut at = |rank: u64| bounds.at(rank, beside, keys);
        let (lower, upper) = (count.checked_sub(1)? / 2, count / 2);
        let lower_found = at(lower)?;
        let upper_found = if upper == lower { lower_found } else { at(upper)? };
        Some(lower_found.midpoint(upper_found))
    }
}

impl Bounds {
    /// Between these lie all numbers.
    const EVERYTHING: Self = Self {
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
    };

    /// A guess by some rows, for some of the columns, of which the blocks have what a sieve has left, if not all.
    pub(super) fn of_columns(
        blocks: &[Block],
        columns: Range<usize>,
        through: Option<&Sieve>,
        kind: Sample,
    ) -> Vec<Self> {
        let mut keys = Vec::new();
        let bounds = columns.map(|column| {
            keys.clear();
            let mut beside = Beside::default();
            for block in blocks {
                keys.extend(block.column(column).iter().map(|value| key(*value)));
                if let Some(sieve) = through {
                    beside.add(&block.beside(column, sieve));
                }
            }
            let known = through.map_or(Self::EVERYTHING, |sieve| sieve.of(column));
            known.narrowed(&beside, &mut keys, kind)
        });
        bounds.collect()
    }

    /// Closer bounds, where these keys of some rows are between these ones. The fewer numbers say where, the wider apart: the
    /// part of a sample that lies below the middle differs from a half by half of the square root of its size, as a
    /// standard deviation, of which there are five on either side.
    fn narrowed(self, beside: &Beside, keys: &mut [i64], kind: Sample) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a sample is small")]
        let count = (beside.count() + keys.len() as u64) as f64;
        let unlike = if kind == Sample::First { 0.05 } else { 0.01 };
        let apart = unlike + 2.5 / count.sqrt();
        if apart >= 0.45 {
            return self;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is within the sample"
        )]
        let mut at = |part: f64| self.at((count * part) as u64, beside, keys);
        Self {
            low: at(0.5 - apart).unwrap_or(self.low),
            high: at(0.5 + apart).unwrap_or(self.high),
        }
    }

    /// The number that so many numbers of a column lie below, of which these keys are between the bounds; `None` where it
    /// is known of it only that it lies beyond.
    fn at(self, rank: u64, beside: &Beside, keys: &mut [i64]) -> Option<f64> {
        let (held, lowest) = (keys.len() as u64, beside.below + beside.low);
        match rank {
            _ if rank < beside.below => None,
            _ if rank < lowest => Some(self.low),
            _ if rank < lowest + held => {
                let (_, found, _) = keys.select_nth_unstable(usize::try_from(rank - lowest).ok()?);
                Some(number(*found))
            }
            _ => (rank < lowest + held + beside.high).then_some(self.high),
        }
    }

    /// Whether no number lies between.
    pub(super) fn is_empty(self) -> bool {
        !matches!(self.low.partial_cmp(&self.high), Some(Ordering::Less))
    }

    /// Whether a number lies between; else it is counted. Where a number lies is not foreseen, so nothing waits for it.
    fn sift(self, value: f64, beside: &mut Beside) -> bool {
        let Self { low, high } = self;
        let [below, above, not_above_low, not_below_high] =
            [value < low, value > high, value <= low, value >= high].map(u64::from);
        beside.below += below;
        beside.low += not_above_low - below;
        beside.high += not_below_high & !not_above_low & !above;
        beside.above += above;
        not_above_low | not_below_high == 0
    }
}

impl Beside {
    /// How many they are.
    const fn count(&self) -> u64 {
        self.below + self.low + self.high + self.above
    }

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

    use odmkit_columns::kernel::Kernel;
    use odmkit_columns::rows::{Rows, TakeRows as _};

    use super::*;
    use crate::inspect::sums::{Kept, Sums};

    /// Some values, with NaN for what is missing, as they are read: nine columns of the same.
    fn read(kernel: Kernel, sieve: &Sieve, values: &[f64], rows: usize) -> Vec<Block> {
        let mut kept = Kept::default();
        let mut block = |values: &[f64]| {
            let mut sums = Sums::new(kernel, sieve, COLUMNS, &mut kept, Vec::new());
            for values in values.chunks(sums.together()) {
                let mut rows = Rows {
                    count: values.len(),
                    values: values
                        .iter()
                        .flat_map(|value| [number_or_zero(*value); COLUMNS])
                        .collect(),
                    missing: (0..)
                        .zip(values)
                        .filter(|(_, value)| value.is_nan())
                        .flat_map(|(row, _)| (0..).take(COLUMNS).map(move |column| (row, column)))
                        .collect(),
                    ..Rows::default()
                };
                sums.take(&mut rows);
            }
            sums.finish()
        };
        values.chunks(rows).map(&mut block).collect()
    }

    const COLUMNS: usize = 9;

    fn number_or_zero(value: f64) -> f64 {
        if value.is_nan() { 0.0 } else { value }
    }

    /// The median by a guess from the first blocks.
    fn sifted(values: &[f64], rows: usize, first: usize) -> Option<f64> {
        let kernels = Kernel::available();
        let found = kernels
            .iter()
            .flat_map(|kernel| sifted_by(*kernel, values, rows, first));
        let mut found: Vec<Option<f64>> = found.collect();
        found.dedup();
        assert_eq!(found.len(), 1, "each kernel finds the same in each column");
        found[0]
    }

    fn sifted_by(kernel: Kernel, values: &[f64], rows: usize, first: usize) -> [Option<f64>; 2] {
        let open = Sieve::open(COLUMNS, |_| true);
        let mut slow = read(kernel, &open, values, rows);
        let first = &slow[..first.min(slow.len())];
        let sieve = Sieve::between(&Bounds::of_columns(first, 0..COLUMNS, None, Sample::First));
        let mut beside = [Beside::default(); COLUMNS];
        for block in &mut slow {
            sieve.sift(block, &mut beside);
        }
        let fast = read(kernel, &sieve, values, rows);
        let find = |column: usize| {
            let (mut all, mut keys) = (Beside::default(), Vec::new());
            for (slow, fast) in slow.iter().zip(&fast) {
                assert_eq!(slow.column(column), fast.column(column));
                all.add(&fast.beside(column, &sieve));
                keys.extend(fast.column(column).iter().map(|value| key(*value)));
            }
            assert_eq!(all, beside[column]);
            sieve.median(column, &all, &mut keys)
        };
        [0, COLUMNS - 1].map(find)
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
        let open = read(
            Kernel::best(),
            &Sieve::open(COLUMNS, |_| true),
            &shuffled[..2_000],
            1_000,
        );
        let sieve = Sieve::between(&Bounds::of_columns(&open, 0..COLUMNS, None, Sample::First));
        let blocks = read(Kernel::best(), &sieve, &shuffled, 1_000);
        let held: usize = blocks.iter().map(|block| block.column(3).len()).sum();
        assert!((4_000..5_000).contains(&held), "{held}");
        let mostly_zero: Vec<f64> = shuffled.iter().map(|value| (value - 15_000.0).max(0.0)).collect();
        assert_eq!(sifted(&mostly_zero, 1_000, 2), Some(0.0));
    }
}
