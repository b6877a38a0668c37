//! From the text of some rows to their values.

mod pass;

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_array::{Array, ArrayRef};
use odmkit_core::ByteOffset;

use self::pass::Pass;
use crate::batch::{MatrixBatch, ValueOrder};
use crate::kernel::{BlockFacts, Kernel};
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

/// Whoever takes rows in while they are read, a few at a time and still in a near cache.
pub trait TakeRows {
    /// How many rows are taken at a time; at the end there may be fewer.
    fn together(&self) -> usize;

    /// What was given so far were perhaps no rows: they are read once more, all of them.
    fn start_over(&mut self);

    /// The next cell that describes a feature; those of a row come before its values, in order.
    fn describe(&mut self, _column: usize, _cell: &[u8]) {}

    /// The next rows, never none. What is left in them is thrown away.
    fn take(&mut self, rows: &mut Rows);
}

/// Whoever looks on while a kernel's rows are read, so that what is found once serves both.
pub trait WatchRows {
    /// A block is about to be read, in which a kernel has found this.
    fn begin(&mut self, facts: &BlockFacts);

    /// The next row, which has the fields of the header and no more.
    fn row(&mut self, row: FoundRow<'_>);

    /// There is something else than such rows.
    fn other(&mut self);
}

/// Nobody looks on.
impl WatchRows for () {
    fn begin(&mut self, _facts: &BlockFacts) {}

    fn row(&mut self, _row: FoundRow<'_>) {}

    fn other(&mut self) {}
}

/// A row that has the fields of the header.
#[derive(Debug, Clone, Copy)]
pub struct FoundRow<'a> {
    /// What it is in.
    pub block: &'a [u8],
    /// Where it begins.
    pub start: usize,
    /// Where each of its fields ends: the next one begins a byte later.
    pub ends: &'a [u32],
    /// Which of its values, 0-based and in order, are something else than digits with at most one dot and one minus, or
    /// more digits than are read at once.
    pub odd: &'a [u32],
}

/// Some rows that follow one another.
#[derive(Debug, Default)]
pub struct Rows {
    /// How many.
    pub count: usize,
    /// Their values, row by row; a missing one is 0.0.
    pub values: Vec<f64>,
    /// The missing values as (row, column) pairs, sorted, without repetition.
    pub missing: Vec<(u32, u32)>,
    /// Of the missing ones those that are text.
    pub text: u64,
    /// Whether some value is an infinity.
    pub infinite: bool,
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
        let mut batch = Batch::new(self, None);
        Pass::slow(self, block, &mut batch)?;
        Ok(batch.finish(order))
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
        self.parse_watched(kernel, block, order, ends, &mut ())
    }

    /// The same, while somebody looks on.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_watched<W: WatchRows>(
        &self,
        kernel: Kernel,
        block: &[u8],
        order: ValueOrder,
        ends: &mut Vec<u32>,
        watcher: &mut W,
    ) -> Result<ParsedRows, RaggedRow> {
        if u32::try_from(block.len()).is_err() {
            return self.parse(block, order);
        }
        let facts = kernel.index(block, ends);
        let height = self.height(&facts, ends);
        let turned = (order == ValueOrder::ColumnMajor).then(|| Turned::new(self.value_columns(), height));
        let mut batch = Batch::new(self, turned);
        self.read_indexed(kernel, block, &facts, ends, &mut batch, watcher)?;
        Ok(batch.finish(order))
    }

    /// Reads the rows of a block of whole lines for a taker, by a kernel, while somebody looks on. `ends` is a buffer that is
    /// used again.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse). The taker may have been given some rows then.
    pub fn read_for<T: TakeRows, W: WatchRows>(
        &self,
        kernel: Kernel,
        block: &[u8],
        ends: &mut Vec<u32>,
        taker: &mut T,
        watcher: &mut W,
    ) -> Result<(), RaggedRow> {
        if u32::try_from(block.len()).is_err() {
            return Pass::slow(self, block, taker);
        }
        let facts = kernel.index(block, ends);
        self.read_indexed(kernel, block, &facts, ends, taker, watcher)
    }

    fn read_indexed<T: TakeRows, W: WatchRows>(
        &self,
        kernel: Kernel,
        block: &[u8],
        facts: &BlockFacts,
        ends: &mut [u32],
        taker: &mut T,
        watcher: &mut W,
    ) -> Result<(), RaggedRow> {
        watcher.begin(facts);
        if Pass::fast(self, kernel, block, facts, ends, taker, watcher) {
            return Ok(());
        }
        watcher.other();
        taker.start_over();
        Pass::slow(self, block, taker)
    }

    /// The most rows that a block can have.
    fn height(&self, facts: &BlockFacts, ends: &[u32]) -> usize {
        // A row has its own line feed, but perhaps for the last, and as many separators as columns.
        let most = usize::try_from(facts.line_feeds + 1).unwrap_or(usize::MAX);
        most.min((ends.len() + 1) / self.width)
    }
}

/// Rows on their way into a batch.
struct Batch {
    features: Vec<Feature>,
    columns: usize,
    rows: usize,
    /// The values, row by row, where they are not turned.
    values: Vec<f64>,
    turned: Option<Turned>,
    nulls: Vec<(u32, u32)>,
    text: u64,
}

impl Batch {
    fn new(shape: &RowShape, turned: Option<Turned>) -> Self {
        let features = shape.numeric_features.iter();
        Self {
            features: features.map(|numeric| Feature::new(*numeric)).collect(),
            columns: shape.value_columns(),
            rows: 0,
            values: Vec::new(),
            turned,
            nulls: Vec::new(),
            text: 0,
        }
    }

    fn finish(self, order: ValueOrder) -> ParsedRows {
        let (values, found) = match self.turned {
            Some(turned) => (turned.finish(), ValueOrder::ColumnMajor),
            None => (self.values, ValueOrder::RowMajor),
        };
        let batch = MatrixBatch {
            rows: self.rows,
            features: self.features.into_iter().map(Feature::finish).collect(),
            values,
            order: found,
            columns: self.columns,
            nulls: self.nulls,
        };
        ParsedRows {
            batch: batch.into_order(order),
            text: self.text,
        }
    }
}

impl TakeRows for Batch {
    fn together(&self) -> usize {
        if self.turned.is_some() {
            TOGETHER
        } else {
            usize::MAX
        }
    }

    fn start_over(&mut self) {
        self.features.iter_mut().for_each(Feature::start_over);
        self.rows = 0;
        self.values = Vec::new();
        self.turned = None;
        self.nulls = Vec::new();
        self.text = 0;
    }

    fn describe(&mut self, column: usize, cell: &[u8]) {
        self.features[column].push(cell);
    }

    fn take(&mut self, rows: &mut Rows) {
        if let Some(turned) = &mut self.turned {
            turned.push(&rows.values);
        } else {
            // All rows come at once. What is read slowly grew as it came.
            self.values = std::mem::take(&mut rows.values);
            self.values.shrink_to_fit();
        }
        let above = narrow(self.rows);
        let missing = rows.missing.iter().map(|(row, column)| (above + row, *column));
        self.nulls.extend(missing);
        self.text += rows.text;
        self.rows += rows.count;
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

    fn start_over(&mut self) {
        *self = Self::new(matches!(self, Self::Number(_)));
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
