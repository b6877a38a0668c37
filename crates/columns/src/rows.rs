//! From the text of some rows to a batch of columns.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_array::{Array, ArrayRef};
use memchr::memchr_iter;
use odmkit_core::ByteOffset;
use odmkit_formats::Lines;

use crate::batch::{MatrixBatch, ValueOrder};
use crate::{cell, missing, number};

/// How rows are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowShape {
    /// Columns of a row.
    pub width: usize,
    /// For each feature column, whether it holds numbers.
    pub numeric_features: Vec<bool>,
}

/// Rows that have been read.
#[derive(Debug)]
pub struct ParsedRows {
    /// The rows.
    pub batch: MatrixBatch,
    /// Values that are no numbers and are written as missing.
    pub text: u64,
}

/// A row that does not have the columns of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the row at byte {at} has {found} fields where the header has {expected}")]
pub struct RaggedRow {
    /// Where the row begins, in bytes from the start of the block.
    pub at: ByteOffset,
    /// Fields of the row.
    pub found: usize,
    /// Fields of the header.
    pub expected: usize,
}

impl RowShape {
    /// The columns that hold values.
    pub fn value_columns(&self) -> usize {
        self.width - self.numeric_features.len()
    }

    /// Reads the rows of a block of whole lines; blank lines are passed over. Values lie in the given order.
    ///
    /// # Errors
    ///
    /// At the first row with other than [`width`](Self::width) fields. Blank fields beyond them are padding.
    pub fn parse(&self, block: &[u8], order: ValueOrder) -> Result<ParsedRows, RaggedRow> {
        let columns = self.value_columns();
        let mut features: Vec<Feature> = self
            .numeric_features
            .iter()
            .map(|numeric| Feature::new(*numeric))
            .collect();
        let mut values: Vec<f64> = Vec::new();
        let mut nulls = Vec::new();
        let mut ends: Vec<usize> = Vec::with_capacity(self.width + 1);
        let mut rows = 0_usize;
        let mut text = 0;
        for line in Lines::new(block) {
            if line.is_blank() {
                continue;
            }
            ends.clear();
            ends.extend(memchr_iter(b'\t', line.text));
            ends.push(line.text.len());
            let found = ends.len();
            let padded = found > self.width && line.text[ends[self.width - 1]..].trim_ascii().is_empty();
            if found != self.width && !padded {
                let at = ByteOffset(line.start as u64);
                return Err(RaggedRow {
                    at,
                    found,
                    expected: self.width,
                });
            }
            let field = |column: usize| {
                let start = if column == 0 { 0 } else { ends[column - 1] + 1 };
                &line.text[start..ends[column]]
            };
            for (column, feature) in features.iter_mut().enumerate() {
                feature.push(field(column));
            }
            for column in 0..columns {
                let value = cell::value(field(self.numeric_features.len() + column));
                text += u64::from(value.is_none());
                values.push(value.flatten().unwrap_or_else(|| {
                    nulls.push((narrow(rows), narrow(column)));
                    0.0
                }));
            }
            rows += 1;
        }
        let features = features.into_iter().map(Feature::finish).collect();
        let batch = MatrixBatch {
            rows,
            features,
            values,
            order: ValueOrder::RowMajor,
            columns,
            nulls,
        };
        Ok(ParsedRows {
            batch: batch.into_order(order),
            text,
        })
    }
}

/// A block has fewer rows and columns than 2^32: it is smaller than that in bytes.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

enum Feature {
    Text(StringBuilder),
    Number(Float64Builder),
}

impl Feature {
    fn new(numeric: bool) -> Self {
        if numeric {
            Self::Number(Float64Builder::new())
        } else {
            Self::Text(StringBuilder::new())
        }
    }

    /// Takes a cell, trimmed. A missing token in a column of numbers is missing, in one of text only an empty
    /// cell is: there `NA` may well be a name.
    fn push(&mut self, cell: &[u8]) {
        let trimmed = cell.trim_ascii();
        match self {
            Self::Text(column) if trimmed.is_empty() => column.append_null(),
            Self::Text(column) => column.append_value(String::from_utf8_lossy(trimmed)),
            Self::Number(column) => {
                let value = number::parse(trimmed)
                    .or_else(|| missing::judge(trimmed).and_then(missing::Missing::value));
                column.append_option(value);
            }
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut column) => Arc::new(column.finish()) as Arc<dyn Array>,
            Self::Number(mut column) => Arc::new(column.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Float64Type;

    use super::*;

    fn shape(width: usize, numeric: &[bool]) -> RowShape {
        RowShape {
            width,
            numeric_features: numeric.to_vec(),
        }
    }

    #[test]
    fn rows_become_columns() {
        let text = b"TP53\t393\t1.5\tNA\r\n\nBRCA1\tNA\t\t-2\t\t\n";
        let parsed = shape(4, &[false, true])
            .parse(text, ValueOrder::ColumnMajor)
            .expect("even rows");
        let batch = parsed.batch;
        assert_eq!((batch.rows, batch.columns, parsed.text), (2, 2, 0));
        assert_eq!(batch.values, [1.5, 0.0, 0.0, -2.0]);
        assert_eq!(batch.nulls, [(0, 1), (1, 0)]);
        assert_eq!(batch.features[0].as_string::<i32>().value(1), "BRCA1");
        let lengths = batch.features[1].as_primitive::<Float64Type>();
        assert_eq!(
            (lengths.value(0).to_bits(), lengths.is_null(1)),
            (393_f64.to_bits(), true)
        );
    }

    #[test]
    fn both_orders_hold_the_same_values() {
        let text = b"a\t1\t2\t3\nb\t4\t5\t6\n";
        let shape = shape(4, &[false]);
        let rows = shape.parse(text, ValueOrder::RowMajor).expect("even rows").batch;
        assert_eq!(rows.values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let columns = shape
            .parse(text, ValueOrder::ColumnMajor)
            .expect("even rows")
            .batch;
        assert_eq!(columns.values, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    }

    #[test]
    fn text_among_values_is_missing_and_counted() {
        let parsed = shape(2, &[false])
            .parse(b"a\tx\nb\t1,5\nc\t1\n", ValueOrder::RowMajor)
            .expect("even rows");
        assert_eq!((parsed.text, parsed.batch.nulls.len()), (2, 2));
    }

    #[test]
    fn a_ragged_row_is_an_error_at_its_place() {
        let error = shape(3, &[false])
            .parse(b"a\t1\t2\nb\t1\n", ValueOrder::RowMajor)
            .expect_err("ragged");
        assert_eq!(
            error,
            RaggedRow {
                at: ByteOffset(6),
                found: 2,
                expected: 3
            }
        );
    }
}
