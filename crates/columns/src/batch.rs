//! Rows of a matrix on their way from the parser to a writer.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use arrow_buffer::{BooleanBufferBuilder, NullBuffer, ScalarBuffer};

/// How the values of a batch lie in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueOrder {
    /// All rows of the first column, then all rows of the second.
    ColumnMajor,
    /// All columns of the first row, then all columns of the second.
    RowMajor,
}

/// A run of consecutive rows: their feature columns and their values.
#[derive(Debug, Clone)]
pub struct MatrixBatch {
    /// How many rows.
    pub rows: usize,
    /// The feature columns in order, each a `StringArray` or a `Float64Array` of `rows` entries.
    pub features: Vec<ArrayRef>,
    /// `rows * columns` values; a missing one is stored as 0.0.
    pub values: Vec<f64>,
    /// How `values` lies.
    pub order: ValueOrder,
    /// How many value columns.
    pub columns: usize,
    /// The missing values as (row, column) pairs, sorted, without repetition.
    pub nulls: Vec<(u32, u32)>,
}

/// The missing values of a batch, by column.
#[derive(Debug, Clone, Default)]
pub struct ColumnNulls {
    starts: Vec<usize>,
    rows: Vec<u32>,
}

impl MatrixBatch {
    /// The same batch with its values in the order asked for.
    #[must_use]
    pub fn into_order(mut self, order: ValueOrder) -> Self {
        if self.order != order {
            let mut turned = vec![0.0; self.values.len()];
            match order {
                ValueOrder::ColumnMajor => transpose(&self.values, self.rows, self.columns, &mut turned),
                ValueOrder::RowMajor => transpose(&self.values, self.columns, self.rows, &mut turned),
            }
            self.values = turned;
            self.order = order;
        }
        self
    }

    /// The missing values, by column.
    pub fn column_nulls(&self) -> ColumnNulls {
        ColumnNulls::new(&self.nulls, self.columns)
    }

    /// The value columns as Arrow arrays. Column-major values are shared and not copied.
    pub fn into_value_arrays(self) -> Vec<Float64Array> {
        let batch = self.into_order(ValueOrder::ColumnMajor);
        let nulls = batch.column_nulls();
        let values = ScalarBuffer::from(batch.values);
        (0..batch.columns)
            .map(|column| {
                let slice = values.slice(column * batch.rows, batch.rows);
                Float64Array::new(slice, nulls.bitmap(column, batch.rows))
            })
            .collect()
    }

    /// Feature columns and value columns, in that order, as Arrow arrays.
    pub fn into_arrays(mut self) -> Vec<ArrayRef> {
        let mut arrays = std::mem::take(&mut self.features);
        arrays.extend(
            self.into_value_arrays()
                .into_iter()
                .map(|array| Arc::new(array) as ArrayRef),
        );
        arrays
    }
}

impl ColumnNulls {
    /// Sorts (row, column) pairs by column; pairs outside `columns` are left out.
    pub fn new(nulls: &[(u32, u32)], columns: usize) -> Self {
        if nulls.is_empty() {
            return Self::default();
        }
        let mut starts = vec![0usize; columns + 1];
        for &(_, column) in nulls.iter().filter(|null| (null.1 as usize) < columns) {
            starts[column as usize + 1] += 1;
        }
        for column in 0..columns {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let mut rows = vec![0u32; starts[columns]];
        for &(row, column) in nulls.iter().filter(|null| (null.1 as usize) < columns) {
            let slot = &mut next[column as usize];
            rows[*slot] = row;
            *slot += 1;
        }
        Self { starts, rows }
    }

    /// The rows at which `column` has no value, in ascending order.
    pub fn column(&self, column: usize) -> &[u32] {
        match (self.starts.get(column), self.starts.get(column + 1)) {
            (Some(&start), Some(&end)) => &self.rows[start..end],
            _ => &[],
        }
    }

    /// The validity of `column`, or `None` where every value is present.
    pub fn bitmap(&self, column: usize, rows: usize) -> Option<NullBuffer> {
        let missing = self.column(column);
        if missing.is_empty() {
            return None;
        }
        let mut bits = BooleanBufferBuilder::new(rows);
        bits.append_n(rows, true);
        for &row in missing {
            bits.set_bit(row as usize, false);
        }
        Some(NullBuffer::new(bits.finish()))
    }
}

/// Turns a row-major `rows` × `columns` matrix into a column-major one. Called with the two numbers exchanged
/// it does the reverse.
///
/// # Panics
///
/// When either slice is not `rows * columns` long.
pub fn transpose(from: &[f64], rows: usize, columns: usize, into: &mut [f64]) {
    // A tile of 16 × 64 doubles keeps the lines that are read and those that are written in the first cache.
    const ACROSS: usize = 16;
    const DOWN: usize = 64;
    assert!(
        from.len() == rows * columns && into.len() == rows * columns,
        "the matrix and its shape agree"
    );
    for top in (0..rows).step_by(DOWN) {
        let height = DOWN.min(rows - top);
        for left in (0..columns).step_by(ACROSS) {
            for column in left..columns.min(left + ACROSS) {
                let target = &mut into[column * rows + top..][..height];
                let source = &from[top * columns + column..];
                for (value, &found) in target.iter_mut().zip(source.iter().step_by(columns)) {
                    *value = found;
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
