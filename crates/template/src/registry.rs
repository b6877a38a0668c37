//! The dictionaries that are at hand: bundled and given.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use crate::dictionary::{Dictionary, DictionaryError, DictionaryFault, RawTerm};
use crate::units;

/// Dictionaries by name. What the user gives stands before what is bundled.
#[derive(Debug, Clone, Default)]
pub struct Dictionaries {
    given: ByName,
    /// The names of those that were given and could not be read.
    unread: Vec<Arc<str>>,
    bundled: bool,
}

type ByName = BTreeMap<Arc<str>, Arc<Dictionary>>;

/// The bundled vocabularies, read when the first of them is asked for: most checks of matrices ask for none.
static READ: LazyLock<ByName> = LazyLock::new(read_bundled);

/// The bundled vocabularies that are kept as CSV.
const BUNDLED: [(&str, &str); 8] = [
    ("Sex", include_str!("../assets/dictionaries/sex.csv")),
    (
        "Therapeutic Area",
        include_str!("../assets/dictionaries/therapeutic-area.csv"),
    ),
    (
        "Library Type",
        include_str!("../assets/dictionaries/library-type.csv"),
    ),
    ("Scope", include_str!("../assets/dictionaries/scope.csv")),
    (
        "Data Species",
        include_str!("../assets/dictionaries/data-species.csv"),
    ),
    (
        "Experiment Type",
        include_str!("../assets/dictionaries/experiment-type.csv"),
    ),
    (
        "Experiment Instrument",
        include_str!("../assets/dictionaries/experiment-instrument.csv"),
    ),
    (
        "Sequencing Platforms",
        include_str!("../assets/dictionaries/sequencing-platforms.csv"),
    ),
];

/// File names that a folder of dictionaries is searched for.
const EXTENSIONS: [&str; 9] = ["csv", "json", "owl", "obo", "ttl", "skos", "rdf", "xml", "tsv"];

impl Dictionaries {
    /// No dictionaries at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// The small vocabularies of ODM's default template. Its large ontologies are not among them: values that
    /// refer to those are checked only where they are given.
    pub fn bundled() -> Self {
        Self {
            given: ByName::new(),
            unread: Vec::new(),
            bundled: true,
        }
    }

    /// Adds a dictionary from a file, under this name. One that cannot be read is remembered as given.
    pub fn add_file(&mut self, name: &str, path: &Path) -> Result<(), DictionaryError> {
        let read = std::fs::read(path)
            .map_err(DictionaryFault::Unreadable)
            .and_then(|bytes| Dictionary::from_bytes(name, &bytes));
        match read {
            Ok(dictionary) => {
                self.add(dictionary);
                Ok(())
            }
            Err(fault) => {
                self.unread.push(name.into());
                Err(DictionaryError {
                    path: path.to_string_lossy().into(),
                    name: name.into(),
                    fault,
                })
            }
        }
    }

    /// Adds every CSV and JSON file of a folder, each under its file stem. Files that are no dictionaries by
    /// their names are passed over; all that cannot be read are reported, the others are added.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), Vec<DictionaryError>> {
        let unreadable = |path: &Path, cause| DictionaryError {
            path: path.to_string_lossy().into(),
            name: "".into(),
            fault: DictionaryFault::UnreadableFolder(cause),
        };
        let entries = std::fs::read_dir(folder).map_err(|cause| vec![unreadable(folder, cause)])?;
        let mut errors = Vec::new();
        let mut paths = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => paths.push(entry.path()),
                Err(cause) => errors.push(unreadable(folder, cause)),
            }
        }
        paths.sort();
        for path in paths {
            let extension = path
                .extension()
                .map(|text| text.to_string_lossy().to_ascii_lowercase());
            let wanted = extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()));
            let Some(stem) = path.file_stem().filter(|_| wanted && path.is_file()) else {
                continue;
            };
            if let Err(error) = self.add_file(&stem.to_string_lossy(), &path) {
                errors.push(error);
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Adds a dictionary. One of the same name that was given before is replaced.
    pub fn add(&mut self, dictionary: Dictionary) {
        self.given
            .insert(Arc::from(dictionary.name()), Arc::new(dictionary));
    }

    /// The dictionary of this name. A given one also answers to a name that differs only in what file names
    /// cannot hold or people write otherwise: case, blanks, punctuation, kinds of dashes. No bundled one stands in for one
    /// that was given and cannot be read: its terms are other ones.
    pub fn get(&self, name: &str) -> Option<&Arc<Dictionary>> {
        let loosely = || {
            let wanted = loose(name);
            self.given
                .iter()
                .find(|(given, _)| loose(given) == wanted)
                .map(|(_, dictionary)| dictionary)
        };
        self.given
            .get(name)
            .or_else(loosely)
            .or_else(|| self.read().get(name).filter(|_| !self.is_unread(name)))
    }

    /// Whether a dictionary was given that answers to this name.
    pub fn is_given(&self, name: &str) -> bool {
        self.given.keys().any(|given| Self::answers(given, name))
    }

    /// Whether a dictionary that answers to this name was given and could not be read.
    pub fn is_unread(&self, name: &str) -> bool {
        self.unread.iter().any(|given| Self::answers(given, name))
    }

    /// Whether a dictionary given under this name answers to that one.
    pub fn answers(given: &str, name: &str) -> bool {
        loose(given) == loose(name)
    }

    /// The names of all dictionaries, given ones first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.given
            .keys()
            .chain(self.read().keys().filter(|name| !self.given.contains_key(*name)))
            .map(AsRef::as_ref)
    }

    /// The bundled ones, where they count.
    fn read(&self) -> &'static ByName {
        static NONE: ByName = ByName::new();
        if self.bundled { &READ } else { &NONE }
    }
}

