//! Scanning a block of rows.

use std::collections::HashSet;

use odmkit_columns::number::{self, OutOfRange};
use odmkit_formats::facs::{Column, Readout};
use odmkit_formats::{Cutter, Lines, Row};

use super::FacsLayout;
use crate::Spot;
use crate::rows::{self, Place, Quotes, RowFault};
use crate::rules::k002_bad_facs_record::Fault as Bad;
use crate::rules::t012_quoted_field;
use crate::tally::Tally;
use crate::values::NotANumber;

/// What can be wrong with a row or a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    Row(RowFault),
    Bad(Bad),
    OutOfRange(OutOfRange),
}

/// What one block of rows says.
#[derive(Debug, Default)]
pub struct FacsPartial {
    /// Rows.
    pub rows: u64,
    pub(super) faults: Tally<Fault>,
    /// The samples in the order in which they are first met.
    pub(super) samples: Vec<(Box<[u8]>, Spot)>,
    pub(super) seen: HashSet<Box<[u8]>>,
    /// Rows of `Count` and of `Counts`, and the first of each.
    pub(super) counts: [(u64, Option<Spot>); 2],
}

impl From<RowFault> for Fault {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

impl FacsLayout {
    /// Scans a block of whole lines.
    pub fn scan(&self, block: &[u8]) -> FacsPartial {
        let mut partial = FacsPartial::default();
        let mut cutter = Cutter::default();
        let (mut lines, mut next) = (Lines::new(block), 0);
        while let Some(line) = lines.next() {
            let place = Place::new(next, &line);
            next += 1;
            if line.is_blank() {
                next += rows::blank_lines(&mut lines, &line, place, &mut partial.faults);
                continue;
            }
            let row = cutter.cut(line.text);
            if rows::is_header(&row, place, &self.names, &mut partial.faults) {
                continue;
            }
            partial.rows += 1;
            if rows::fits(&row, place, self.width(), &mut partial.faults) {
                self.scan_row(&row, place, &mut partial);
            }
        }
        partial
    }

    fn scan_row(&self, row: &Row<'_>, place: Place, partial: &mut FacsPartial) {
        let mut readout = None;
        let mut quotes = Quotes::default();
        // The columns are in the order of `Column::ALL`: the readout comes before the value.
        for (column, index) in &self.columns {
            let Some(text) = rows::trimmed(row, place, *index, &mut partial.faults) else {
                continue;
            };
            let spot = place.field(row, *index);
            // Quotes around nothing are no name.
            let is_marker = *column == Column::Marker;
            let blank = text.is_empty() || (!is_marker && t012_quoted_field::is_hollow(text));
            let is_name = !matches!(column, Column::Value | Column::ReadoutType);
            let needed = !matches!(column, Column::CellPopulation | Column::Marker);
            let bare = quotes.taken_off(text, spot, needed);
            let text = &*bare;
            let cause = t012_quoted_field::cause_of(text, true).filter(|_| is_name && !blank);
            if let Some(cause) = cause {
                let fault = RowFault::Quoted(u32::try_from(*index).unwrap_or(u32::MAX));
                partial.faults.add(fault.into(), cause, spot, text);
            }
            if blank {
                if !is_marker {
                    partial
                        .faults
                        .add(Fault::Bad(Bad::Blank), column.name().as_bytes(), spot, text);
                }
                continue;
            }
            match column {
                Column::Sample => partial.sample(text, spot),
                Column::ReadoutType => {
                    readout = Readout::parse(text);
                    partial.readout(readout, text, spot);
                }
                Column::Value => partial.value(readout, text, spot),
                Column::CellPopulation | Column::Marker => {}
            }
        }
        quotes.report(&mut partial.faults);
    }
}

impl FacsPartial {
    fn sample(&mut self, text: &[u8], spot: Spot) {
        // Rows of one sample mostly follow each other.
        let same = self.samples.last().is_some_and(|(last, _)| **last == *text);
        if !same && self.seen.insert(text.into()) {
            self.samples.push((text.into(), spot));
        }
    }

    fn readout(&mut self, readout: Option<Readout>, text: &[u8], spot: Spot) {
        let slot = match readout {
            None => return self.faults.add(Fault::Bad(Bad::Readout), text, spot, text),
            Some(Readout::Count) => 0,
            Some(Readout::Counts) => 1,
            Some(Readout::Median | Readout::Percentage) => return,
        };
        self.counts[slot].0 += 1;
        self.counts[slot].1.get_or_insert(spot);
    }

    fn value(&mut self, readout: Option<Readout>, text: &[u8], spot: Spot) {
        let Some(value) = number::parse(text) else {
            let kind = NotANumber::judge(&String::from_utf8_lossy(text));
            let cause = match kind {
                NotANumber::Text | NotANumber::SpreadsheetError if !text.ends_with(b"%") => text,
                _ => b"",
            };
            return self.faults.add(Fault::Bad(Bad::Value(kind)), cause, spot, text);
        };
        if let Some(out) = number::out_of_range(text, value) {
            self.faults.add(Fault::OutOfRange(out), b"", spot, text);
        } else if readout.is_some_and(Readout::counts) && value.fract() != 0.0 {
            self.faults.add(Fault::Bad(Bad::Fraction), b"", spot, text);
        }
    }
}
