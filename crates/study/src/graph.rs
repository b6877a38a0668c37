//! The files of one study, in the order in which ODM needs them.

mod gather;
mod hints;

use odmkit_core::{Compression, DataFormat, FileKind, Position};

use crate::detect::{Detected, Detection};
use crate::frame::FrameHints;
pub use crate::manifest::Location;
use crate::manifest::Manifest;
use crate::names::{file_name, kind_by_word, kind_of_foreign_table};

/// A study: its files and objects, what each is, and how they hang together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Study {
    /// The template to judge against; the bundled default where none is given.
    pub template: Option<Location>,
    /// The template that ODM is told to apply.
    pub template_id: Option<String>,
    /// The folder of dictionaries.
    pub dictionaries: Option<Location>,
    /// Study, samples, libraries, preparations, cells, data, mappings; descriptions of data that is not here
    /// come last. Within a kind: as the manifest lists them, else by name.
    pub entities: Vec<Entity>,
    /// What is attached to the study: any files, which nobody looks into.
    pub attachments: Vec<Attachment>,
    /// Files that are none of these, each with the reason.
    pub skipped: Vec<Skipped>,
    /// The manifest that says all this, where there is one.
    pub manifest: Option<String>,
}

/// A file that is attached to a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file.
    pub file: Location,
    /// The file with one record that describes it.
    pub metadata: Option<Location>,
    /// ODM's data class.
    pub data_class: String,
}

/// One file or object of a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is to ODM.
    pub kind: FileKind,
    /// Where its content is.
    pub content: Content,
    /// How the file is laid out, where that is known.
    pub format: Option<DataFormat>,
    /// How the file is packed.
    pub compression: Compression,
    /// The file with one record that describes it; for data only.
    pub metadata: Option<Location>,
    /// ODM's data class, as given; for GCT without any, the class of every GCT file.
    pub data_class: Option<String>,
    /// How many feature columns lead, as given.
    pub feature_attributes: Option<u32>,
    /// What separates sample and measurement in column names, as given.
    pub measurement_separator: Option<String>,
    /// What the data is tied to, as given.
    pub link_to: Option<FileKind>,
    /// The attribute that it is tied by, as given.
    pub link_attribute: Option<String>,
    /// The accession of the version of the data that this one follows, as given.
    pub previous_version: Option<String>,
    /// What is likely of a data frame, whether or not anything is given; nothing before [`Study::add_hints`].
    pub hints: FrameHints,
    /// What says that it is of this kind.
    pub because: String,
    /// Where the manifest speaks of it.
    pub place: Option<Position>,
}

/// Where the content of an entity is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// In a file.
    File(Location),
    /// In ODM already.
    Accession(String),
}

/// A file, or a folder of files, that takes no part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file, or the folder.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
    /// Whether its name promises a file for ODM (`.tsv`, `.gct`, `.vcf`, `.facs`) or one that the study lacks
    /// (`samples.xlsx` and no other samples), or the user named it: then the reason is worth a finding.
    pub expected: bool,
}

/// Why a file takes no part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipReason {
    /// Its content does not fit: another format, or nothing tells what it is.
    Content(Detection),
    /// It could not be read; what the system says.
    Unreadable(std::io::ErrorKind),
    /// By its name it is this file, packed, which lies beside it.
    PackedCopy(String),
    /// It is no file, but a folder below that of the study, with files for ODM in it.
    Below,
}

/// How far down folders of studies are looked for.
const DEEPEST: usize = 6;

impl Study {
    /// The entities of a kind.
    pub fn of(&self, kind: FileKind) -> impl Iterator<Item = &Entity> {
        self.entities.iter().filter(move |entity| entity.kind == kind)
    }

    /// The entities that hold data.
    pub fn data(&self) -> impl Iterator<Item = &Entity> {
        self.entities.iter().filter(|entity| entity.kind.is_data())
    }

