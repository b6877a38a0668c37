//! One block of rows: what is wrong in it, with places relative to the block.

mod typed;
mod value;

use memchr::memchr;
use odmkit_columns::kernel::Kernel;
use odmkit_formats::{Line, Lines};

use super::cuts::Look;
use super::hash::ValueSet;
use super::note::is_note;
use super::partial::{MetadataPartial, Rows};
use super::plan::MetadataPlan;
use super::short::Short;
use crate::block::Spot;
use crate::rules::t012_quoted_field::is_nothing;
use typed::Seen;

/// What ends a text in DOS.
const END_MARK: &[u8] = b"\x1A";

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
        seen: Rows::new(plan.columns.len()),
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

/// Whether all characters of a line are on a plain keyboard: nothing in its fields is odd but what that can write. It is asked of
/// every line, and answered without a branch.
fn is_plain(line: &[u8]) -> bool {
    let odd = |byte: u8| u8::from(byte.wrapping_sub(b' ') > b'~' - b' ') & u8::from(byte != b'\t');
    line.iter().fold(0, |any, byte| any | odd(*byte)) == 0
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
    /// By column, of whole rows and of short ones.
    seen: Rows<Seen>,
    /// The shortest and longest list of each group in the current row.
    ranges: Vec<Option<(u64, u64)>>,
}

/// What is known of the line that a field stands in.
#[derive(Clone, Copy)]
struct Whole {
    fit: Fit,
    /// There is a pipe in it.
    lists: bool,
    /// All its characters are on a plain keyboard.
    plain: bool,
}

/// Whether the fields of a line stand in the columns that they seem to stand in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// They do.
    Full,
    /// There are fewer of them than names, and they do unless a line break has cut the row.
    Short,
    /// That cannot be told.
    Unknown,
    /// The same of the end of a cell that began on another line: it holds no key.
    Torn,
}

impl Fit {
    const fn is_judged(self) -> bool {
        matches!(self, Self::Full | Self::Short)
    }
}

impl Scanner<'_> {
    /// Looks at a line that is not blank; says what it looks like, and where its last field begins.
    fn line(&mut self, number: u64, line: Line<'_>) -> (Look, Spot) {
        let start = spot_of(number, &line);
        if self.plan.is_header(line.text) {
            self.found.lines.headers.add(start, b"");
            return (Look::Other, start);
        }
        if line.text == END_MARK {
            self.found.lines.end_marks.add(start, b"");
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
        self.row(line, start)
    }

    /// Looks at a row.
    fn row(&mut self, line: Line<'_>, start: Spot) -> (Look, Spot) {
        let width = self.plan.columns.len();
        let count = self.scratch.split(line.text);
        let (offset, _) = self.scratch.field(line.text, count - 1);
        let last = Spot {
            field: Some(index_of(count - 1)),
            byte: (line.start + offset) as u64,
            ..start
        };
        let mut look = Look::Row { fields: count };
        let mut fit = Fit::Full;
        if count < width && memchr(0, line.text).is_some() {
            // A row with NULs is no row: that is told of by itself.
            fit = Fit::Unknown;
        } else if count < width {
            let short = self.short(&line, last, count);
            look = Look::Short(short, count as u64);
            fit = match short {
                Short::Closing => Fit::Torn,
                _ if short.is_part_of_cell() => Fit::Unknown,
                _ => Fit::Short,
            };
        } else if count > width && !self.beyond(&line, start, count) {
            fit = Fit::Unknown;
        }
        if fit == Fit::Short {
            self.found.columns.reach(width);
            self.seen.reach(width);
        }
        let whole = Whole {
            fit,
            lists: memchr(b'|', line.text).is_some(),
            plain: is_plain(line.text),
        };
        self.ranges.fill(None);
        for index in 0..width.min(count) {
            let (offset, field) = self.scratch.field(line.text, index);
            let spot = Spot {
                field: Some(index_of(index)),
                byte: (line.start + offset) as u64,
                ..start
            };
            self.field(index, field, spot, whole);
        }
        let end = (line.start + line.text.len()) as u64;
        for (kept, planned) in self.found.kept.iter_mut().zip(&self.plan.kept) {
            if planned.field.index() >= count {
                kept.push(b"", start.line, end);
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

#[expect(
    clippy::cast_possible_truncation,
    reason = "a line of four thousand million fields does not fit a block"
)]
fn index_of(index: usize) -> u32 {
    index as u32
}
