//! `study.toml`: what the files of a study are, in the user's own words.
//!
//! The text is read into TOML values with their places, then into a [`Manifest`] that cannot be wrong.
//! Every problem is reported, not the first only.

pub mod problem;
pub mod write;

mod raw;
mod sections;

use std::fmt;

use odmkit_core::{FileKind, Position};

pub use problem::{Key, Problem, ProblemKind};

/// The name of the file.
pub const MANIFEST_NAME: &str = "study.toml";

/// What a `study.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    /// The `[study]` section, where there is one.
    pub study: Option<StudySection>,
    /// The `[[samples]]` sections.
    pub samples: Vec<GroupSection>,
    /// The `[[libraries]]` sections.
    pub libraries: Vec<GroupSection>,
    /// The `[[preparations]]` sections.
    pub preparations: Vec<GroupSection>,
    /// The `[[cells]]` sections.
    pub cells: Vec<GroupSection>,
    /// The `[[data]]` sections.
    pub data: Vec<DataSection>,
    /// The `[[mapping]]` sections.
    pub mappings: Vec<GroupSection>,
    /// The `[[attachments]]` sections.
    pub attachments: Vec<AttachmentSection>,
}

/// An `[[attachments]]` section: any file, attached to the study and not looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentSection {
    /// The file.
    pub file: Location,
    /// The file with one record that describes it.
    pub metadata: Option<Location>,
    /// ODM's data class.
    pub data_class: String,
    /// Where the section stands.
    pub place: Position,
}

/// The `[study]` section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudySection {
    /// Where the study comes from; absent where the section only names a template.
    pub origin: Option<Origin>,
    /// The template to judge against.
    pub template: Option<Location>,
    /// The template that ODM is told to apply.
    pub template_id: Option<String>,
    /// The folder of dictionaries.
    pub dictionaries: Option<Location>,
    /// Where the section stands.
    pub place: Position,
}

/// A `[[samples]]`, `[[libraries]]`, `[[preparations]]`, `[[cells]]` or `[[mapping]]` section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSection {
    /// Where the group comes from.
    pub origin: Origin,
    /// Where the section stands.
    pub place: Position,
}

/// A `[[data]]` section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSection {
    /// The data file.
    pub file: Location,
    /// The file with one record that describes it.
    pub metadata: Option<Location>,
    /// What it is; detected where it is not said.
    pub kind: Option<FileKind>,
    /// ODM's data class, as written.
    pub data_class: Option<String>,
    /// How many feature columns lead.
    pub feature_attributes: Option<u32>,
    /// What separates sample and measurement in column names.
    pub measurement_separator: Option<String>,
    /// What the columns are tied to.
    pub link_to: Option<FileKind>,
    /// The attribute that the columns are tied by.
    pub link_attribute: Option<String>,
    /// The accession of the version of the data that this one follows.
    pub previous_version: Option<String>,
    /// Where the section stands.
    pub place: Position,
}

/// Where an object comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file to be imported.
    File(Location),
    /// An object that is in ODM already.
    Accession(String),
}

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// A path; in a manifest, relative to it.
    Path(String),
    /// A URL.
    Url(String),
}

impl Manifest {
    /// Reads the text of a `study.toml`.
    ///
    /// # Errors
    ///
    /// Every problem of the text, in the order of their places; there is at least one.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let manifest =
            raw::document(text, &mut problems).map(|document| sections::read(&document, &mut problems));
        problems.sort_by_key(|problem| problem.place);
        match manifest {
            Some(manifest) if problems.is_empty() => Ok(manifest),
            _ => Err(problems),
        }
    }

    /// The sections of a kind of group.
    pub fn groups(&self, kind: FileKind) -> &[GroupSection] {
        match kind {
            FileKind::Samples => &self.samples,
            FileKind::Libraries => &self.libraries,
            FileKind::Preparations => &self.preparations,
            FileKind::Cells => &self.cells,
            FileKind::Mapping => &self.mappings,
            _ => &[],
        }
    }
}

impl Location {
    /// A path or a URL, by its form.
    pub fn new(text: &str) -> Self {
        let is_url = text.split_once("://").is_some_and(|(scheme, _)| {
            scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if is_url {
            Self::Url(text.to_owned())
        } else {
            Self::Path(text.to_owned())
        }
    }

    /// The path or the URL.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Path(text) | Self::Url(text) => text,
        }
    }

    /// A path taken relative to a folder; a URL stays what it is.
    #[must_use]
    pub fn within(&self, folder: &str) -> Self {
        match self {
            Self::Path(path) => Self::Path(crate::names::join(folder, path)),
            Self::Url(_) => self.clone(),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
