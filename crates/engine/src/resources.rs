//! How many threads a run has, how much memory, and what follows for the size of its blocks.

use std::num::NonZeroUsize;

use odmkit_columns::kernel::Kernel;
use odmkit_pipeline::Bounds;

use crate::check::CheckedMatrix;

/// What a run may use.
#[derive(Debug, Clone, Copy)]
pub struct Resources {
    /// Threads that work.
    pub threads: NonZeroUsize,
    /// Bytes of memory that the run should stay under.
    pub memory_limit: u64,
    /// How many bytes are looked at at once. The results are the same for each.
    pub kernel: Kernel,
    /// What the table at hand takes whatever is done with its rows.
    table: Table,
}

/// What is known of a table before its rows are read.
#[derive(Debug, Clone, Copy)]
struct Table {
    /// Bytes that its names take.
    names: u64,
    /// Bytes of a long row, where rows are longer than blocks may be.
    row: u64,
    /// Bytes that a byte of a row becomes when its values are read.
    parsed: u64,
    /// Bytes that a value takes where it waits to be written.
    value: u64,
    /// Bytes of the values of one row.
    values: u64,
}

/// What the rows of a matrix are like, as the check found them, block by block: the worst of each.
#[derive(Debug, Clone, Copy, Default)]
pub struct RowFacts {
    /// Bytes of the longest block: no row is longer.
    pub longest: u64,
    /// Hundredths of a byte of memory for a byte of text.
    parsed: u64,
    /// Missing values in a thousand.
    missing: u64,
}

/// The size of a block for a check where memory allows it: read and looked at while it is in a core's second cache.
const BLOCK: u64 = 256 << 10;
/// The same for a conversion: large enough that what a block costs beside its bytes does not matter.
const CONVERT_BLOCK: u64 = 1 << 20;
/// No block is smaller than this, whatever the limit.
const SMALLEST_BLOCK: u64 = 16 << 10;
/// What a run costs without any rows: the program, the names of some ten thousand columns, buffers for reading.
const FIXED: u64 = 34 << 20;
/// What a table may take whatever the limit: a run whose limit is below what the program takes goes on with small ones.
const SPARE: u64 = 8 << 20;
/// Columns whose names are in that.
const FEW_COLUMNS: u64 = 10_000;
/// What a column's name costs in a check beside its bytes: it stands in the header, among the columns that links are
/// judged by, and among the samples.
const NAME: u64 = 420;
/// What it costs beyond that in a conversion: in the schema of the output and its footer.
const CONVERTED_NAME: u64 = 280;
/// What a block costs at the most, in multiples of its size: the bytes, and the faults of a file that has a
/// different wrong value in each cell.
const BLOCK_COST: u64 = 32;
/// What a long row costs in multiples of its size where there is little wrong with it: it is held twice while its end
/// is looked for.
const ROW_COST: u64 = 4;
/// What a block costs in a conversion, in multiples of its size: the text, the values, and the values turned.
const PARSED_COST: u64 = 9;
/// Rows of values that are under way at the least while they are written.
const ROWS_WRITTEN: u64 = 5;
/// What a column costs while it is read back.
const DECODER: u64 = 36 << 10;
/// Values that are written together at the most in columns of their own.
const WRITTEN_TOGETHER: u64 = 1 << 26;
/// Columns from which on a row is taken to be long, and the bytes of one of its values.
const MANY_COLUMNS: u64 = 2_000;
const CELL: u64 = 10;

impl Default for Table {
    fn default() -> Self {
        Self {
            names: 0,
            row: 0,
            parsed: PARSED_COST,
            value: size_of::<f64>() as u64,
            values: 0,
        }
    }
}

impl RowFacts {
    /// What is likely of rows of so many columns.
    pub(crate) fn of_columns(columns: u64) -> Self {
        Self {
            longest: columns * CELL,
            ..Self::default()
        }
    }

