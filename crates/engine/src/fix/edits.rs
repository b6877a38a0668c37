//! How much was mended.

use std::collections::BTreeMap;

/// How often each rule's fix was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    counts: BTreeMap<&'static str, u64>,
}

impl Edits {
    /// Counts further edits for a rule.
    pub(super) fn add(&mut self, code: &'static str, count: u64) {
        *self.counts.entry(code).or_default() += count;
    }

    /// Counts the edits of another part.
    pub(super) fn take(&mut self, other: &Self) {
        for (code, count) in other.iter() {
            self.add(code, count);
        }
    }

    /// Whether nothing was mended.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The rules and their counts, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.counts.iter().map(|(code, count)| (*code, *count))
    }
}
