//! Scanning a block of records.

use std::borrow::Cow;

use odmkit_columns::number;
use odmkit_formats::vcf::{self, BadPosition, FIXED, Version};
use odmkit_formats::{Cutter, Line, Lines, Row, Terminator, fields};

use super::VcfLayout;
use super::cut::{Beginning, Part, Rest};
use super::order::Runs;
use crate::Spot;
use crate::matrix::Stray;
use crate::rows::{self, Place, Quotes, RowFault};
use crate::rules::t012_quoted_field;
use crate::rules::v002_bad_vcf_record::Fault as Bad;
use crate::rules::v005_loose_vcf_field::Oddity;
use crate::tally::Tally;
use crate::values::NotANumber;

/// What can be wrong with a line below the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    Row(RowFault),
    /// A record with a line break in it.
    Stray(Stray),
    Header,
    Bad(Bad),
    Loose(Oddity),
    /// Quotes around nothing.
    Hollow,
}

/// What one block of records says.
#[derive(Debug, Default)]
pub struct VcfPartial {
    /// Records.
    pub rows: u64,
    pub(super) faults: Tally<Fault>,
    pub(super) runs: Runs,
    /// The first line, where it may be the rest of a record that the block before it begins.
    pub(super) rest: Option<Rest>,
    /// The last line, where it may be the beginning of a record.
    pub(super) open: Option<Beginning<Spot>>,
}

/// The columns, by their 0-based indices.
pub(super) const CHROM: usize = 0;
pub(super) const POS: usize = 1;
const ID: usize = 2;
const REF: usize = 3;
const ALT: usize = 4;
const QUAL: usize = 5;
const FILTER: usize = 6;
const INFO: usize = 7;
const FORMAT: usize = 8;

/// Whether ODM refuses a record for quotes around the field of this column.
fn needs_no_quotes(column: usize) -> bool {
    (POS..=QUAL).contains(&column) && column != ID
}

/// Whether there are quotes around fields of the first record, and if so, whether ODM refuses it for them.
pub(super) fn quotes_of_first(records: &[u8]) -> Option<bool> {
    let is_record = |line: &Line<'_>| !line.is_blank() && !line.text.starts_with(b"#");
    let first = Lines::new(records).find(is_record)?;
    let is_quoted = |field: &[u8]| t012_quoted_field::comes_off(field.trim_ascii());
    let quoted = fields(first.text)
        .enumerate()
        .filter(|(_, (_, field))| is_quoted(field))
        .map(|(column, _)| column);
    quoted.map(needs_no_quotes).reduce(|one, other| one || other)
}

/// From this version on INFO may have blanks and chromosomes colons.
const LENIENT: Version = Version { major: 4, minor: 3 };

impl From<RowFault> for Fault {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

impl VcfLayout {
    /// Scans a block of whole lines.
    pub fn scan(&self, block: &[u8]) -> VcfPartial {
        let mut partial = VcfPartial::default();
        let mut cutter = Cutter::default();
        let (mut lines, mut next) = (Lines::new(block), 0);
        while let Some(line) = lines.next() {
            let place = Place::new(next, &line);
            next += 1;
            if line.is_blank() {
                partial.close();
                next += rows::blank_lines(&mut lines, &line, place, &mut partial.faults);
            } else if line.text.starts_with(b"#") {
                partial.close();
                partial.faults.add(Fault::Header, b"", place.spot(), b"");
            } else {
                partial.rows += 1;
                self.scan_line(&cutter.cut(line.text), &line, place, &mut partial);
            }
        }
        partial
    }

    /// Scans a line that is a record, or a part of one.
    fn scan_line(&self, row: &Row<'_>, line: &Line<'_>, place: Place, partial: &mut VcfPartial) {
        let (width, found) = (self.width(), row.width());
        let part = Part::of(row, width);
        if part == Part::Rest {
            let is_joined = partial.open.is_some_and(|open| open.goes_on(found, width));
            if let Some(open) = partial.open.take_if(|_| is_joined) {
                partial.rows -= 1;
                partial.faults.add(Fault::Stray(open.stray), b"", open.at, b"");
            } else if place.line == 0 {
                let last = if found == width { CHROM } else { found - 1 };
                partial.rest = Some(Rest {
                    fields: found,
                    at: place.field(row, last),
                });
            }
            if is_joined || place.line == 0 {
                if found == width {
                    self.scan_fields(row, place, true, partial);
                }
                return;
            }
        }
        partial.close();
        if part == Part::Beginning {
            partial.open = Some(Beginning {
                fields: found,
                at: place.field(row, found - 1),
                stray: if line.terminator == Terminator::Cr {
                    self.returned
                } else {
                    Stray::LineBreak
                },
            });
            return;
        }
        self.scan_record(row, place, partial);
    }

