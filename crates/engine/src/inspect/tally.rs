//! What can be counted of a column block by block.

#![expect(
    clippy::inline_always,
    reason = "what is done for each number is compiled with what calls it, for the processor that was found"
)]

use super::ColumnSummary;

/// Values that are looked at side by side: each addition waits for the one before it, and compilers make vectors of
/// arrays.
const LANES: usize = 8;

/// The figures of a column, or of a part of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tally {
    missing: u64,
    infinite: u64,
    zeros: u64,
    numbers: u64,
    min: f64,
    max: f64,
    sum: Sum,
}

/// A sum, and what its last bit could not hold: the mean does not depend on the blocks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sum {
    sum: f64,
    rest: f64,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            missing: 0,
            infinite: 0,
            zeros: 0,
            numbers: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: Sum::default(),
        }
    }
}

impl Tally {
    /// The figures of some values, of which the missing ones are NaN.
    #[inline(always)]
    pub(super) fn of(values: &[f64]) -> Self {
        let missing = count(values, f64::is_nan);
        let (min, max) = bounds(values, |value| value);
        let (infinite, (min, max), sum) = if min > f64::NEG_INFINITY && max < f64::INFINITY {
            // What is no number counts as nothing.
            let sum = total(values, |value| if value.is_nan() { 0.0 } else { value });
            (0, (min, max), sum)
        } else {
            let finite = |otherwise: f64| move |value: f64| if value.is_finite() { value } else { otherwise };
            let bounds = bounds(values, finite(f64::NAN));
            (
                count(values, f64::is_infinite),
                bounds,
                total(values, finite(0.0)),
            )
        };
        Self {
            missing,
            infinite,
            zeros: count(values, |value| value == 0.0),
            numbers: values.len() as u64 - missing - infinite,
            min,
            max,
            sum,
        }
    }

    /// Adds the figures of further values.
    pub(super) fn add(&mut self, other: &Self) {
        self.missing += other.missing;
        self.infinite += other.infinite;
        self.zeros += other.zeros;
        self.numbers += other.numbers;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum.add(other.sum.sum);
        self.sum.rest += other.sum.rest;
    }

    /// Whether there are infinities.
    pub(super) const fn has_infinite(&self) -> bool {
        self.infinite > 0
    }

    /// How many numbers there are.
    pub(super) const fn numbers(&self) -> u64 {
        self.numbers
    }

    /// The column in the end.
    pub(super) fn summary(&self, name: &str, median: Option<f64>) -> ColumnSummary {
        let any = self.numbers > 0;
        #[expect(clippy::cast_precision_loss, reason = "no column has 2^53 rows")]
        let mean = (self.sum.sum + self.sum.rest) / self.numbers as f64;
        ColumnSummary {
            name: name.to_owned(),
            missing: self.missing,
            infinite: self.infinite,
            zeros: self.zeros,
            min: any.then_some(plain(self.min)),
            median: median.map(plain),
            max: any.then_some(plain(self.max)),
            mean: (any && mean.is_finite()).then_some(mean),
        }
    }
}

impl Sum {
    /// What is lost is found without asking which of the two is greater (Knuth).
    #[inline(always)]
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        let part = sum - self.sum;
        self.rest += (self.sum - (sum - part)) + (value - part);
        self.sum = sum;
    }
}

/// Zero without a sign: which of the two is met first depends on the blocks.
fn plain(value: f64) -> f64 {
    value + 0.0
}

/// How many values are so.
#[inline(always)]
pub(super) fn count(values: &[f64], wanted: impl Fn(f64) -> bool) -> u64 {
    values.iter().map(|value| u64::from(wanted(*value))).sum()
}

/// The least value and the greatest, as they are taken; NaN is neither.
#[inline(always)]
fn bounds(values: &[f64], taken: impl Fn(f64) -> f64) -> (f64, f64) {
    let least = |one: f64, other: f64| if one < other { one } else { other };
    let greatest = |one: f64, other: f64| if one > other { one } else { other };
    let (mut min, mut max) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    let (groups, rest) = values.as_chunks::<LANES>();
    for group in groups {
        for lane in 0..LANES {
            min[lane] = least(taken(group[lane]), min[lane]);
            max[lane] = greatest(taken(group[lane]), max[lane]);
        }
    }
    let rest = rest.iter().map(|value| taken(*value));
    (
        rest.clone()
            .chain(min)
            .fold(f64::INFINITY, |all, one| least(one, all)),
        rest.chain(max)
            .fold(f64::NEG_INFINITY, |all, one| greatest(one, all)),
    )
}

/// The sum of finite values, as they are taken.
#[inline(always)]
fn total(values: &[f64], taken: impl Fn(f64) -> f64) -> Sum {
    let (groups, rest) = values.as_chunks::<LANES>();
    let (mut sums, mut rests) = ([0.0; LANES], [0.0; LANES]);
    for group in groups {
        for ((value, sum), rest) in group.iter().zip(&mut sums).zip(&mut rests) {
            let mut lane = Sum {
                sum: *sum,
                rest: *rest,
            };
            lane.add(taken(*value));
            (*sum, *rest) = (lane.sum, lane.rest);
        }
    }
    let mut all = Sum::default();
    for value in rest {
        all.add(taken(*value));
    }
    for (sum, rest) in sums.into_iter().zip(rests) {
        all.add(sum);
        all.rest += rest;
    }
    all
}
