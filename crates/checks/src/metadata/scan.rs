//! One block of rows: what is wrong in it, with places relative to the block.

use std::collections::{BTreeMap, HashMap};

use memchr::memchr;
use odmkit_columns::kernel::Kernel;
use odmkit_core::FileKind;
use odmkit_formats::{Line, Lines};
use odmkit_template::value::{self, ALWAYS_VALID};
use odmkit_template::{Form, Judgement, Lookup, ValueType};

use super::cells::CellFault;
use super::hash::{ValueMap, ValueSet};
use super::kept::KeptPart;
use super::known::Role;
use super::plan::{Judged, MetadataPlan};
use super::tally::Tally;
use crate::block::Spot;
use crate::rules::m011_bad_list::ListFault;
use crate::rules::t010_spreadsheet_damage::{Damage, judge as damage};
use crate::rules::t012_quoted_field::is_quoted;

/// What one block of rows holds.
#[derive(Debug)]
pub struct MetadataPartial {
    pub(super) rows: u64,
    pub(super) missing: u64,
    pub(super) columns: Vec<ColumnPart<Spot>>,
    pub(super) kept: Vec<KeptPart>,
    /// Rows that are too short or too long, by their number of fields.
    pub(super) ragged: BTreeMap<u64, Tally<Spot>>,
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
            dates: Tally::default(),
            rounded: Tally::default(),
            lists: [Tally::default(), Tally::default(), Tally::default()],
            pooled: Tally::default(),
            faults: Vec::new(),
        }
    }
}

impl ColumnPart<Spot> {
    fn add_cell_fault(&mut self, fault: CellFault, spot: Spot, value: &[u8]) {
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
    /// How many rows the block has.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

/// Distinct terms that a thread remembers of one column.
const TERMS: usize = 4096;

/// What a thread uses again for each block.
#[derive(Debug)]
pub struct MetadataScratch {
    kernel: Kernel,
    /// By column: values with nothing wrong.
    fine: Vec<ValueSet>,
    /// Where the fields of the current line end.
    ends: Vec<u32>,
}

impl MetadataScratch {
    pub(super) fn new(kernel: Kernel, columns: usize) -> Self {
        Self {
            kernel,
            fine: std::iter::repeat_with(ValueSet::default).take(columns).collect(),
            ends: Vec::new(),
        }
    }

    /// Finds the fields of a line. How many there are.
    fn split(&mut self, line: &[u8]) -> usize {
        self.kernel.index(line, &mut self.ends);
        self.ends.push(index_of(line.len()));
        self.ends.len()
    }

    /// A field that the line has, and the byte within the line at which it begins.
    fn field<'l>(&self, line: &'l [u8], index: usize) -> (usize, &'l [u8]) {
        let start = if index == 0 {
            0
        } else {
            self.ends[index - 1] as usize + 1
        };
        (start, &line[start..self.ends[index] as usize])
    }
}

/// Looks at a block.
pub(super) fn scan(plan: &MetadataPlan, scratch: &mut MetadataScratch, block: &[u8]) -> MetadataPartial {
    let mut scanner = Scanner {
        plan,
        scratch,
        found: MetadataPartial {
            rows: 0,
            missing: 0,
            columns: plan.columns.iter().map(|_| ColumnPart::default()).collect(),
            kept: plan.kept.iter().map(|_| KeptPart::default()).collect(),
            ragged: BTreeMap::new(),
            blank_lines: Tally::default(),
            padded_rows: Tally::default(),
            padded_by: 0,
            unnamed: BTreeMap::new(),
            groups: plan.groups.iter().map(|_| GroupPart::default()).collect(),
            first_rows: Vec::new(),
        },
        seen: plan.columns.iter().map(|_| Seen::default()).collect(),
        ranges: vec![None; plan.groups.len()],
    };
    let (mut lines, mut number) = (Lines::new(block), 0);
    while let Some(line) = lines.next() {
        let same = if line.is_blank() {
            let same = 1 + lines.pass_repeats(&line);
            scanner
                .found
                .blank_lines
                .add_run(spot_of(number, &line), same, line.length());
            same
        } else {
            scanner.line(number, line);
            1
        };
        number += same;
    }
    scanner.found
}

/// Where a line begins.
const fn spot_of(number: u64, line: &Line<'_>) -> Spot {
    Spot {
        line: number,
        field: None,
        byte: line.start as u64,
    }
}

struct Scanner<'p> {
    plan: &'p MetadataPlan,
    scratch: &'p mut MetadataScratch,
    found: MetadataPartial,
    /// By column.
    seen: Vec<Seen>,
    /// The shortest and longest list of each group in the current row.
    ranges: Vec<Option<(u64, u64)>>,
}

