//! Scanning a block of rows: the slow, obvious way.

use std::collections::BTreeMap;

use memchr::memchr_iter;
use odmkit_columns::cell::{self, Cell};
use odmkit_columns::missing::Missing;
use odmkit_columns::number::OutOfRange;
use odmkit_formats::{Line, Lines, Terminator};

use super::features::FeatureColumn;
use super::layout::{MatrixKind, MatrixLayout};
use super::stray::Stray;
use crate::Spot;
use crate::metadata::look_alike;
use crate::names::is_plain;
use crate::rules::t010_spreadsheet_damage::{self, Damage};
use crate::rules::t012_quoted_field;
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

/// How the line before another one ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Before {
    /// It stands in another block.
    #[default]
    Unknown,
    /// It was a row, or a blank line, that a line feed ends, or the header.
    Whole,
    /// With a carriage return alone.
    Returned {
        /// It had too few fields: the next line goes on with it.
        short: bool,
    },
}

/// A short line at the beginning of a block: what it is depends on the line before.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShortStart {
    /// What is wrong with it if no carriage return stands before it.
    pub(super) fault: Fault,
    pub(super) spot: Spot,
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
    /// Rows with a name and nothing else, and the last of them.
    pub(super) bare: u64,
    pub(super) last_bare: u64,
    /// Rows that say what the header says.
    pub(super) headers: u64,
    /// The last line that does.
    header: Option<u64>,
    /// How the last line ended, where carriage returns alone cut rows.
    pub(super) before: Before,
    pub(super) start: Option<ShortStart>,
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
        self.faults.is_empty()
    }

    /// Takes in a row with too few fields, unless it is what is left of a row that a carriage return has cut: that is
    /// told of where it begins.
    fn add_part(&mut self, fault: Fault, spot: Spot) {
        match self.before {
            Before::Unknown => self.start = Some(ShortStart { fault, spot }),
            Before::Whole => self.faults.add(fault, b"", spot, b""),
            Before::Returned { short: false } => {
                self.faults.add(Fault::Stray(Stray::Returned), b"", spot, b"");
            }
            Before::Returned { short: true } => {
                self.rows -= 1;
                self.broken -= 1;
            }
        }
    }

    /// Takes in so many blank lines that are all the same and of which this is the first.
    pub(super) fn add_blank_lines(&mut self, first: &Line<'_>, count: u64) {
        let spot = Spot {
            line: self.lines,
            field: None,
            byte: first.start as u64,
        };
        self.lines += count;
        self.before = Before::Whole;
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
        partial.rows += 1;
        row.ends.clear();
        row.ends.extend(memchr_iter(b'\t', text));
        row.ends.push(text.len());
        let returned = line.terminator == Terminator::Cr;
        self.scan_row(text, number, line.start as u64, line.terminator, row, partial);
        partial.before = if returned {
            let short = row.ends.len() < self.width();
            Before::Returned { short }
        } else {
            Before::Whole
        };
    }

    fn scan_row(
        &self,
        text: &[u8],
        line: u64,
        byte: u64,
        ended: Terminator,
        row: &mut Row,
        partial: &mut MatrixPartial,
    ) {
        let width = self.width();
        let found = row.ends.len();
        if found != width {
            let padded = found > width && text[row.ends[width - 1]..].trim_ascii().is_empty();
            let spot = |field: usize| Spot {
                line,
                field: u32::try_from(field).ok(),
                byte: byte + row.start(field) as u64,
            };
            if padded {
                partial
                    .faults
                    .add(Fault::PaddingTabs, b"", spot(width), &text[row.ends[width - 1]..]);
            } else {
                let cut_off = || (ended == Terminator::End).then_some(Stray::CutOff);
                let stray = if found < width {
                    Stray::judge(text, self.kind, width).or_else(cut_off)
                } else {
                    None
                };
                let is_row = !stray.is_some_and(Stray::is_no_row);
                if is_row {
                    partial.broken += 1;
                } else {
                    partial.rows -= 1;
                }
                // A row with NULs is no row: that is told of by itself.
                if memchr::memchr(0, text).is_some() {
                    return;
                }
                let width_of_it = || Fault::Ragged(u32::try_from(found).unwrap_or(u32::MAX));
                let fault = stray.map_or_else(width_of_it, Fault::Stray);
                // The first field that should not be there, or the last that is.
                let spot = spot(if found > width { width } else { found - 1 });
                if self.returns_cut && found < width && is_row {
                    let fault = if ended == Terminator::Cr {
                        Fault::Stray(Stray::Returned)
                    } else {
                        fault
                    };
                    partial.add_part(fault, spot);
                } else {
                    partial.faults.add(fault, b"", spot, b"");
                }
                return;
            }
        }
        self.scan_features(text, line, byte, row, partial);
        if text[row.ends[self.features - 1]..]
            .iter()
            .all(|byte| *byte == b'\t')
        {
            self.see_bare(text, line, row, partial);
        }
        for column in self.features..width {
            let start = row.start(column);
            let spot = Spot {
                line,
                field: u32::try_from(column).ok(),
                byte: byte + start as u64,
            };
            self.scan_value(&text[start..row.ends[column]], column, spot, partial);
        }
    }

    /// Judges a value cell by the exact grammar.
    pub(super) fn scan_value(&self, cell: &[u8], column: usize, spot: Spot, partial: &mut MatrixPartial) {
        let judged = cell::judge(cell);
        if matches!(judged, Cell::Text | Cell::OutOfRange(OutOfRange::Infinity)) {
            *partial.odd.entry(column).or_default() += 1;
        }
        let fault = match judged {
            Cell::Number => return,
            Cell::Missing(missing) => {
                partial.missing += 1;
                match (self.kind, missing) {
                    (_, Missing::Empty) | (MatrixKind::Frame, Missing::Token | Missing::Infinity { .. }) => {
                        return;
                    }
                    // The header once more, with a sample that is called so.
                    (MatrixKind::Gct, _) if self.name(column).as_bytes() == cell.trim_ascii() => return,
                    (MatrixKind::Gct, _) => Fault::MissingToken {
                        infinite: missing.value().is_some(),
                    },
                    (MatrixKind::Frame, _) => Fault::NearMissing,
                }
            }
            Cell::OutOfRange(out) => Fault::OutOfRange(out),
            Cell::Padded => Fault::PaddedValue,
            Cell::Text => {
                // What is no text at all has been told of already.
                if cell.contains(&0) || std::str::from_utf8(cell).is_err() {
                    return;
                }
                // What becomes of a column that has no name, of which is told, settles its values.
                if self.doubtful_until.is_some_and(|until| column < until) || self.name(column).is_empty() {
                    return;
                }
                if self.name(column).as_bytes() == cell.trim_ascii() {
                    partial.headers += u64::from(column == self.features);
                    // All names of a line are one fault.
                    if partial.header.replace(spot.line) != Some(spot.line) {
                        partial.faults.add(Fault::HeaderAgain, b"", spot, cell);
                    }
                    return;
                }
                if self.text_columns.contains(&column) {
                    return partial.faults.add(Fault::TextColumn, b"", spot, cell);
                }
                match NotANumber::judge(&String::from_utf8_lossy(cell)) {
                    NotANumber::Text | NotANumber::Date if self.mixed_columns.contains(&column) => {
                        Fault::MixedColumn(u32::try_from(column).unwrap_or(u32::MAX))
                    }
                    NotANumber::Quoted if is_quoted_number(cell) => Fault::QuotedValue,
                    other => Fault::NotANumber(other),
                }
            }
        };
        let cause: &[u8] = match fault {
            Fault::MissingToken { .. }
            | Fault::NearMissing
            | Fault::NotANumber(NotANumber::Text | NotANumber::SpreadsheetError) => cell.trim_ascii(),
            _ => b"",
        };
        partial.faults.add(fault, cause, spot, cell);
    }

    /// Takes in a row without a value: without a description it may be a note that a spreadsheet padded.
    pub(super) fn see_bare(&self, text: &[u8], line: u64, row: &Row, partial: &mut MatrixPartial) {
        let described = || {
            let description = text.get(row.ends[0]..row.ends[self.features - 1]);
            description.is_some_and(|description| !description.trim_ascii().is_empty())
        };
        if self.described && !described() {
            partial.bare += 1;
            partial.last_bare = line;
        }
    }

    pub(super) fn scan_features(
        &self,
        text: &[u8],
        line: u64,
        byte: u64,
        row: &mut Row,
        partial: &mut MatrixPartial,
    ) {
        let keyed = if self.kind == MatrixKind::Gct {
            1
        } else {
            self.features
        };
        let mut key = std::mem::take(&mut row.key);
        key.clear();
        for column in 0..self.features {
            let start = row.start(column);
            let cell = &text[start..row.ends[column]];
            let field = u32::try_from(column).unwrap_or(u32::MAX);
            let spot = Spot {
                line,
                field: Some(field),
                byte: byte + start as u64,
            };
            let trimmed = trim(cell);
            // Quotes around nothing are no name, and no description.
            let is_gct = self.kind == MatrixKind::Gct;
            let blank = trimmed.is_empty() || (is_gct && t012_quoted_field::is_hollow(trimmed));
            if keyed == 1 && column == 0 {
                if !blank {
                    partial.names.push(trimmed, line, byte);
                }
            } else if column < keyed {
                if column > 0 {
                    key.push(b'\t');
                }
                key.extend_from_slice(trimmed);
            }
            // Descriptions are free text: blanks mean nothing there, nor do quotes inside.
            let described = is_gct && column > 0;
            if is_gct && blank && (column == 0 || self.described) {
                let fault = if column == 0 {
                    Fault::EmptyName
                } else {
                    Fault::EmptyDescription
                };
                partial.faults.add(fault, b"", spot, cell);
            } else if trimmed.len() < cell.len() && !described && !trimmed.is_empty() {
                partial.faults.add(Fault::PaddedFeature(field), b"", spot, cell);
            }
            if let Some(cause) =
                t012_quoted_field::cause_of(trimmed, described).filter(|_| !(is_gct && blank))
            {
                partial.faults.add(Fault::QuotedFeature(field), cause, spot, cell);
            }
            if !described
                && !is_plain(trimmed)
                && let Ok(identifier) = std::str::from_utf8(trimmed)
            {
                if identifier.contains(look_alike::LOST) {
                    partial.faults.add(Fault::Lost(field), b"", spot, trimmed);
                } else if look_alike::invisible(identifier).is_some() {
                    partial.faults.add(Fault::Odd(field), b"", spot, trimmed);
                }
            }
            if may_be_damaged(trimmed)
                && let Ok(identifier) = std::str::from_utf8(trimmed)
                && let Some(damage) = if column == 0 {
                    t010_spreadsheet_damage::judge_feature(identifier)
                } else {
                    // What describes a feature may well be such a number.
                    t010_spreadsheet_damage::judge(identifier).filter(|damage| *damage != Damage::Number)
                }
            {
                partial.faults.add(Fault::Damaged(damage), b"", spot, cell);
            }
            if let Some(feature) = partial.features.get_mut(column) {
                feature.add(cell, spot);
            }
        }
        if key.iter().any(|byte| *byte != b'\t') {
            partial.names.push(&key, line, byte);
        }
        row.key = key;
    }
}

