//! Which names in the header of a data frame are those of records that the study has.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use crate::links::{EntityTable, SAMPLE_KEY};

/// Names in a header that stand for records of a study.
#[derive(Debug, Default)]
pub struct KnownNames<'a> {
    /// Those that a samples, libraries, preparations or cells file has; where none of them does, those that stand in another
    /// column of it, or begin with one and a separator.
    pub known: HashSet<&'a str>,
    /// Some of those before the first of them that are nearly a record which no column names.
    pub nearly: HashSet<&'a str>,
}

/// The characters that separators are made of.
const SEPARATORS: [char; 9] = ['.', ',', ':', ';', '_', '-', '/', '\\', '|'];

/// So many names before the first known one are compared with the records that are left.
const COMPARED: usize = 8;

impl<'a> KnownNames<'a> {
    /// Looks for the names of a header, cut at the separator, in the tables, of which samples are named by `attribute`.
    pub fn find<'t>(names: &[&'a str], tables: &[&'t EntityTable], attribute: Option<&str>) -> Self {
        let sought: HashSet<&str> = names.iter().copied().skip(1).collect();
        let all = || tables.iter().copied().flat_map(|table| ids(table, attribute));
        let mut known = known_among(&sought, tables, attribute);
        if known.is_empty() {
            known = in_another_column(&sought, tables);
        }
        if known.is_empty() {
            let mut begun: HashMap<&str, Vec<&'a str>> = HashMap::new();
            for name in sought {
                beginnings(name).for_each(|id| begun.entry(id).or_default().push(name));
            }
            known = all().filter_map(|id| begun.get(id)).flatten().copied().collect();
        }
        let first = names.iter().position(|name| known.contains(name)).unwrap_or(0);
        let near = |name: &&str| all().any(|id| !known.contains(id) && is_near(name, id));
        let before = names[..first].iter().copied().skip(1).rev().take(COMPARED);
        let nearly = before.filter(near).collect();
        Self { known, nearly }
    }
}

/// The names that stand in one column of a table, where several do.
fn in_another_column<'a>(sought: &HashSet<&'a str>, tables: &[&EntityTable]) -> HashSet<&'a str> {
    let columns = tables.iter().flat_map(|table| &table.kept);
    let found = columns.map(|column| {
        let values = column.values.iter().map(|(value, _)| value.as_str());
        values.filter_map(|value| sought.get(value).copied()).collect()
    });
    let best = found.max_by_key(HashSet::len).unwrap_or_default();
    if best.len() > 1 { best } else { HashSet::new() }
}

/// Those of the `names` that a samples, libraries, preparations or cells file has, of which samples are named by `attribute`.
pub fn known_among<'a, S: BuildHasher>(
    names: &HashSet<&'a str, S>,
    tables: &[&EntityTable],
    attribute: Option<&str>,
) -> HashSet<&'a str> {
    let all = tables.iter().flat_map(|table| ids(table, attribute));
    all.filter_map(|id| names.get(id).copied()).collect()
}

/// The ids of a table, by the `attribute` where it is one of samples.
fn ids<'t>(table: &'t EntityTable, attribute: Option<&str>) -> impl Iterator<Item = &'t str> {
    let key = table.kind.key_attribute().unwrap_or(SAMPLE_KEY);
    let key = attribute.filter(|_| key == SAMPLE_KEY).unwrap_or(key);
    let values = table.column(key).map_or(&[][..], |column| &column.values);
    values
        .iter()
        .map(|(id, _)| id.as_str())
        .filter(|id| !id.is_empty())
}

/// What stands before each of the characters by which ODM can part sample and measurement.
fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    let parts = name.match_indices(SEPARATORS);
    parts.map(|(at, _)| name[..at].trim()).filter(|id| !id.is_empty())
}

/// Whether one name may be the other, misspelt.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    let letters = one.chars().count().max(other.chars().count());
    one == other || strsim::damerau_levenshtein(&one, &other) <= letters / 4
}

/// Lower-case letters and digits only.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use odmkit_core::{FileKind, Position};

    use super::*;
    use crate::links::KeptColumn;

    #[test]
    fn names_in_another_column_are_known_too() {
        let column = |name: &str, values: [&str; 2]| KeptColumn {
            name: name.to_owned(),
            values: values.map(|id| (id.to_owned(), Position::START)).to_vec(),
        };
        let table = EntityTable {
            path: Arc::from("x.samples.tsv"),
            kind: FileKind::Samples,
            columns: Vec::new(),
            kept: vec![
                column(SAMPLE_KEY, ["S1", "S2"]),
                column("Organ", ["liver", "rank"]),
                column("Sample Name", ["liver", "lung"]),
            ],
        };
        let found = KnownNames::find(&["id", "rank", "liver", "lung"], &[&table], None);
        assert_eq!(found.known.len(), 2);
        let found = KnownNames::find(&["id", "rate", "liver", "lung"], &[&table], None);
        assert_eq!(found.known, HashSet::from(["liver", "lung"]));
        let found = KnownNames::find(&["id", "rate", "lung"], &[&table], None);
        assert!(found.known.is_empty());
    }

    #[test]
    fn names_are_known_or_nearly_so() {
        let values = ["S1", "S2", "Control"].map(|id| (id.to_owned(), Position::START));
        let table = EntityTable {
            path: Arc::from("x.samples.tsv"),
            kind: FileKind::Samples,
            columns: Vec::new(),
            kept: vec![KeptColumn {
                name: SAMPLE_KEY.to_owned(),
                values: values.to_vec(),
            }],
        };
        let names = ["S1", "Gene", "Contrl", "S2", "s_1"];
        let found = KnownNames::find(&names, &[&table], None);
        assert_eq!(found.known, HashSet::from(["S2"]));
        assert_eq!(found.nearly, HashSet::from(["Contrl"]));
        let cut = ["id", "S1 rank", "S1_a", "S1_b", "S2:a", "S3-a"];
        let found = KnownNames::find(&cut, &[&table], None);
        assert_eq!(found.known, HashSet::from(["S1_a", "S1_b", "S2:a"]));
        let found = KnownNames::find(&names, &[&table], Some("Sample Name"));
        assert!(found.known.is_empty() && found.nearly.is_empty());
    }
}
