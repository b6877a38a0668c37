//! What can be counted of a column block by block.

use super::ColumnSummary;

/// Sums that are made side by side: each addition waits for the one before it.
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
    pub(super) fn of(values: &[f64]) -> Self {
        let mut lanes = [Self::default(); LANES];
        let groups = values.chunks_exact(LANES);
        for (lane, &value) in lanes.iter_mut().zip(groups.remainder()) {
            lane.count(value);
        }
        for group in groups {
            for (lane, &value) in lanes.iter_mut().zip(group) {
                lane.count(value);
            }
        }
        let mut tally = Self::default();
        for lane in &lanes {
            tally.add(lane);
        }
        tally
    }

    fn count(&mut self, value: f64) {
        let finite = value.is_finite();
        self.missing += u64::from(value.is_nan());
        self.infinite += u64::from(value.is_infinite());
        self.numbers += u64::from(finite);
        self.zeros += u64::from(value == 0.0);
        self.min = if finite && value < self.min {
            value
        } else {
            self.min
        };
        self.max = if finite && value > self.max {
            value
        } else {
            self.max
        };
        self.sum.add(if finite { value } else { 0.0 });
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
            min: any.then_some(self.min),
            median,
            max: any.then_some(self.max),
            mean: (any && mean.is_finite()).then_some(mean),
        }
    }
}

impl Sum {
    /// What is lost is found without asking which of the two is greater (Knuth).
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        let part = sum - self.sum;
        self.rest += (self.sum - (sum - part)) + (value - part);
        self.sum = sum;
    }
}
