//! Judging the cells of a row: what describes it, and its values.

use odmkit_columns::cell::{self, Cell};
use odmkit_columns::missing::Missing;
use odmkit_columns::number::OutOfRange;

use super::layout::{HeaderAgain, MatrixKind, MatrixLayout};
use super::scan::{Fault, MatrixPartial, Row};
use crate::Spot;
use crate::metadata::look_alike;
use crate::names::is_plain;
use crate::rules::t010_spreadsheet_damage::{self, Damage};
use crate::rules::t012_quoted_field;
use crate::values::NotANumber;

impl MatrixLayout {
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
                    // The header once more, with a sample that is called so.
                    _ if partial.header == Some(spot.line) => return,
                    (_, Missing::Empty) | (MatrixKind::Frame, Missing::Token | Missing::Infinity { .. }) => {
                        return;
                    }
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
                // What becomes of a column that has no name, or stands there twice, of which is told, settles its values.
                if self.doubtful_until.is_some_and(|until| column < until)
                    || self.name(column).is_empty()
                    || self.copies.contains(&column)
                {
                    return;
                }
                if self.name(column).as_bytes() == cell.trim_ascii() {
                    // All names of a line are one fault.
                    if partial.header.replace(spot.line) != Some(spot.line) {
                        partial.headers += u64::from(column == self.features);
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

    /// Judges the fields that describe a row; `bare` says that it has none but the first, and no values.
    pub(super) fn scan_features(
        &self,
        text: &[u8],
        line: u64,
        byte: u64,
        bare: bool,
        row: &mut Row,
        partial: &mut MatrixPartial,
    ) {
        if self.header_again == HeaderAgain::ByFeatures && self.says_names(text, row) {
            let at = row.ends[self.features - 1] + 1;
            let spot = Spot {
                line,
                field: u32::try_from(self.features).ok(),
                byte: byte + at as u64,
            };
            partial.headers += 1;
            partial.header = Some(line);
            partial.faults.add(Fault::HeaderAgain, b"", spot, b"");
        }
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
                if column == 0 {
                    partial.faults.add(Fault::EmptyName, b"", spot, cell);
                } else if !bare {
                    partial.faults.add(Fault::EmptyDescription, b"", spot, cell);
                }
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

    /// Whether a row says what the header says in the columns that describe rows.
    fn says_names(&self, text: &[u8], row: &Row) -> bool {
        (0..self.features).all(|column| {
            let field = &text[row.start(column)..row.ends[column]];
            field.trim_ascii() == self.name(column).as_bytes()
        })
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
