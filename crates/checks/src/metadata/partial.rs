//! What is found in one block of rows, with places relative to the block.

use std::ops::{Index, IndexMut};

use odmkit_template::Form;

use super::cells::CellFault;
use super::cuts::Runs;
use super::kept::KeptPart;
use super::lines::Lines;
use super::plan::MetadataPlan;
use super::tally::Tally;
use crate::block::Spot;

/// What one block of rows holds.
#[derive(Debug)]
pub struct MetadataPartial {
    pub(super) lines: Lines<Spot>,
    pub(super) runs: Runs,
    pub(super) columns: Rows<ColumnPart<Spot>>,
    pub(super) kept: Vec<KeptPart>,
}

/// Something of each column, in whole rows and in those that are too short: where line breaks cut rows, the fields of these
/// stand in other columns than it seems.
#[derive(Debug)]
pub(super) struct Rows<T> {
    pub(super) whole: Vec<T>,
    /// Nothing where no row is too short.
    pub(super) short: Vec<T>,
}

/// What was found in one column. `P` is a place: relative in a block, absolute in the whole.
#[derive(Debug)]
pub(super) struct ColumnPart<P> {
    /// It has a value.
    pub(super) filled: bool,
    /// By [`Told`].
    pub(super) told: [Tally<P>; Told::COUNT],
    pub(super) faults: Vec<(Fault, Tally<P>)>,
}

/// What is told of values whatever their type.
#[derive(Debug, Clone, Copy)]
pub(super) enum Told {
    /// A value is wanted, and there is none.
    Blank,
    Padded,
    Quoted,
    /// Quotes around nothing.
    QuotedBlank,
    /// Quotes of which nobody knows what they meant.
    QuotedTwice,
    /// Items of lists in quotes.
    QuotedItem,
    /// Quotes that are not closed.
    Unclosed,
    /// Quotes of a word processor.
    Typographic,
    /// Ids with characters that are not what they look like.
    OddId,
    /// Values with characters that cannot be seen.
    Invisible,
    /// Values in which characters were lost.
    Lost,
    /// Values that were read in another encoding.
    Misread,
    Date,
    Rounded,
    /// Errors of formulas.
    FormulaError,
    EmptyItem,
    DoubledPipe,
    SpacedPipe,
    /// Lists of several parents.
    Pooled,
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

impl<T: Default> Rows<T> {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            whole: std::iter::repeat_with(T::default).take(columns).collect(),
            short: Vec::new(),
        }
    }

    /// A row is too short.
    pub(super) fn reach(&mut self, columns: usize) {
        self.short.resize_with(columns, T::default);
    }

    pub(super) fn of(&mut self, short: bool) -> &mut [T] {
        if short { &mut self.short } else { &mut self.whole }
    }
}

impl Told {
    const COUNT: usize = Self::Pooled as usize + 1;
}

impl<P> Index<Told> for ColumnPart<P> {
    type Output = Tally<P>;

    fn index(&self, told: Told) -> &Tally<P> {
        &self.told[told as usize]
    }
}

impl<P> IndexMut<Told> for ColumnPart<P> {
    fn index_mut(&mut self, told: Told) -> &mut Tally<P> {
        &mut self.told[told as usize]
    }
}

impl<P> Default for ColumnPart<P> {
    fn default() -> Self {
        Self {
            filled: false,
            told: std::array::from_fn(|_| Tally::default()),
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

impl MetadataPartial {
    pub(super) fn new(plan: &MetadataPlan) -> Self {
        Self {
            lines: Lines::new(plan.groups.len()),
            runs: Runs::default(),
            columns: Rows::new(plan.columns.len()),
            kept: plan.kept.iter().map(|_| KeptPart::default()).collect(),
        }
    }

    /// How many rows the block has.
    pub fn rows(&self) -> u64 {
        self.lines.rows
    }
}
