//! Scanning a block of rows at the speed of memory: [`scan`](MatrixLayout::scan) with the same result.
//!
//! A kernel goes once over each row; only values that are not plainly fine, and lines that do not have the header's
//! number of fields before any padding of tabs, are judged by the slow scan's own functions.

use odmkit_columns::kernel::{Kernel, OddValue, RowFacts};
use odmkit_formats::{Line, Terminator};

use super::layout::MatrixLayout;
use super::scan::{Fault, MatrixPartial, Row};
use crate::Spot;
use crate::text::{TextFacts, TextPartial};

/// A thread's buffers, used again for each block.
#[derive(Debug, Default)]
pub struct ScanBuffers {
    ends: Vec<u32>,
    odd: Vec<OddValue>,
    pub(super) row: Row,
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
        let mut facts = TextFacts::default();
        let partial = if u32::try_from(block.len()).is_ok() {
            self.scan_rows(kernel, block, &mut facts, buffers)
        } else {
            None
        };
        match partial {
            Some(partial) => (partial, TextPartial::of_facts(block, &facts)),
            None => (self.scan(block), crate::text::scan(block)),
        }
    }

    /// `None` where a carriage return alone ends a line: kernels do not know of these.
    fn scan_rows(
        &self,
        kernel: Kernel,
        block: &[u8],
        facts: &mut TextFacts,
        buffers: &mut ScanBuffers,
    ) -> Option<MatrixPartial> {
        let mut partial = self.empty_partial();
        let ScanBuffers { ends, odd, row } = buffers;
        let mut start = 0;
        while start < block.len() {
            let found = kernel.row(block, start, self.features, ends, odd);
            facts.lines += u64::from(block[found.next - 1] == b'\n');
            facts.returned_lines += u64::from(found.carriage_return);
            facts.nul |= found.nul;
            facts.high |= found.high;
            if found.lone_carriage_return {
                return None;
            }
            if partial.pasted {
                partial.lines += 1;
                start = found.next;
                continue;
            }
            let padding = (found.tabs + 1).checked_sub(self.width());
            if let Some(padding) = padding
                && found.end > start
                && !matches!(block[start], b' ' | b'\t')
                && block[found.end - padding..found.end]
                    .iter()
                    .all(|byte| *byte == b'\t')
            {
                let end = found.end - padding;
                if padding > 0 {
                    let spot = Spot {
                        line: partial.lines,
                        field: u32::try_from(self.width()).ok(),
                        byte: end as u64 + 1,
                    };
                    let faults = &mut partial.faults;
                    faults.add(Fault::PaddingTabs, b"", spot, &block[end..found.end]);
                }
                // What is left are the fields of the header: padding counts as values that are nothing.
                let found = RowFacts {
                    end,
                    tabs: found.tabs - padding,
                    empty: found.empty - padding as u64,
                    ..found
                };
                row.ends.clear();
                row.ends.extend(ends.iter().map(|place| *place as usize - start));
                if ends.len() < self.features {
                    row.ends.push(found.end - start);
                }
                self.scan_plain_row(block, start, &found, odd, row, &mut partial);
                start = found.next;
                continue;
            }
            // Another number of fields, or perhaps a blank line: whatever it is, the slow scan knows.
            let line = Line {
                text: &block[start..found.end],
                start,
                terminator: match found.next - found.end {
                    0 => Terminator::End,
                    1 => Terminator::Lf,
                    _ => Terminator::Crlf,
                },
            };
            start = found.next;
            if line.is_blank() {
                let more = line.repeats(block);
                start += more * line.length();
                let more = more as u64;
                partial.add_blank_lines(&line, 1 + more);
                facts.lines += more;
                facts.returned_lines += if found.carriage_return { more } else { 0 };
            } else {
                self.scan_line(&line, row, &mut partial);
            }
        }
        Some(partial)
    }

    /// Scans a row of the right number of fields, of which `row` has the ends of those that describe it.
    fn scan_plain_row(
        &self,
        block: &[u8],
        start: usize,
        found: &RowFacts,
        odd: &[OddValue],
        row: &mut Row,
        partial: &mut MatrixPartial,
    ) {
        let line = partial.lines;
        partial.lines += 1;
        let values = row.ends[self.features - 1] + 1;
        let text = &block[start..found.end];
        let valueless = found.empty == (self.width() - self.features) as u64;
        let Some(bare) = self.begin_row(text, line, start as u64, valueless, row, partial) else {
            return;
        };
        if !bare {
            partial.settle(false);
        }
        partial.missing += found.empty;
        self.scan_features(text, line, start as u64, bare, row, partial);
        for value in odd {
            let place = value.place as usize;
            let before = block[start + values..place]
                .iter()
                .rposition(|byte| *byte == b'\t');
            let from = before.map_or(start + values, |at| start + values + at + 1);
            let after = block[place..found.end].iter().position(|byte| *byte == b'\t');
            let to = after.map_or(found.end, |at| place + at);
            let column = self.features + value.value as usize;
            let spot = Spot {
                line,
                field: u32::try_from(column).ok(),
                byte: from as u64,
            };
            self.scan_value(&block[from..to], column, spot, partial);
        }
    }
}
