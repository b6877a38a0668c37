//! Scanning a block of rows line by line: the slow, obvious way.

use std::collections::BTreeMap;

use memchr::memchr_iter;
use odmkit_columns::cell::{self, Cell};
use odmkit_columns::number::OutOfRange;
use odmkit_formats::{Line, Lines, Terminator};

use super::features::FeatureColumn;
use super::layout::{MatrixKind, MatrixLayout};
use super::parts::{Judged, Loose, Part, Parts, Shape};
use super::stray::Stray;
use crate::Spot;
use crate::rules::t010_spreadsheet_damage::Damage;
use crate::tally::Tally;
use crate::unique::BlockNames;
use crate::values::NotANumber;

/// What can be wrong with a row or a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    Ragged(u32),
    Stray(Stray),
    HeaderAgain,
    BlankLine,
    PaddingTabs,
    EmptyName,
    EmptyDescription,
    PaddedFeature(u32),
    QuotedFeature(u32),
    QuotedValue,
    Damaged(Damage),
    Odd(u32),
    Lost(u32),
    NotANumber(NotANumber),
    TextColumn,
    MixedColumn(u32),
    MissingToken { infinite: bool },
    NearMissing,
    PaddedValue,
    OutOfRange(OutOfRange),
}

/// What one block of rows says.
#[derive(Debug, Default)]
pub struct MatrixPartial {
    /// Lines, blank ones included.
    pub lines: u64,
    /// Rows, and other lines with as many fields.
    pub rows: u64,
    /// Rows with another number of fields than the header.
    pub(super) broken: u64,
    /// Whether the text ends in the middle of a row.
    pub(super) cut_off: bool,
    /// Rows without a value, and the last of them.
    pub(super) bare: u64,
    pub(super) last_bare: u64,
    /// Rows that say what the header says.
    pub(super) headers: u64,
    /// The last line that does.
    pub(super) header: Option<u64>,
    /// Lines at the beginning that what stands before the block judges.
    pub(super) lead: Vec<(Loose, Spot)>,
    /// Whether a line that stands for itself ends these.
    pub(super) settled: bool,
    /// The lines at the end that are not judged yet.
    pub(super) parts: Parts<Spot>,
    /// Whether another file begins in the block: nothing is said of its rows.
    pub(super) pasted: bool,
    /// Values that are missing.
    pub missing: u64,
    /// Cells of a column that are neither numbers nor missing, for each column that has any.
    pub(super) odd: BTreeMap<usize, u64>,
    pub(super) faults: Tally<Fault>,
    pub(super) names: BlockNames,
    pub(super) features: Vec<FeatureColumn<Spot>>,
}

impl MatrixPartial {
    /// Whether nothing is wrong with any row of the block.
    pub fn is_faultless(&self) -> bool {
        self.faults.is_empty() && self.lead.is_empty() && self.parts.is_idle()
    }

    /// Takes in a line that is judged together with others.
    fn add_loose(&mut self, line: Loose, spot: Spot, shape: Shape) {
        if self.settled {
            self.judge_parts(|parts, judge| parts.add(line, spot, shape, judge));
        } else {
            self.lead.push((line, spot));
        }
    }

    /// Takes in that a line stands for itself. `returned` says that a carriage return ends it that is no end of a line.
    pub(super) fn settle(&mut self, returned: bool) {
        if !self.settled || returned || !self.parts.is_idle() {
            self.settled = true;
            self.judge_parts(|parts, judge| parts.whole(returned, judge));
        }
    }

    fn judge_parts(&mut self, take: impl FnOnce(&mut Parts<Spot>, &mut dyn FnMut(Judged, Spot))) {
        let (faults, rows, broken) = (&mut self.faults, &mut self.rows, &mut self.broken);
        take(&mut self.parts, &mut |judged, spot| {
            faults.add(judged.fault, b"", spot, b"");
            *rows += u64::from(judged.is_broken_row);
            *broken += u64::from(judged.is_broken_row);
        });
    }

