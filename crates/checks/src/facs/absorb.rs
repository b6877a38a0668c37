//! Taking in what blocks of rows say, and saying what is wrong.

use std::collections::HashSet;

use odmkit_columns::number::OutOfRange;
use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::facs::Readout;

use super::FacsLayout;
use super::scan::{FacsPartial, Fault};
use crate::BlockStart;
use crate::rows::{self, RowFault};
use crate::rules::t011_number_out_of_range::{self, Becomes};
use crate::rules::t012_quoted_field;
use crate::rules::{k002_bad_facs_record, k003_loose_facs_table, t008_no_rows};

/// The rows so far.
#[derive(Debug, Default)]
pub struct FacsState {
    rows: u64,
    seen: HashSet<Box<[u8]>>,
    samples: Vec<(String, Position)>,
    counts: [(u64, Option<Position>); 2],
}

/// What the rows are, all in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacsSummary {
    /// How many there are.
    pub rows: u64,
    /// The distinct samples in the order in which they are first met, each with its first place.
    pub samples: Vec<(String, Position)>,
}

impl FacsState {
    /// Takes in the next block, which begins at `start`.
    pub fn absorb(
        &mut self,
        layout: &FacsLayout,
        partial: FacsPartial,
        start: &BlockStart,
        sink: &mut dyn Sink,
    ) {
        self.rows += partial.rows;
        for group in partial.faults.into_groups() {
            group.report(&layout.path, start, sink, |position, text| {
                finding(layout, group.kind, position, text)
            });
        }
        for (name, spot) in partial.samples {
            if !self.seen.contains(&name) {
                let text = String::from_utf8_lossy(&name).into_owned();
                self.samples.push((text, start.position(spot)));
                self.seen.insert(name);
            }
        }
        for ((count, first), (more, spot)) in self.counts.iter_mut().zip(partial.counts) {
            *count += more;
            *first = first.or(spot.map(|spot| start.position(spot)));
        }
    }

    /// Says what only the whole file shows.
    pub fn finish(self, layout: &FacsLayout, sink: &mut dyn Sink) -> FacsSummary {
        if self.rows == 0 {
            sink.push(t008_no_rows::finding(&layout.path, layout.names.start()));
        }
        if let [(singular, Some(first_singular)), (plural, Some(first_plural))] = self.counts {
            let names = (Readout::Count.name(), Readout::Counts.name());
            let (position, rarer, usual, count) = if singular < plural {
                (first_singular, names.0, names.1, singular)
            } else {
                (first_plural, names.1, names.0, plural)
            };
            sink.push(k003_loose_facs_table::two_spellings(
                &layout.path,
                position,
                rarer,
                usual,
                count,
            ));
        }
        FacsSummary {
            rows: self.rows,
            samples: self.samples,
        }
    }
}

fn finding(layout: &FacsLayout, fault: Fault, position: Position, text: &str) -> Diagnostic {
    let path = &layout.path;
    let index = position.field.map(odmkit_core::FieldNumber::index);
    let known = layout.columns.iter().find(|(_, at)| Some(*at) == index);
    let here = known.map_or("", |(column, _)| column.name());
    match fault {
        Fault::Row(RowFault::InQuotes { .. }) if layout.quoted => {
            t012_quoted_field::whole_file(path, position, text)
        }
        Fault::Row(fault) => rows::finding(path, fault, position, text, layout.width(), |column| {
            layout.name(column)
        }),
        Fault::Bad(fault) => k002_bad_facs_record::finding(path, position, here, text, fault),
        Fault::OutOfRange(out) => {
            let becomes = match out {
                OutOfRange::Infinity => Becomes::Infinity,
                OutOfRange::Zero => Becomes::Zero,
            };
            t011_number_out_of_range::finding(path, position, here, text, becomes)
        }
    }
}
