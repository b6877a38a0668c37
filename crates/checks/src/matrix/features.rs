//! Feature columns: their types and their keys.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

use odmkit_columns::{missing, number};
use odmkit_core::{LineNumber, Position};

use crate::{BlockStart, Spot};

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
        if missing::judge(trimmed).is_some() {
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

/// The keys of a block's rows: their texts one after another, and where each ends and stands.
#[derive(Debug, Default)]
pub(super) struct Keys {
    texts: Vec<u8>,
    rows: Vec<Key>,
}

#[derive(Debug, Clone, Copy)]
struct Key {
    digest: u128,
    end: usize,
    spot: Spot,
}

impl Keys {
    pub(super) fn push(&mut self, text: &[u8], spot: Spot) {
        self.texts.extend_from_slice(text);
        self.rows.push(Key {
            digest: digest(text),
            end: self.texts.len(),
            spot,
        });
    }

    fn iter(&self) -> impl Iterator<Item = (&[u8], Key)> {
        let mut start = 0;
        self.rows.iter().map(move |key| {
            let text = &self.texts[start..key.end];
            start = key.end;
            (text, *key)
        })
    }
}

/// The keys of all rows so far, by a digest of 128 bits: two different keys share one with a probability that no
/// file will ever meet (about 1e-22 for a hundred million features).
#[derive(Debug, Default)]
pub(super) struct SeenKeys(HashMap<u128, LineNumber>);

impl SeenKeys {
    /// Takes in a block's keys and tells of those that were there before: the text, its place, and the line of
    /// the first.
    pub(super) fn absorb(
        &mut self,
        keys: &Keys,
        start: &BlockStart,
        mut repeated: impl FnMut(&[u8], Position, LineNumber),
    ) {
        self.0.reserve(keys.rows.len());
        for (text, key) in keys.iter() {
            let position = start.position(key.spot);
            let first = *self.0.entry(key.digest).or_insert(position.line);
            if first != position.line {
                repeated(text, position, first);
            }
        }
    }
}

fn digest(text: &[u8]) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(seed);
        hasher.write(text);
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}