    fn scan_record(&self, row: &Row<'_>, place: Place, partial: &mut VcfPartial) {
        if row.width() == 1 && words(row.field(0)) >= FIXED.len() {
            partial
                .faults
                .add(Fault::Bad(Bad::NoTabs), b"", place.spot(), b"");
            return;
        }
        if !rows::fits(row, place, self.width(), &mut partial.faults) {
            return;
        }
        if is_no_record(row) {
            partial
                .faults
                .add(Fault::Bad(Bad::NoRecord), b"", place.spot(), b"");
            return;
        }
        self.scan_fields(row, place, false, partial);
    }

    /// Judges the fields under their names; `is_rest` says that the chromosome may stand on the line above.
    fn scan_fields(&self, row: &Row<'_>, place: Place, is_rest: bool, partial: &mut VcfPartial) {
        let mut record = Record {
            row,
            place,
            partial,
            quotes: Quotes::default(),
        };
        self.scan_place(&mut record, is_rest);
        record.judge(ID, |text| {
            (text.is_empty().then_some(Oddity::Blank))
                .or_else(|| has_blank(text).then_some(Oddity::WhiteSpace))
                .map(Fault::Loose)
        });
        record.judge(REF, reference);
        record.judge(ALT, alternatives);
        record.judge(QUAL, quality);
        record.judge(FILTER, |text| {
            let oddity = match text {
                b"" => Oddity::Blank,
                b"0" => Oddity::FilterZero,
                text if has_blank(text) => Oddity::WhiteSpace,
                _ => return None,
            };
            Some(Fault::Loose(oddity))
        });
        let lenient = self.is_lenient();
        record.judge(INFO, |text| {
            let oddity = match text {
                b"" => Oddity::Blank,
                text if !lenient && has_blank(text) => Oddity::WhiteSpace,
                _ => return None,
            };
            Some(Fault::Loose(oddity))
        });
        if self.format {
            self.scan_samples(&mut record);
        }
        record.quotes.report(&mut record.partial.faults);
    }

    /// CHROM and POS.
    fn scan_place(&self, record: &mut Record<'_, '_>, is_rest: bool) {
        let (row, place) = (record.row, record.place);
        let mut position = None;
        let lenient = self.is_lenient();
        record.judge(CHROM, |text| match text {
            b"" if is_rest => None,
            b"" | b"." => Some(Fault::Bad(Bad::NoChromosome)),
            text if has_blank(text) => Some(Fault::Loose(Oddity::WhiteSpace)),
            text if !lenient && text.contains(&b':') => Some(Fault::Loose(Oddity::Colon)),
            _ => None,
        });
        record.judge(POS, |text| match vcf::position(text) {
            Ok(found) => {
                position = Some(found);
                None
            }
            Err(bad) => Some(Fault::Bad(Bad::Position(bad))),
        });
        let field = row.field(CHROM).trim_ascii();
        let chromosome = t012_quoted_field::unquoted(field).unwrap_or(Cow::Borrowed(field));
        // What is not UTF-8 is told of by itself.
        if !chromosome.is_empty() && std::str::from_utf8(&chromosome).is_ok() {
            let spots = (place.field(row, CHROM), place.field(row, POS));
            record.partial.runs.add(&chromosome, spots, position);
        }
    }

    fn scan_samples(&self, record: &mut Record<'_, '_>) {
        let mut keys = None;
        record.judge(FORMAT, |text| {
            if text.is_empty() {
                return Some(Fault::Loose(Oddity::Blank));
            }
            keys = (text != b".").then(|| vcf::keys(text));
            let genotype = text.split(|byte| *byte == b':').position(|key| key == b"GT");
            genotype
                .filter(|index| *index > 0)
                .map(|_| Fault::Loose(Oddity::GenotypeNotFirst))
        });
        for column in self.first_sample()..self.width() {
            record.judge(column, |text| {
                if text.is_empty() {
                    // Of a column without a name that is told.
                    let is_named = !self.name(column).is_empty();
                    return is_named.then_some(Fault::Loose(Oddity::BlankSample));
                }
                keys.filter(|keys| vcf::keys(text) > *keys)
                    .map(|_| Fault::Bad(Bad::TooManyParts))
            });
        }
    }

