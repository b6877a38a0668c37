//! What can be counted of a column block by block.

use super::ColumnSummary;

/// The figures of a column, or of a part of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tally {
    missing: u64,
    infinite: u64,
    zeros: u64,
    numbers: u64,
    min: f64,
    max: f64,
    /// The sum of the numbers, and what its last bit could not hold: the mean does not depend on the blocks.
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
            sum: 0.0,
            rest: 0.0,
        }
    }
}

impl Tally {
    /// The figures of some values, of which the missing ones are NaN.
    pub(super) fn of(values: &[f64]) -> Self {
        let mut tally = Self::default();
        for &value in values {
            if value.is_finite() {
                tally.numbers += 1;
                tally.zeros += u64::from(value == 0.0);
                tally.min = tally.min.min(value);
                tally.max = tally.max.max(value);
                tally.add_to_sum(value);
            } else {
                tally.missing += u64::from(value.is_nan());
                tally.infinite += u64::from(value.is_infinite());
            }
        }
        tally
    }

    /// Adds the figures of further values.
    pub(super) fn add(&mut self, other: &Self) {
        self.missing += other.missing;
        self.infinite += other.infinite;
        self.zeros += other.zeros;
        self.numbers += other.numbers;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.add_to_sum(other.sum);
        self.rest += other.rest;
    }

    fn add_to_sum(&mut self, value: f64) {
        let sum = self.sum + value;
        // Which of the two lost bits is known by their size (Neumaier).
        self.rest += if self.sum.abs() >= value.abs() {
            (self.sum - sum) + value
        } else {
            (value - sum) + self.sum
        };
        self.sum = sum;
    }

    /// The column in the end.
    pub(super) fn summary(&self, name: &str, median: Option<f64>) -> ColumnSummary {
        let any = self.numbers > 0;
        #[expect(clippy::cast_precision_loss, reason = "no column has 2^53 rows")]
        let mean = (self.sum + self.rest) / self.numbers as f64;
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
