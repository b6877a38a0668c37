//! Follows data back to the samples that it comes from.

use std::collections::{BTreeSet, HashSet};

use odmkit_core::FileKind;
use odmkit_diagnostics::Sink;

use super::{Links, SAMPLE_KEY, list_parts};
use crate::rules::l002_sample_without_data as l002;

/// A record of a table, by their indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Row {
    pub(super) table: usize,
    pub(super) record: usize,
}

/// What has been reached from data so far.
#[derive(Debug, Default)]
pub(super) struct Reach {
    rows: HashSet<Row>,
    /// Values that stand for several records: the kind, the attribute, the value.
    pub(super) ambiguous: BTreeSet<(FileKind, String, String)>,
    /// Attributes that have been judged.
    pub(super) attributes: HashSet<String>,
    /// Whether some file names records in a way that is reported as a whole, so that nothing can be said about
    /// which of them have data.
    pub(super) vague: bool,
}

impl Reach {
    pub(super) fn mark(&mut self, rows: impl Iterator<Item = Row>) {
        self.rows.extend(rows);
    }
}

/// Reports the samples that no data mentions, once per samples file.
pub(super) fn without_data(links: &Links<'_>, mut reach: Reach, sink: &mut dyn Sink) {
    if reach.rows.is_empty() || reach.vague || links.data_missing {
        return;
    }
    for (from, attribute, to) in [
        (
            FileKind::Cells,
            "batch",
            &[FileKind::Samples, FileKind::Libraries, FileKind::Preparations][..],
        ),
        (FileKind::Libraries, SAMPLE_KEY, &[FileKind::Samples]),
        (FileKind::Preparations, SAMPLE_KEY, &[FileKind::Samples]),
    ] {
        let named = named(links, &reach, from, attribute);
        for (index, table) in links
            .tables
            .iter()
            .enumerate()
            .filter(|(_, table)| to.contains(&table.kind))
        {
            let Some(keys) = table.kind.key_attribute().and_then(|key| table.column(key)) else {
                continue;
            };
            let rows = keys
                .values
                .iter()
                .enumerate()
                .filter(|(_, (key, _))| named.contains(key));
            reach
                .rows
                .extend(rows.map(|(record, _)| Row { table: index, record }));
        }
    }
    for (index, table) in links
        .tables
        .iter()
        .enumerate()
        .filter(|(_, table)| table.kind == FileKind::Samples)
    {
        let Some(keys) = table.column(SAMPLE_KEY) else {
            continue;
        };
        let left: Vec<_> = keys
            .values
            .iter()
            .enumerate()
            .filter(|(record, (key, _))| {
                !key.is_empty()
                    && !reach.rows.contains(&Row {
                        table: index,
                        record: *record,
                    })
            })
            .map(|(_, (key, position))| (key.as_str(), *position))
            .collect();
        if let [(_, first), ..] = left[..] {
            let names: Vec<&str> = left.iter().map(|(name, _)| *name).collect();
            sink.push(l002::finding(&table.path, first, &names, keys.values.len()));
        }
    }
}

/// The ids of parents that the reached records of a kind name.
fn named(links: &Links<'_>, reach: &Reach, kind: FileKind, attribute: &str) -> HashSet<String> {
    reach
        .rows
        .iter()
        .filter(|row| links.tables[row.table].kind == kind)
        .filter_map(|row| links.tables[row.table].column(attribute)?.values.get(row.record))
        .flat_map(|(value, _)| list_parts(value))
        .collect()
}
