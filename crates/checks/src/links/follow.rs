//! Follows data back to the samples that it comes from.

use std::collections::{BTreeSet, HashSet};

use odmkit_core::FileKind;
use odmkit_diagnostics::Sink;

use super::damaged::Damage;
use super::{EntityTable, Links, SAMPLE_KEY, list_parts};
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
    /// Records that libraries and their like mean by an id that is reported.
    pub(super) meant: HashSet<(FileKind, String)>,
    /// How many ids of such parents are unlike any: each may stand for a record that seems to have no data.
    pub(super) strangers: usize,
}

impl Reach {
    pub(super) fn mark(&mut self, rows: impl Iterator<Item = Row>) {
        self.rows.extend(rows);
    }
}

/// Reports the samples that no data mentions, once per samples file.
pub(super) fn without_data(links: &Links<'_>, mut reach: Reach, sink: &mut dyn Sink) {
    if reach.rows.is_empty() || reach.vague || links.data_missing || cut_off(links, &reach) {
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
        let named = named(links, &reach, from, attribute, to);
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
                let row = Row {
                    table: index,
                    record: *record,
                };
                !reach.rows.contains(&row) && !Damage::of(key).is_some_and(Damage::is_loss)
            })
            .map(|(_, (key, position))| (key.as_str(), *position))
            .collect();
        if left.len() <= reach.strangers {
            continue;
        }
        if let [(_, first), ..] = left[..] {
            let names: Vec<&str> = left.iter().map(|(name, _)| *name).collect();
            sink.push(l002::finding(&table.path, first, &names, keys.values.len()));
        }
    }
}

/// Whether data hangs on records that lack the column of their parents, which is reported where it is lacking.
fn cut_off(links: &Links<'_>, reach: &Reach) -> bool {
    let lacks = |table: &EntityTable| {
        let attribute = parent_attribute(table.kind);
        attribute.is_some_and(|attribute| table.column(attribute).is_none())
    };
    let lacking: HashSet<usize> = (0..links.tables.len())
        .filter(|index| lacks(&links.tables[*index]))
        .collect();
    !lacking.is_empty() && reach.rows.iter().any(|row| lacking.contains(&row.table))
}

/// The column in which records of a kind name what they come from.
pub const fn parent_attribute(kind: FileKind) -> Option<&'static str> {
    match kind {
        FileKind::Libraries | FileKind::Preparations => Some(SAMPLE_KEY),
        FileKind::Cells => Some("batch"),
        _ => None,
    }
}

/// The ids of parents that the reached records of a kind name, or mean.
fn named(
    links: &Links<'_>,
    reach: &Reach,
    kind: FileKind,
    attribute: &str,
    parents: &[FileKind],
) -> HashSet<String> {
    let meant = reach.meant.iter().filter(|(kind, _)| parents.contains(kind));
    let meant = meant.map(|(_, id)| id.clone());
    reach
        .rows
        .iter()
        .filter(|row| links.tables[row.table].kind == kind)
        .filter_map(|row| links.tables[row.table].column(attribute)?.values.get(row.record))
        .flat_map(|(value, _)| list_parts(value))
        .chain(meant)
        .collect()
}
