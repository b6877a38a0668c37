//! The values of a matrix, taken as the check goes over its rows: what can be counted is counted, and the numbers are
//! held for the medians as far as memory goes.

#![expect(
    clippy::inline_always,
    reason = "what is done for each number is compiled for the processor that was found"
)]

use std::sync::OnceLock;

use odmkit_checks::matrix::MatrixLayout;
use odmkit_columns::batch::ValueOrder;
use odmkit_columns::kernel::{Kernel, Work};
use odmkit_columns::rows::RowShape;

use super::sieve::{Beside, Sieve};
use super::tally::Tally;
use crate::Resources;

/// What a pass over rows is to find.
#[derive(Debug)]
pub(crate) struct Values {
    pub(super) tallies: Vec<Tally>,
    /// Rows with their numbers, in the order of the file.
    pub(super) blocks: Vec<Block>,
    /// The first columns, of which the numbers are held.
    pub(super) held: usize,
    /// What is known of numbers that the sieve has not left.
    pub(super) beside: Vec<Beside>,
    /// Whether every row has the columns of the header.
    pub(super) even: bool,
    rows: usize,
    /// Numbers that are held, and how many may be.
    count: usize,
    most: usize,
}

/// The values of some rows, column by column, with what is missing as NaN.
#[derive(Debug)]
pub(crate) struct Block {
    pub(super) rows: usize,
    pub(super) values: Vec<f64>,
    pub(super) tallies: Vec<Tally>,
    /// Where the columns end, if not after all rows, and what was not kept of them.
    pub(super) sifted: Option<(Vec<u32>, Vec<Beside>)>,
}

/// Reads rows for their values alone, on any thread.
#[derive(Debug)]
pub(crate) struct Reader {
    kernel: Kernel,
    shape: RowShape,
    /// It is known once enough was read.
    sieve: OnceLock<Sieve>,
}

/// Rows of other widths than the header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ragged;

/// A sieve is worth its while from so many values on, and of no use with fewer rows.
const FIRST_VALUES: usize = 1 << 20;
const FIRST_ROWS: usize = 256;

impl Reader {
    /// What reads the rows of a matrix.
    pub(crate) fn new(layout: &MatrixLayout, kernel: Kernel) -> Self {
        Self {
            kernel,
            shape: RowShape {
                width: layout.width(),
                // What describes the feature is not looked at, and text is read as it stands.
                numeric_features: vec![false; layout.features],
            },
            sieve: OnceLock::new(),
        }
    }

    /// Reads a block of rows.
    pub(crate) fn read(&self, block: &[u8], ends: &mut Vec<u32>) -> Result<Block, Ragged> {
        let kernel = self.kernel;
        let parsed = self
            .shape
            .parse_fast(kernel, block, ValueOrder::ColumnMajor, ends);
        let mut batch = parsed.map_err(|_| Ragged)?.batch;
        for &(row, column) in &batch.nulls {
            batch.values[column as usize * batch.rows + row as usize] = f64::NAN;
        }
        let tallies = if batch.rows == 0 {
            vec![Tally::default(); batch.columns]
        } else {
            kernel.run(Tallying {
                values: &mut batch.values,
                rows: batch.rows,
            })
        };
        let mut block = Block {
            rows: batch.rows,
            tallies,
            values: batch.values,
            sifted: None,
        };
        if let Some(sieve) = self.sieve.get() {
            sieve.sift(kernel, &mut block);
        }
        Ok(block)
    }

    /// Where the middle of each column was looked for, if not everywhere.
    pub(super) fn sieve(&self) -> Option<&Sieve> {
        self.sieve.get()
    }

    /// The columns of values.
    pub(crate) fn value_columns(&self) -> usize {
        self.shape.value_columns()
    }
}

/// Finds the figures of columns of so many rows each. Infinities become NaN: none is in the middle of the numbers.
struct Tallying<'a> {
    values: &'a mut [f64],
    rows: usize,
}

