//! How often something was found, where first, and what stood there.

use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Place};

use crate::block::{BlockStart, Spot};

/// How many places are kept of one cause.
const PLACES: usize = 5;

/// A count with the first places.
#[derive(Debug, Clone)]
pub(super) struct Tally<P> {
    pub(super) count: u64,
    /// The first places, in order.
    pub(super) places: Vec<P>,
    /// The text at the first place.
    pub(super) sample: String,
}

impl<P> Default for Tally<P> {
    fn default() -> Self {
        Self {
            count: 0,
            places: Vec::new(),
            sample: String::new(),
        }
    }
}

impl Tally<Spot> {
    pub(super) fn add(&mut self, place: Spot, value: &[u8]) {
        if self.count == 0 {
            self.sample = String::from_utf8_lossy(value).into_owned();
        }
        self.count_at(place);
    }

    /// Counts lines that follow each other and are all the same, of so many bytes each.
    pub(super) fn add_run(&mut self, first: Spot, lines: u64, length: usize) {
        let counted = lines.min(PLACES as u64);
        for line in 0..counted {
            self.count_at(Spot {
                line: first.line + line,
                byte: first.byte + line * length as u64,
                ..first
            });
        }
        self.count += lines - counted;
    }

    /// Counts one more of what is known already.
    pub(super) fn count_at(&mut self, place: Spot) {
        self.count += 1;
        if self.places.len() < PLACES {
            self.places.push(place);
        }
    }
}

impl Tally<Position> {
    /// Counts one more at this place.
    pub(super) fn count_place(&mut self, place: Position) {
        self.count += 1;
        if self.places.len() < PLACES {
            self.places.push(place);
        }
    }

    /// Takes in what a later block found.
    pub(super) fn absorb(&mut self, later: Tally<Spot>, start: &BlockStart) {
        if self.count == 0 {
            self.sample = later.sample;
        }
        self.count += later.count;
        let room = PLACES - self.places.len();
        self.places
            .extend(later.places.iter().take(room).map(|spot| start.position(*spot)));
    }

    /// Takes in what was found elsewhere in the file.
    pub(super) fn join(&mut self, other: Self) {
        let first = |tally: &Self| tally.places.first().copied();
        if first(&other).is_some_and(|there| first(self).is_none_or(|here| there < here)) {
            self.sample = other.sample;
        }
        self.count += other.count;
        self.places.extend(other.places);
        self.places.sort_unstable();
        self.places.truncate(PLACES);
    }

    /// The finding that `make` builds for the first place, with the other places beside it; nothing where
    /// nothing was found.
    pub(super) fn finding(&self, make: impl FnOnce(Position, &str, u64) -> Diagnostic) -> Option<Diagnostic> {
        let (first, more) = self.places.split_first()?;
        let mut finding = make(*first, &self.sample, self.count).count(self.count);
        finding.also.extend(more.iter().map(|place| Place {
            line: place.line,
            column: place.field.filter(|_| finding.column.is_some()),
            text: None,
        }));
        Some(finding)
    }
}
