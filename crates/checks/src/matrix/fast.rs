//! Scanning a block of rows at the speed of memory: [`scan`](MatrixLayout::scan) with the same result.
//!
//! A kernel indexes the block and then looks at each row's values; only cells that are not plainly fine, and lines
//! that do not have the header's number of fields, are judged by the slow scan's own functions.

use odmkit_columns::kernel::{BlockFacts, Kernel};

use super::layout::MatrixLayout;
use super::scan::{MatrixPartial, Row};
use crate::Spot;
use crate::text::TextPartial;

/// A thread's buffers, used again for each block.
#[derive(Debug, Default)]
pub struct ScanBuffers {
    ends: Vec<u32>,
    odd: Vec<u32>,
    row: Row,
}

impl MatrixLayout {
    /// Scans a block of whole lines, and looks at it as a text: what [`scan`](Self::scan) and
    /// [`text::scan`](crate::text::scan) give.
    pub fn scan_fast(
        &self,
        kernel: Kernel,
        block: &[u8],
        buffers: &mut ScanBuffers,
    ) -> (MatrixPartial, TextPartial) {
        if u32::try_from(block.len()).is_err() {
            return (self.scan(block), crate::text::scan(block));
        }
        let facts = kernel.index(block, &mut buffers.ends);
        let text = TextPartial::of_indexed(block, &facts);
        if facts.lone_carriage_return {
            return (self.scan(block), text);
        }
        let partial = self
            .scan_indexed(kernel, block, &facts, buffers)
            .unwrap_or_else(|| self.scan(block));
        (partial, text)
    }

    /// `None` where what looked like rows of the right width were not.
    fn scan_indexed(
        &self,
        kernel: Kernel,
        block: &[u8],
        facts: &BlockFacts,
        buffers: &mut ScanBuffers,
    ) -> Option<MatrixPartial> {
        let width = self.width();
        let mut partial = self.empty_partial();
        let ScanBuffers { ends, odd, row } = buffers;
        let mut next = 0;
        let mut start = 0;
        let mut line_feeds = 0;
        while next < ends.len() {
            let last = next + width - 1;
            let whole = ends.get(last).is_some_and(|end| block[*end as usize] == b'\n');
            if whole && !matches!(block[start], b' ' | b'\t') {
                self.scan_plain_row(
                    kernel,
                    block,
                    start,
                    &ends[next..=last],
                    facts,
                    odd,
                    row,
                    &mut partial,
                );
                start = ends[last] as usize + 1;
                next = last + 1;
                line_feeds += 1;
                continue;
            }
            // Another number of fields, or perhaps a blank line: whatever it is, the slow scan knows.
            let line = ends[next..].iter().position(|end| block[*end as usize] == b'\n');
            let Some(line) = line else { break };
            let end = ends[next + line] as usize;
            self.scan_line(without_return(&block[start..end]), start, row, &mut partial);
            start = end + 1;
            next += line + 1;
            line_feeds += 1;
        }
        if start < block.len() {
            self.scan_line(&block[start..], start, row, &mut partial);
        }
        // Two short lines can have the separators of one long one. Then a line feed was passed over.
        (line_feeds == facts.line_feeds).then_some(partial)
    }

    /// Scans a row of the right number of fields, which end at `ends`.
    #[expect(clippy::too_many_arguments, reason = "the buffers are borrowed one by one")]
    fn scan_plain_row(
        &self,
        kernel: Kernel,
        block: &[u8],
        start: usize,
        ends: &[u32],
        facts: &BlockFacts,
        odd: &mut Vec<u32>,
        row: &mut Row,
        partial: &mut MatrixPartial,
    ) {
        let line_feed = ends[ends.len() - 1] as usize;
        let end = start + without_return(&block[start..line_feed]).len();
        let line = partial.lines;
        partial.lines += 1;
        partial.rows += 1;

        row.ends.clear();
        row.ends.extend(
            ends[..self.features]
                .iter()
                .map(|place| (*place as usize).min(end) - start),
        );
        self.scan_features(&block[start..end], line, start as u64, row, partial);

        if self.features == ends.len() {
            return;
        }
        let values = ends[self.features - 1] as usize + 1;
        odd.clear();
        kernel.odd_bytes(block, values, end, odd);
        let mut judged = 0;
        let mut column = self.features;
        for place in odd.iter() {
            while column + 1 < ends.len() && ends[column] < *place {
                column += 1;
            }
            if column < judged {
                continue;
            }
            judged = column + 1;
            let from = ends[column - 1] as usize + 1;
            let to = (ends[column] as usize).min(end);
            let spot = Spot {
                line,
                field: u32::try_from(column).ok(),
                byte: from as u64,
            };
            self.scan_value(&block[from..to], column, spot, partial);
        }
        if facts.empty || end < line_feed {
            let between = ends[self.features - 1..ends.len() - 1].windows(2);
            let empty = between.filter(|pair| pair[1] - pair[0] == 1).count();
            let last_is_empty = ends[ends.len() - 2] as usize + 1 == end;
            partial.missing += empty as u64 + u64::from(last_is_empty);
        }
    }
}

/// A line without the carriage return before its line feed.
fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
