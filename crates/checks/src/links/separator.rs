//! What becomes of column names that hold a sample and a measurement.

use std::collections::HashSet;

/// Separators that ODM takes, the rarer in names first.
const SEPARATORS: [&str; 9] = [":", ";", "|", "/", "\\", ",", "_", "-", "."];

/// Why the names before the separator are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeparatorTale {
    /// The whole names are known: no separator is needed.
    NotNeeded,
    /// The ids hold the separator themselves: the part before the last one is known.
    InsideIds {
        /// A column.
        column: String,
        /// The id in it.
        id: String,
        /// What ODM takes for the id.
        taken: String,
    },
    /// No separator was given, and the part before the last one of these is known; ODM splits at the first.
    LastOne {
        /// The separator.
        separator: &'static str,
        /// A column.
        column: String,
        /// The id in it.
        id: String,
    },
    /// Another separator gives known names, or any does where none was given.
    Other {
        /// The separator.
        separator: &'static str,
        /// A column.
        column: String,
        /// The id in it.
        id: String,
    },
    /// A blank stands between the id and the measurement, and ODM takes none there.
    Blank {
        /// A column.
        column: String,
        /// The id in it.
        id: String,
    },
    /// The measurement stands before the id.
    Reversed {
        /// What stands between them.
        separator: &'static str,
        /// A column.
        column: String,
        /// The id in it.
        id: String,
    },
}

/// The id in a column name: the part before the first separator. ODM splits there.
pub(super) fn id_in<'n>(name: &'n str, separator: Option<&str>) -> &'n str {
    match separator {
        Some(separator) if !separator.is_empty() => {
            name.split_once(separator).map_or(name, |(id, _)| id.trim())
        }
        _ => name,
    }
}

/// What would make most of the unknown columns known, where something about the separator would.
pub(super) fn tale(
    columns: &[&str],
    separator: Option<&str>,
    known: &HashSet<&str>,
) -> Option<SeparatorTale> {
    let half = columns.len().div_ceil(2);
    let first = *columns.first()?;
    let enough = |id_of: &dyn Fn(&str) -> Option<String>| {
        columns
            .iter()
            .filter(|name| id_of(name).is_some_and(|id| known.contains(id.as_str())))
            .count()
            >= half
    };
    let example = |id_of: &dyn Fn(&str) -> Option<String>| {
        let hit = |name: &&&str| id_of(name).is_some_and(|id| known.contains(id.as_str()));
        let column = *columns.iter().find(hit).unwrap_or(&first);
        (column.to_owned(), id_of(column).unwrap_or_default())
    };
    if let Some(separator) = separator.filter(|separator| !separator.is_empty()) {
        if enough(&|name| Some(name.to_owned())) {
            return Some(SeparatorTale::NotNeeded);
        }
        let last = |name: &str| name.rsplit_once(separator).map(|(id, _)| id.trim().to_owned());
        if enough(&last) {
            let (column, id) = example(&last);
            let taken = id_in(&column, Some(separator)).to_owned();
            return Some(SeparatorTale::InsideIds { column, id, taken });
        }
    }
    let others = || SEPARATORS.into_iter().filter(|other| Some(*other) != separator);
    // One and the same ending on every column is an ending, not a measurement.
    let measures = |split: Split| {
        let endings: HashSet<&str> = columns
            .iter()
            .filter_map(|name| split(name))
            .map(|(_, end)| end)
            .collect();
        endings.len() > 1
    };
    let at_first = others().find_map(|other| {
        let id = |name: &str| name.split_once(other).map(|(id, _)| id.trim().to_owned());
        (measures(&|name| name.split_once(other)) && enough(&id)).then(|| {
            let (column, id) = example(&id);
            SeparatorTale::Other {
                separator: other,
                column,
                id,
            }
        })
    });
    let at_last = || {
        others().find_map(|other| {
            let id = |name: &str| name.rsplit_once(other).map(|(id, _)| id.trim().to_owned());
            (measures(&|name| name.rsplit_once(other)) && enough(&id)).then(|| {
                let (column, id) = example(&id);
                SeparatorTale::LastOne {
                    separator: other,
                    column,
                    id,
                }
            })
        })
    };
    // One sample behind several beginnings: without that they are a part of the name.
    let several = |split: Split| {
        let ids: HashSet<&str> = columns.iter().filter_map(|name| Some(split(name)?.1)).collect();
        ids.len() < columns.len()
    };
    let behind = || {
        SEPARATORS.into_iter().chain([" "]).find_map(|other| {
            let splits: [Split; 2] = [&|name| name.split_once(other), &|name| name.rsplit_once(other)];
            splits.into_iter().find_map(|split| {
                let id = |name: &str| split(name).map(|(_, id)| id.trim().to_owned());
                (several(split) && enough(&id)).then(|| {
                    let (column, id) = example(&id);
                    SeparatorTale::Reversed {
                        separator: other,
                        column,
                        id,
                    }
                })
            })
        })
    };
    // A blank parts them for people, and not for ODM.
    let blank = || {
        let split = |name: &str| name.split_once(' ').map(|(id, _)| id.to_owned());
        (measures(&|name| name.split_once(' ')) && enough(&split)).then(|| {
            let (column, id) = example(&split);
            SeparatorTale::Blank { column, id }
        })
    };
    at_first.or_else(at_last).or_else(behind).or_else(blank)
}

/// Cuts a name in two.
type Split<'s> = &'s dyn for<'n> Fn(&'n str) -> Option<(&'n str, &'n str)>;
