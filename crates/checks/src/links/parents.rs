//! Ties libraries, preparations and cells to what they come from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::Sink;

use super::damaged::{Damaged, settle_own};
use super::follow::{Reach, parent_attribute};
use super::near::{Difference, Member, explain, pooled};
use super::{EntityTable, LinkSummary, Links, SAMPLE_KEY, examples, list_parts, not_in};
use crate::rules::l004_unknown_parent as l004;

pub(super) fn check(links: &Links<'_>, reach: &mut Reach, sink: &mut dyn Sink) -> Vec<LinkSummary> {
    links
        .tables
        .iter()
        .filter_map(|table| one(links, table, reach, sink))
        .collect()
}

fn one(
    links: &Links<'_>,
    table: &EntityTable,
    reach: &mut Reach,
    sink: &mut dyn Sink,
) -> Option<LinkSummary> {
    let attribute = parent_attribute(table.kind)?;
    let mentioned = mentioned(table, attribute)?;
    let parent = parent(links, table.kind, &mentioned)?;
    let ids = ids(links, parent);
    let set: HashSet<&str> = ids.iter().map(|(id, _)| *id).collect();
    // A parent's file without its key column is a fault of that file, and reported there.
    if set.is_empty() {
        return None;
    }
    let mut order: Vec<(&str, (Position, u64))> = mentioned
        .iter()
        .map(|(id, place)| (id.as_str(), *place))
        .collect();
    order.sort_by_key(|(_, (position, _))| *position);
    let (known, unknown): (Vec<_>, Vec<_>) = order.into_iter().partition(|(id, _)| set.contains(id));
    let taken: HashSet<&str> = known.iter().map(|(id, _)| *id).collect();
    let mut summary = LinkSummary {
        from: Arc::clone(&table.path),
        from_kind: table.kind,
        to: links.of(parent).map(|table| Arc::clone(&table.path)).collect(),
        to_kind: parent,
        attribute: attribute.to_owned(),
        names: known.len() + unknown.len(),
        linked: known.len(),
        without: set.iter().filter(|id| !taken.contains(*id)).count(),
        unknown_names: examples(unknown.iter().map(|(id, _)| *id)),
        unnamed_records: examples(not_in(set.iter().copied(), &taken)),
        split_wrong: false,
        told: HashSet::new(),
        settled: Vec::new(),
    };
    let mut names: Vec<&str> = set.iter().copied().collect();
    names.sort_unstable();
    let free: HashSet<&str> = names.iter().copied().filter(|id| !taken.contains(id)).collect();
    let unknown = unknown
        .into_iter()
        .map(|(name, (position, count))| Member {
            name,
            position,
            count,
            near: None,
        })
        .collect();
    let mut groups = explain(unknown, &names, &free);
    for group in &groups {
        // That a record which is meant by these has no data is no second fault.
        for member in &group.members {
            let parts = pooled(member.name, &set).unwrap_or_default();
            let near = member.near.filter(|_| group.difference != Difference::Unlike);
            let meant = parts.into_iter().chain(near);
            reach.meant.extend(meant.map(|id| (parent, id.to_owned())));
        }
        if group.difference == Difference::Unlike {
            reach.strangers += group.members.len();
        }
    }
    let blank = |(id, _): &&(String, Position)| id.is_empty();
    let column = table.column(attribute);
    reach.strangers += column.map_or(0, |column| column.values.iter().filter(blank).count());
    settle_own(&mut summary, &mut groups);
    if let Some(key) = parent.key_attribute() {
        Damaged::of(links, parent, key, &taken).settle(&mut summary, &mut groups);
    }
    for group in &groups {
        sink.push(l004::finding(&summary, group));
    }
    Some(summary)
}

/// The parents that the records name: where each is named first, and how often.
fn mentioned(table: &EntityTable, attribute: &str) -> Option<HashMap<String, (Position, u64)>> {
    let mut mentioned: HashMap<String, (Position, u64)> = HashMap::new();
    for (value, position) in &table.column(attribute)?.values {
        let parts = if table.kind == FileKind::Cells {
            vec![value.clone()]
        } else {
            list_parts(value)
        };
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            mentioned.entry(part).or_insert((*position, 0)).1 += 1;
        }
    }
    (!mentioned.is_empty()).then_some(mentioned)
}

/// What the records hang on: samples, or for cells what they name most of. Nothing where that is not known here.
fn parent(
    links: &Links<'_>,
    kind: FileKind,
    mentioned: &HashMap<String, (Position, u64)>,
) -> Option<FileKind> {
    if kind != FileKind::Cells {
        return links.knows(FileKind::Samples).then_some(FileKind::Samples);
    }
    let candidates = [FileKind::Samples, FileKind::Libraries, FileKind::Preparations];
    let matches = |kind: FileKind| {
        ids(links, kind)
            .iter()
            .filter(|(id, _)| mentioned.contains_key(*id))
            .count()
    };
    let counted: Vec<(usize, FileKind)> = candidates
        .into_iter()
        .filter(|kind| links.knows(*kind))
        .map(|kind| (matches(kind), kind))
        .collect();
    let best = counted.iter().map(|(count, _)| *count).max()?;
    if best == 0 && candidates.iter().any(|kind| links.elsewhere.contains(kind)) {
        return None;
    }
    counted
        .into_iter()
        .find(|(count, _)| *count == best)
        .map(|(_, kind)| kind)
}

fn ids<'a>(links: &'a Links<'_>, kind: FileKind) -> Vec<(&'a str, Position)> {
    let key = kind.key_attribute().unwrap_or(SAMPLE_KEY);
    links
        .of(kind)
        .filter_map(|table| table.column(key))
        .flat_map(|column| &column.values)
        .filter(|(id, _)| !id.is_empty())
        .map(|(id, position)| (id.as_str(), *position))
        .collect()
}
