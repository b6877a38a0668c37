//! Which names in the header of a data frame are those of records that the study has.

use std::collections::HashSet;

use odmkit_core::FileKind;
use odmkit_study::frame::{Known, Records};

use crate::links::{EntityTable, SAMPLE_KEY};
use crate::names::loose;

/// Names in a header that stand for records of a study.
#[derive(Debug, Default)]
pub struct KnownNames<'a> {
    /// Those that a samples, libraries, preparations or cells file has; where none of them does, those that stand in another
    /// column of it, or begin or end with one beside a separator.
    pub known: Known<'a>,
    /// Some of those before the first of them that are nearly a record which no column names.
    pub nearly: HashSet<&'a str>,
}

/// A table of which samples are named by an attribute.
pub struct Keyed<'t> {
    /// The table.
    pub table: &'t EntityTable,
    /// The attribute, where it is not the key.
    pub attribute: Option<&'t str>,
}

/// So many names before the first known one are compared with the records that are left.
const COMPARED: usize = 8;

impl<'a> KnownNames<'a> {
    /// Looks for the names of a header, cut at the separator, in the tables.
    pub fn find(names: &[&'a str], tables: &[Keyed<'_>]) -> Self {
        let sought: HashSet<&str> = names.iter().copied().skip(1).collect();
        let mut known = Known::among(sought.iter().copied(), tables);
        if known.names.is_empty() {
            known = in_another_column(&sought, tables);
        }
        if known.names.is_empty() {
            known = Known::in_part_of(&sought, tables);
        }
        let is_known = |name: &&str| known.names.contains(*name);
        let first = names.iter().position(is_known).unwrap_or(0);
        let near = |name: &&str| {
            let mut ids = tables.iter().flat_map(Records::ids);
            ids.any(|id| !known.names.contains(id) && is_near(name, id))
        };
        let before = names[..first].iter().copied().skip(1).rev().take(COMPARED);
        let nearly = before.filter(near).collect();
        Self { known, nearly }
    }
}

/// The names that stand in one column of a table, where several do.
fn in_another_column<'a>(sought: &HashSet<&'a str>, tables: &[Keyed<'_>]) -> Known<'a> {
    let columns = tables
        .iter()
        .flat_map(|keyed| keyed.table.kept.iter().map(|column| (keyed.table.kind, column)));
    let found = columns.map(|(kind, column)| {
        let values = column.values.iter().map(|(value, _)| value.as_str());
        Known {
            names: values.filter_map(|value| sought.get(value).copied()).collect(),
            kind: Some(kind),
        }
    });
    let best = found.max_by_key(|known| known.names.len());
    best.filter(|known| known.names.len() > 1).unwrap_or_default()
}

impl Records for Keyed<'_> {
    fn kind(&self) -> FileKind {
        self.table.kind
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        let key = self.table.kind.key_attribute().unwrap_or(SAMPLE_KEY);
        let key = self.attribute.filter(|_| key == SAMPLE_KEY).unwrap_or(key);
        let values = self.table.column(key).map_or(&[][..], |column| &column.values);
        let ids = values.iter().map(|(id, _)| id.as_str());
        ids.filter(|id| !id.is_empty())
    }
}

/// Whether one name may be the other, misspelt.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (loose(one), loose(other));
    let letters = one.chars().count().max(other.chars().count());
    one == other || strsim::damerau_levenshtein(&one, &other) <= letters / 4
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use odmkit_core::Position;

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
        let tables = [Keyed {
            table: &table,
            attribute: None,
        }];
        let known = |names: &[&'static str]| KnownNames::find(names, &tables).known.names;
        assert_eq!(known(&["id", "rank", "liver", "lung"]).len(), 2);
        assert_eq!(
            known(&["id", "rate", "liver", "lung"]),
            HashSet::from(["liver", "lung"])
        );
        assert!(known(&["id", "rate", "lung"]).is_empty());
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
        let by = |attribute| {
            [Keyed {
                table: &table,
                attribute,
            }]
        };
        let found = KnownNames::find(&names, &by(None));
        assert_eq!(found.known.names, HashSet::from(["S2"]));
        assert_eq!(found.nearly, HashSet::from(["Contrl"]));
        let cut = ["id", "S1 rank", "S1_a", "S1_b", "S2:a", "S3-a"];
        let found = KnownNames::find(&cut, &by(None));
        assert_eq!(found.known.names, HashSet::from(["S1_a", "S1_b", "S2:a"]));
        let found = KnownNames::find(&names, &by(Some("Sample Name")));
        assert!(found.known.names.is_empty() && found.nearly.is_empty());
    }
}