fn read_bundled() -> ByName {
    // A test holds every bundled text to its grammar: none is dropped.
    let texts = BUNDLED
        .into_iter()
        .filter_map(|(name, text)| Dictionary::from_bytes(name, text.as_bytes()).ok());
    let of_units = [
        ("Units - Time/Frequency", units::time()),
        ("Units - Dose/Mass/Volume", units::dose()),
    ];
    let of_units = of_units.into_iter().map(|(name, terms)| {
        let raw = |(label, short)| RawTerm {
            label,
            short_name: Some(short),
            synonyms: Vec::new(),
        };
        Dictionary::new(name, terms.into_iter().map(raw))
    });
    texts
        .chain(of_units)
        .map(|one| (Arc::from(one.name()), Arc::new(one)))
        .collect()
}

/// A name without what people write otherwise.
pub(crate) fn loose(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_vocabulary_is_read() {
        let bundled = Dictionaries::bundled();
        let sizes: Vec<(&str, usize)> = bundled
            .names()
            .map(|name| (name, bundled.get(name).map_or(0, |one| one.len())))
            .collect();
        assert_eq!(
            sizes,
            [
                ("Data Species", 4),
                ("Experiment Instrument", 43),
                ("Experiment Type", 13),
                ("Library Type", 2),
                ("Scope", 2),
                ("Sequencing Platforms", 32),
                ("Sex", 9),
                ("Therapeutic Area", 48),
                ("Units - Dose/Mass/Volume", 865),
                ("Units - Time/Frequency", 10),
            ]
        );
        for (name, text) in BUNDLED {
            assert_eq!(
                bundled.get(name).map(|one| one.len()),
                Some(text.lines().count() - 1),
                "{name}"
            );
        }
    }

    #[test]
    fn no_bundled_dictionary_stands_in_for_one_that_cannot_be_read() {
        let mut dictionaries = Dictionaries::bundled();
        assert!(dictionaries.get("Sex").is_some());
        let nowhere = Path::new("/nowhere/sex.csv");
        assert!(dictionaries.add_file("sex", nowhere).is_err());
        assert!(dictionaries.get("Sex").is_none() && dictionaries.is_unread("Sex"));
    }

    #[test]
    fn given_dictionaries_stand_before_bundled_ones() {
        let mut dictionaries = Dictionaries::bundled();
        dictionaries.add(Dictionary::from_bytes("Sex", b"Label\nm\nf\n").expect("a dictionary"));
        assert_eq!(dictionaries.get("Sex").map(|one| one.len()), Some(2));
        assert_eq!(dictionaries.names().filter(|name| *name == "Sex").count(), 1);
    }

    #[test]
    fn file_stems_stand_for_names_that_no_file_can_have() {
        let mut dictionaries = Dictionaries::none();
        assert!(dictionaries.get("Units - Time/Frequency").is_none());
        dictionaries
            .add(Dictionary::from_bytes("units_time-frequency", b"Label\nyear\n").expect("a dictionary"));
        assert!(dictionaries.get("Units - Time/Frequency").is_some());
        assert!(dictionaries.get("Units").is_none());
    }

    #[test]
    fn a_folder_is_read_as_far_as_it_can_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        write("Site.csv", "Label\nnorth\n");
        write("Arm.JSON", "[\"A\", \"B\"]");
        write("README.md", "not a dictionary");
        write("Bad.csv", "Term\nx\n");
        write("Ontology.obo", "format-version: 1.2\n");
        let mut dictionaries = Dictionaries::none();
        let errors = dictionaries.add_folder(folder.path()).expect_err("two errors");
        let told: Vec<String> = errors
            .iter()
            .map(|error| format!("{}: {}", error.name, error.fault))
            .collect();
        assert_eq!(
            told,
            [
                "Bad: the first line names no `Label` column; it begins with `Term`",
                "Ontology: it is in OBO, which odmkit does not read",
            ]
        );
        assert_eq!(dictionaries.names().collect::<Vec<_>>(), ["Arm", "Site"]);

        let missing = folder.path().join("missing");
        let errors = dictionaries.add_folder(&missing).expect_err("an error");
        assert!(matches!(errors[0].fault, DictionaryFault::UnreadableFolder(_)));
        let error = dictionaries
            .add_file("X", &missing.join("x.csv"))
            .expect_err("an error");
        assert_eq!(&*error.name, "X");
    }
}