    /// Takes in a block of so many bytes, with so many values, some of them missing.
    pub(crate) fn see(&mut self, bytes: usize, values: u64, missing: u64) {
        let bytes = (bytes as u64).max(1);
        self.longest = self.longest.max(bytes);
        // A value, its turned copy, the place where it ends; of a missing one its row and its column, in a list that grows.
        self.parsed = self.parsed.max((values * 20 + missing * 16) * 100 / bytes);
        self.missing = self.missing.max(missing * 1_000 / values.max(1));
    }
}

impl Resources {
    /// So many threads and bytes, and the fastest kernel that the processor can run.
    pub fn new(threads: NonZeroUsize, memory_limit: u64) -> Self {
        Self {
            threads,
            memory_limit,
            kernel: Kernel::best(),
            table: Table::default(),
        }
    }

    /// The same for a table of so many columns, whose header has so many bytes.
    pub(crate) fn for_header(mut self, columns: u64, bytes: u64) -> Self {
        self.table.names = columns.saturating_sub(FEW_COLUMNS) * NAME + bytes.saturating_sub(1 << 17) * 3;
        self.table.row = if columns > MANY_COLUMNS { columns * CELL } else { 0 };
        self
    }

    /// The same for the conversion of a matrix whose rows are known, into values of so many columns.
    pub(crate) fn for_rows(mut self, facts: &RowFacts, columns: u64) -> Self {
        let table = &mut self.table;
        table.names += columns.saturating_sub(FEW_COLUMNS) * CONVERTED_NAME;
        table.row = if facts.longest > BLOCK * 2 {
            facts.longest
        } else {
            0
        };
        table.parsed = PARSED_COST.max(1 + facts.parsed.div_ceil(100));
        table.value = 8 + facts.missing * 12 / 1_000;
        table.values = columns * table.value;
        self
    }

    /// The same for the conversion of a matrix that was checked.
    pub(crate) fn for_matrix(self, matrix: &CheckedMatrix) -> Self {
        let columns = matrix.layout.width() as u64;
        self.for_header(columns, matrix.body.byte.0)
            .for_rows(&matrix.facts, matrix.layout.value_columns().len() as u64)
    }

    /// The same where each column costs so many bytes more.
    pub(crate) fn with_columns(mut self, columns: usize, each: u64) -> Self {
        self.table.names += columns as u64 * each;
        self
    }

    /// Whether an output in columns of its own can be read back, so many rows of so many columns: each column has its
    /// decoder, and as many of its values as were written together.
    pub(crate) fn verifies(&self, rows: u64, columns: u64) -> bool {
        let held = self.export_bytes() as u64 / 32;
        let together = if columns > held / 1_024 {
            WRITTEN_TOGETHER
        } else {
            held
        };
        columns * DECODER + (rows * columns).min(together) * 16 <= (self.working() / 2).max(SPARE)
    }

    /// Whether names, and one row at a time, leave room for the rest. The program itself is not counted: with a limit
    /// below what it takes, a run goes on with as little as it can.
    pub(crate) fn fits(&self) -> bool {
        let Table {
            names,
            row,
            parsed,
            values,
            ..
        } = self.table;
        let read = (SMALLEST_BLOCK + row) * if values == 0 { ROW_COST } else { parsed };
        let written = values * ROWS_WRITTEN;
        let free = self.memory_limit.saturating_sub(FIXED).max(SPARE);
        (names == 0 && row == 0) || names + 2 * read.max(written) <= free
    }

    /// The least limit, in whole mebibytes, of which `enough` holds. It holds of every larger one.
    pub(crate) fn least(&self, enough: impl Fn(&Self) -> bool) -> u64 {
        let with = |mebibytes: u64| Self {
            memory_limit: mebibytes << 20,
            ..*self
        };
        let mut above = 64;
        while above < 1 << 30 && !enough(&with(above)) {
            above *= 2;
        }
        let mut below = above / 2;
        while below + 1 < above {
            let middle = below.midpoint(above);
            if enough(&with(middle)) {
                above = middle;
            } else {
                below = middle;
            }
        }
        above << 20
    }