    fn is_lenient(&self) -> bool {
        self.version.is_some_and(|version| version >= LENIENT)
    }
}

impl VcfPartial {
    /// Tells of what might have been the beginning of a record, and does not go on.
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.faults.add(open.fault(), b"", open.at, b"");
        }
    }
}

/// A record under judgement.
struct Record<'r, 'p> {
    row: &'r Row<'r>,
    place: Place,
    partial: &'p mut VcfPartial,
    quotes: Quotes<'r>,
}

impl Record<'_, '_> {
    /// Judges one field, without the white space and the quotes around it.
    fn judge(&mut self, column: usize, judge: impl FnOnce(&[u8]) -> Option<Fault>) {
        let Some(text) = rows::trimmed(self.row, self.place, column, &mut self.partial.faults) else {
            return;
        };
        let spot = || self.place.field(self.row, column);
        // Where a certain form is wanted it is told that they are not it.
        if t012_quoted_field::is_hollow(text) && !needs_no_quotes(column) {
            self.partial.faults.add(Fault::Hollow, b"", spot(), text);
            return;
        }
        let bare = if text.first() == Some(&b'"') {
            self.quotes.taken_off(text, spot(), needs_no_quotes(column))
        } else {
            Cow::Borrowed(text)
        };
        let text = &*bare;
        if let Some(fault) = judge(text) {
            // Each of the first columns is a cause of its own; the samples are one.
            let cause = u8::try_from(column).ok().filter(|_| column <= FORMAT);
            let spot = spot();
            self.partial.faults.add(fault, cause.as_slice(), spot, text);
        }
    }
}

/// Whether fields, as they are meant, begin with the place of a variant, and its bases.
pub(super) fn is_record(all: &[Cow<'_, [u8]>]) -> bool {
    let holds = |column: usize, judge: fn(&[u8]) -> bool| all.get(column).is_some_and(|text| judge(text));
    holds(POS, |text| vcf::position(text).is_ok())
        && holds(REF, |text| reference(text).is_none())
        && holds(ALT, |text| alternatives(text).is_none())
}

/// Whether a line with as many fields as a record is none: where the position stands is something else, or nothing, and another
/// field that each record must have is not what it should be.
fn is_no_record(row: &Row<'_>) -> bool {
    let text = |column| t012_quoted_field::meant(row.field(column).trim_ascii());
    // What is not UTF-8 is told of by itself.
    let is_wrong = |column, judge: fn(&[u8]) -> Option<Fault>| {
        let text = text(column);
        std::str::from_utf8(&text).is_ok() && judge(&text).is_some()
    };
    matches!(
        vcf::position(&text(POS)),
        Err(BadPosition::Missing | BadPosition::Text)
    ) && (is_wrong(REF, reference) || is_wrong(ALT, alternatives) || is_wrong(QUAL, quality))
}

fn reference(text: &[u8]) -> Option<Fault> {
    match text {
        b"" | b"." => Some(Fault::Bad(Bad::NoReference)),
        text if !vcf::is_bases(text) => Some(Fault::Bad(Bad::Reference)),
        _ => None,
    }
}

fn alternatives(text: &[u8]) -> Option<Fault> {
    text.split(|byte| *byte == b',').find_map(|entry| match entry {
        b"" => Some(Fault::Bad(Bad::NoAlternative)),
        entry if vcf::allele(entry).is_none() => Some(Fault::Bad(Bad::Alternative)),
        _ => None,
    })
}

fn quality(text: &[u8]) -> Option<Fault> {
    if text == b"." || number::is_number(text) {
        return None;
    }
    if text.is_empty() {
        return Some(Fault::Bad(Bad::NoQuality));
    }
    let unsigned = text
        .strip_prefix(b"-")
        .or(text.strip_prefix(b"+"))
        .unwrap_or(text);
    let special = [b"nan".as_slice(), b"inf", b"infinity"]
        .iter()
        .any(|name| unsigned.eq_ignore_ascii_case(name));
    Some(if special {
        Fault::Loose(Oddity::NotFinite)
    } else {
        Fault::Bad(Bad::Quality(NotANumber::judge(&String::from_utf8_lossy(text))))
    })
}

fn has_blank(text: &[u8]) -> bool {
    memchr::memchr(b' ', text).is_some()
}

/// How many words a text has.
fn words(text: &[u8]) -> usize {
    text.split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .count()
}
