//! Taking in what blocks of rows say, and saying what is wrong.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::mapping::{GENE, TRANSCRIPT};

use super::MappingLayout;
use super::scan::{Fault, MappingPartial};
use crate::BlockStart;
use crate::rows::{self, RowFault};
use crate::rules::t012_quoted_field;
use crate::rules::{t008_no_rows, x001_bad_mapping, x002_duplicate_transcript as x002};

/// The rows so far.
#[derive(Debug, Default)]
pub struct MappingState {
    rows: u64,
    transcripts: HashMap<Box<[u8]>, First>,
}

/// The first row of a transcript.
#[derive(Debug)]
struct First {
    line: LineNumber,
    /// What tells its gene from others.
    gene: u64,
    /// Whether a later row has named it.
    told: bool,
}

/// What the rows are, all in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MappingSummary {
    /// How many there are.
    pub rows: u64,
}

impl MappingState {
    /// Takes in the next block, which begins at `start`.
    pub fn absorb(
        &mut self,
        layout: &MappingLayout,
        partial: MappingPartial,
        start: &BlockStart,
        sink: &mut dyn Sink,
    ) {
        let path = &layout.path;
        self.rows += partial.rows;
        for group in partial.faults.into_groups() {
            group.report(path, start, sink, |position, text| {
                finding(layout, group.kind, position, text)
            });
        }
        for pair in partial.pairs {
            let position = start.position(pair.spot);
            match self.transcripts.entry(pair.transcript) {
                Entry::Vacant(free) => {
                    free.insert(First {
                        line: position.line,
                        gene: pair.gene,
                        told: false,
                    });
                }
                Entry::Occupied(mut taken) => {
                    let told = std::mem::replace(&mut taken.get_mut().told, true);
                    let first = taken.get();
                    let name = String::from_utf8_lossy(taken.key());
                    if sink.shows(&x002::RULE, path, Some(&name)) {
                        let line = (!told).then_some(first.line);
                        let same_gene = first.gene == pair.gene;
                        sink.push(x002::finding(path, position, &name, line, same_gene));
                    } else {
                        sink.count(&x002::RULE, path, 1);
                    }
                }
            }
        }
    }

    /// Says what only the whole file shows.
    pub fn finish(self, layout: &MappingLayout, sink: &mut dyn Sink) -> MappingSummary {
        if self.rows == 0 {
            sink.push(t008_no_rows::finding(&layout.path, layout.names.start()));
        }
        MappingSummary { rows: self.rows }
    }
}

fn finding(layout: &MappingLayout, fault: Fault, position: Position, text: &str) -> Diagnostic {
    let path = &layout.path;
    match fault {
        Fault::Row(RowFault::InQuotes { .. }) if layout.quoted => {
            t012_quoted_field::whole_file(path, position, text)
        }
        Fault::Row(fault) => rows::finding(path, fault, position, text, layout.width(), |column| {
            layout.names.text(column)
        }),
        Fault::Bad(fault) => {
            let index = position.field.map(odmkit_core::FieldNumber::index);
            let name = if index == Some(layout.transcript) {
                TRANSCRIPT
            } else {
                GENE
            };
            x001_bad_mapping::identifier(path, position, name, text, fault)
        }
    }
}