/// Whether a value would be one but for the quotes around it.
pub fn is_quoted_number(cell: &[u8]) -> bool {
    let trimmed = cell.trim_ascii();
    t012_quoted_field::is_quoted(trimmed)
        && matches!(
            cell::judge(&trimmed[1..trimmed.len() - 1]),
            Cell::Number | Cell::Missing(_) | Cell::Padded
        )
}

/// Whether it is worth asking what a spreadsheet did to an identifier: of most their length or their bytes tell.
pub(super) fn may_be_damaged(identifier: &[u8]) -> bool {
    let is_mark = |byte: &u8| matches!(byte, b'-' | b'+' | b'/' | b'!' | b'?' | b'#');
    match identifier.len() {
        ..=12 => identifier.iter().any(is_mark),
        19 => identifier.ends_with(t010_spreadsheet_damage::MIDNIGHT),
        _ => false,
    }
}

/// The cell without white space around it: mostly there is none.
fn trim(cell: &[u8]) -> &[u8] {
    let bare = |byte: Option<&u8>| byte.is_some_and(|byte| *byte > b' ' && byte.is_ascii());
    if bare(cell.first()) && bare(cell.last()) {
        return cell;
    }
    // Blanks that do not break are no ASCII.
    let text = std::str::from_utf8(cell).map(str::trim);
    text.map_or_else(|_| cell.trim_ascii(), str::as_bytes)
}

/// Where the fields of a row end, from its beginning; buffers that are used again for each row.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) ends: Vec<usize>,
    key: Vec<u8>,
}

impl Row {
    fn start(&self, column: usize) -> usize {
        if column == 0 { 0 } else { self.ends[column - 1] + 1 }
    }
}
