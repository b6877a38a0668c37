//! One pass over the rows of a block, for whoever takes them.

use memchr::memchr_iter;
use odmkit_core::ByteOffset;
use odmkit_formats::Lines;

use super::{FoundRow, RaggedRow, RowShape, Rows, TakeRows, WatchRows, narrow};
use crate::cell::{self, Value};
use crate::kernel::{BlockFacts, Kernel};

/// Rows as they are read.
pub(super) struct Pass<'a, T> {
    shape: &'a RowShape,
    taker: &'a mut T,
    together: usize,
    /// Those that the taker does not yet have.
    rows: Rows,
    odd: Vec<u32>,
}

impl<'a, T: TakeRows> Pass<'a, T> {
    fn new(shape: &'a RowShape, taker: &'a mut T) -> Self {
        Self {
            shape,
            together: taker.together(),
            taker,
            rows: Rows::default(),
            odd: Vec::new(),
        }
    }

    /// Reads a block line by line.
    pub(super) fn slow(shape: &'a RowShape, block: &[u8], taker: &'a mut T) -> Result<(), RaggedRow> {
        let mut pass = Self::new(shape, taker);
        let mut ends = Vec::with_capacity(shape.width + 1);
        for line in Lines::new(block) {
            pass.push_line(block, line.start, line.start + line.text.len(), &mut ends)?;
        }
        pass.finish();
        Ok(())
    }

    /// Reads a block of which a kernel has found the ends of cells. `false` where the slow way is to tell.
    pub(super) fn fast<W: WatchRows>(
        shape: &'a RowShape,
        kernel: Kernel,
        block: &[u8],
        facts: &BlockFacts,
        ends: &mut [u32],
        taker: &'a mut T,
        watcher: &mut W,
    ) -> bool {
        let mut pass = Self::new(shape, taker);
        let together = pass.together.min(shape.height(facts, ends));
        pass.rows.values.reserve(shape.value_columns() * together);
        let mut slow_ends = Vec::new();
        let (mut next, mut start, mut line_feeds, mut returned) = (0, 0, 0, 0);
        while next < ends.len() {
            // An empty line, and the others that follow it: a file may be full of them.
            let empty = ends[next..].iter().zip(start..);
            let empty = empty
                .take_while(|(end, at)| **end as usize == *at && block[*at] == b'\n')
                .count();
            if empty > 0 {
                watcher.other();
                (start, next) = (start + empty, next + empty);
                line_feeds += empty as u64;
                continue;
            }
            let last = next + shape.width - 1;
            let whole = ends.get(last).and_then(|end| row_end(block, &ends[last..], *end));
            if let Some((over, field_end, carriage_return)) = whole
                && field_end as usize > start
                && !matches!(block[start], b' ' | b'\t')
            {
                // Where the next row begins is read before the end of the last field is put right.
                let after = ends[last + over] as usize + 1;
                ends[last] = field_end;
                pass.push_indexed(kernel, block, start, &ends[next..=last]);
                if over == 0 {
                    watcher.row(FoundRow {
                        block,
                        start,
                        ends: &ends[next..=last],
                        odd: &pass.odd,
                    });
                } else {
                    watcher.other();
                }
                start = after;
                next = last + over + 1;
                returned += u64::from(carriage_return);
            } else {
                watcher.other();
                let line = ends[next..].iter().position(|end| block[*end as usize] == b'\n');
                let Some(line) = line else { break };
                let end = ends[next + line] as usize;
                let carriage_return = end > start && block[end - 1] == b'\r';
                let text_end = end - usize::from(carriage_return);
                if pass.push_line(block, start, text_end, &mut slow_ends).is_err() {
                    // Perhaps an earlier line was at fault, passed over with the next: the slow way tells.
                    return false;
                }
                start = end + 1;
                next += line + 1;
                returned += u64::from(carriage_return);
            }
            line_feeds += 1;
        }
        if start < block.len() {
            watcher.other();
            if pass.push_line(block, start, block.len(), &mut slow_ends).is_err() {
                return false;
            }
        }
        // Two short lines can have the separators of one long one. Then a line feed was passed over. A carriage return
        // that is not before a line feed ends a line by itself.
        let whole = line_feeds == facts.line_feeds && returned == facts.carriage_returns;
        if whole {
            pass.finish();
        }
        whole
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
        let described = self.shape.numeric_features.len();
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
            if column < described {
                self.taker.describe(column, field);
            } else {
                let value = self.judge(cell::value(field), column - described);
                self.rows.values.push(value);
            }
            from = to + 1;
        }
        self.end_row();
        Ok(())
    }

    /// Takes a row of the right number of fields, which end at `ends`.
    fn push_indexed(&mut self, kernel: Kernel, block: &[u8], start: usize, ends: &[u32]) {
        let (described, measured) = ends.split_at(self.shape.numeric_features.len());
        let mut from = start;
        for (column, end) in described.iter().enumerate() {
            self.taker.describe(column, &block[from..*end as usize]);
            from = *end as usize + 1;
        }
        let row = self.rows.values.len();
        kernel.read(block, from, measured, &mut self.rows.values, &mut self.odd);
        let odd = std::mem::take(&mut self.odd);
        for &at in &odd {
            let column = at as usize;
            let from = if column == 0 {
                from
            } else {
                measured[column - 1] as usize + 1
            };
            let value = cell::value(&block[from..measured[column] as usize]);
            self.rows.values[row + column] = self.judge(value, column);
        }
        self.odd = odd;
        self.end_row();
    }

    fn end_row(&mut self) {
        self.rows.count += 1;
        if self.rows.count == self.together {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        let rows = &mut self.rows;
        self.taker.take(rows);
        rows.count = 0;
        rows.values.clear();
        rows.missing.clear();
        rows.text = 0;
        rows.infinite = false;
    }

    /// The number; zero where there is none, and a note of that.
    fn judge(&mut self, value: Value, column: usize) -> f64 {
        let rows = &mut self.rows;
        rows.text += u64::from(value == Value::Text);
        if let Value::Number(number) = value {
            rows.infinite |= number.is_infinite();
            number
        } else {
            rows.missing.push((narrow(rows.count), narrow(column)));
            0.0
        }
    }

    fn finish(mut self) {
        if self.rows.count > 0 {
            self.hand_over();
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
