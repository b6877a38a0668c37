//! From the text of some rows to a batch of columns.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_array::{Array, ArrayRef};
use memchr::memchr_iter;
use odmkit_core::ByteOffset;
use odmkit_formats::Lines;

use crate::batch::{MatrixBatch, ValueOrder};
use crate::cell::{self, Value};
use crate::kernel::Kernel;
use crate::turn::{TOGETHER, Turned};
use crate::{missing, number};

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
        let mut rows = Rows::new(self, None);
        let mut ends = Vec::with_capacity(self.width + 1);
        for line in Lines::new(block) {
            rows.push_line(block, line.start, line.start + line.text.len(), &mut ends)?;
        }
        Ok(rows.finish(order))
    }

    /// What [`parse`](Self::parse) gives, by a kernel. `ends` is a buffer that is used again.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_fast(
        &self,
        kernel: Kernel,
        block: &[u8],
        order: ValueOrder,
        ends: &mut Vec<u32>,
    ) -> Result<ParsedRows, RaggedRow> {
        if u32::try_from(block.len()).is_err() {
            return self.parse(block, order);
        }
        let facts = kernel.index(block, ends);
        // A row has its own line feed, but perhaps for the last, and as many separators as columns.
        let most = usize::try_from(facts.line_feeds + 1).unwrap_or(usize::MAX);
        let height = most.min((ends.len() + 1) / self.width);
        let columns = self.value_columns();
        let turned = (order == ValueOrder::ColumnMajor).then(|| Turned::new(columns, height));
        let together = if turned.is_some() { TOGETHER } else { height };
        let mut rows = Rows::new(self, turned);
        rows.values.reserve(columns * together.min(height));
        let mut slow_ends = Vec::new();
        let (mut next, mut start, mut line_feeds, mut returned) = (0, 0, 0, 0);
        while next < ends.len() {
            // An empty line, and the others that follow it: a file may be full of them.
            let empty = ends[next..].iter().zip(start..);
            let empty = empty
                .take_while(|(end, at)| **end as usize == *at && block[*at] == b'\n')
                .count();
            if empty > 0 {
                (start, next) = (start + empty, next + empty);
                line_feeds += empty as u64;
                continue;
            }
            let last = next + self.width - 1;
            let whole = ends.get(last).and_then(|end| row_end(block, &ends[last..], *end));
            if let Some((over, field_end, carriage_return)) = whole
                && field_end as usize > start
                && !matches!(block[start], b' ' | b'\t')
            {
                // Where the next row begins is read before the end of the last field is put right.
                let after = ends[last + over] as usize + 1;
                ends[last] = field_end;
                rows.push_indexed(kernel, block, start, &ends[next..=last]);
                start = after;
                next = last + over + 1;
                returned += u64::from(carriage_return);
            } else {
                let line = ends[next..].iter().position(|end| block[*end as usize] == b'\n');
                let Some(line) = line else { break };
                let end = ends[next + line] as usize;
                let carriage_return = end > start && block[end - 1] == b'\r';
                let text_end = end - usize::from(carriage_return);
                if rows.push_line(block, start, text_end, &mut slow_ends).is_err() {
                    // Perhaps an earlier line was at fault, passed over with the next: the slow way tells.
                    return self.parse(block, order);
                }
                start = end + 1;
                next += line + 1;
                returned += u64::from(carriage_return);
            }
            line_feeds += 1;
        }
        if start < block.len() && rows.push_line(block, start, block.len(), &mut slow_ends).is_err() {
            return self.parse(block, order);
        }
        // Two short lines can have the separators of one long one. Then a line feed was passed over. A carriage return
        // that is not before a line feed ends a line by itself.
        if line_feeds == facts.line_feeds && returned == facts.carriage_returns {
            Ok(rows.finish(order))
        } else {
            self.parse(block, order)
        }
    }
}

/// How a row ends of which the last field ends at `end`, the first of `ends`: with a line feed, before which there may be
/// padding of tabs and a carriage return. Gives which of `ends` the line feed is, where the field ends without a carriage
/// return, and whether there is one.
fn row_end(block: &[u8], ends: &[u32], end: u32) -> Option<(usize, u32, bool)> {
    if block[end as usize] == b'\n' {
        let carriage_return = end > 0 && block[end as usize - 1] == b'\r';
        return Some((0, end - u32::from(carriage_return), carriage_return));
    }
    let padding = ends
        .iter()
        .zip(end..)
        .take_while(|(place, next)| *place == next && block[**place as usize] == b'\t')
        .count();
    let place = *ends.get(padding)?;
    let beyond = end as usize + padding;
    let carriage_return = block.get(beyond) == Some(&b'\r');
    (block[place as usize] == b'\n' && place as usize == beyond + usize::from(carriage_return)).then_some((
        padding,
        end,
        carriage_return,
    ))
}

/// Rows as they are read.
struct Rows<'a> {
    shape: &'a RowShape,
    features: Vec<Feature>,
    /// The rows; where they are turned, those that have not been yet.
    values: Vec<f64>,
    turned: Option<Turned>,
    nulls: Vec<(u32, u32)>,
    count: usize,
    text: u64,
    odd: Vec<u32>,
}

impl<'a> Rows<'a> {
    fn new(shape: &'a RowShape, turned: Option<Turned>) -> Self {
        let features = shape
            .numeric_features
            .iter()
            .map(|numeric| Feature::new(*numeric))
            .collect();
        Self {
            shape,
            features,
            values: Vec::new(),
            turned,
            nulls: Vec::new(),
            count: 0,
            text: 0,
            odd: Vec::new(),
        }
    }

