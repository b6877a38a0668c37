//! Checking rows while they are read for their values: what a kernel has found once serves both.

use odmkit_columns::kernel::{BlockFacts, Kernel};
use odmkit_columns::rows::{FoundRow, WatchRows};

use super::fast::ScanBuffers;
use super::layout::MatrixLayout;
use super::scan::MatrixPartial;
use crate::Spot;
use crate::text::{TextFacts, TextPartial};

/// Looks on while the rows of a block are read. Blocks that have anything but rows with the fields of the header are
/// scanned afterwards.
pub struct RowWatch<'a> {
    layout: &'a MatrixLayout,
    buffers: &'a mut ScanBuffers,
    partial: MatrixPartial,
    facts: TextFacts,
    /// Whether everything was seen.
    whole: bool,
}

impl<'a> RowWatch<'a> {
    /// Nothing has been seen.
    pub fn new(layout: &'a MatrixLayout, buffers: &'a mut ScanBuffers) -> Self {
        Self {
            layout,
            buffers,
            partial: layout.empty_partial(),
            facts: TextFacts::default(),
            whole: false,
        }
    }

    /// What [`MatrixLayout::scan_fast`] gives for the block, whether its rows were read, or only some, or none.
    pub fn finish(self, kernel: Kernel, block: &[u8]) -> (MatrixPartial, TextPartial) {
        if self.whole {
            (self.partial, TextPartial::of_facts(block, &self.facts))
        } else {
            self.layout.scan_fast(kernel, block, self.buffers)
        }
    }
}

impl WatchRows for RowWatch<'_> {
    fn begin(&mut self, facts: &BlockFacts) {
        self.whole = true;
        self.facts = TextFacts {
            lines: facts.line_feeds,
            // Where a carriage return stands alone, there are not such rows alone.
            returned_lines: facts.carriage_returns,
            lone_carriage_return: false,
            nul: facts.nul,
            high: facts.high,
        };
    }

    fn row(&mut self, row: FoundRow<'_>) {
        if !self.whole {
            return;
        }
        let FoundRow {
            block,
            start,
            ends,
            odd,
        } = row;
        let partial = &mut self.partial;
        let (described, measured) = ends.split_at(self.layout.features);
        let line = partial.lines;
        partial.lines += 1;
        if partial.pasted {
            return;
        }
        let buffer = &mut self.buffers.row;
        buffer.ends.clear();
        buffer
            .ends
            .extend(described.iter().map(|end| *end as usize - start));
        let end = ends.last().map_or(start, |end| *end as usize);
        let text = &block[start..end];
        let values = &text[buffer.ends[described.len() - 1]..];
        let valueless = odd.len() == measured.len() && values.iter().all(|byte| *byte == b'\t');
        let begun = self
            .layout
            .begin_row(text, line, start as u64, valueless, buffer, partial);
        let Some(bare) = begun else { return };
        if !bare {
            partial.settle(false);
        }
        self.layout
            .scan_features(text, line, start as u64, bare, buffer, partial);
        for &value in odd {
            let value = value as usize;
            let before = if value == 0 {
                described.last()
            } else {
                measured.get(value - 1)
            };
            let from = before.map_or(start, |end| *end as usize + 1);
            let column = self.layout.features + value;
            let spot = Spot {
                line,
                field: u32::try_from(column).ok(),
                byte: from as u64,
            };
            self.layout
                .scan_value(&block[from..measured[value] as usize], column, spot, partial);
        }
    }

    fn other(&mut self) {
        self.whole = false;
    }
}
