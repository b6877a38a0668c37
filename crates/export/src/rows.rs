//! Rows gathered into groups of a fixed size, whatever the size of the batches that bring them.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use odmkit_columns::batch::{ColumnNulls, MatrixBatch};

/// A batch with its missing values by column.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) batch: MatrixBatch,
    pub(crate) nulls: ColumnNulls,
}

/// Consecutive rows of one block.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) block: Arc<Block>,
    pub(crate) start: usize,
    pub(crate) rows: usize,
}

/// The rows that are written together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    pub(crate) parts: Vec<Part>,
    pub(crate) rows: usize,
}

/// Cuts the rows that arrive into groups, and groups into flights that are encoded together.
#[derive(Debug)]
pub(crate) struct Gatherer {
    rows_per_group: usize,
    groups_per_flight: usize,
    full: Vec<Group>,
    open: Group,
}

impl Part {
    /// The values of one column of a column-major block.
    pub(crate) fn column(&self, column: usize) -> &[f64] {
        &self.block.batch.values[column * self.block.batch.rows + self.start..][..self.rows]
    }

    /// The values of a row-major block.
    pub(crate) fn row_values(&self) -> &[f64] {
        let columns = self.block.batch.columns;
        &self.block.batch.values[self.start * columns..][..self.rows * columns]
    }

    /// The rows of this part, counted from its own start, at which `column` has no value.
    pub(crate) fn column_nulls(&self, column: usize) -> impl Iterator<Item = usize> {
        let rows = self.block.nulls.column(column);
        let from = rows.partition_point(|&row| (row as usize) < self.start);
        let end = self.start + self.rows;
        rows[from..]
            .iter()
            .map(|&row| row as usize)
            .take_while(move |&row| row < end)
            .map(|row| row - self.start)
    }

    /// The cells of this part without a value, counted along its rows.
    pub(crate) fn cell_nulls(&self) -> impl Iterator<Item = usize> {
        let nulls = &self.block.batch.nulls;
        let columns = self.block.batch.columns;
        let from = nulls.partition_point(|null| (null.0 as usize) < self.start);
        let end = self.start + self.rows;
        nulls[from..]
            .iter()
            .take_while(move |null| (null.0 as usize) < end)
            .map(move |null| (null.0 as usize - self.start) * columns + null.1 as usize)
    }

    /// The entries of one feature column.
    pub(crate) fn feature(&self, feature: usize) -> ArrayRef {
        self.block.batch.features[feature].slice(self.start, self.rows)
    }
}

impl Gatherer {
    /// Groups of `rows_per_group` rows, flights of `groups_per_flight` groups; the last of each may be smaller.
    pub(crate) fn new(rows_per_group: usize, groups_per_flight: usize) -> Self {
        Self {
            rows_per_group: rows_per_group.max(1),
            groups_per_flight: groups_per_flight.max(1),
            full: Vec::new(),
            open: Group::default(),
        }
    }

    /// Takes a batch in; each flight that it completes goes to `send`.
    pub(crate) fn push<E>(
        &mut self,
        batch: MatrixBatch,
        mut send: impl FnMut(Vec<Group>) -> Result<(), E>,
    ) -> Result<(), E> {
        let nulls = batch.column_nulls();
        let rows = batch.rows;
        let block = Arc::new(Block { batch, nulls });
        let mut start = 0;
        while start < rows {
            let taken = (self.rows_per_group - self.open.rows).min(rows - start);
            self.open.parts.push(Part {
                block: Arc::clone(&block),
                start,
                rows: taken,
            });
            self.open.rows += taken;
            start += taken;
            if self.open.rows == self.rows_per_group {
                self.full.push(std::mem::take(&mut self.open));
                if self.full.len() == self.groups_per_flight {
                    send(std::mem::take(&mut self.full))?;
                }
            }
        }
        Ok(())
    }

    /// The rows that are left.
    pub(crate) fn finish(&mut self) -> Vec<Group> {
        let mut last = std::mem::take(&mut self.full);
        if self.open.rows > 0 {
            last.push(std::mem::take(&mut self.open));
        }
        last
    }
}
