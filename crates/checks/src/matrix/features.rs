//! Feature columns: their types.

use odmkit_columns::missing::{self, Missing};
use odmkit_columns::number;
use odmkit_core::Position;

use crate::{BlockStart, Spot};

/// Chromosomes that have no number.
const CHROMOSOMES: [&str; 9] = ["X", "Y", "XY", "M", "MT", "Mt", "W", "Z", "Un"];

/// What the cells of a feature column are, as far as they have been seen.
#[derive(Debug, Clone)]
pub(super) struct FeatureColumn<P> {
    /// Cells that are numbers.
    pub(super) numbers: u64,
    /// Cells that are missing.
    pub(super) missing: u64,
    /// Cells that are text.
    pub(super) text: u64,
    /// Whether any number has a fraction.
    pub(super) fractional: bool,
    /// The first text.
    pub(super) first_text: Option<(P, String)>,
}

impl<P> Default for FeatureColumn<P> {
    fn default() -> Self {
        Self {
            numbers: 0,
            missing: 0,
            text: 0,
            fractional: false,
            first_text: None,
        }
    }
}

impl FeatureColumn<Spot> {
    pub(super) fn add(&mut self, cell: &[u8], spot: Spot) {
        let trimmed = cell.trim_ascii();
        // A long text that begins with a letter is neither a number nor any token: most identifiers are.
        let plain = trimmed.len() > 9 && trimmed[0].is_ascii_alphabetic();
        if plain {
            self.text += 1;
            if self.first_text.is_none() {
                self.first_text = Some((spot, String::from_utf8_lossy(trimmed).into_owned()));
            }
        } else if missing::judge(trimmed).is_some_and(Missing::is_known) {
            self.missing += 1;
        } else if number::is_number(trimmed) {
            self.numbers += 1;
            self.fractional |= trimmed.contains(&b'.');
        } else {
            self.text += 1;
            self.first_text
                .get_or_insert_with(|| (spot, String::from_utf8_lossy(trimmed).into_owned()));
        }
    }
}

impl FeatureColumn<Position> {
    /// Whether ODM types the column as numbers: every value is one, or missing.
    pub(super) fn is_numeric(&self) -> bool {
        self.text == 0 && self.numbers > 0
    }

    /// Whether the column would be one of numbers but for a few cells: one among several numbers, or one in ten. In a column
    /// of chromosomes it is the numbers that are names.
    pub(super) fn is_demoted(&self) -> bool {
        let few = self.text * 10 <= self.numbers || (self.text == 1 && self.numbers >= 5);
        let first = self.first_text.as_ref().map_or("", |(_, text)| text);
        few && !CHROMOSOMES.contains(&first)
    }

    pub(super) fn absorb(&mut self, later: FeatureColumn<Spot>, start: &BlockStart) {
        self.numbers += later.numbers;
        self.missing += later.missing;
        self.text += later.text;
        self.fractional |= later.fractional;
        if self.first_text.is_none() {
            self.first_text = later.first_text.map(|(spot, text)| (start.position(spot), text));
        }
    }
}
