//! The values of a matrix, taken as the check goes over its rows: what can be counted is counted, and the numbers are
//! held for the medians as far as memory goes.

use odmkit_checks::matrix::MatrixLayout;
use odmkit_columns::batch::ValueOrder;
use odmkit_columns::kernel::Kernel;
use odmkit_columns::rows::RowShape;

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
    /// Whether every row has the columns of the header.
    pub(super) even: bool,
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
}

/// Rows of other widths than the header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ragged;

/// How the rows of a matrix are read for their values alone.
pub(crate) fn shape_of(layout: &MatrixLayout) -> RowShape {
    RowShape {
        width: layout.width(),
        // What describes the feature is not looked at, and text is read as it stands.
        numeric_features: vec![false; layout.features],
    }
}

/// Reads a block of rows.
pub(crate) fn read(
    shape: &RowShape,
    kernel: Kernel,
    block: &[u8],
    ends: &mut Vec<u32>,
) -> Result<Block, Ragged> {
    let parsed = shape.parse_fast(kernel, block, ValueOrder::ColumnMajor, ends);
    let mut batch = parsed.map_err(|_| Ragged)?.batch;
    for &(row, column) in &batch.nulls {
        batch.values[column as usize * batch.rows + row as usize] = f64::NAN;
    }
    let tallies = if batch.rows == 0 {
        vec![Tally::default(); batch.columns]
    } else {
        batch.values.chunks_exact(batch.rows).map(Tally::of).collect()
    };
    Ok(Block {
        rows: batch.rows,
        tallies,
        values: batch.values,
    })
}

impl Values {
    /// Room for the values of so many columns.
    pub(crate) fn new(columns: usize, resources: &Resources) -> Self {
        Self {
            tallies: vec![Tally::default(); columns],
            blocks: Vec::new(),
            held: columns,
            even: true,
            count: 0,
            most: resources.export_bytes() / 16,
        }
    }

    /// Takes in the next rows. Where memory is full, the later half of the columns is let go: it is read again.
    pub(crate) fn take(&mut self, block: Result<Block, Ragged>) {
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
        block.keep(self.held);
        self.count += block.values.len();
        self.blocks.push(block);
        while self.count > self.most && self.held > 0 {
            self.held /= 2;
            self.blocks.iter_mut().for_each(|block| block.keep(self.held));
            self.count = self.blocks.iter().map(|block| block.values.len()).sum();
        }
    }
}

impl Block {
    fn keep(&mut self, columns: usize) {
        if columns * self.rows < self.values.len() {
            self.values.truncate(columns * self.rows);
            self.values.shrink_to_fit();
        }
    }

    /// The values of a column.
    pub(super) fn column(&self, column: usize) -> &[f64] {
        &self.values[column * self.rows..(column + 1) * self.rows]
    }
}
