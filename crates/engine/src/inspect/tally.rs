//! What can be counted of a column block by block.

#![expect(
    clippy::inline_always,
    reason = "what is done for each number is compiled with what calls it, for the processor that was found"
)]

use super::ColumnSummary;

/// The figures of a column, or of a part of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tally {
    pub(super) missing: u64,
    pub(super) infinite: u64,
    pub(super) zeros: u64,
    /// How many there are, but for infinities.
    pub(super) numbers: u64,
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) sum: Sum,
}

/// A sum, and what its last bit could not hold: the mean does not depend on the blocks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sum {
    pub(super) sum: f64,
    pub(super) rest: f64,
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

    /// The column in the end. So many of its cells are `odd`: neither numbers nor missing. Reading for values has taken them
    /// for missing, or for infinite.
    pub(super) fn summary(&self, name: &str, odd: u64, median: Option<f64>) -> ColumnSummary {
        let any = self.numbers > 0;
        #[expect(clippy::cast_precision_loss, reason = "no column has 2^53 rows")]
        let mean = (self.sum.sum + self.sum.rest) / self.numbers as f64;
        ColumnSummary {
            name: name.to_owned(),
            missing: (self.missing + self.infinite).saturating_sub(odd),
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
    pub(super) fn add(&mut self, value: f64) {
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
