//! One block of rows: what is wrong in it, with places relative to the block.

use std::collections::HashMap;

use memchr::memchr;
use odmkit_columns::kernel::Kernel;
use odmkit_core::FileKind;
use odmkit_formats::{Line, Lines};
use odmkit_template::value::{self, ALWAYS_VALID};
use odmkit_template::{Judgement, Lookup, ValueType};

use super::cuts::Look;
use super::hash::{ValueMap, ValueSet};
use super::known::Role;
use super::look_alike;
use super::note::is_note;
use super::partial::{ColumnPart, Fault, MetadataPartial, Told};
use super::plan::{Judged, MetadataPlan};
use super::short::Short;
use super::tally::Tally;
use crate::block::Spot;
use crate::rules::t010_spreadsheet_damage::{Damage, is_error, judge as damage};
use crate::rules::t012_quoted_field::{Quoting, is_hollow, is_nothing, is_wrapped};

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
        found: MetadataPartial::new(plan),
        seen: plan.columns.iter().map(|_| Seen::default()).collect(),
        ranges: vec![None; plan.groups.len()],
    };
    let (mut lines, mut number) = (Lines::new(block), 0);
    while let Some(line) = lines.next() {
        let same = if line.is_blank() {
            let same = 1 + lines.pass_repeats(&line);
            scanner
                .found
                .lines
                .blank
                .add_run(spot_of(number, &line), same, line.length());
            scanner
                .found
                .runs
                .add(Look::Other, line.terminator, same, spot_of(number, &line));
            same
        } else {
            let (look, last) = scanner.line(number, line);
            scanner.found.runs.add(look, line.terminator, 1, last);
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
    /// It is the end of a cell that began on another line, and holds no key.
    torn: bool,
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
    /// Looks at a line that is not blank; says what it looks like, and where its last field begins.
    fn line(&mut self, number: u64, line: Line<'_>) -> (Look, Spot) {
        let start = spot_of(number, &line);
        if self.plan.is_header(line.text) {
            self.found.lines.headers.add(start, b"");
            return (Look::Other, start);
        }
        let width = self.plan.columns.len();
        if width > 1 && !self.plan.unreadable && is_note(line.text) {
            let at = Spot {
                field: Some(0),
                ..start
            };
            self.found.lines.notes.add(at, b"");
            return (Look::Note, at);
        }
        self.found.lines.rows += 1;
        if self.found.lines.first_rows.len() < 2 {
            self.found.lines.first_rows.push(start);
        }
        if self.plan.unreadable {
            return (Look::Other, start);
        }
        let count = self.scratch.split(line.text);
        let (mut judged, mut torn) = (true, false);
        let (offset, _) = self.scratch.field(line.text, count - 1);
        let last = Spot {
            field: Some(index_of(count - 1)),
            byte: (line.start + offset) as u64,
            ..start
        };
        let mut look = Look::Row { fields: count };
        if count < width && memchr(0, line.text).is_some() {
            // A row with NULs is no row: that is told of by itself.
            judged = false;
        } else if count < width {
            let short = self.short(&line, last, count);
            look = Look::Short(short, count as u64);
            (judged, torn) = (!short.is_part_of_cell(), short == Short::Closing);
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
            self.field(index, field, spot, Whole { judged, torn, lists });
        }
        let end = (line.start + line.text.len()) as u64;
        for (kept, planned) in self.found.kept.iter_mut().zip(&self.plan.kept) {
            if planned.field.index() >= count {
                kept.push(b"", number, end);
            }
        }
        self.compare_lists(start);
        (look, last)
    }

    /// Notes a row that is too short, and says what it looks like; `last` is its last field.
    fn short(&mut self, line: &Line<'_>, last: Spot, count: usize) -> Short {
        let width = self.plan.columns.len();
        let kind = Short::of(line.text, count, width);
        let tally = self.found.lines.short.entry((kind, count as u64)).or_default();
        tally.add(last, b"");
        self.found.lines.missing += (width - count) as u64;
        kind
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
                .filter(|(_, (_, field))| !is_nothing(field.trim_ascii()))
        };
        if filled(named).next().is_some() {
            let (offset, _) = self.scratch.field(line.text, width);
            let long = self.found.lines.long.entry(count as u64).or_default();
            long.add(spot(width, offset), b"");
            return false;
        }
        for (index, (offset, field)) in filled(width) {
            let unnamed = self.found.lines.unnamed.entry(index).or_default();
            unnamed.add(spot(index, offset), field);
        }
        if count > named {
            if self.found.lines.padded_rows.count == 0 {
                self.found.lines.padded_by = (count - named) as u64;
            }
            let (offset, _) = self.scratch.field(line.text, named);
            self.found.lines.padded_rows.add(spot(named, offset), b"");
        }
        true
    }

    fn field(&mut self, index: usize, field: &[u8], spot: Spot, line: Whole) {
        let column = &self.plan.columns[index];
        let part = &mut self.found.columns[index];
        let is_key = matches!(column.role, Role::Key | Role::Parent);
        // Of most that is known at a glance, and with it that nothing in them is odd.
        let ascii = field.is_ascii();
        let trimmed = if ascii {
            field.trim_ascii()
        } else {
            trim(field, is_key)
        };
        // Quotes around nothing are no key.
        let value = if (is_key && is_hollow(trimmed)) || (!ascii && is_blank(trimmed)) {
            b""
        } else {
            trimmed
        };
        if let Some(kept) = column.kept {
            let value = if line.torn { b"" } else { value };
            self.found.kept[kept].push(value, spot.line, spot.byte);
        }
        if value.is_empty() {
            self.found.lines.missing += 1;
            if column.role != Role::Plain && line.judged {
                part[Told::Blank].add(spot, b"");
            }
            return;
        }
        part.filled = true;
        if column.ignored || !line.judged {
            return;
        }
        let quoting = if value[0] == b'"' {
            Quoting::of(value)
        } else {
            None
        };
        if quoting == Some(Quoting::Unclosed) {
            // Blanks around a part of a cell are no cause of their own.
            part[Told::Unclosed].add(spot, value);
            self.found.lines.opened.add(spot, value);
            return;
        }
        if value.len() < field.len() {
            part[Told::Padded].add(spot, field);
        }
        if is_error(value) {
            // Nothing else is to be said of what is no value at all.
            part[Told::FormulaError].add(spot, value);
            return;
        }
        let quoted = match quoting {
            Some(Quoting::Around) => Some(Told::Quoted),
            Some(Quoting::Blank) => Some(Told::QuotedBlank),
            Some(Quoting::Several | Quoting::Unclosed) => Some(Told::QuotedTwice),
            None => None,
        };
        if let Some(quoted) = quoted {
            part[quoted].add(spot, value);
            return;
        }
        let is_list = line.lists && memchr(b'|', value).is_some();
        if is_list && memchr(b'"', value).is_some() && has_quoted_item(value) {
            part[Told::QuotedItem].add(spot, value);
            return;
        }
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
                part[Told::Pooled].add(spot, value);
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
        if is_key {
            match std::str::from_utf8(value).ok().and_then(damage) {
                Some(Damage::Date) => part[Told::Date].add(spot, value),
                Some(Damage::Number) => part[Told::Rounded].add(spot, value),
                Some(Damage::Error) | None => {}
            }
        }
        let is_free_text = column.judged.is_none() && column.cell.is_none();
        if (is_key || is_free_text)
            && let Some(told) = oddity(value, is_key, ascii)
        {
            part[told].add(spot, value);
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
        for (group, range) in self.found.lines.groups.iter_mut().zip(&self.ranges) {
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
    let literal = |judged| value::items(&text).all(|item| fault(judged, item).is_none());
    if text.contains("||") && !judged.is_some_and(literal) {
        part[Told::DoubledPipe].add(spot, value);
    }
    if value::items(&text).any(str::is_empty) {
        part[Told::EmptyItem].add(spot, value);
    } else if has_spaced_pipe(&text) {
        part[Told::SpacedPipe].add(spot, value);
    }
}

/// A value without white space around it. In a key, a blank that does not break is told by itself: it must be mended wherever
/// the key is referred to.
fn trim(field: &[u8], is_key: bool) -> &[u8] {
    let trimmed = field.trim_ascii();
    if is_key {
        return trimmed;
    }
    let text = std::str::from_utf8(trimmed).map_or("", str::trim);
    if text.is_empty() { trimmed } else { text.as_bytes() }
}

/// Whether one of several items stands in quotes.
fn has_quoted_item(list: &[u8]) -> bool {
    value::items(&String::from_utf8_lossy(list))
        .any(|item| is_wrapped(item.as_bytes()) && !item.contains("||"))
}

/// Whether blanks stand around a pipe that separates two items.
fn has_spaced_pipe(text: &str) -> bool {
    let separators = text.replace("||", "");
    separators.contains(" |") || separators.contains("| ")
}

/// What in a value is not what a reader takes it for. Of values that are judged by a type or a dictionary that is told as what
/// is wrong with them.
fn oddity(value: &[u8], is_key: bool, ascii: bool) -> Option<Told> {
    if ascii && !(is_key && memchr(b' ', value).is_some()) {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    if text.contains(look_alike::LOST) {
        Some(Told::Lost)
    } else if look_alike::in_typographic_quotes(text) {
        Some(Told::Typographic)
    } else if is_key {
        look_alike::odd_in_id(text).map(|_| Told::OddId)
    } else {
        look_alike::invisible(text).map(|_| Told::Invisible)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a line of four thousand million fields does not fit a block"
)]
fn index_of(index: usize) -> u32 {
    index as u32
}

/// Whether a field holds nothing but white space, that of other scripts included.
fn is_blank(field: &[u8]) -> bool {
    std::str::from_utf8(field).is_ok_and(|text| text.trim().is_empty())
}
