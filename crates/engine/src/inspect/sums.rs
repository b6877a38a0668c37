//! Adding up the columns of a matrix as its rows are read: eight columns side by side, a few rows at a time.

#![expect(
    clippy::inline_always,
    reason = "what is done for each number is compiled for the processor that was found"
)]

use odmkit_columns::kernel::{self, Kernel, Work};
use odmkit_columns::rows::{Rows, TakeRows};

use super::sieve::{Beside, Bounds, Sieve};
use super::tally::{Sum, Tally};
use super::values::Block;

/// Columns that are added up side by side: each addition waits for the one before it, and compilers make vectors of
/// arrays.
pub(super) const LANES: usize = 8;

/// Values of the rows that are added up together: so many stay in the nearest cache.
const TOGETHER: usize = 4096;

/// What lies between the bounds, in the order in which it was met. A thread's buffer, used again for each block.
#[derive(Debug, Default)]
pub(super) struct Kept {
    values: Vec<f64>,
    columns: Vec<u32>,
    count: usize,
}

/// The sums of a block.
#[derive(Debug)]
pub(super) struct Sums<'a> {
    kernel: Kernel,
    sieve: &'a Sieve,
    columns: usize,
    rows: usize,
    figures: Vec<Lanes>,
    kept: &'a mut Kept,
}

/// The figures of eight columns of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes {
    min: [f64; LANES],
    max: [f64; LANES],
    sum: [f64; LANES],
    rest: [f64; LANES],
    /// A block has fewer rows than bytes, and fewer bytes than 2^32.
    zeros: [u32; LANES],
    below: [u32; LANES],
    not_above_low: [u32; LANES],
    not_below_high: [u32; LANES],
    above: [u32; LANES],
    missing: [u32; LANES],
    infinite: [u32; LANES],
}

impl<'a> Sums<'a> {
    /// No rows, of so many columns. The memory of figures that are done with is used again.
    pub(super) fn new(
        kernel: Kernel,
        sieve: &'a Sieve,
        columns: usize,
        kept: &'a mut Kept,
        mut figures: Vec<Lanes>,
    ) -> Self {
        kept.count = 0;
        figures.clear();
        figures.resize(columns.div_ceil(LANES), Lanes::default());
        Self {
            kernel,
            sieve,
            columns,
            rows: 0,
            figures,
            kept,
        }
    }

    /// The figures, and what was kept of each column.
    pub(super) fn finish(self) -> Block {
        let mut ends = Vec::with_capacity(self.columns);
        let mut end = 0;
        for column in 0..self.columns {
            // For now, where the column begins.
            ends.push(end);
            let held = self.figures[column / LANES].held(column % LANES, self.rows, self.sieve.of(column));
            end += held;
        }
        let kept = self.kept.values.iter().zip(&self.kept.columns);
        let mut values = vec![0.0; self.kept.count];
        for (value, column) in kept.take(self.kept.count) {
            let place = &mut ends[*column as usize];
            values[*place as usize] = *value;
            *place += 1;
        }
        Block {
            rows: self.rows,
            figures: self.figures,
            values,
            ends,
            sifted: !self.sieve.is_open(),
        }
    }
}

impl TakeRows for Sums<'_> {
    fn together(&self) -> usize {
        (TOGETHER / self.columns.max(1)).clamp(4, 64)
    }

    fn start_over(&mut self) {
        self.rows = 0;
        self.figures.fill(Lanes::default());
        self.kept.count = 0;
    }

    fn take(&mut self, rows: &mut Rows) {
        self.rows += rows.count;
        if self.columns == 0 {
            return;
        }
        for &(row, column) in &rows.missing {
            let (row, column) = (row as usize, column as usize);
            rows.values[row * self.columns + column] = f64::NAN;
            self.figures[column / LANES].missing[column % LANES] += 1;
        }
        if rows.infinite {
            for (at, value) in rows.values.iter_mut().enumerate() {
                if value.is_infinite() {
                    // None is in the middle of the numbers, nor the least or the greatest of them.
                    *value = f64::NAN;
                    let column = at % self.columns;
                    self.figures[column / LANES].infinite[column % LANES] += 1;
                }
            }
        }
        self.kernel.run(Adding {
            values: &rows.values,
            columns: self.columns,
            sieve: self.sieve,
            figures: &mut self.figures,
        });
        for row in rows.values.chunks_exact(self.columns) {
            self.kept.keep(self.kernel, row, self.sieve);
        }
    }
}