    /// Takes in so many blank lines that are all the same and of which this is the first.
    pub(super) fn add_blank_lines(&mut self, first: &Line<'_>, count: u64) {
        let spot = Spot {
            line: self.lines,
            field: None,
            byte: first.start as u64,
        };
        self.lines += count;
        if self.pasted {
            return;
        }
        if self.settled {
            self.judge_parts(|parts, judge| parts.blank(judge));
        } else {
            self.lead.push((Loose::Blank, spot));
        }
        self.faults.add_run(Fault::BlankLine, spot, count, first.length());
    }
}

impl MatrixLayout {
    pub(super) fn empty_partial(&self) -> MatrixPartial {
        let mut partial = MatrixPartial::default();
        if self.kind == MatrixKind::Frame {
            partial
                .features
                .resize_with(self.features, FeatureColumn::default);
        }
        partial
    }

    /// Scans a block of whole lines, cell by cell.
    pub fn scan(&self, block: &[u8]) -> MatrixPartial {
        let mut partial = self.empty_partial();
        let mut row = Row::default();
        let mut lines = Lines::new(block);
        while let Some(line) = lines.next() {
            if line.is_blank() {
                partial.add_blank_lines(&line, 1 + lines.pass_repeats(&line));
            } else {
                self.scan_line(&line, &mut row, &mut partial);
            }
        }
        partial
    }

    /// Scans one line that is not blank.
    pub(super) fn scan_line(&self, line: &Line<'_>, row: &mut Row, partial: &mut MatrixPartial) {
        let text = line.text;
        let number = partial.lines;
        partial.lines += 1;
        if partial.pasted {
            return;
        }
        row.ends.clear();
        row.ends.extend(memchr_iter(b'\t', text));
        row.ends.push(text.len());
        let (width, found) = (self.width(), row.ends.len());
        if found < width {
            return self.scan_short(line, number, row, partial);
        }
        let byte = line.start as u64;
        let returned = self.returns_cut && line.terminator == Terminator::Cr;
        if found > width {
            let beyond = &text[row.ends[width - 1]..];
            let spot = Spot {
                line: number,
                field: u32::try_from(width).ok(),
                byte: byte + row.start(width) as u64,
            };
            if !beyond.trim_ascii().is_empty() {
                partial.settle(returned);
                partial.rows += 1;
                partial.broken += 1;
                // A row with NULs is no row: that is told of by itself.
                if memchr::memchr(0, text).is_none() {
                    let fault = Fault::Ragged(u32::try_from(found).unwrap_or(u32::MAX));
                    partial.faults.add(fault, b"", spot, b"");
                }
                return;
            }
            partial.faults.add(Fault::PaddingTabs, b"", spot, beyond);
        }
        let values = &text[row.ends[self.features - 1]..];
        let valueless = values.iter().all(|byte| *byte == b'\t');
        let Some(bare) = self.begin_row(text, number, byte, valueless && !returned, row, partial) else {
            return;
        };
        if !bare {
            partial.settle(returned);
        }
        self.scan_features(text, number, byte, bare, row, partial);
        for column in self.features..width {
            let start = row.start(column);
            let spot = Spot {
                line: number,
                field: u32::try_from(column).ok(),
                byte: byte + start as u64,
            };
            self.scan_value(&text[start..row.ends[column]], column, spot, partial);
        }
    }

