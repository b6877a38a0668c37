//! The blocks of a metadata file, taken in order and given their places.

use std::collections::HashMap;

use odmkit_core::Position;
use odmkit_diagnostics::Sink;

use super::cuts::Cuts;
use super::kept::KeptColumn;
use super::lines::Lines;
use super::partial::{ColumnPart, Fault, MetadataPartial};
use super::plan::MetadataPlan;
use super::tally::Tally;
use crate::block::{BlockStart, Spot};

/// Distinct wrong values of one column that are told one by one; the rest is counted together. A column of free
/// text under a dictionary must not fill the memory.
const DISTINCT: usize = 4096;

/// What is known of a metadata file so far.
#[derive(Debug)]
pub struct MetadataState {
    pub(super) lines: Lines<Position>,
    pub(super) cuts: Cuts,
    pub(super) columns: Vec<ColumnState>,
    pub(super) kept: Vec<KeptColumn>,
    /// Bytes that the columns take that are kept however many records there are, and what is made of them.
    kept_bytes: u64,
}

/// What is known of one column so far.
#[derive(Debug, Default)]
pub(super) struct ColumnState {
    pub(super) part: ColumnPart<Position>,
    /// The place of each fault in the list of faults.
    places: HashMap<Fault, usize>,
    /// Values that are no terms, beyond those that are listed.
    pub(super) further: Tally<Position>,
}

/// What a metadata file holds.
#[derive(Debug)]
pub struct MetadataSummary {
    /// Records.
    pub rows: u64,
    /// Columns, padding not counted.
    pub columns: usize,
    /// Blank cells.
    pub missing: u64,
    /// Whether the values of the rows, all of them, stand under the names of their columns, as far as can be known.
    pub in_place: bool,
    /// The kept columns: keys, and those that were asked for and are there.
    pub kept: Vec<KeptColumn>,
}

impl MetadataSummary {
    /// The kept column of this name. A column whose name is only like a known one is kept under its own name.
    pub fn column(&self, name: &str) -> Option<&KeptColumn> {
        self.kept.iter().find(|column| column.name == name)
    }
}

impl MetadataState {
    /// Nothing is known yet but the header.
    pub fn new(plan: &MetadataPlan) -> Self {
        Self {
            lines: Lines::new(plan.groups.len()),
            cuts: Cuts::default(),
            columns: plan.columns.iter().map(|_| ColumnState::default()).collect(),
            kept: plan
                .kept
                .iter()
                .map(|kept| KeptColumn::new(&kept.name, kept.field))
                .collect(),
            kept_bytes: 0,
        }
    }

    /// Takes in the next block, in the order of the file.
    pub fn absorb(&mut self, plan: &MetadataPlan, partial: MetadataPartial, start: &BlockStart) {
        self.lines.absorb(partial.lines, start);
        self.cuts.absorb(partial.runs, plan.columns.len(), start);
        let keeps_all = self.lines.rows <= plan.keep_all_up_to;
        for (state, part) in self.columns.iter_mut().zip(partial.columns) {
            state.absorb(part, start);
        }
        for ((kept, part), planned) in self.kept.iter_mut().zip(&partial.kept).zip(&plan.kept) {
            if planned.always {
                self.kept_bytes += part.bytes();
            }
            if planned.always || keeps_all {
                kept.absorb(part, start);
            } else {
                kept.clear();
            }
        }
    }

    /// Lets the values of all columns go where those that must be kept take more than `most` bytes; gives what they
    /// take, or would. They are of no use then: the rest is looked at to know how much memory is enough.
    pub fn keep_within(&mut self, most: u64) -> u64 {
        if self.kept_bytes > most {
            self.kept.iter_mut().for_each(KeptColumn::clear);
        }
        self.kept_bytes
    }

    /// Whether each row has one field more than the header, as R writes them.
    pub(super) fn has_row_names(&self, plan: &MetadataPlan) -> bool {
        let longer = self.lines.long.get(&(plan.columns.len() as u64 + 1));
        longer.is_some_and(|tally| tally.count == self.lines.rows && (tally.count > 1 || plan.all_quoted))
    }

    /// Says what was found, in the order of the lines, and what the file holds.
    pub fn finish(mut self, plan: &MetadataPlan, sink: &mut dyn Sink) -> MetadataSummary {
        self.cuts.finish();
        let mut findings = super::findings::all(plan, &mut self);
        findings.sort_by_key(|finding| (finding.line, finding.column, finding.rule.code));
        for finding in findings {
            sink.push(finding);
        }
        let in_place = !self.has_row_names(plan);
        let mut always = plan
            .kept
            .iter()
            .map(|kept| kept.always || self.lines.rows <= plan.keep_all_up_to);
        self.kept.retain(|_| always.next().unwrap_or(false));
        MetadataSummary {
            rows: self.lines.rows,
            columns: plan.columns.len(),
            missing: self.lines.missing,
            in_place,
            kept: self.kept,
        }
    }
}

impl ColumnState {
    fn absorb(&mut self, part: ColumnPart<Spot>, start: &BlockStart) {
        let own = &mut self.part;
        own.filled |= part.filled;
        for (own, told) in own.told.iter_mut().zip(part.told) {
            own.absorb(told, start);
        }
        for (fault, tally) in part.faults {
            match self.places.get(&fault) {
                Some(&place) => own.faults[place].1.absorb(tally, start),
                None if own.faults.len() < DISTINCT || !matches!(fault, Fault::NoTerm(_)) => {
                    self.places.insert(fault.clone(), own.faults.len());
                    let mut absolute = Tally::default();
                    absolute.absorb(tally, start);
                    own.faults.push((fault, absolute));
                }
                None => self.further.absorb(tally, start),
            }
        }
    }
}