impl Work for Tallying<'_> {
    type Output = Vec<Tally>;

    #[inline(always)]
    fn run(self) -> Vec<Tally> {
        let mut tallies = Vec::with_capacity(self.values.len() / self.rows.max(1));
        for column in self.values.chunks_exact_mut(self.rows) {
            let tally = Tally::of(column);
            if tally.has_infinite() {
                let infinite = column.iter_mut().filter(|value| value.is_infinite());
                infinite.for_each(|value| *value = f64::NAN);
            }
            tallies.push(tally);
        }
        tallies
    }
}

impl Values {
    /// Room for the values of so many columns.
    pub(crate) fn new(columns: usize, resources: &Resources) -> Self {
        Self {
            tallies: vec![Tally::default(); columns],
            blocks: Vec::new(),
            held: columns,
            beside: vec![Beside::default(); columns],
            even: true,
            rows: 0,
            count: 0,
            most: resources.export_bytes() / 16,
        }
    }

    /// Takes in the next rows. Where memory is full, the later half of the columns is let go: it is read again.
    pub(crate) fn take(&mut self, block: Result<Block, Ragged>, reader: &Reader) {
        let Ok(mut block) = block else {
            self.even = false;
            self.blocks = Vec::new();
            return;
        };
        if !self.even {
            return;
        }
        for (all, one) in self.tallies.iter_mut().zip(&block.tallies) {
            all.add(one);
        }
        block.tallies = Vec::new();
        self.rows += block.rows;
        if let Some(sieve) = reader.sieve() {
            self.sift(reader.kernel, sieve, &mut block);
        }
        block.keep(self.held);
        self.count += block.cost();
        self.blocks.push(block);
        if reader.sieve().is_none() && self.is_enough() {
            let sieve = reader
                .sieve
                .get_or_init(|| Sieve::guess(&self.blocks, self.tallies.len()));
            let mut blocks = std::mem::take(&mut self.blocks);
            for block in &mut blocks {
                self.sift(reader.kernel, sieve, block);
            }
            self.blocks = blocks;
            self.recount();
        }
        while self.count > self.most && self.held > 0 {
            self.held /= 2;
            self.blocks.iter_mut().for_each(|block| block.keep(self.held));
            self.recount();
        }
    }

    /// Whether the first rows are enough to guess by. Later there may be no room for more.
    fn is_enough(&self) -> bool {
        let many = self.count >= FIRST_VALUES && self.rows >= FIRST_ROWS;
        self.held == self.tallies.len() && (many || self.count > self.most / 2)
    }

    fn sift(&mut self, kernel: Kernel, sieve: &Sieve, block: &mut Block) {
        if block.sifted.is_none() {
            sieve.sift(kernel, block);
        }
        if let Some((_, beside)) = &mut block.sifted {
            for (all, one) in self.beside.iter_mut().zip(std::mem::take(beside)) {
                all.add(&one);
            }
        }
    }

    fn recount(&mut self) {
        self.count = self.blocks.iter().map(Block::cost).sum();
    }
}

impl Block {
    fn keep(&mut self, columns: usize) {
        let end = self.end(columns);
        if let Some((ends, _)) = &mut self.sifted {
            ends.truncate(columns);
            ends.shrink_to_fit();
        }
        if end < self.values.len() {
            self.values.truncate(end);
            self.values.shrink_to_fit();
        }
    }

    /// The values of a column.
    pub(super) fn column(&self, column: usize) -> &[f64] {
        &self.values[self.end(column)..self.end(column + 1)]
    }

    /// What it takes, in values.
    fn cost(&self) -> usize {
        let ends = self.sifted.as_ref().map_or(0, |(ends, _)| ends.len());
        self.values.len() + ends.div_ceil(2)
    }

    /// Where the first columns end.
    fn end(&self, columns: usize) -> usize {
        match (&self.sifted, columns) {
            (None, _) => columns * self.rows,
            (Some(_), 0) => 0,
            (Some((ends, _)), _) => ends[columns - 1] as usize,
        }
    }
}