    /// Takes in a line with fewer fields than the header.
    fn scan_short(&self, line: &Line<'_>, number: u64, row: &Row, partial: &mut MatrixPartial) {
        let (text, width, found) = (line.text, self.width(), row.ends.len());
        let stray = Stray::judge(text, self.kind, width)
            .or_else(|| (line.terminator == Terminator::End).then_some(Stray::CutOff));
        let spot = Spot {
            line: number,
            field: u32::try_from(found - 1).ok(),
            byte: (line.start + row.start(found - 1)) as u64,
        };
        let is_row = !stray.is_some_and(Stray::is_no_row);
        let fault = stray.map_or_else(
            || Fault::Ragged(u32::try_from(found).unwrap_or(u32::MAX)),
            Fault::Stray,
        );
        let returned = self.returns_cut && line.terminator == Terminator::Cr;
        let is_alone = stray.is_some_and(Stray::stands_alone);
        let has_nul = memchr::memchr(0, text).is_some();
        if is_alone || has_nul {
            partial.settle(returned);
            partial.rows += u64::from(is_row);
            partial.broken += u64::from(is_row);
            if !has_nul {
                partial.faults.add(fault, b"", spot, b"");
                partial.pasted |= stray == Some(Stray::Version);
                partial.cut_off |= stray == Some(Stray::CutOff);
            }
            return;
        }
        let (mut measured, mut has_number) = (0, false);
        for column in (0..found).rev() {
            match cell::judge(&text[row.start(column)..row.ends[column]]) {
                Cell::Text => break,
                Cell::Missing(_) => {}
                Cell::Number | Cell::OutOfRange(_) | Cell::Padded => has_number = true,
            }
            measured += 1;
        }
        let part = Part {
            fault,
            is_row,
            fields: found,
            measured,
            has_number,
            returned,
        };
        partial.add_loose(Loose::Part(part), spot, self.shape());
    }

    pub(super) fn shape(&self) -> Shape {
        Shape {
            width: self.width(),
            features: self.features,
        }
    }

    /// What a line is that has a first field and nothing else, where it is no row whatever stands around it.
    fn other_line(&self, text: &[u8]) -> Option<Stray> {
        let stray = Stray::judge(text, self.kind, self.width())?;
        (stray.stands_alone() && has_first_alone(text)).then_some(stray)
    }

    /// Whether a line with the fields of the header is no row, or none that a description belongs to.
    pub fn is_no_feature(&self, text: &[u8], has_notes: bool) -> bool {
        has_first_alone(text) && (has_notes || self.other_line(text).is_some())
    }

    /// Takes in that a line with the fields of the header begins, of which `row` has the ends of the first. Gives whether it
    /// is a row with a name and nothing else; `None` where it is no row, but another line that a spreadsheet has padded.
    pub(super) fn begin_row(
        &self,
        text: &[u8],
        line: u64,
        byte: u64,
        valueless: bool,
        row: &Row,
        partial: &mut MatrixPartial,
    ) -> Option<bool> {
        if !valueless {
            partial.rows += 1;
            return Some(false);
        }
        let spot = |field: u32| Spot {
            line,
            field: Some(field),
            byte: byte + if field == 0 { 0 } else { row.start(1) as u64 },
        };
        if let Some(stray) = self.other_line(text) {
            let is_row = u64::from(!stray.is_no_row());
            partial.settle(false);
            partial.rows += is_row;
            partial.broken += is_row;
            partial.faults.add(Fault::Stray(stray), b"", spot(0), b"");
            partial.pasted |= stray == Stray::Version;
            return None;
        }
        partial.rows += 1;
        partial.bare += 1;
        partial.last_bare = line;
        let bare = self.described && has_first_alone(text);
        if bare {
            partial.add_loose(Loose::Bare, spot(1), self.shape());
        }
        Some(bare)
    }
}

/// Whether a line has nothing behind its first field.
fn has_first_alone(line: &[u8]) -> bool {
    memchr::memchr(b'\t', line).is_none_or(|end| line[end..].iter().all(|byte| *byte == b'\t'))
}

/// Where the fields of a row end, from its beginning; buffers that are used again for each row.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) ends: Vec<usize>,
    pub(super) key: Vec<u8>,
}

impl Row {
    pub(super) fn start(&self, column: usize) -> usize {
        if column == 0 { 0 } else { self.ends[column - 1] + 1 }
    }
}
