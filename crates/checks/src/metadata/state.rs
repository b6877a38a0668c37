//! The blocks of a metadata file, taken in order and given their places.

use std::collections::{BTreeMap, HashMap};

use odmkit_core::Position;
use odmkit_diagnostics::Sink;

use super::kept::KeptColumn;
use super::partial::{ColumnPart, Fault, GroupPart, MetadataPartial};
use super::plan::MetadataPlan;
use super::short::Short;
use super::tally::Tally;
use crate::block::{BlockStart, Spot};

/// Distinct wrong values of one column that are told one by one; the rest is counted together. A column of free
/// text under a dictionary must not fill the memory.
const DISTINCT: usize = 4096;

/// Distinct widths of ragged rows that are told apart.
const WIDTHS: usize = 256;

/// What is known of a metadata file so far.
#[derive(Debug)]
pub struct MetadataState {
    pub(super) rows: u64,
    pub(super) missing: u64,
    pub(super) columns: Vec<ColumnState>,
    pub(super) kept: Vec<KeptColumn>,
    /// Bytes that the columns take that are kept however many records there are, and what is made of them.
    kept_bytes: u64,
    pub(super) long: BTreeMap<u64, Tally<Position>>,
    pub(super) short: BTreeMap<(Short, u64), Tally<Position>>,
    pub(super) opened: Tally<Position>,
    pub(super) blank_lines: Tally<Position>,
    pub(super) padded_rows: Tally<Position>,
    pub(super) padded_by: u64,
    pub(super) unnamed: BTreeMap<usize, Tally<Position>>,
    pub(super) groups: Vec<GroupPart<Position>>,
    pub(super) first_rows: Vec<Position>,
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
            rows: 0,
            missing: 0,
            columns: plan.columns.iter().map(|_| ColumnState::default()).collect(),
            kept: plan
                .kept
                .iter()
                .map(|kept| KeptColumn::new(&kept.name, kept.field))
                .collect(),
            kept_bytes: 0,
            long: BTreeMap::new(),
            short: BTreeMap::new(),
            opened: Tally::default(),
            blank_lines: Tally::default(),
            padded_rows: Tally::default(),
            padded_by: 0,
            unnamed: BTreeMap::new(),
            groups: plan.groups.iter().map(|_| GroupPart::default()).collect(),
            first_rows: Vec::new(),
        }
    }

    /// Takes in the next block, in the order of the file.
    pub fn absorb(&mut self, plan: &MetadataPlan, partial: MetadataPartial, start: &BlockStart) {
        self.rows += partial.rows;
        let keeps_all = self.rows <= plan.keep_all_up_to;
        self.missing += partial.missing;
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
        absorb_widths(&mut self.long, partial.long, start);
        absorb_widths(&mut self.short, partial.short, start);
        self.opened.absorb(partial.opened, start);
        self.blank_lines.absorb(partial.blank_lines, start);
        if self.padded_rows.count == 0 {
            self.padded_by = partial.padded_by;
        }
        self.padded_rows.absorb(partial.padded_rows, start);
        for (index, tally) in partial.unnamed {
            self.unnamed.entry(index).or_default().absorb(tally, start);
        }
        for (group, part) in self.groups.iter_mut().zip(partial.groups) {
            if group.uneven.count == 0 {
                group.range = part.range;
            }
            group.uneven.absorb(part.uneven, start);
        }
        let room = 2 - self.first_rows.len();
        self.first_rows.extend(
            partial
                .first_rows
                .iter()
                .take(room)
                .map(|spot| start.position(*spot)),
        );
    }

    /// Lets the values of all columns go where those that must be kept take more than `most` bytes; gives what they
    /// take, or would. They are of no use then: the rest is looked at to know how much memory is enough.
    pub fn keep_within(&mut self, most: u64) -> u64 {
        if self.kept_bytes > most {
            self.kept.iter_mut().for_each(KeptColumn::clear);
        }
        self.kept_bytes
    }

    /// Says what was found, in the order of the lines, and what the file holds.
    pub fn finish(mut self, plan: &MetadataPlan, sink: &mut dyn Sink) -> MetadataSummary {
        let mut findings = super::findings::all(plan, &mut self);
        findings.sort_by_key(|finding| (finding.line, finding.column, finding.rule.code));
        for finding in findings {
            sink.push(finding);
        }
        let mut always = plan
            .kept
            .iter()
            .map(|kept| kept.always || self.rows <= plan.keep_all_up_to);
        self.kept.retain(|_| always.next().unwrap_or(false));
        MetadataSummary {
            rows: self.rows,
            columns: plan.columns.len(),
            missing: self.missing,
            kept: self.kept,
        }
    }
}

/// Takes in ragged rows by their width. Beyond so many widths they are counted with the widest.
fn absorb_widths<W: Ord + Copy>(
    all: &mut BTreeMap<W, Tally<Position>>,
    part: BTreeMap<W, Tally<Spot>>,
    start: &BlockStart,
) {
    for (width, tally) in part {
        if all.len() < WIDTHS || all.contains_key(&width) {
            all.entry(width).or_default().absorb(tally, start);
        } else if let Some(mut nearest) = all.last_entry() {
            nearest.get_mut().absorb(tally, start);
        }
    }
}

impl ColumnState {
    fn absorb(&mut self, part: ColumnPart<Spot>, start: &BlockStart) {
        let own = &mut self.part;
        own.blank.absorb(part.blank, start);
        own.padded.absorb(part.padded, start);
        own.quoted.absorb(part.quoted, start);
        own.unclosed.absorb(part.unclosed, start);
        own.odd_blanks.absorb(part.odd_blanks, start);
        own.pooled.absorb(part.pooled, start);
        own.dates.absorb(part.dates, start);
        own.rounded.absorb(part.rounded, start);
        for (own, list) in own.lists.iter_mut().zip(part.lists) {
            own.absorb(list, start);
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
