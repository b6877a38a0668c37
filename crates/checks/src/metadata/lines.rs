//! What is found of rows as such: in one block of them, and in all blocks so far.

use std::collections::BTreeMap;

use odmkit_core::Position;

use super::short::Short;
use super::tally::Tally;
use crate::block::{BlockStart, Spot};

/// Distinct widths of ragged rows that are told apart.
const WIDTHS: usize = 256;

/// What was found of rows. `P` is a place: relative in a block, absolute in the whole.
#[derive(Debug)]
pub(super) struct Lines<P> {
    /// Records.
    pub(super) rows: u64,
    /// Blank cells.
    pub(super) missing: u64,
    /// Rows that are too long, by their number of fields.
    pub(super) long: BTreeMap<u64, Tally<P>>,
    /// Rows that are too short, by what they look like and their number of fields.
    pub(super) short: BTreeMap<(Short, u64), Tally<P>>,
    /// Quotes at the beginning of a field that are not closed in it.
    pub(super) opened: Tally<P>,
    pub(super) blank: Tally<P>,
    /// Lines that look like notes.
    pub(super) notes: Tally<P>,
    /// Lines that say what the header says.
    pub(super) headers: Tally<P>,
    /// Lines with nothing but the mark that ended a file in DOS.
    pub(super) end_marks: Tally<P>,
    /// Rows with blank fields beyond the header's.
    pub(super) padded_rows: Tally<P>,
    /// Blank fields of the first of them.
    pub(super) padded_by: u64,
    /// Values under blank names after the last column, by field.
    pub(super) unnamed: BTreeMap<usize, Tally<P>>,
    /// The groups of attributes.
    pub(super) groups: Vec<Group<P>>,
    /// The first two rows.
    pub(super) first_rows: Vec<P>,
}

/// What was found in one group of attributes.
#[derive(Debug)]
pub(super) struct Group<P> {
    pub(super) uneven: Tally<P>,
    /// The shortest and the longest list of the first uneven record.
    pub(super) range: (u64, u64),
}

impl<P> Lines<P> {
    /// Nothing is found yet.
    pub(super) fn new(groups: usize) -> Self {
        let group = || Group {
            uneven: Tally::default(),
            range: (0, 0),
        };
        Self {
            rows: 0,
            missing: 0,
            long: BTreeMap::new(),
            short: BTreeMap::new(),
            opened: Tally::default(),
            blank: Tally::default(),
            notes: Tally::default(),
            headers: Tally::default(),
            end_marks: Tally::default(),
            padded_rows: Tally::default(),
            padded_by: 0,
            unnamed: BTreeMap::new(),
            groups: std::iter::repeat_with(group).take(groups).collect(),
            first_rows: Vec::new(),
        }
    }
}

impl Lines<Position> {
    /// Takes in what a later block has.
    pub(super) fn absorb(&mut self, part: Lines<Spot>, start: &BlockStart) {
        self.rows += part.rows;
        self.missing += part.missing;
        absorb_widths(&mut self.long, part.long, start);
        absorb_widths(&mut self.short, part.short, start);
        self.opened.absorb(part.opened, start);
        self.blank.absorb(part.blank, start);
        self.notes.absorb(part.notes, start);
        self.headers.absorb(part.headers, start);
        self.end_marks.absorb(part.end_marks, start);
        if self.padded_rows.count == 0 {
            self.padded_by = part.padded_by;
        }
        self.padded_rows.absorb(part.padded_rows, start);
        for (index, tally) in part.unnamed {
            self.unnamed.entry(index).or_default().absorb(tally, start);
        }
        for (group, part) in self.groups.iter_mut().zip(part.groups) {
            if group.uneven.count == 0 {
                group.range = part.range;
            }
            group.uneven.absorb(part.uneven, start);
        }
        let room = 2 - self.first_rows.len();
        let first_rows = part.first_rows.iter().take(room);
        self.first_rows
            .extend(first_rows.map(|spot| start.position(*spot)));
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
