//! The blocks of a metadata file, taken in order and given their places.

use std::collections::HashMap;

use odmkit_core::Position;
use odmkit_diagnostics::Sink;

use super::cuts::Cuts;
use super::findings::said_by_others;
use super::kept::KeptColumn;
use super::lines::Lines;
use super::partial::{ColumnPart, Fault, MetadataPartial, Rows};
use super::plan::MetadataPlan;
use super::tally::Tally;
use crate::block::{BlockStart, Spot};
use crate::rules::m003_type_mismatch::OpenDates;

/// Distinct wrong values of one column that are told one by one; the rest is counted together. A column of free
/// text under a dictionary must not fill the memory.
const DISTINCT: usize = 4096;

/// What is known of a metadata file so far.
#[derive(Debug)]
pub struct MetadataState {
    pub(super) lines: Lines<Position>,
    pub(super) cuts: Cuts,
    pub(super) columns: Rows<ColumnState>,
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
    /// The columns, 0-based, with dates that can be read as two, and what others of the column say of them.
    pub open_dates: Vec<(usize, OpenDates)>,
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
            columns: Rows::new(plan.columns.len()),
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
        let Rows { whole, short } = partial.columns;
        if !short.is_empty() {
            self.columns.reach(short.len());
        }
        let all = self.columns.whole.iter_mut().zip(whole);
        for (state, part) in all.chain(self.columns.short.iter_mut().zip(short)) {
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
        self.join_short();
        let open_dates = self.open_dates();
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
            open_dates,
        }
    }

    fn open_dates(&self) -> Vec<(usize, OpenDates)> {
        let said = |column: &ColumnState| said_by_others(&column.part.faults).open_dates();
        let columns = self.columns.whole.iter().enumerate();
        columns
            .filter_map(|(index, column)| Some((index, said(column)?)))
            .collect()
    }
}

impl MetadataState {
    /// What was found in rows that are too short counts where no line breaks have made them so.
    fn join_short(&mut self) {
        let cut = self.cuts.found();
        if let Some(cut) = &cut {
            self.kept.iter_mut().for_each(|kept| kept.forget(cut.parts()));
        }
        let is_cut = cut.is_some();
        for (state, short) in self.columns.whole.iter_mut().zip(self.columns.short.drain(..)) {
            state.part.filled |= short.part.filled;
            if !is_cut {
                state.join(short);
            }
        }
    }
}

impl ColumnState {
    /// Takes in what was found in other rows.
    fn join(&mut self, other: Self) {
        for (own, told) in self.part.told.iter_mut().zip(other.part.told) {
            own.join(told);
        }
        for (fault, tally) in other.part.faults {
            self.tally(fault).join(tally);
        }
        self.further.join(other.further);
    }

    /// Where a fault is counted.
    fn tally(&mut self, fault: Fault) -> &mut Tally<Position> {
        let faults = &mut self.part.faults;
        match self.places.get(&fault) {
            Some(&place) => &mut faults[place].1,
            None if faults.len() < DISTINCT || !matches!(fault, Fault::NoTerm(_)) => {
                self.places.insert(fault.clone(), faults.len());
                faults.push((fault, Tally::default()));
                let last = faults.len() - 1;
                &mut faults[last].1
            }
            None => &mut self.further,
        }
    }

    fn absorb(&mut self, part: ColumnPart<Spot>, start: &BlockStart) {
        let own = &mut self.part;
        own.filled |= part.filled;
        for (own, told) in own.told.iter_mut().zip(part.told) {
            own.absorb(told, start);
        }
        for (fault, tally) in part.faults {
            self.tally(fault).absorb(tally, start);
        }
    }
}
