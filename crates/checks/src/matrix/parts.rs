//! Lines that can only be judged by what stands before or behind them: parts of a row that a line break has cut, and rows with
//! a name and nothing else, which are notes where the file ends with them.
//!
//! A block does not know the line before its first. Up to the first line that stands for itself it keeps them, and whoever
//! takes the blocks in, in their order, judges them.

use super::scan::Fault;
use super::stray::Stray;

/// A row that is cut into more parts than this is none.
const MOST_PARTS: usize = 8;

/// A file that ends with more names alone than this ends with rows.
const MOST_NOTES: usize = 20;

/// A line with fewer fields than the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// What is wrong with it if it is no part of a row.
    pub(super) fault: Fault,
    /// Whether it is a row then.
    pub(super) is_row: bool,
    /// How many fields it has.
    pub(super) fields: usize,
    /// How many of them, from the right, are numbers or missing.
    pub(super) measured: usize,
    /// Whether one of these is a number.
    pub(super) has_number: bool,
    /// Whether a carriage return ends it that is no end of a line in this text.
    pub(super) returned: bool,
}

/// A line that is judged together with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loose {
    /// Too few fields.
    Part(Part),
    /// A row with a name and nothing else.
    Bare,
    /// A blank line.
    Blank,
}

/// How wide rows are, and how many columns describe them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) width: usize,
    pub(super) features: usize,
}

/// What becomes of a line: a fault, and whether it counts as a row that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) fault: Fault,
    pub(super) is_broken_row: bool,
}

/// What the line before was, where that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing that goes on in the next line.
    Whole,
    /// A whole row, ended by a carriage return: what follows may be the rest of its last cell.
    Returned,
    /// A part of a row that is told of, ended by a carriage return: the next line goes on with it.
    Cut,
}

/// The lines before the next one that are not judged yet; `P` is a place.
#[derive(Debug, Clone)]
pub(super) struct Parts<P> {
    before: Before,
    /// Parts of what may be one row.
    held: Vec<(Part, P)>,
    /// Rows with a name alone.
    bare: Vec<P>,
}

impl<P> Default for Parts<P> {
    fn default() -> Self {
        Self {
            before: Before::Whole,
            held: Vec::new(),
            bare: Vec::new(),
        }
    }
}

impl<P: Copy> Parts<P> {
    /// Whether the next line stands for itself.
    pub(super) const fn is_idle(&self) -> bool {
        matches!(self.before, Before::Whole) && self.held.is_empty() && self.bare.is_empty()
    }

    /// Takes in a line that stands for itself. `returned` says that a carriage return ends it that is no end of a line in
    /// this text.
    pub(super) fn whole(&mut self, returned: bool, judge: &mut dyn FnMut(Judged, P)) {
        self.let_go(judge);
        self.let_bare_go(judge);
        self.before = if returned { Before::Returned } else { Before::Whole };
    }

    /// Takes in a line that does not.
    pub(super) fn add(&mut self, line: Loose, place: P, shape: Shape, judge: &mut dyn FnMut(Judged, P)) {
        match line {
            Loose::Part(part) => {
                self.let_bare_go(judge);
                self.add_part(part, place, shape, judge);
            }
            Loose::Bare => {
                self.let_go(judge);
                self.before = Before::Whole;
                self.bare.push(place);
                if self.bare.len() > MOST_NOTES {
                    self.let_bare_go(judge);
                }
            }
            Loose::Blank => self.blank(judge),
        }
    }

    /// Takes in a blank line.
    pub(super) fn blank(&mut self, judge: &mut dyn FnMut(Judged, P)) {
        self.let_go(judge);
        self.before = Before::Whole;
    }

    /// The end of the text: nothing goes on.
    pub(super) fn whole_but_notes(&mut self, judge: &mut dyn FnMut(Judged, P)) {
        self.let_go(judge);
    }

    /// The last of all. `are_notes` says that the rows with a name alone, with which the text ends, are notes.
    pub(super) fn finish(&mut self, are_notes: bool, judge: &mut dyn FnMut(Judged, P)) {
        self.let_go(judge);
        if are_notes {
            self.bare.clear();
        }
        self.let_bare_go(judge);
    }

    /// How many rows with a name alone the text ends with, so far.
    pub(super) const fn notes(&self) -> usize {
        self.bare.len()
    }

    /// The same with other places.
    pub(super) fn map<Q>(self, place: impl Fn(P) -> Q) -> Parts<Q> {
        Parts {
            before: self.before,
            held: self
                .held
                .into_iter()
                .map(|(part, at)| (part, place(at)))
                .collect(),
            bare: self.bare.into_iter().map(place).collect(),
        }
    }

    fn add_part(&mut self, part: Part, place: P, shape: Shape, judge: &mut dyn FnMut(Judged, P)) {
        let after = if part.returned { Before::Cut } else { Before::Whole };
        let before = std::mem::replace(&mut self.before, after);
        if before == Before::Cut {
            return;
        }
        // With more than one field it would be longer than the rest of a last cell is.
        let is_rest = before == Before::Returned && part.fields == 1;
        if is_rest || part.returned {
            self.let_go(judge);
            return judge(Judged::row(Stray::Returned), place);
        }
        while let Some((last, _)) = self.held.last() {
            let fields = part.fields + self.held.iter().map(|(held, _)| held.fields).sum::<usize>();
            // Each line break within a cell makes two fields of one.
            let joined = fields - self.held.len();
            let within_cell = joined == shape.width && part.is_rest_of(*last, shape);
            let at_tab = joined + 1 == shape.width && part.has_values(part.fields, shape);
            if within_cell || at_tab {
                return self.join(judge);
            }
            if joined < shape.width && self.held.len() < MOST_PARTS {
                break;
            }
            self.let_first_go(judge);
        }
        self.held.push((part, place));
    }