    /// Takes a line, whatever it is.
    fn push_line(
        &mut self,
        block: &[u8],
        start: usize,
        end: usize,
        ends: &mut Vec<usize>,
    ) -> Result<(), RaggedRow> {
        let line = &block[start..end];
        if line.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            return Ok(());
        }
        ends.clear();
        ends.extend(memchr_iter(b'\t', line));
        ends.push(line.len());
        let (found, expected) = (ends.len(), self.shape.width);
        let padded = found > expected && line[ends[expected - 1]..].trim_ascii().is_empty();
        if found != expected && !padded {
            return Err(RaggedRow {
                at: ByteOffset(start as u64),
                found,
                expected,
            });
        }
        let mut from = 0;
        for (column, &to) in ends[..expected].iter().enumerate() {
            let field = &line[from..to];
            if let Some(feature) = self.features.get_mut(column) {
                feature.push(field);
            } else {
                let value = self.judge(cell::value(field), column - self.features.len());
                self.values.push(value);
            }
            from = to + 1;
        }
        self.end_row();
        Ok(())
    }

    /// Takes a row of the right number of fields, which end at `ends`.
    fn push_indexed(&mut self, kernel: Kernel, block: &[u8], start: usize, ends: &[u32]) {
        let (described, measured) = ends.split_at(self.features.len());
        let mut from = start;
        for (feature, end) in self.features.iter_mut().zip(described) {
            feature.push(&block[from..*end as usize]);
            from = *end as usize + 1;
        }
        let row = self.values.len();
        kernel.read(block, from, measured, &mut self.values, &mut self.odd);
        let odd = std::mem::take(&mut self.odd);
        for &at in &odd {
            let column = at as usize;
            let from = if column == 0 {
                from
            } else {
                measured[column - 1] as usize + 1
            };
            let value = cell::value(&block[from..measured[column] as usize]);
            self.values[row + column] = self.judge(value, column);
        }
        self.odd = odd;
        self.end_row();
    }

    fn end_row(&mut self) {
        self.count += 1;
        if let Some(turned) = &mut self.turned
            && self.count.is_multiple_of(TOGETHER)
        {
            turned.push(&self.values);
            self.values.clear();
        }
    }

    /// The number; zero where there is none, and a note of that.
    fn judge(&mut self, value: Value, column: usize) -> f64 {
        self.text += u64::from(value == Value::Text);
        if let Value::Number(number) = value {
            number
        } else {
            self.nulls.push((narrow(self.count), narrow(column)));
            0.0
        }
    }

    fn finish(mut self, order: ValueOrder) -> ParsedRows {
        let (values, found) = if let Some(mut turned) = self.turned {
            turned.push(&self.values);
            (turned.finish(), ValueOrder::ColumnMajor)
        } else {
            // What is read slowly grew as it came.
            self.values.shrink_to_fit();
            (self.values, ValueOrder::RowMajor)
        };
        let batch = MatrixBatch {
            rows: self.count,
            features: self.features.into_iter().map(Feature::finish).collect(),
            values,
            order: found,
            columns: self.shape.value_columns(),
            nulls: self.nulls,
        };
        ParsedRows {
            batch: batch.into_order(order),
            text: self.text,
        }
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

    fn agree(shape: &RowShape, block: &[u8]) {
        for order in [ValueOrder::RowMajor, ValueOrder::ColumnMajor] {
            let expected = format!("{:?}", shape.parse(block, order));
            for kernel in Kernel::available() {
                let found = format!("{:?}", shape.parse_fast(kernel, block, order, &mut Vec::new()));
                assert_eq!(found, expected, "{kernel:?}");
            }
        }
    }

    #[test]
    fn the_fast_path_gives_the_same_rows() {
        let blocks: [&[u8]; 9] = [
            b"",
            b"a\t1\t2\t3\n",
            b"a\t1\t2\t3\nb\t1.5\t\t-2.25\n\nc\tNA\t1e5\t0.1234567890123456789",
            b"a\t1\t2\t3\r\nb\t4\t5\t6\r\n",
            b"a\t1\n\nb\t1\t2\t3\n",
            b"a\t1\t2\nb\t1\t2\t3\n",
            b"\t1\t2\t3\n \t1\t2\t3\n",
            b"a\t1\t2\t3\t\t\nb\tx\t1,5\t\"3\"\n",
            b"12\t1\t2\t3\nNA\t4\t5\t6\n",
        ];
        for block in blocks {
            agree(&shape(4, &[false]), block);
            agree(&shape(4, &[true]), block);
            agree(&shape(4, &[false, true]), block);
        }
    }

    proptest::proptest! {
        #[test]
        fn the_fast_path_gives_the_same_rows_of_any_block(
            lines in proptest::collection::vec("[a-c]{0,2}(\t[-0-9.]{0,10}){2,4}(\r?\n|\t\n|\n{2,70})", 0..12)
        ) {
            agree(&shape(4, &[false]), lines.concat().as_bytes());
        }

        #[test]
        fn padding_and_carriage_returns_are_passed_over_alike(
            lines in proptest::collection::vec(
                "[a-c]{0,2}(\t[-0-9.]{0,10}){3}\t{0,3}(\n|\r\n|\r\n|\n\n|\r\n\r\n|\r|\r\r\n| \n|\t \r\n)",
                0..12,
            ),
            cut in 0usize..4,
        ) {
            let text = lines.concat();
            let text = &text[..text.len().saturating_sub(cut)];
            for width in 1..5 {
                agree(&shape(width, &[false]), text.as_bytes());
            }
            let narrow = text.replace("\t\t", "");
            agree(&shape(2, &[true]), narrow.as_bytes());
            agree(&shape(1, &[false]), text.replace('\t', "").as_bytes());
        }
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
