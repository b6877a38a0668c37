//! Which members of one group go with which of another.

use std::collections::HashMap;

use crate::judge::Accepted;
use crate::kind::ImportKind;
use crate::world::Object;

/// Why two groups cannot be linked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoMatch {
    /// ODM has no link between these kinds.
    Kinds,
    /// One of the two has no such attribute.
    Attribute(String),
}

/// For every member of the source, the members of the target that it goes with.
pub(crate) type Matches = Vec<Vec<usize>>;

/// Matches as ODM does: data by column name, libraries and preparations by `Sample Source ID`, cells by `batch`,
/// against the target's identifying attribute, or `attribute` where data is linked to samples.
pub(crate) fn matches(source: &Object, target: &Object, attribute: Option<&str>) -> Result<Matches, NoMatch> {
    if !linkable(source.kind, target.kind) {
        return Err(NoMatch::Kinds);
    }
    if target.kind == ImportKind::Study {
        return Ok(vec![vec![0]; source.content.members()]);
    }
    let (Accepted::Table(table), Some(key)) = (&target.content, target.kind.key()) else {
        return Err(NoMatch::Kinds);
    };
    let wanted = attribute.unwrap_or(key);
    let values = table
        .values(wanted)
        .ok_or_else(|| NoMatch::Attribute(wanted.to_owned()))?;
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (row, value) in values.enumerate() {
        for item in items(value) {
            let rows = places.entry(item).or_default();
            if rows.last() != Some(&row) {
                rows.push(row);
            }
        }
    }
    let find = |value: &str| {
        let mut rows: Vec<usize> = items(value)
            .filter_map(|item| places.get(item))
            .flatten()
            .copied()
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    };
    match &source.content {
        Accepted::Runs(runs) => Ok(runs
            .iter()
            .map(|run| places.get(run.trim()).cloned().unwrap_or_default())
            .collect()),
        Accepted::Table(table) => {
            let column = if source.kind == ImportKind::Cells {
                "batch"
            } else {
                "Sample Source ID"
            };
            let values = table
                .values(column)
                .ok_or_else(|| NoMatch::Attribute(column.to_owned()))?;
            Ok(values.map(find).collect())
        }
        Accepted::Opaque => Err(NoMatch::Kinds),
    }
}

fn linkable(source: ImportKind, target: ImportKind) -> bool {
    use ImportKind::{Cells, Expression, FlowCytometry, Libraries, Preparations, Samples, Study, Variant};
    matches!(
        (source, target),
        (Samples, Study)
            | (Libraries | Preparations | Variant | FlowCytometry, Samples)
            | (Cells, Samples | Libraries | Preparations)
            | (Expression, Samples | Libraries | Preparations | Cells)
    )
}

/// The items of a list value, trimmed: `|` separates, `||` stands for itself.
fn items(value: &str) -> impl Iterator<Item = &str> {
    let plain = value.contains("||");
    let parts: Vec<&str> = if plain {
        vec![value]
    } else {
        value.split('|').collect()
    };
    parts.into_iter().map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