/// What is known of the line that a field stands in.
#[derive(Clone, Copy)]
struct Whole {
    /// Its fields can be trusted to stand in their columns.
    judged: bool,
    /// There is a pipe in it.
    lists: bool,
}

/// The values of one column that were judged already in this block.
#[derive(Default)]
struct Seen {
    /// The faults of each value, as places in the column's list of faults.
    values: ValueMap<Box<[usize]>>,
    faults: HashMap<Fault, usize>,
}

impl Scanner<'_> {
    fn line(&mut self, number: u64, line: Line<'_>) {
        let start = spot_of(number, &line);
        self.found.rows += 1;
        if self.found.first_rows.len() < 2 {
            self.found.first_rows.push(start);
        }
        if self.plan.unreadable {
            return;
        }
        let width = self.plan.columns.len();
        let count = self.scratch.split(line.text);
        let mut judged = true;
        if count < width {
            self.found.ragged.entry(count as u64).or_default().add(start, b"");
            self.found.missing += (width - count) as u64;
        } else if count > width {
            judged = self.beyond(&line, start, count);
        }
        self.ranges.fill(None);
        let lists = memchr(b'|', line.text).is_some();
        for index in 0..width.min(count) {
            let (offset, field) = self.scratch.field(line.text, index);
            let spot = Spot {
                field: Some(index_of(index)),
                byte: (line.start + offset) as u64,
                ..start
            };
            self.field(index, field, spot, Whole { judged, lists });
        }
        let end = (line.start + line.text.len()) as u64;
        for (kept, planned) in self.found.kept.iter_mut().zip(&self.plan.kept) {
            if planned.field.index() >= count {
                kept.push(b"", number, end);
            }
        }
        self.compare_lists(start);
    }

    /// Looks at the fields after the last column. Whether the others can be trusted.
    fn beyond(&mut self, line: &Line<'_>, start: Spot, count: usize) -> bool {
        let width = self.plan.columns.len();
        let named = width + self.plan.padding;
        let spot = |index: usize, offset: usize| Spot {
            field: Some(index_of(index)),
            byte: (line.start + offset) as u64,
            ..start
        };
        let filled = |from: usize| {
            (from..count)
                .map(|index| (index, self.scratch.field(line.text, index)))
                .filter(|(_, (_, field))| !field.trim_ascii().is_empty())
        };
        if filled(named).next().is_some() {
            self.found.ragged.entry(count as u64).or_default().add(start, b"");
            return false;
        }
        for (index, (offset, field)) in filled(width) {
            let unnamed = self.found.unnamed.entry(index).or_default();
            unnamed.add(spot(index, offset), field);
        }
        if count > named {
            if self.found.padded_rows.count == 0 {
                self.found.padded_by = (count - named) as u64;
            }
            let (offset, _) = self.scratch.field(line.text, named);
            self.found.padded_rows.add(spot(named, offset), b"");
        }
        true
    }

    fn field(&mut self, index: usize, field: &[u8], spot: Spot, line: Whole) {
        let column = &self.plan.columns[index];
        let part = &mut self.found.columns[index];
        let value = field.trim_ascii();
        if let Some(kept) = column.kept {
            self.found.kept[kept].push(value, spot.line, spot.byte);
        }
        if value.is_empty() {
            self.found.missing += 1;
            if column.role != Role::Plain && line.judged {
                part.blank.add(spot, b"");
            }
            return;
        }
        if column.ignored || !line.judged {
            return;
        }
        if value.len() < field.len() {
            part.padded.add(spot, field);
        }
        if is_quoted(value) {
            part.quoted.add(spot, value);
            return;
        }
        let is_list = line.lists && memchr(b'|', value).is_some();
        if is_list {
            judge_list(part, value, spot, column.judged.as_ref());
            let pools = column.role == Role::Parent && self.plan.kind != FileKind::Cells;
            let items = || String::from_utf8_lossy(value);
            if pools
                && value::items(&items())
                    .filter(|item| !item.is_empty())
                    .nth(1)
                    .is_some()
            {
                part.pooled.add(spot, value);
            }
        }
        if let Some(group) = column.group {
            let items = if is_list {
                value::items(&String::from_utf8_lossy(value)).count() as u64
            } else {
                1
            };
            let (low, high) = self.ranges[group].unwrap_or((items, items));
            self.ranges[group] = Some((low.min(items), high.max(items)));
        }
        if matches!(column.role, Role::Key | Role::Parent) {
            match std::str::from_utf8(value).ok().and_then(damage) {
                Some(Damage::Date) => part.dates.add(spot, value),
                Some(Damage::Number) => part.rounded.add(spot, value),
                None => {}
            }
        }
        if let Some(fault) = column.cell.and_then(|cell| cell.judge(value)) {
            part.add_cell_fault(fault, spot, value);
        }
        if let Some(judged) = &column.judged {
            let fine = &mut self.scratch.fine[index];
            self.seen[index].judge(judged, fine, part, value, spot);
        }
    }

    fn compare_lists(&mut self, start: Spot) {
        for (group, range) in self.found.groups.iter_mut().zip(&self.ranges) {
            if let Some((low, high)) = *range
                && low < high
            {
                if group.uneven.count == 0 {
                    group.range = (low, high);
                }
                group.uneven.add(start, b"");
            }
        }
    }
}

