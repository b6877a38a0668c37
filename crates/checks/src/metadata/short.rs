//! Rows of a metadata table that have fewer fields than the header.
//!
//! ODM takes what is missing at the end of a row for blank. But a cell with line breaks, which a spreadsheet writes in
//! quotes, makes such rows too, and their fields stand in other columns than it seems. What a row is must be told from
//! the row alone: blocks may begin anywhere.

use memchr::memchr_iter;

use crate::rules::t012_quoted_field::is_unclosed;

/// What a row that is too short looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Short {
    /// Its last values are blank, and the tabs before them were left out.
    Plain,
    /// Its last field begins with a quote that is not closed in it: a cell that goes on in the next line may begin there.
    Opening,
    /// It is one field of several.
    Alone,
    /// A quote is closed in its first field that was not opened there: it may be the end of a cell that began on a
    /// line before.
    Closing,
}

/// Whether a row of `count` fields under `width` columns may be a part of a cell with line breaks, so that its fields
/// stand in other columns than it seems.
pub fn is_part_of_cell(line: &[u8], count: usize, width: usize) -> bool {
    count < width && Short::of(line, count, width).is_part_of_cell()
}

impl Short {
    #[cold]
    pub(super) fn of(line: &[u8], count: usize, width: usize) -> Self {
        let first = line.split(|byte| *byte == b'\t').next().unwrap_or_default();
        let first = first.trim_ascii();
        let quotes = memchr_iter(b'"', first).count();
        // A quote alone ends a cell whose text ends with a line break.
        if quotes % 2 == 1 && (first == b"\"" || !is_unclosed(first)) {
            Self::Closing
        } else if count == 1 && width > 2 {
            Self::Alone
        } else if line
            .rsplit(|byte| *byte == b'\t')
            .next()
            .is_some_and(|last| is_unclosed(last.trim_ascii()))
        {
            Self::Opening
        } else {
            Self::Plain
        }
    }

    /// Whether a row may be the middle or the end of a cell with line breaks.
    pub(super) const fn is_part_of_cell(self) -> bool {
        matches!(self, Self::Alone | Self::Closing)
    }
}
