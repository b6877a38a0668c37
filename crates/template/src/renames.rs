//! Dictionaries that ODM renamed between versions. A template finds a dictionary by its name alone, so that one
//! written for the other names finds nothing.

use crate::registry::loose;

/// The name up to ODM 1.59 and the one from 1.60 on.
const RENAMED: [(&str, &str); 9] = [
    ("Sex", "Human Biological Sex"),
    ("Units - Time/Frequency", "Units – Time and Frequency"),
    ("Units - Dose/Mass/Volume", "Units – Dose, Mass, and Volume"),
    ("Cell Type", "Cell Ontology - CL"),
    (
        "ChEBI Ontology",
        "Chemical Entities of Biological Interest - ChEBI Ontology",
    ),
    ("Data Species", "NCBI Taxonomy"),
    ("Library Type", "Library Preparation Methods"),
    ("Experiment Type", "Assay Type"),
    ("Scope", "Experimental Scope"),
];

/// A name that older servers know as well, for something else: it is no sign of a template for newer ones.
const IN_BOTH: &str = "NCBI Taxonomy";

/// Under which other name servers know a dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rename {
    /// Servers from ODM 1.60 on know it by this name.
    Newer(&'static str),
    /// Servers before ODM 1.60 know it by this name.
    Older(&'static str),
}

impl Rename {
    /// The other name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newer(name) | Self::Older(name) => name,
        }
    }

    /// How servers before ODM 1.60 spell the name, where those from then on have the other one.
    pub fn spelt(self) -> Option<&'static str> {
        let Self::Newer(name) = self else { return None };
        let pair = RENAMED.into_iter().find(|(_, newer)| *newer == name)?;
        Some(pair.0)
    }

    /// The dictionary that may be meant by a name that is nearly one.
    pub fn nearest(name: &str) -> Option<&'static str> {
        let name = name.to_lowercase();
        let all = RENAMED.into_iter().flat_map(|(older, newer)| [older, newer]);
        all.map(|known| (strsim::osa_distance(&name, &known.to_lowercase()), known))
            .filter(|(distance, known)| (1..=(known.len() / 6).clamp(1, 3)).contains(distance))
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, known)| known)
    }

    /// The other name of this dictionary, if it was renamed. A newer name that is written with another dash or other
    /// punctuation is not known to newer servers: for it the newer name is the other one.
    pub fn of(name: &str) -> Option<Self> {
        let wanted = loose(name);
        RENAMED.into_iter().find_map(|(older, newer)| {
            if wanted == loose(older) {
                Some(Self::Newer(newer))
            } else if wanted != loose(newer) || name == IN_BOTH {
                None
            } else if name == newer {
                Some(Self::Older(older))
            } else {
                Some(Self::Newer(newer))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_dictionary_is_known_by_both_names() {
        for (older, newer) in RENAMED {
            assert_eq!(Rename::of(older), Some(Rename::Newer(newer)));
            let back = (newer != IN_BOTH).then_some(Rename::Older(older));
            assert_eq!(Rename::of(newer), back, "{newer}");
        }
    }

    #[test]
    fn a_name_that_is_nearly_one_is_seen() {
        assert_eq!(Rename::nearest("Sexx"), Some("Sex"));
        assert_eq!(Rename::nearest("Libary Type"), Some("Library Type"));
        assert_eq!(Rename::nearest("Diet"), None);
        assert_eq!(Rename::of("sex").and_then(Rename::spelt), Some("Sex"));
    }

    #[test]
    fn another_dash_is_another_name() {
        assert_eq!(
            Rename::of("Units - Time and Frequency"),
            Some(Rename::Newer("Units \u{2013} Time and Frequency"))
        );
        assert_eq!(Rename::of("Uberon Anatomical Entities"), None);
        assert_eq!(Rename::of(""), None);
    }

    #[test]
    fn no_name_stands_on_both_sides() {
        for (older, newer) in RENAMED {
            assert!(
                RENAMED
                    .iter()
                    .all(|(one, two)| loose(one) != loose(newer) && loose(two) != loose(older)),
                "{older}"
            );
        }
    }
}