impl Seen {
    fn judge(
        &mut self,
        judged: &Judged,
        fine: &mut ValueSet,
        part: &mut ColumnPart<Spot>,
        value: &[u8],
        spot: Spot,
    ) {
        let known = match judged.dictionary {
            Some(_) => fine.contains(value),
            None => value::is_plainly_valid(judged.value_type, value),
        };
        if known {
            return;
        }
        if !self.values.contains_key(value) {
            self.learn(judged, part, value);
        }
        let Some(faults) = self.values.get(value) else {
            return;
        };
        if faults.is_empty() && judged.dictionary.is_some() && fine.len() < TERMS {
            fine.insert(value.into());
        }
        for &fault in faults {
            part.faults[fault].1.count_at(spot);
        }
    }

    /// Judges a value that is new in this block.
    #[cold]
    fn learn(&mut self, judged: &Judged, part: &mut ColumnPart<Spot>, value: &[u8]) {
        let text = String::from_utf8_lossy(value);
        let mut faults = Vec::new();
        for item in value::items(&text).filter(|item| !item.is_empty()) {
            // Of an item with a doubled pipe that is told already.
            let Some(fault) = fault(judged, item).filter(|_| !item.contains("||")) else {
                continue;
            };
            let place = *self.faults.entry(fault).or_insert_with_key(|fault| {
                let sample = Tally {
                    sample: item.to_owned(),
                    ..Tally::default()
                };
                part.faults.push((fault.clone(), sample));
                part.faults.len() - 1
            });
            faults.push(place);
        }
        self.values.insert(value.into(), faults.into());
    }
}

/// What is wrong with one item, if anything.
fn fault(judged: &Judged, item: &str) -> Option<Fault> {
    let written = item;
    let literal;
    let item = if item.contains("||") {
        literal = item.replace("||", "|");
        literal.as_str()
    } else {
        item
    };
    if let Judgement::Not(form) = value::judge(judged.value_type, item) {
        return Some(Fault::Form(form));
    }
    if judged.value_type == ValueType::Link && value::is_of_own_machine(item) {
        return Some(Fault::OwnMachine);
    }
    let dictionary = judged.dictionary.as_ref()?;
    let valid = ALWAYS_VALID.contains(&item) || dictionary.lookup(item) == Lookup::Term;
    (!valid).then(|| Fault::NoTerm(written.into()))
}

/// What is wrong with the pipes of a value. A doubled one is right where the value is what its attribute wants.
fn judge_list(part: &mut ColumnPart<Spot>, value: &[u8], spot: Spot, judged: Option<&Judged>) {
    let text = String::from_utf8_lossy(value);
    let [empty, doubled, spaced] = &mut part.lists;
    let literal = |judged| value::items(&text).all(|item| fault(judged, item).is_none());
    if text.contains("||") && !judged.is_some_and(literal) {
        doubled.add(spot, value);
    }
    if value::items(&text).any(str::is_empty) {
        empty.add(spot, value);
    } else if text.contains(" |") || text.contains("| ") {
        spaced.add(spot, value);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a line of four thousand million fields does not fit a block"
)]
fn index_of(index: usize) -> u32 {
    index as u32
}
