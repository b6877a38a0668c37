//! Rows gathered into groups of a fixed size, whatever the size of the batches that bring them.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use odmkit_columns::batch::{ColumnNulls, MatrixBatch, ValueOrder};

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
    text_per_group: usize,
    groups_per_flight: usize,
    full: Vec<Group>,
    open: Group,
    open_text: usize,
}

impl Block {
    /// The bytes of text in the features of these rows.
    fn text(&self, start: usize, rows: usize) -> usize {
        let texts = self
            .batch
            .features
            .iter()
            .filter_map(|feature| feature.as_string_opt::<i32>());
        let bytes = texts.map(|texts| {
            let offsets = texts.value_offsets();
            usize::try_from(offsets[start + rows] - offsets[start]).unwrap_or(0)
        });
        bytes.sum()
    }
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

    /// The values of one row of a row-major block.
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        let columns = self.block.batch.columns;
        &self.block.batch.values[(self.start + row) * columns..][..columns]
    }

    /// The places within `columns` at which a row has no value.
    pub(crate) fn row_nulls(&self, row: usize, columns: &Range<usize>) -> impl Iterator<Item = usize> {
        let nulls = &self.block.batch.nulls;
        let (row, first, end) = (self.start + row, columns.start, columns.end);
        let from = nulls.partition_point(|null| (null.0 as usize, null.1 as usize) < (row, first));
        nulls[from..]
            .iter()
            .take_while(move |null| null.0 as usize == row && (null.1 as usize) < end)
            .map(move |null| null.1 as usize - first)
    }

    /// The bytes of text in the features.
    pub(crate) fn text(&self) -> usize {
        self.block.text(self.start, self.rows)
    }

    /// The entries of one feature column.
    pub(crate) fn feature(&self, feature: usize) -> ArrayRef {
        self.block.batch.features[feature].slice(self.start, self.rows)
    }
}

impl Gatherer {
    /// Groups of `rows_per_group` rows, or fewer where their features hold more than `text_per_group` bytes of
    /// text; flights of `groups_per_flight` groups.
    pub(crate) fn new(rows_per_group: usize, text_per_group: usize, groups_per_flight: usize) -> Self {
        Self {
            rows_per_group: rows_per_group.max(1),
            text_per_group,
            groups_per_flight: groups_per_flight.max(1),
            full: Vec::new(),
            open: Group::default(),
            open_text: 0,
        }
    }

    /// Takes a batch in; each flight that it completes goes to `send`.
    pub(crate) fn push<E>(
        &mut self,
        mut batch: MatrixBatch,
        mut send: impl FnMut(Vec<Group>) -> Result<(), E>,
    ) -> Result<(), E> {
        // What is missing is held once, in the order in which it is asked for.
        let nulls = if batch.order == ValueOrder::ColumnMajor {
            let nulls = batch.column_nulls();
            batch.nulls = Vec::new();
            nulls
        } else {
            batch.nulls.shrink_to_fit();
            ColumnNulls::default()
        };
        let rows = batch.rows;
        let block = Arc::new(Block { batch, nulls });
        let mut start = 0;
        while start < rows {
            // The group ends before the row that would be too many, or too much, wherever batches begin.
            let room = self.text_per_group.saturating_sub(self.open_text);
            let wanted = (self.rows_per_group - self.open.rows).min(rows - start);
            let mut taken = wanted;
            if block.text(start, wanted) > room {
                taken = (1..=wanted)
                    .take_while(|&count| block.text(start, count) <= room)
                    .count();
                // A group holds one row at least.
                taken = taken.max(usize::from(self.open.rows == 0));
            }
            if taken > 0 {
                self.open.parts.push(Part {
                    block: Arc::clone(&block),
                    start,
                    rows: taken,
                });
                self.open.rows += taken;
                self.open_text += block.text(start, taken);
                start += taken;
            }
            if taken < wanted || self.open.rows == self.rows_per_group {
                self.open_text = 0;
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

#[cfg(test)]
mod tests {
    use arrow_array::StringArray;

    use super::*;

    fn batch(texts: &[String]) -> MatrixBatch {
        MatrixBatch {
            rows: texts.len(),
            features: vec![Arc::new(StringArray::from(texts.to_vec()))],
            values: vec![0.0; texts.len()],
            order: ValueOrder::RowMajor,
            columns: 1,
            nulls: Vec::new(),
        }
    }

    /// The sizes of the groups that come of these batch sizes.
    fn groups(texts: &[String], sizes: &[usize], rows: usize, text: usize) -> Vec<usize> {
        let mut gatherer = Gatherer::new(rows, text, 2);
        let mut found = Vec::new();
        let mut rest = texts;
        for size in sizes.iter().cycle() {
            let (next, left) = rest.split_at((*size).min(rest.len()));
            rest = left;
            let sent: Result<(), ()> = gatherer.push(batch(next), |groups| {
                assert_eq!(groups.len(), 2);
                found.extend(groups.iter().map(|group| group.rows));
                Ok(())
            });
            sent.unwrap();
            if rest.is_empty() {
                break;
            }
        }
        found.extend(gatherer.finish().iter().map(|group| group.rows));
        found
    }

    #[test]
    fn groups_end_by_rows_or_by_text_wherever_batches_begin() {
        let texts: Vec<String> = (0..40)
            .map(|row| "x".repeat(if row % 10 == 9 { 25 } else { 2 }))
            .collect();
        let expected = groups(&texts, &[40], 8, 20);
        // Eight rows; the ninth alone, because the tenth is too much; the tenth alone, however long.
        assert_eq!(expected[..4], [8, 1, 1, 8]);
        assert_eq!(expected.iter().sum::<usize>(), 40);
        for sizes in [&[1][..], &[3, 7], &[8], &[9, 1, 30]] {
            assert_eq!(groups(&texts, sizes, 8, 20), expected, "{sizes:?}");
        }
    }
}