    /// Tells of the parts of a row as of one.
    fn join(&mut self, judge: &mut dyn FnMut(Judged, P)) {
        let is_quoted = |(part, _): &(Part, P)| part.fault == Fault::Stray(Stray::Broken);
        let stray = if self.held.iter().any(is_quoted) {
            Stray::Broken
        } else {
            Stray::LineBreak
        };
        judge(Judged::row(stray), self.held[0].1);
        self.held.clear();
    }

    fn let_go(&mut self, judge: &mut dyn FnMut(Judged, P)) {
        for (part, place) in self.held.drain(..) {
            judge(part.alone(), place);
        }
    }

    fn let_first_go(&mut self, judge: &mut dyn FnMut(Judged, P)) {
        let (part, place) = self.held.remove(0);
        judge(part.alone(), place);
    }

    fn let_bare_go(&mut self, judge: &mut dyn FnMut(Judged, P)) {
        for place in self.bare.drain(..) {
            let fault = Fault::EmptyDescription;
            judge(
                Judged {
                    fault,
                    is_broken_row: false,
                },
                place,
            );
        }
    }
}

impl Judged {
    const fn row(stray: Stray) -> Self {
        Self {
            fault: Fault::Stray(stray),
            is_broken_row: true,
        }
    }
}

impl Part {
    /// Whether this can be the last part of a row that is cut within a cell, behind `before`.
    fn is_rest_of(self, before: Self, shape: Shape) -> bool {
        let cut = shape.width - self.fields;
        // A number stands at the end of a row, and not where names or descriptions are cut.
        (cut >= shape.features || before.measured == 0) && self.has_values(self.fields - 1, shape)
    }

    /// Whether numbers stand in all columns of values that it has, with so many fields of its own.
    fn has_values(self, fields: usize, shape: Shape) -> bool {
        let values = fields.min(shape.width - shape.features);
        self.has_number && values > 0 && self.measured >= values
    }

    const fn alone(self) -> Judged {
        Judged {
            fault: self.fault,
            is_broken_row: self.is_row,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape {
        width: 5,
        features: 2,
    };

    /// Judges lines of so many fields, of which so many are numbers; a blank line has none.
    fn judged(lines: &[(usize, usize)]) -> Vec<(usize, Fault)> {
        let mut found = Vec::new();
        let mut judge = |judged: Judged, at: usize| found.push((at, judged.fault));
        let mut parts = Parts::default();
        for (at, &(fields, measured)) in lines.iter().enumerate() {
            let part = Part {
                fault: Fault::Ragged(u32::try_from(fields).expect("few fields")),
                is_row: true,
                fields,
                measured,
                has_number: measured > 0,
                returned: false,
            };
            match fields {
                0 => parts.add(Loose::Blank, at, SHAPE, &mut judge),
                5 => parts.whole(false, &mut judge),
                _ => parts.add(Loose::Part(part), at, SHAPE, &mut judge),
            }
        }
        parts.finish(false, &mut judge);
        found
    }

    #[test]
    fn parts_that_make_a_row_are_one_fault() {
        let cut = Fault::Stray(Stray::LineBreak);
        let ragged = Fault::Ragged;
        for (lines, faults) in [
            // In the description, in a value, at a tab, twice in one cell.
            (&[(2, 0), (4, 3)][..], &[(0, cut)][..]),
            (&[(4, 2), (2, 2)], &[(0, cut)]),
            (&[(3, 1), (2, 2)], &[(0, cut)]),
            (&[(2, 0), (1, 0), (4, 3)], &[(0, cut)]),
            // Two rows that are cut, one behind the other.
            (&[(2, 0), (4, 3), (2, 0), (4, 3)], &[(0, cut), (2, cut)]),
            // A short row above one that is cut.
            (&[(4, 2), (2, 0), (4, 3)], &[(0, ragged(4)), (1, cut)]),
            // Two short rows, with text or too many fields in the second, or something between.
            (&[(2, 0), (4, 2)], &[(0, ragged(2)), (1, ragged(4))]),
            (&[(4, 2), (4, 2)], &[(0, ragged(4)), (1, ragged(4))]),
            (&[(2, 0), (0, 0), (4, 3)], &[(0, ragged(2)), (2, ragged(4))]),
            (&[(2, 0), (5, 3), (4, 3)], &[(0, ragged(2)), (2, ragged(4))]),
            // A number where a description would be cut: rows without descriptions.
            (&[(2, 1), (4, 3)], &[(0, ragged(2)), (1, ragged(4))]),
        ] {
            assert_eq!(judged(lines), faults, "{lines:?}");
        }
    }

    #[test]
    fn names_alone_at_the_end_are_notes_where_somebody_says_so() {
        for (are_notes, lines, told) in [
            (true, &[true, false, true, true][..], &[0][..]),
            (false, &[true, false, true, true], &[0, 2, 3]),
        ] {
            let mut found = Vec::new();
            let mut judge = |_: Judged, at: usize| found.push(at);
            let mut parts = Parts::default();
            for (at, bare) in lines.iter().enumerate() {
                if *bare {
                    parts.add(Loose::Bare, at, SHAPE, &mut judge);
                } else {
                    parts.whole(false, &mut judge);
                }
            }
            parts.finish(are_notes, &mut judge);
            assert_eq!(found, told);
        }
    }
}