    /// What is left for blocks and rows beside the program itself and the names of the columns.
    fn working(&self) -> u64 {
        let free = self.memory_limit.saturating_sub(FIXED);
        let least = if self.table.names == 0 { 4 } else { 16 };
        free.saturating_sub(self.table.names)
            .max(self.memory_limit / least)
    }

    /// Threads and window of a pipeline whose blocks cost so many times their size: as many as leave room for long rows.
    fn bounds_of(&self, cost: u64) -> Bounds {
        let all = Bounds::threads(self.threads);
        let one = NonZeroUsize::MIN;
        if self.table.row == 0 {
            return all;
        }
        let each = (SMALLEST_BLOCK + self.table.row) * cost;
        let windows = [
            all.window,
            self.threads.saturating_add(self.threads.get()),
            self.threads,
        ];
        let choices = windows.map(|window| Bounds { window, ..all });
        let fits = |bounds: &Bounds| bounds.window.get() as u64 * each <= self.working() / 2;
        choices.into_iter().find(fits).unwrap_or(Bounds {
            threads: one,
            window: one,
        })
    }

    /// Threads and window of a check.
    pub(crate) fn bounds(&self) -> Bounds {
        self.bounds_of(BLOCK_COST)
    }

    /// Threads and window of a conversion.
    pub(crate) fn convert_bounds(&self) -> Bounds {
        self.bounds_of(self.table.parsed)
    }

    /// The size of a block for a check, in bytes.
    pub(crate) fn block_bytes(&self) -> usize {
        let in_flight = self.bounds().window.get() as u64;
        let share = self.working() / 2 / (in_flight * BLOCK_COST);
        to_usize(share.saturating_sub(self.table.row).clamp(SMALLEST_BLOCK, BLOCK))
    }

    /// The size of a block for a conversion, in bytes: half of the memory is for the blocks under way, each of
    /// which becomes eight bytes for as little as two, and twice while it is turned.
    pub(crate) fn convert_block_bytes(&self) -> usize {
        let in_flight = self.convert_bounds().window.get() as u64;
        let share = self.working() / 2 / (in_flight * self.table.parsed);
        to_usize(
            share
                .saturating_sub(self.table.row)
                .clamp(SMALLEST_BLOCK, CONVERT_BLOCK),
        )
    }

    /// Whether there is memory to check and to convert at once: full blocks with the cost of both in the quarter
    /// that neither names nor the writer take.
    pub(crate) fn has_room_for_both(&self) -> bool {
        let in_flight = self.bounds().window.get() as u64;
        self.working() / 4 >= in_flight * (CONVERT_BLOCK + self.table.row) * (BLOCK_COST / 2 + PARSED_COST)
    }

    /// What the names of rows may take in a check, in bytes; those beyond go to a temporary file.
    pub(crate) fn name_bytes(&self) -> usize {
        to_usize(self.working() / 4)
    }

    /// What the columns that links are judged by may take, in bytes.
    pub(crate) fn kept_bytes(&self) -> u64 {
        (self.working() / 4 * 3).max(SPARE)
    }

    /// What a writer may hold, in bytes, of values that take eight each: the other half.
    pub(crate) fn export_bytes(&self) -> usize {
        to_usize(self.working() / 2 * 8 / self.table.value)
    }

    /// The longest line that may be held in a check: every thread may hold one, and twice while it grows.
    pub(crate) fn longest_line(&self) -> usize {
        let in_flight = self.bounds().window.get() as u64;
        to_usize((self.working() / 2 / (in_flight * ROW_COST)).max(1 << 20))
    }

    /// The longest line that may be held in a conversion.
    pub(crate) fn longest_row(&self) -> usize {
        let in_flight = self.convert_bounds().window.get() as u64;
        to_usize((self.working() / 2 / (in_flight * self.table.parsed)).max(1 << 20))
    }

    /// The longest header that may be held, with its names taken apart.
    pub(crate) fn longest_head(&self) -> usize {
        to_usize((self.memory_limit / 8).max(1 << 20))
    }
}

pub(crate) fn to_usize(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
