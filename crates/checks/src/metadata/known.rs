//! The names that a metadata file's columns are compared with.

use std::sync::Arc;

use odmkit_core::FileKind;
use odmkit_template::{Attribute, DataType, Template};
use strsim::osa_distance;

use super::look_alike::skeleton;
pub(super) use crate::names::loose;

/// What a column of a known name is for, beyond holding values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It identifies the records.
    Key,
    /// It ties the records to their parents.
    Parent,
    /// The template requires a value.
    Required,
    /// ODM wants it though the template does not say so.
    Recommended,
    /// Nothing more.
    Plain,
}

/// A name that columns of this kind of file may have.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) name: Arc<str>,
    pub(super) role: Role,
    pub(super) attribute: Option<Attribute>,
}

/// How a name is like a known one, the likest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// It differs only by characters that look the same or cannot be seen.
    LookAlike,
    /// It differs by case, spacing or punctuation.
    Near,
    /// It differs by one letter.
    Slip,
}

/// All names that ODM knows for a kind of file: keys first, then the template's.
pub(super) fn known(kind: FileKind, data_type: Option<DataType>, template: &Template) -> Vec<Known> {
    let attribute = |name: &str| {
        data_type
            .and_then(|data_type| template.find(data_type, name))
            .cloned()
    };
    let plain: &[&str] = match kind {
        FileKind::Libraries | FileKind::Preparations => &["Name"],
        FileKind::Cells => &super::cells::NAMES,
        _ => &[],
    };
    let special = kind
        .key_attribute()
        .map(|name| (name, Role::Key))
        .into_iter()
        .chain(parent_attribute(kind).map(|name| (name, Role::Parent)))
        .chain(recommended_attribute(kind).map(|name| (name, Role::Recommended)))
        .chain(plain.iter().map(|name| (*name, Role::Plain)));
    let mut all: Vec<Known> = special
        .map(|(name, role)| Known {
            name: name.into(),
            role,
            attribute: attribute(name),
        })
        .collect();
    let Some(data_type) = data_type else { return all };
    for attribute in template
        .of(data_type)
        .filter(|attribute| !attribute.is_technical())
    {
        match all.iter_mut().find(|known| known.name == attribute.name) {
            // What a template requires is reported as such, and not once more as recommended.
            Some(known) if attribute.required && matches!(known.role, Role::Recommended | Role::Plain) => {
                known.role = Role::Required;
            }
            Some(_) => {}
            None => all.push(Known {
                name: Arc::clone(&attribute.name),
                role: if attribute.required {
                    Role::Required
                } else {
                    Role::Plain
                },
                attribute: Some(attribute.clone()),
            }),
        }
    }
    all
}

/// The attribute that ties a record to its parents.
pub(super) const fn parent_attribute(kind: FileKind) -> Option<&'static str> {
    match kind {
        FileKind::Libraries | FileKind::Preparations => Some("Sample Source ID"),
        FileKind::Cells => Some("batch"),
        _ => None,
    }
}

const fn recommended_attribute(kind: FileKind) -> Option<&'static str> {
    match kind {
        FileKind::Study => Some("Study Title"),
        FileKind::Samples => Some("Sample Source"),
        _ => None,
    }
}

/// The known name that `found` was probably meant to be.
pub(super) fn likest<'a>(found: &str, known: &[&'a str]) -> Option<(Likeness, &'a str)> {
    let plain = skeleton(found);
    if let Some(name) = known.iter().copied().find(|name| skeleton(name) == plain) {
        return Some((Likeness::LookAlike, name));
    }
    let loose_found = loose(&plain);
    let lower = plain.to_lowercase();
    let is_same = |name: &&str| !loose_found.is_empty() && loose(name) == loose_found;
    let is_edited = |name: &&str| one_edit(&lower, &name.to_lowercase());
    let names = || known.iter().copied();
    let same = names().find(is_same).map(|name| (Likeness::Near, name));
    same.or_else(|| names().find(is_edited).map(|name| (Likeness::Slip, name)))
}

/// Whether one edit leads from one name to the other. Short names are too near to each other to tell (`Score` and
/// `Scope`), and a digit more makes another column, not a slip.
fn one_edit(found: &str, known: &str) -> bool {
    const SHORTEST: usize = 6;
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).count();
    // A letter may have been lost from the shortest name that is looked for, though not its first: `Issue`.
    let lost = usize::from(found.chars().next() == known.chars().next());
    found.chars().count() + lost >= SHORTEST
        && known.chars().count() >= SHORTEST
        && digits(found) == digits(known)
        && osa_distance(found, known) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 8] = [
        "Flow Cell",
        "RIN Value - RNA Fragmentation Efficiency",
        "Age",
        "Age Unit",
        "Sample Source ID",
        "Organism",
        "Tissue",
        "Scope",
    ];

    fn like(found: &str) -> Option<(Likeness, &'static str)> {
        likest(found, &NAMES)
    }

    #[test]
    fn likeness_is_told_apart() {
        use Likeness::{LookAlike, Near, Slip};
        assert_eq!(like("Flow \u{421}ell"), Some((LookAlike, "Flow Cell")));
        assert_eq!(
            like("Sample\u{A0}Source ID"),
            Some((LookAlike, "Sample Source ID"))
        );
        assert_eq!(
            like("RIN Value - RNA fragmentation Efficiency"),
            Some((Near, NAMES[1]))
        );
        assert_eq!(like("Tisue"), Some((Slip, "Tissue")));
        assert_eq!(like("sample_source_id"), Some((Near, "Sample Source ID")));
        assert_eq!(like("AgeUnit"), Some((Near, "Age Unit")));
        assert_eq!(like("Organisms"), Some((Slip, "Organism")));
        assert_eq!(like("flow \u{441}ell"), Some((Near, "Flow Cell")));
        for other in [
            "Page",
            "Aged",
            "Score",
            "Issue",
            "Tissue 2",
            "Organism 2",
            "Organism2",
            "Freezer",
            "",
            "-",
        ] {
            assert_eq!(like(other), None, "{other}");
        }
    }

    #[test]
    fn keys_and_recommended_names_are_known_beside_the_template() {
        let template = Template::bundled();
        let roles = |kind| {
            let data_type = DataType::judging(kind, None);
            known(kind, data_type, &template)
                .into_iter()
                .filter(|known| known.role != Role::Plain)
                .map(|known| (known.name.to_string(), known.role))
                .collect::<Vec<_>>()
        };
        let owned = |pairs: &[(&str, Role)]| {
            pairs
                .iter()
                .map(|(name, role)| ((*name).to_owned(), *role))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            roles(FileKind::Libraries),
            owned(&[("Library ID", Role::Key), ("Sample Source ID", Role::Parent)])
        );
        assert_eq!(
            roles(FileKind::Samples),
            owned(&[
                ("Sample Source ID", Role::Key),
                ("Sample Source", Role::Recommended)
            ])
        );
        assert_eq!(
            roles(FileKind::Cells),
            owned(&[("barcode", Role::Key), ("batch", Role::Parent)])
        );
        assert_eq!(roles(FileKind::Study).len(), 4);
        assert_eq!(roles(FileKind::ExpressionMetadata), []);
    }
}
