//! Which names in the header of a data frame are those of records that the study has.

use std::collections::{HashMap, HashSet};

use odmkit_core::FileKind;

/// The records of one table.
pub trait Records {
    /// What they are.
    fn kind(&self) -> FileKind;

    /// Their ids; there may be millions.
    fn ids(&self) -> impl Iterator<Item = &str>;
}

/// Names in a header, or cells under it, that stand for records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known<'a> {
    /// The names.
    pub names: HashSet<&'a str>,
    /// What most of them are.
    pub kind: Option<FileKind>,
}

/// The characters that separators are made of.
const SEPARATORS: [char; 9] = ['.', ',', ':', ';', '_', '-', '/', '\\', '|'];

impl<'a> Known<'a> {
    /// Those of the names that are ids.
    pub fn among(names: impl IntoIterator<Item = &'a str>, tables: &[impl Records]) -> Self {
        Self::by_parts(names, tables, |name, part| part(name))
    }

    /// Those of the names that begin with an id and a separator, or else those that end with an id behind one or a blank: the
    /// measurement stands before it.
    pub fn in_part_of(names: &HashSet<&'a str>, tables: &[impl Records]) -> Self {
        let begin = Self::by_parts(names.iter().copied(), tables, |name, part| {
            let cuts = name.match_indices(SEPARATORS);
            cuts.for_each(|(at, _)| part(name[..at].trim()));
        });
        if !begin.names.is_empty() {
            return begin;
        }
        Self::by_parts(names.iter().copied(), tables, |name, part| {
            let cuts =
                name.match_indices(|letter: char| SEPARATORS.contains(&letter) || letter.is_whitespace());
            cuts.for_each(|(at, cut)| part(name[at + cut.len()..].trim()));
        })
    }

    /// Those of the names of which a part is an id.
    fn by_parts(
        names: impl IntoIterator<Item = &'a str>,
        tables: &[impl Records],
        parts: impl Fn(&'a str, &mut dyn FnMut(&'a str)),
    ) -> Self {
        let mut having: HashMap<&str, Vec<&'a str>> = HashMap::new();
        for name in names {
            parts(name, &mut |part| {
                if !part.is_empty() {
                    having.entry(part).or_default().push(name);
                }
            });
        }
        let (mut known, mut most) = (Self::default(), 0);
        for table in tables {
            let found = table.ids().filter_map(|id| having.get(id)).flatten();
            let found: HashSet<&str> = found.copied().collect();
            if found.len() > most {
                (most, known.kind) = (found.len(), Some(table.kind()));
            }
            known.names.extend(found);
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ids(FileKind, &'static [&'static str]);

    impl Records for Ids {
        fn kind(&self) -> FileKind {
            self.0
        }

        fn ids(&self) -> impl Iterator<Item = &str> {
            self.1.iter().copied()
        }
    }

    #[test]
    fn names_are_known_whole_or_in_part() {
        let tables = [
            Ids(FileKind::Samples, &["S1", "S2", ""]),
            Ids(FileKind::Libraries, &["L1", "L2", "L3"]),
        ];
        let whole = Known::among(["id", "L2", "L3", "S1", ""], &tables);
        assert_eq!(whole.names, HashSet::from(["L2", "L3", "S1"]));
        assert_eq!(whole.kind, Some(FileKind::Libraries));
        for (names, known) in [
            (["rank", "S1_a", "S2:b"], vec!["S1_a", "S2:b"]),
            (
                ["rank", "LFQ intensity S1", "tpm.S2"],
                vec!["LFQ intensity S1", "tpm.S2"],
            ),
            // What begins with one goes before.
            (["S1_a", "a_S2", "rank"], vec!["S1_a"]),
            (["rank", "xS1", "S1x"], vec![]),
        ] {
            let found = Known::in_part_of(&HashSet::from(names), &tables);
            assert_eq!(found.names, HashSet::from_iter(known), "{names:?}");
        }
    }
}