impl Kept {
    fn keep(&mut self, kernel: Kernel, row: &[f64], sieve: &Sieve) {
        let room = self.count + row.len() + kernel::SPARE;
        if self.values.len() < room {
            let room = room.max(self.values.len() * 2);
            self.values.resize(room, 0.0);
            self.columns.resize(room, 0);
        }
        let (values, columns) = (&mut self.values[self.count..], &mut self.columns[self.count..]);
        self.count += kernel.between(row, sieve.bounds(), values, columns);
    }
}

/// Adds rows of finite numbers, with NaN for what is none.
struct Adding<'a> {
    values: &'a [f64],
    columns: usize,
    sieve: &'a Sieve,
    figures: &'a mut [Lanes],
}

impl Work for Adding<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let bounds = self.sieve.groups();
        for (group, (lanes, (low, high))) in self.figures.iter_mut().zip(bounds).enumerate() {
            let first = group * LANES;
            let last = self.columns.min(first + LANES);
            let mut own = *lanes;
            for row in self.values.chunks_exact(self.columns) {
                if let Some(values) = row[first..last].first_chunk::<LANES>() {
                    own.add(values, low, high);
                } else {
                    let mut values = [f64::NAN; LANES];
                    values[..last - first].copy_from_slice(&row[first..last]);
                    own.add(&values, low, high);
                }
            }
            *lanes = own;
        }
    }
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            min: [f64::INFINITY; LANES],
            max: [f64::NEG_INFINITY; LANES],
            sum: [0.0; LANES],
            rest: [0.0; LANES],
            zeros: [0; LANES],
            below: [0; LANES],
            not_above_low: [0; LANES],
            not_below_high: [0; LANES],
            above: [0; LANES],
            missing: [0; LANES],
            infinite: [0; LANES],
        }
    }
}

impl Lanes {
    /// What is no number compares as nothing, and is added as zero.
    #[inline(always)]
    fn add(&mut self, values: &[f64; LANES], low: &[f64; LANES], high: &[f64; LANES]) {
        for (lane, &value) in values.iter().enumerate() {
            let (low, high) = (low[lane], high[lane]);
            self.min[lane] = if value < self.min[lane] {
                value
            } else {
                self.min[lane]
            };
            self.max[lane] = if value > self.max[lane] {
                value
            } else {
                self.max[lane]
            };
            let mut sum = Sum {
                sum: self.sum[lane],
                rest: self.rest[lane],
            };
            sum.add(if value.is_nan() { 0.0 } else { value });
            (self.sum[lane], self.rest[lane]) = (sum.sum, sum.rest);
            self.zeros[lane] += u32::from(value == 0.0);
            self.below[lane] += u32::from(value < low);
            self.not_above_low[lane] += u32::from(value <= low);
            self.not_below_high[lane] += u32::from(value >= high);
            self.above[lane] += u32::from(value > high);
        }
    }

    /// The figures of a column of so many rows.
    pub(super) fn tally(&self, lane: usize, rows: usize) -> Tally {
        Tally {
            missing: u64::from(self.missing[lane]),
            infinite: u64::from(self.infinite[lane]),
            zeros: u64::from(self.zeros[lane]),
            numbers: self.numbers(lane, rows).into(),
            min: self.min[lane],
            max: self.max[lane],
            sum: Sum {
                sum: self.sum[lane],
                rest: self.rest[lane],
            },
        }
    }

    /// What is not between the bounds by which the column was sifted.
    pub(super) fn beside(&self, lane: usize, bounds: Bounds) -> Beside {
        let (below, above) = (self.below[lane], self.above[lane]);
        let at_high = self.not_below_high[lane] - above;
        Beside {
            below: below.into(),
            low: (self.not_above_low[lane] - below).into(),
            high: if bounds.is_empty() { 0 } else { at_high.into() },
            above: above.into(),
        }
    }

    /// How many numbers are between the bounds.
    fn held(&self, lane: usize, rows: usize, bounds: Bounds) -> u32 {
        if bounds.is_empty() {
            return 0;
        }
        self.numbers(lane, rows) - self.not_above_low[lane] - self.not_below_high[lane]
    }

    fn numbers(&self, lane: usize, rows: usize) -> u32 {
        u32::try_from(rows).unwrap_or(u32::MAX) - self.missing[lane] - self.infinite[lane]
    }
}
