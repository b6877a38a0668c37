//! Faults of one block, folded by cause as they are met.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use odmkit_core::{FieldNumber, Position};
use odmkit_diagnostics::{Diagnostic, Sink, Spread};

use crate::Spot;
use crate::block::BlockStart;

/// Places of one cause that are kept: the first, and those that a report names beside it.
const KEPT: usize = 5;

/// The faults of a block. `K` says what kind of fault it is; a cause is a kind and a text.
#[derive(Debug)]
pub(crate) struct Tally<K> {
    index: HashMap<(K, Box<[u8]>), usize>,
    groups: Vec<Group<K>>,
    last: usize,
}

/// The faults of one cause.
#[derive(Debug)]
pub(crate) struct Group<K> {
    /// What kind of fault.
    pub(crate) kind: K,
    /// What tells it from other causes of its kind.
    pub(crate) cause: Box<[u8]>,
    /// The first places, each with the text found there.
    pub(crate) first: Vec<(Spot, Box<[u8]>)>,
    /// How many there are.
    pub(crate) count: u64,
    last: Spot,
    /// The leftmost field and the rightmost, where all have one.
    fields: Option<(u32, u32)>,
}

/// Tells of a finding, or counts it where enough of its cause are shown.
pub(crate) fn tell(sink: &mut dyn Sink, finding: Diagnostic) {
    if sink.shows(finding.rule, &finding.path, finding.cause.as_deref()) {
        sink.push(finding);
    } else {
        sink.count(finding.rule, &finding.path, 1);
    }
}

impl<K> Group<K> {
    /// Makes the findings of the cause into one, unless it would not be shown.
    pub(crate) fn report(
        &self,
        path: &Arc<str>,
        start: &BlockStart,
        sink: &mut dyn Sink,
        finding: impl Fn(Position, &str) -> Diagnostic,
    ) {
        let mut occurrences = self
            .first
            .iter()
            .map(|(spot, text)| finding(start.position(*spot), &String::from_utf8_lossy(text)));
        let Some(mut first) = occurrences.next() else {
            return;
        };
        if !sink.shows(first.rule, path, first.cause.as_deref()) {
            sink.count(first.rule, path, self.count);
            return;
        }
        occurrences.for_each(|later| first.fold(&later));
        first = first.count(self.count);
        if let Some(line) = first.line.filter(|_| self.count > 1) {
            let field = |index: u32| FieldNumber::from_index(index as usize);
            first.spread = Some(Spread {
                lines: (line, start.position(self.last).line),
                columns: first
                    .column
                    .and(self.fields)
                    .map(|(left, right)| (field(left), field(right))),
            });
        }
        sink.push(first);
    }
}

impl<K: Copy + Eq + Hash> Tally<K> {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// No faults.
    pub(crate) fn new() -> Self {
        Self {
            index: HashMap::new(),
            groups: Vec::new(),
            last: 0,
        }
    }

    /// Takes in a fault that so many lines have which follow each other and are all the same, of `length` bytes each.
    pub(crate) fn add_run(&mut self, kind: K, first: Spot, lines: u64, length: usize) {
        let place = |line: u64| Spot {
            line: first.line + line,
            byte: first.byte + line * length as u64,
            ..first
        };
        for line in 0..lines.min(KEPT as u64) {
            self.add(kind, b"", place(line), b"");
        }
        if lines > KEPT as u64 {
            let group = &mut self.groups[self.last];
            group.count += lines - KEPT as u64;
            group.last = place(lines - 1);
        }
    }

    /// Takes in one fault. Faults come in the order of their places.
    pub(crate) fn add(&mut self, kind: K, cause: &[u8], spot: Spot, text: &[u8]) {
        // Most often it is the same as the one before: a column of one missing token, say.
        let at = match self.groups.get(self.last) {
            Some(group) if group.kind == kind && same(&group.cause, cause) => self.last,
            _ => *self.index.entry((kind, cause.into())).or_insert_with(|| {
                self.groups.push(Group {
                    kind,
                    cause: cause.into(),
                    first: Vec::new(),
                    count: 0,
                    last: spot,
                    fields: spot.field.map(|field| (field, field)),
                });
                self.groups.len() - 1
            }),
        };
        self.last = at;
        let group = &mut self.groups[at];
        group.count += 1;
        group.last = spot;
        group.fields = group
            .fields
            .zip(spot.field)
            .map(|((left, right), field)| (left.min(field), right.max(field)));
        if group.first.len() < KEPT {
            group.first.push((spot, text.into()));
        }
    }

    /// The faults by cause, in the order of their first places.
    pub(crate) fn into_groups(self) -> Vec<Group<K>> {
        self.groups
    }
}

/// Whether two texts are the same. Most causes are empty, and to compare nothing with nothing must not cost a look at the
/// place where an empty box claims to be: some processors take long over that.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && (one.is_empty() || one == other)
}

impl<K: Copy + Eq + Hash> Default for Tally<K> {
    fn default() -> Self {
        Self::new()
    }
}
