//! What is found in one block of rows, with places relative to the block.

use std::collections::BTreeMap;

use odmkit_template::Form;

use super::cells::CellFault;
use super::kept::KeptPart;
use super::plan::MetadataPlan;
use super::short::Short;
use super::tally::Tally;
use crate::block::Spot;
use crate::rules::m011_bad_list::ListFault;

/// What one block of rows holds.
#[derive(Debug)]
pub struct MetadataPartial {
    pub(super) rows: u64,
    pub(super) missing: u64,
    pub(super) columns: Vec<ColumnPart<Spot>>,
    pub(super) kept: Vec<KeptPart>,
    /// Rows that are too long, by their number of fields.
    pub(super) long: BTreeMap<u64, Tally<Spot>>,
    /// Rows that are too short, by what they look like and their number of fields.
    pub(super) short: BTreeMap<(Short, u64), Tally<Spot>>,
    /// Quotes at the beginning of a field that are not closed in it.
    pub(super) opened: Tally<Spot>,
    pub(super) blank_lines: Tally<Spot>,
    /// Rows with blank fields beyond the header's.
    pub(super) padded_rows: Tally<Spot>,
    /// Blank fields of the first of them.
    pub(super) padded_by: u64,
    /// Values under blank names after the last column, by field.
    pub(super) unnamed: BTreeMap<usize, Tally<Spot>>,
    pub(super) groups: Vec<GroupPart<Spot>>,
    /// The first two rows.
    pub(super) first_rows: Vec<Spot>,
}

/// What was found in one column. `P` is a place: relative in a block, absolute in the whole.
#[derive(Debug)]
pub(super) struct ColumnPart<P> {
    pub(super) blank: Tally<P>,
    pub(super) padded: Tally<P>,
    pub(super) quoted: Tally<P>,
    /// Quotes that are not closed.
    pub(super) unclosed: Tally<P>,
    /// Ids with blanks that cannot be told from one plain blank by looking.
    pub(super) odd_blanks: Tally<P>,
    pub(super) dates: Tally<P>,
    pub(super) rounded: Tally<P>,
    pub(super) lists: [Tally<P>; 3],
    /// Lists of several parents.
    pub(super) pooled: Tally<P>,
    pub(super) faults: Vec<(Fault, Tally<P>)>,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    /// It is not of the type.
    Form(Form),
    /// This item is no term of the dictionary.
    NoTerm(Box<str>),
    /// It is a link to the machine of whoever follows it.
    OwnMachine,
    /// It is not what this column of a cells file holds.
    Cell(CellFault),
}

/// What was found in one group of attributes.
#[derive(Debug)]
pub(super) struct GroupPart<P> {
    pub(super) uneven: Tally<P>,
    /// The shortest and the longest list of the first uneven record.
    pub(super) range: (u64, u64),
}

/// The order of [`ColumnPart::lists`].
pub(super) const LIST_FAULTS: [ListFault; 3] = [ListFault::EmptyItem, ListFault::Doubled, ListFault::Spaced];

impl<P> Default for ColumnPart<P> {
    fn default() -> Self {
        Self {
            blank: Tally::default(),
            padded: Tally::default(),
            quoted: Tally::default(),
            unclosed: Tally::default(),
            odd_blanks: Tally::default(),
            dates: Tally::default(),
            rounded: Tally::default(),
            lists: [Tally::default(), Tally::default(), Tally::default()],
            pooled: Tally::default(),
            faults: Vec::new(),
        }
    }
}

impl ColumnPart<Spot> {
    pub(super) fn add_cell_fault(&mut self, fault: CellFault, spot: Spot, value: &[u8]) {
        let fault = Fault::Cell(fault);
        if let Some((_, tally)) = self.faults.iter_mut().find(|(known, _)| *known == fault) {
            tally.count_at(spot);
        } else {
            let mut tally = Tally::default();
            tally.add(spot, value);
            self.faults.push((fault, tally));
        }
    }
}

impl<P> Default for GroupPart<P> {
    fn default() -> Self {
        Self {
            uneven: Tally::default(),
            range: (0, 0),
        }
    }
}

impl MetadataPartial {
    pub(super) fn new(plan: &MetadataPlan) -> Self {
        Self {
            rows: 0,
            missing: 0,
            columns: plan.columns.iter().map(|_| ColumnPart::default()).collect(),
            kept: plan.kept.iter().map(|_| KeptPart::default()).collect(),
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

    /// How many rows the block has.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}
