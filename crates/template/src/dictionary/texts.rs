//! Many short texts, found by their letters.
//!
//! A taxonomy has millions of names. They stand in one piece of memory, and the indexes hold numbers, so that a
//! name costs little more than its letters.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// Which texts count as equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    /// Letter by letter.
    Exact,
    /// But for the case of letters.
    Case,
}

/// Texts by number, in order; the same text may stand there several times.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<usize>,
    exact: HashTable<u32>,
    folded: HashTable<u32>,
    hasher: RandomState,
}

impl Texts {
    /// Room for so many texts.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            ends: Vec::with_capacity(count),
            exact: HashTable::with_capacity(count),
            folded: HashTable::with_capacity(count),
            ..Self::default()
        }
    }

    /// Adds a text and says its number.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a file of four thousand million terms is no dictionary"
    )]
    pub(super) fn push(&mut self, text: &str) -> u32 {
        let index = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        let Self {
            text: all,
            ends,
            exact,
            folded,
            hasher,
        } = self;
        let hash_of = |index: &u32| hasher.hash_one(slice(all, ends, *index));
        exact.insert_unique(hasher.hash_one(text), index, hash_of);
        let folded_hash_of = |index: &u32| hasher.hash_one(slice(all, ends, *index).to_lowercase());
        folded.insert_unique(hasher.hash_one(text.to_lowercase()), index, folded_hash_of);
        index
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, index: u32) -> &str {
        slice(&self.text, &self.ends, index)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let text = &self.text[start..*end];
            start = *end;
            text
        })
    }

    /// The numbers of all texts that equal this one, in no order.
    pub(super) fn find(&self, text: &str, fold: Fold) -> impl Iterator<Item = u32> {
        let wanted = match fold {
            Fold::Exact => text.to_owned(),
            Fold::Case => text.to_lowercase(),
        };
        let table = match fold {
            Fold::Exact => &self.exact,
            Fold::Case => &self.folded,
        };
        table
            .iter_hash(self.hasher.hash_one(wanted.as_str()))
            .copied()
            .filter(move |index| match fold {
                Fold::Exact => self.get(*index) == wanted,
                Fold::Case => self.get(*index).to_lowercase() == wanted,
            })
    }
}

fn slice<'a>(text: &'a str, ends: &[usize], index: u32) -> &'a str {
    let index = index as usize;
    let start = if index == 0 { 0 } else { ends[index - 1] };
    &text[start..ends[index]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_letters_and_without_case() {
        let mut texts = Texts::default();
        for text in ["Red", "blue", "red", "", "Größe", "red"] {
            texts.push(text);
        }
        let find = |text, fold| {
            let mut found: Vec<u32> = texts.find(text, fold).collect();
            found.sort_unstable();
            found
        };
        assert_eq!(find("red", Fold::Exact), [2, 5]);
        assert_eq!(find("RED", Fold::Case), [0, 2, 5]);
        assert_eq!(find("GRÖSSE", Fold::Case), Vec::<u32>::new());
        assert_eq!(find("GRÖßE", Fold::Case), [4]);
        assert_eq!(find("", Fold::Exact), [3]);
        assert_eq!(
            texts.iter().collect::<Vec<_>>(),
            ["Red", "blue", "red", "", "Größe", "red"]
        );
        assert_eq!((texts.get(1), texts.len()), ("blue", 6));
    }
}
