//! Taking in what blocks of records say, and saying what is wrong.

use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Sink};

use super::VcfLayout;
use super::cut::Beginning;
use super::order::Order;
use super::scan::{Fault, VcfPartial};
use crate::BlockStart;
use crate::rows::{self, RowFault};
use crate::rules::{
    t001_ragged_row, t008_no_rows, t012_quoted_field, v001_bad_vcf_header, v002_bad_vcf_record,
    v005_loose_vcf_field,
};
use crate::tally;

/// The records so far.
#[derive(Debug, Default)]
pub struct VcfState {
    rows: u64,
    order: Order,
    /// What the last block ended with, where that may be the beginning of a record.
    open: Option<Beginning<Position>>,
}

/// What the records are, all in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VcfSummary {
    /// How many there are.
    pub rows: u64,
}

impl VcfState {
    /// Takes in the next block, which begins at `start`.
    pub fn absorb(
        &mut self,
        layout: &VcfLayout,
        partial: VcfPartial,
        start: &BlockStart,
        sink: &mut dyn Sink,
    ) {
        self.rows += partial.rows;
        self.join(layout, &partial, start, sink);
        for group in partial.faults.into_groups() {
            group.report(&layout.path, start, sink, |position, text| {
                finding(layout, group.kind, position, text)
            });
        }
        self.order.absorb(&layout.path, partial.runs, start, sink);
    }

    /// Tells of the record that the blocks' border cuts, or of its parts, where they are not of one.
    fn join(&mut self, layout: &VcfLayout, partial: &VcfPartial, start: &BlockStart, sink: &mut dyn Sink) {
        let mut tell = |fault, position| tally::tell(sink, finding(layout, fault, position, ""));
        let rest = partial.rest.as_ref();
        match (self.open.take(), rest) {
            (Some(open), Some(rest)) if open.goes_on(rest.fields, layout.width()) => {
                self.rows -= 1;
                tell(Fault::Stray(open.stray), open.at);
            }
            (open, rest) => {
                if let Some(open) = open {
                    tell(open.fault(), open.at);
                }
                if let Some(rest) = rest {
                    tell(rest.fault(layout.width()), start.position(rest.at));
                }
            }
        }
        self.open = partial.open.map(|open| open.placed(start.position(open.at)));
    }

    /// Says what only the whole file shows.
    pub fn finish(self, layout: &VcfLayout, sink: &mut dyn Sink) -> VcfSummary {
        if let Some(open) = self.open {
            tally::tell(sink, finding(layout, open.fault(), open.at, ""));
        }
        if self.rows == 0 {
            sink.push(t008_no_rows::finding(&layout.path, layout.names.start()));
        }
        VcfSummary { rows: self.rows }
    }
}

fn finding(layout: &VcfLayout, fault: Fault, position: Position, text: &str) -> Diagnostic {
    let path = &layout.path;
    let here = position.field.map_or("", |field| layout.name(field.index()));
    let here = here.trim_start_matches('#');
    match fault {
        Fault::Row(RowFault::InQuotes { .. }) if layout.quoted => {
            t012_quoted_field::whole_file(path, position, text)
        }
        Fault::Row(RowFault::Ragged(found))
            if layout.has_row_names && found as usize == layout.width() + 1 =>
        {
            t001_ragged_row::numbered(path, position)
        }
        Fault::Stray(stray) => t001_ragged_row::stray(path, position, stray),
        Fault::Row(fault) => rows::finding(path, fault, position, text, layout.width(), |column| {
            layout.name(column)
        }),
        Fault::Hollow => t012_quoted_field::nothing(path, position, here, text),
        Fault::Header => v001_bad_vcf_header::among_records(path, position),
        Fault::Bad(fault) => v002_bad_vcf_record::finding(path, position, here, text, fault),
        Fault::Loose(oddity) => v005_loose_vcf_field::finding(path, position, here, text, oddity),
    }
}
