//! Cross-file checks: do the columns of each data file name samples, libraries, preparations or cells that the
//! study has, and do those hang on known samples.
//!
//! The input is plain data, gathered while the files were read one by one; nothing here opens a file.

mod affix;
mod damaged;
mod follow;
mod forms;
mod near;
mod parents;
mod separator;
mod target;
mod tie;
pub(crate) mod words;

use std::collections::HashSet;
use std::sync::Arc;

use odmkit_core::{ByteOffset, FileKind, Position};
use odmkit_diagnostics::Sink;
use odmkit_formats::HeaderLine;

use crate::metadata::look_alike::LOST;
pub use damaged::{Damage, Settled};
pub use follow::parent_attribute;
pub use near::{Difference, Group, Member};
pub use separator::SeparatorTale;

/// The attribute that data is tied to samples by, where nothing else is said.
pub const SAMPLE_KEY: &str = "Sample Source ID";

/// The records of a samples, libraries, preparations or cells file, as far as links need them.
#[derive(Debug, Clone)]
pub struct EntityTable {
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// What it is a table of.
    pub kind: FileKind,
    /// Every column of its header.
    pub columns: Vec<(String, Position)>,
    /// The columns that are kept. Links need the key, `Sample Source ID`, `batch` and the linking attribute; of
    /// samples it is well to keep every column of at most a few thousand records: then a finding can say in which
    /// column the names of the data do stand.
    pub kept: Vec<KeptColumn>,
}

/// A column and its values.
#[derive(Debug, Clone)]
pub struct KeptColumn {
    /// Its name.
    pub name: String,
    /// The trimmed value of each record, blank ones too, so that records line up between columns.
    pub values: Vec<(String, Position)>,
}

/// The columns of a data file that name samples or their like.
#[derive(Debug, Clone)]
pub struct DataColumns {
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// Expression, variant or flow cytometry.
    pub kind: FileKind,
    /// The value columns of a matrix, whole; the samples of a VCF; the distinct `Sample` values of a FACS table.
    pub columns: Vec<(String, Position)>,
    /// How many more there are of which nobody knows what they name, as is told: what is not UTF-8, and several names with
    /// blanks in place of tabs.
    pub unread: usize,
    /// What separates sample and measurement in the names.
    pub separator: Option<String>,
    /// What is likely to separate them, where nobody said.
    pub likely_separator: Option<String>,
    /// What the user ties it to.
    pub link_to: Option<FileKind>,
    /// The attribute that the user ties it by.
    pub link_attribute: Option<String>,
}

/// A study, as far as links need it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Links<'a> {
    /// The tables.
    pub tables: &'a [EntityTable],
    /// The data files.
    pub data: &'a [DataColumns],
    /// The kinds of which a group is in ODM already, or in a file that could not be read, so that its ids are not known
    /// here.
    pub elsewhere: &'a [FileKind],
    /// Whether some data file could not be read, so that nothing can be said about samples without data.
    pub data_missing: bool,
    /// The attributes of the template's sample section, where there is a template.
    pub sample_attributes: Option<&'a [String]>,
}

/// How one file hangs on others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSummary {
    /// The file that is tied.
    pub from: Arc<str>,
    /// What it is.
    pub from_kind: FileKind,
    /// The files that it is tied to.
    pub to: Vec<Arc<str>>,
    /// What they are.
    pub to_kind: FileKind,
    /// The attribute that it is tied by.
    pub attribute: String,
    /// How many distinct names the file has.
    pub names: usize,
    /// How many of them are known.
    pub linked: usize,
    /// How many records nothing in the file names.
    pub without: usize,
    /// Some of the names that are not known, in the order of their places.
    pub unknown_names: Vec<String>,
    /// Some of the records that nothing in the file names, in the order of their names.
    pub unnamed_records: Vec<String>,
    /// Whether its names are not known for where they are split, as is told.
    pub split_wrong: bool,
    /// The columns of which it is told that they differ in blanks or quotes from a name without: that such stand there is
    /// no second fault.
    pub told: HashSet<ByteOffset>,
    /// The names that are not known because what they mean is damaged in its own table, which tells it.
    pub settled: Vec<Settled>,
}

/// How many names a summary gives as examples.
const EXAMPLES: usize = 20;

impl Links<'_> {
    /// Judges every link of the study.
    pub fn check(&self, sink: &mut dyn Sink) -> Vec<LinkSummary> {
        let mut reach = follow::Reach::default();
        let mut summaries = parents::check(self, &mut reach, sink);
        for data in self.data {
            summaries.extend(tie::check(self, data, &mut reach, sink));
        }
        tie::ambiguous(self, &reach, sink);
        follow::without_data(self, reach, sink);
        summaries
    }

    /// The tables of a kind.
    fn of(&self, kind: FileKind) -> impl Iterator<Item = &EntityTable> {
        self.tables.iter().filter(move |table| table.kind == kind)
    }

    /// Whether the study has a group of this kind, here or in ODM.
    fn has(&self, kind: FileKind) -> bool {
        self.of(kind).next().is_some() || self.elsewhere.contains(&kind)
    }

    /// Whether every group of this kind is here, so that what is not known does not exist.
    fn knows(&self, kind: FileKind) -> bool {
        self.of(kind).next().is_some() && !self.elsewhere.contains(&kind)
    }
}

impl DataColumns {
    /// Leaves the columns out whose names say nothing, where their line is not UTF-8 or lacks names at its end, and counts
    /// them.
    #[must_use]
    pub fn without_unread(mut self, line: &HeaderLine) -> Self {
        let lacks_names = line.fields.last().is_some_and(|last| last.text().is_empty());
        let all = self.columns.len();
        self.columns.retain(|(name, _)| {
            let is_lost = !line.is_utf8 && name.contains(LOST);
            let is_joined = lacks_names && name.contains(char::is_whitespace);
            !is_lost && !is_joined
        });
        self.unread = all - self.columns.len();
        self
    }
}

impl EntityTable {
    /// The kept column of this name.
    pub fn column(&self, name: &str) -> Option<&KeptColumn> {
        self.kept.iter().find(|column| column.name == name)
    }
}

/// The names that are not among the `taken`, sorted.
fn not_in<'n>(names: impl Iterator<Item = &'n str>, taken: &HashSet<&str>) -> impl Iterator<Item = &'n str> {
    let mut left: Vec<&str> = names.filter(|name| !taken.contains(name)).collect();
    left.sort_unstable();
    left.into_iter()
}

/// A few names, as examples.
fn examples<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    names.take(EXAMPLES).map(str::to_owned).collect()
}

/// What several records of a kind are called.
pub(crate) const fn records(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Samples => "samples",
        FileKind::Libraries => "libraries",
        FileKind::Preparations => "preparations",
        FileKind::Cells => "cells",
        _ => "records",
    }
}

/// The parts of a list value: `|` separates, `||` is a literal bar.
pub(crate) fn list_parts(value: &str) -> Vec<String> {
    const BAR: char = '\u{1}';
    value
        .replace("||", "\u{1}")
        .split('|')
        .map(|part| part.trim().replace(BAR, "|"))
        .filter(|part| !part.is_empty())
        .collect()
}

/// A few names for a message: `` `a`, `b`, `c` and 4 more``.
pub(crate) fn some<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    const SHOWN: usize = 4;
    let total = names.len();
    // One more is shown rather than counted.
    let shown = if total == SHOWN + 1 { total } else { SHOWN };
    let mut text = names
        .take(shown)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if total > shown {
        text = format!("{text} and {} more", total - shown);
    }
    text
}

#[cfg(test)]
mod tests;
