//! Line breaks within rows. Where few lines end otherwise than the rest, and each of them is continued by the next, that is what
//! cells with line breaks look like: to ODM each ends a record.
//!
//! That a row is a part of another shows when all lines are known. Blocks say what their lines look like; these are
//! compared in the order of the file.

use std::collections::BTreeMap;

use odmkit_core::{LineNumber, Position};
use odmkit_formats::Terminator;

use super::short::Short;
use super::tally::Tally;
use crate::block::{BlockStart, Spot};

/// The kinds of line end.
const KINDS: [Terminator; 3] = [Terminator::Lf, Terminator::Crlf, Terminator::Cr];

/// Lines of a kind that are remembered as parts of rows.
const PARTS: usize = 1 << 16;

/// What a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As many fields as the header has, or more.
    Row {
        fields: usize,
    },
    /// Fewer.
    Short(Short, u64),
    Note,
    /// Blank, or the header once more.
    Other,
}

/// Lines that follow each other and look the same.
#[derive(Debug)]
struct Run {
    look: Look,
    end: Terminator,
    lines: u64,
    /// The last field of the last of them.
    last: Spot,
}

/// The lines of a block.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<Run>);

impl Runs {
    pub(super) fn add(&mut self, look: Look, end: Terminator, lines: u64, last: Spot) {
        match self.0.last_mut() {
            Some(run) if run.look == look && run.end == end && !look.may_go_on() => {
                run.lines += lines;
                run.last = last;
            }
            _ => self.0.push(Run {
                look,
                end,
                lines,
                last,
            }),
        }
    }
}

impl Look {
    /// Whether it may be what follows a line break within a row.
    const fn may_go_on(self) -> bool {
        matches!(self, Self::Short(..) | Self::Note)
    }

    /// How many fields it has, where it may be a part of a row.
    fn fields(self) -> Option<u64> {
        match self {
            Self::Row { fields } => Some(fields as u64),
            Self::Short(_, fields) => Some(fields),
            Self::Note => Some(1),
            Self::Other => None,
        }
    }
}

/// The lines so far.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    before: Option<Before>,
    kinds: [Kind; 3],
}

/// The last line.
#[derive(Debug, Clone, Copy)]
struct Before {
    look: Look,
    end: Terminator,
    last: Position,
    /// How the line before it ends, where it goes on with that.
    after: Option<Terminator>,
}

/// The lines that end in one way.
#[derive(Debug, Default)]
struct Kind {
    /// Those that nothing goes on with.
    ends: u64,
    /// Those that the next line goes on with.
    breaks: Tally<Position>,
    /// What is short only because it is a part of a row.
    parts: BTreeMap<(Short, u64), Tally<Position>>,
    /// Records that are none, and the first lines of them.
    records: u64,
    lines: Vec<LineNumber>,
    notes: u64,
}

/// What cuts rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut<'a> {
    /// The line ends that are none.
    pub(super) by: Terminator,
    kind: &'a Kind,
}

impl Cuts {
    /// Takes in the lines of the next block, of a table of so many columns.
    pub(super) fn absorb(&mut self, runs: Runs, width: usize, start: &BlockStart) {
        for run in runs.0 {
            let last = start.position(run.last);
            let after = self.follow(run.look, last, width as u64);
            if run.lines > 1 {
                self.count_ends(run.end, run.lines - 1);
            }
            self.before = Some(Before {
                look: run.look,
                end: run.end,
                last,
                after,
            });
        }
    }

    /// Looks at what follows a line. How that line ends, where this goes on with it.
    fn follow(&mut self, look: Look, at: Position, width: u64) -> Option<Terminator> {
        let before = self.before?;
        let fits = |(one, other): (u64, u64)| one + other - 1 <= width;
        let goes_on = look.may_go_on() && before.look.fields().zip(look.fields()).is_some_and(fits);
        if !goes_on {
            self.count_ends(before.end, 1);
            return None;
        }
        let kind = self.kind(before.end)?;
        kind.breaks.count_place(before.last);
        kind.records += u64::from(look != Look::Note);
        if kind.lines.len() < PARTS {
            kind.lines.push(at.line);
        }
        kind.notes += u64::from(look == Look::Note);
        let first = (before.look, before.last, before.after != Some(before.end));
        for (look, at, is_new) in [first, (look, at, true)] {
            if let (Look::Short(short, fields), true) = (look, is_new) {
                kind.parts.entry((short, fields)).or_default().count_place(at);
            }
        }
        Some(before.end)
    }

    fn count_ends(&mut self, end: Terminator, lines: u64) {
        if let Some(kind) = self.kind(end) {
            kind.ends += lines;
        }
    }

    fn kind(&mut self, end: Terminator) -> Option<&mut Kind> {
        let at = KINDS.iter().position(|kind| *kind == end)?;
        self.kinds.get_mut(at)
    }

    /// All lines are known.
    pub(super) fn finish(&mut self) {
        if let Some(before) = self.before.take() {
            self.count_ends(before.end, 1);
        }
    }

    /// The line ends that cut rows: each of the kind does, and those of another kind end rows.
    pub(super) fn found(&self) -> Option<Cut<'_>> {
        let ends = self.kinds.iter().any(|kind| kind.ends > 0);
        let mut all = KINDS.into_iter().zip(&self.kinds);
        let (by, kind) = all.find(|(_, kind)| kind.ends == 0 && kind.breaks.count > 0 && ends)?;
        Some(Cut { by, kind })
    }
}

impl<'a> Cut<'a> {
    /// Where.
    pub(super) const fn breaks(&self) -> &'a Tally<Position> {
        &self.kind.breaks
    }

    /// Lines that were taken for records.
    pub(super) const fn records(&self) -> u64 {
        self.kind.records
    }

    /// Lines that go on with the one before, in their order.
    pub(super) fn parts(&self) -> &'a [LineNumber] {
        &self.kind.lines
    }

    /// Lines that were taken for notes.
    pub(super) const fn notes(&self) -> u64 {
        self.kind.notes
    }

    /// The short rows of a kind that are no parts of others.
    pub(super) fn whole(&self, kind: (Short, u64), all: &Tally<Position>) -> Tally<Position> {
        let Some(parts) = self.kind.parts.get(&kind) else {
            return all.clone();
        };
        let mut whole = all.clone();
        whole.count = whole.count.saturating_sub(parts.count);
        whole.places.retain(|place| !parts.places.contains(place));
        if whole.count == 0 {
            whole.places.clear();
        }
        whole
    }
}
