//! Scanning a block of rows.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};

use odmkit_formats::mapping::{GENE, LONGEST_ID, TRANSCRIPT};
use odmkit_formats::{Cutter, Lines, Row};

use super::MappingLayout;
use crate::Spot;
use crate::rows::{self, Place, Quotes, RowFault};
use crate::rules::t012_quoted_field;
use crate::rules::x001_bad_mapping::Fault as Bad;
use crate::tally::Tally;

/// What can be wrong with a row or an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    Row(RowFault),
    Bad(Bad),
}

/// What one block of rows says.
#[derive(Debug, Default)]
pub struct MappingPartial {
    /// Rows.
    pub rows: u64,
    pub(super) faults: Tally<Fault>,
    pub(super) pairs: Vec<Pair>,
}

/// A transcript, and what tells its gene from others.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) transcript: Box<[u8]>,
    pub(super) gene: u64,
    pub(super) spot: Spot,
}

impl From<RowFault> for Fault {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

impl MappingLayout {
    /// Scans a block of whole lines.
    pub fn scan(&self, block: &[u8]) -> MappingPartial {
        let mut partial = MappingPartial::default();
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

    fn scan_row(&self, row: &Row<'_>, place: Place, partial: &mut MappingPartial) {
        let mut quotes = Quotes::default();
        let transcript = partial.identifier(row, place, (self.transcript, TRANSCRIPT), &mut quotes);
        let gene = partial.identifier(row, place, (self.gene, GENE), &mut quotes);
        quotes.report(&mut partial.faults);
        if let Some(transcript) = transcript {
            let mut digest = DefaultHasher::new();
            digest.write(gene.as_deref().unwrap_or_default());
            partial.pairs.push(Pair {
                transcript: transcript.as_ref().into(),
                gene: digest.finish(),
                spot: place.field(row, self.transcript),
            });
        }
    }
}

impl MappingPartial {
    /// Judges an identifier; `None` where there is none.
    fn identifier<'r>(
        &mut self,
        row: &Row<'r>,
        place: Place,
        (index, name): (usize, &'static str),
        quotes: &mut Quotes<'r>,
    ) -> Option<Cow<'r, [u8]>> {
        let text = rows::trimmed(row, place, index, &mut self.faults)?;
        let spot = place.field(row, index);
        if t012_quoted_field::is_nothing(text) {
            self.faults
                .add(Fault::Bad(Bad::Blank), name.as_bytes(), spot, text);
            return None;
        }
        let bare = quotes.taken_off(text, spot, false);
        let text = &*bare;
        if let Some(cause) = t012_quoted_field::cause_of(text, false) {
            let fault = RowFault::Quoted(u32::try_from(index).unwrap_or(u32::MAX));
            self.faults.add(fault.into(), cause, spot, text);
        }
        // A character has at least one byte.
        if text.len() > LONGEST_ID && String::from_utf8_lossy(text).chars().count() > LONGEST_ID {
            self.faults
                .add(Fault::Bad(Bad::TooLong), name.as_bytes(), spot, text);
        }
        Some(bare)
    }
}
