//! Rows taken along while they are checked, so that a text is read, and unpacked, once for both.

use std::sync::atomic::{AtomicBool, Ordering};

use odmkit_checks::matrix::RowWatch;
use odmkit_columns::batch::ValueOrder;
use odmkit_columns::kernel::Kernel;
use odmkit_columns::rows::{ParsedRows, RowShape};
use odmkit_diagnostics::Diagnostic;

use super::{CheckedFile, CheckedMatrix};

/// What is taken of the rows of matrices while they are checked.
#[derive(Clone, Copy)]
pub(crate) enum Along<'a> {
    /// Nothing.
    Nothing,
    /// The rows, for a rider.
    Rows(&'a dyn Rider),
    /// The values, to be summed up.
    Values,
}

/// Whoever wants the rows of a matrix while they are checked. What it makes of them counts only if the check of the
/// whole file bears out what was known at the start.
pub(crate) trait Rider {
    /// A matrix is about to be checked. Its summary is that of the first rows only. Says in which order values are
    /// wanted, or `None` where this matrix is not wanted.
    fn begin(&self, file: &CheckedFile, matrix: &CheckedMatrix) -> Option<ValueOrder>;

    /// The next rows, in the order of the file; `false` ends the ride.
    fn take(&self, rows: ParsedRows) -> bool;

    /// There are no more rows: all were taken, or, with `false`, some could not be read.
    fn end(&self, whole: bool);

    /// A file was checked, whatever it is. Nothing more will be found in it than in its links.
    fn checked(&self, file: &CheckedFile, findings: &[Diagnostic]);
}

/// One matrix on its way to a rider.
pub(super) struct Ride<'a> {
    rider: &'a dyn Rider,
    reader: Reader,
}

/// Reads rows for a rider, on any thread.
pub(super) struct Reader {
    shape: RowShape,
    order: ValueOrder,
    /// Something stood in the way: nothing more is read.
    over: AtomicBool,
}

impl<'a> Ride<'a> {
    /// Asks the rider whether it wants this matrix.
    pub(super) fn begin(rider: &'a dyn Rider, file: &CheckedFile, matrix: &CheckedMatrix) -> Option<Self> {
        let order = rider.begin(file, matrix)?;
        let reader = Reader {
            shape: RowShape {
                width: matrix.layout.width(),
                numeric_features: matrix.summary.numeric_features.clone(),
            },
            order,
            over: AtomicBool::new(false),
        };
        Some(Self { rider, reader })
    }

    /// What reads the rows.
    pub(super) const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Hands over what was read of the next block.
    pub(super) fn take(&self, rows: Option<ParsedRows>) {
        if !self.reader.is_over() {
            let goes_on = rows.is_some_and(|rows| self.rider.take(rows));
            self.reader.over.store(!goes_on, Ordering::Relaxed);
        }
    }

    /// There are no more blocks.
    pub(super) fn end(self, whole: bool) {
        self.rider.end(whole && !self.reader.is_over());
    }
}

impl Reader {
    /// Reads a block of rows. `None` where it cannot be read, or nobody wants it any more.
    pub(super) fn read(
        &self,
        kernel: Kernel,
        block: &[u8],
        ends: &mut Vec<u32>,
        watch: &mut RowWatch<'_>,
    ) -> Option<ParsedRows> {
        if self.is_over() {
            return None;
        }
        self.shape
            .parse_watched(kernel, block, self.order, ends, watch)
            .ok()
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}