    /// The text of a `study.toml` that says what this study is, with a comment at each thing that is likely and
    /// not certain, and one line for each file that takes no part. Paths are written relative to `folder`.
    pub fn to_manifest(&self, folder: &str) -> String {
        crate::manifest::write::text(self, folder)
    }

    /// Finds out what is likely of the data frames: where their values begin, and what separates sample and measurement.
    pub fn add_hints(&mut self, heads: &dyn crate::Heads) {
        hints::add(self, heads);
    }

    /// The study that a manifest describes. `folder` is where the manifest lies; paths are taken relative to it.
    pub fn from_manifest(manifest: &Manifest, folder: &str, heads: &dyn crate::Heads) -> Self {
        gather::from_manifest(manifest, folder, heads)
    }

    /// The study in a folder that has no manifest.
    ///
    /// # Errors
    ///
    /// The folder cannot be listed.
    pub fn from_folder(folder: &str, heads: &dyn crate::Heads) -> std::io::Result<Self> {
        gather::from_folder(folder, heads)
    }

    /// The folders of studies at or below a folder, in the order of their names: the folder itself where it has a
    /// manifest or files for ODM, else those below it that have; itself again where none has.
    ///
    /// # Errors
    ///
    /// A folder cannot be listed.
    pub fn folders(folder: &str, heads: &dyn crate::Heads) -> std::io::Result<Vec<String>> {
        let mut found = Vec::new();
        gather::folders(folder, heads, DEEPEST, &mut found)?;
        if found.is_empty() {
            found.push(folder.to_owned());
        }
        Ok(found)
    }

    /// The study that consists of these files.
    pub fn from_files(paths: &[String], heads: &dyn crate::Heads) -> Self {
        gather::from_files(paths, heads)
    }
}

impl Entity {
    /// An entity of this kind about which nothing more is known.
    pub fn new(kind: FileKind, content: Content) -> Self {
        Self {
            kind,
            content,
            format: None,
            compression: Compression::None,
            metadata: None,
            data_class: None,
            feature_attributes: None,
            measurement_separator: None,
            link_to: None,
            link_attribute: None,
            previous_version: None,
            hints: FrameHints::default(),
            because: String::new(),
            place: None,
        }
    }

    /// The path or URL of its file, where it has one.
    pub fn file(&self) -> Option<&str> {
        match &self.content {
            Content::File(location) => Some(location.as_str()),
            Content::Accession(_) => None,
        }
    }

    /// Whether it is a data frame: the one layout that needs a number of feature attributes.
    pub fn is_data_frame(&self) -> bool {
        self.kind == FileKind::Expression && self.format == Some(DataFormat::Tsv)
    }
}

impl Skipped {
    /// What it would be to ODM by the words of its name, were it a table that ODM takes: `x.samples.csv`.
    pub fn meant(&self) -> Option<FileKind> {
        let name = file_name(&self.path);
        kind_of_foreign_table(name).or_else(|| kind_by_word(name))
    }

    /// Why, in words.
    pub fn because(&self) -> String {
        match &self.reason {
            SkipReason::Content(detection) => match detection.detected {
                Detected::NotThisKind(foreign) => format!("it is {foreign}"),
                Detected::Unknown(unclear) => unclear.to_string(),
                Detected::Known { .. } => detection.because.clone(),
            },
            SkipReason::Unreadable(std::io::ErrorKind::InvalidFilename) => {
                "its name is not UTF-8, and ODM would not know it: rename it, with plain letters".to_owned()
            }
            SkipReason::Unreadable(error) => format!("it cannot be read: {error}"),
            SkipReason::PackedCopy(name) => {
                format!("it is {name}, packed, by its name: one of the two is enough")
            }
            SkipReason::Below => {
                "it is a folder of its own: without a study.toml, a study is the files of one folder"
                    .to_owned()
            }
        }
    }
}

#[cfg(test)]
#[path = "graph/graph_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "graph/fixture_tests.rs"]
mod fixtures;
