//! What is imported, and how each kind asks for it.
//!
//! An [`Import`] is the same whether ODM fetches its files (`S` is a link) or is sent them (`S` is a path): the types
//! rule out the fields that a kind does not take.

use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::file_link::FileLink;
use crate::ids::Accession;
use crate::request::Part;

/// The kinds of import, each with its own endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportKind {
    /// One study.
    Study,
    /// A group of samples.
    Samples,
    /// A group of libraries.
    Libraries,
    /// A group of preparations.
    Preparations,
    /// A group of cells.
    Cells,
    /// A matrix of measurements.
    Expression,
    /// Variant calls.
    Variant,
    /// Gated flow cytometry.
    FlowCytometry,
    /// Any file, attached to a study.
    File,
}

/// An import, with all that its kind takes and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Import<S> {
    /// One study.
    Study(Metadata<S>),
    /// A group of samples.
    Samples(Metadata<S>),
    /// A group of libraries.
    Libraries(Metadata<S>),
    /// A group of preparations.
    Preparations(Metadata<S>),
    /// A group of cells: the table, and nothing else, or the job fails.
    Cells(S),
    /// A matrix of measurements.
    Expression(Expression<S>),
    /// Variant calls.
    Variant(Signal<S>),
    /// Gated flow cytometry.
    FlowCytometry(Signal<S>),
    /// A file, attached to a study.
    File(Attachment<S>),
}

/// A metadata table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata<S> {
    /// The table.
    pub table: S,
    /// The template to apply; the server's default one where none is named.
    pub template: Option<Accession>,
}

/// A data file with its one-record metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal<S> {
    /// The data.
    pub data: S,
    /// Its one-record metadata.
    pub metadata: Option<S>,
    /// The template to apply.
    pub template: Option<Accession>,
    /// The accession of the version that this one follows.
    pub previous_version: Option<Accession>,
}

/// A matrix of measurements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression<S> {
    /// The data file.
    pub signal: Signal<S>,
    /// How many of the leftmost columns describe the feature; for data frames.
    pub feature_attributes: Option<u32>,
    /// The data class, spelt as ODM spells it.
    pub data_class: Option<String>,
    /// What stands between sample and measurement in a column's name.
    pub measurement_separator: Option<String>,
}

/// A file attached to a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment<S> {
    /// The file.
    pub data: S,
    /// Its one-record metadata.
    pub metadata: Option<S>,
    /// The study.
    pub study: Accession,
    /// The data class.
    pub data_class: String,
}

/// An import that cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusableImport {
    /// ODM has no such endpoint.
    #[error("ODM takes no upload of a study: give the accession of an existing one, or a link to its file")]
    StudyUpload,
    /// A cross-reference on a file system.
    #[error("ODM fetches cross-references by http, https and s3 links only; {link} is none of them")]
    LocalMapping {
        /// The link.
        link: FileLink,
    },
    /// A link that ODM cannot fetch.
    #[error("ODM fetches http, https, s3 and file links; {link} is none of them")]
    Scheme {
        /// The link.
        link: FileLink,
    },
    /// Data and metadata from different kinds of place.
    #[error(
        "{data} and {metadata} are fetched in different ways: ODM wants data and metadata from one kind of place"
    )]
    MixedSources {
        /// The data link.
        data: FileLink,
        /// The metadata link.
        metadata: FileLink,
    },
}

impl ImportKind {
    /// The name in the endpoint's path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Samples => "samples",
            Self::Libraries => "libraries",
            Self::Preparations => "preparations",
            Self::Cells => "cells",
            Self::Expression => "expression",
            Self::Variant => "variant",
            Self::FlowCytometry => "flow-cytometry",
            Self::File => "file",
        }
    }

    /// Whether the endpoint takes `allow_dups`; an unknown query parameter is refused.
    pub const fn takes_allow_dups(self) -> bool {
        !matches!(self, Self::File)
    }
}

impl<S> Import<S> {
    /// The kind.
    pub const fn kind(&self) -> ImportKind {
        match self {
            Self::Study(_) => ImportKind::Study,
            Self::Samples(_) => ImportKind::Samples,
            Self::Libraries(_) => ImportKind::Libraries,
            Self::Preparations(_) => ImportKind::Preparations,
            Self::Cells(_) => ImportKind::Cells,
            Self::Expression(_) => ImportKind::Expression,
            Self::Variant(_) => ImportKind::Variant,
            Self::FlowCytometry(_) => ImportKind::FlowCytometry,
            Self::File(_) => ImportKind::File,
        }
    }
}

impl Import<FileLink> {
    /// The JSON body of an import by link.
    pub fn body(&self) -> Result<Value, UnusableImport> {
        let mut body = Map::new();
        match self {
            Self::Study(it) | Self::Samples(it) | Self::Libraries(it) | Self::Preparations(it) => {
                put(&mut body, "metadataLink", Some(it.table.expose()));
                put(
                    &mut body,
                    "templateId",
                    it.template.as_ref().map(Accession::as_str),
                );
                put(&mut body, "source", Some(source(&it.table)?));
            }
            Self::Cells(link) => {
                source(link)?;
                put(&mut body, "dataLink", Some(link.expose()));
            }
            Self::Expression(it) => {
                put_signal(&mut body, &it.signal);
                if let Some(number) = it.feature_attributes {
                    body.insert("numberOfFeatureAttributes".to_owned(), number.into());
                }
                put(&mut body, "dataClass", it.data_class.as_deref());
                put(
                    &mut body,
                    "measurementSeparator",
                    it.measurement_separator.as_deref(),
                );
                put(
                    &mut body,
                    "source",
                    Some(common_source(&it.signal.data, it.signal.metadata.as_ref())?),
                );
            }
            Self::Variant(it) | Self::FlowCytometry(it) => {
                put_signal(&mut body, it);
                put(
                    &mut body,
                    "source",
                    Some(common_source(&it.data, it.metadata.as_ref())?),
                );
            }
            Self::File(it) => {
                put(&mut body, "dataLink", Some(it.data.expose()));
                put(
                    &mut body,
                    "metadataLink",
                    it.metadata.as_ref().map(FileLink::expose),
                );
                put(&mut body, "studyAccession", Some(it.study.as_str()));
                put(&mut body, "dataClass", Some(it.data_class.as_str()));
                put(
                    &mut body,
                    "source",
                    Some(common_source(&it.data, it.metadata.as_ref())?),
                );
            }
        }
        Ok(Value::Object(body))
    }
}

impl Import<PathBuf> {
    /// The form of an upload. `study` only says where ODM keeps the file; it links nothing. The file comes last: ODM
    /// reads the form as a stream.
    pub fn form(&self, study: Option<&Accession>) -> Result<Vec<(&'static str, Part)>, UnusableImport> {
        let mut form = Form(Vec::new());
        match self {
            Self::Study(_) => return Err(UnusableImport::StudyUpload),
            Self::Samples(it) | Self::Libraries(it) | Self::Preparations(it) => {
                form.text("studyId", study.map(Accession::as_str));
                form.text("templateId", it.template.as_ref().map(Accession::as_str));
                form.file("file", Some(&it.table));
            }
            Self::Cells(file) => {
                form.text("studyId", study.map(Accession::as_str));
                form.file("file", Some(file));
            }
            Self::Expression(it) => {
                form.signal(&it.signal, study);
                form.text(
                    "numberOfFeatureAttributes",
                    it.feature_attributes.map(|n| n.to_string()).as_deref(),
                );
                form.text("dataClass", it.data_class.as_deref());
                form.text("measurementSeparator", it.measurement_separator.as_deref());
                form.file("metadataFile", it.signal.metadata.as_ref());
                form.file("file", Some(&it.signal.data));
            }
            Self::Variant(it) | Self::FlowCytometry(it) => {
                form.signal(it, study);
                form.file("metadataFile", it.metadata.as_ref());
                form.file("file", Some(&it.data));
            }
            Self::File(it) => {
                form.text("studyAccession", Some(it.study.as_str()));
                form.text("dataClass", Some(it.data_class.as_str()));
                form.file("metadataFile", it.metadata.as_ref());
                form.file("file", Some(&it.data));
            }
        }
        Ok(form.0)
    }
}

struct Form(Vec<(&'static str, Part)>);

impl Form {
    fn text(&mut self, name: &'static str, text: Option<&str>) {
        self.0
            .extend(text.map(|text| (name, Part::Text(text.to_owned()))));
    }

    fn file(&mut self, name: &'static str, path: Option<&PathBuf>) {
        self.0.extend(path.map(|path| (name, Part::File(path.clone()))));
    }

    fn signal(&mut self, signal: &Signal<PathBuf>, study: Option<&Accession>) {
        self.text("studyId", study.map(Accession::as_str));
        self.text("templateId", signal.template.as_ref().map(Accession::as_str));
        self.text(
            "previousVersion",
            signal.previous_version.as_ref().map(Accession::as_str),
        );
    }
}

fn put(body: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        body.insert(name.to_owned(), text.into());
    }
}

fn put_signal(body: &mut Map<String, Value>, signal: &Signal<FileLink>) {
    put(body, "dataLink", Some(signal.data.expose()));
    put(
        body,
        "metadataLink",
        signal.metadata.as_ref().map(FileLink::expose),
    );
    put(
        body,
        "templateId",
        signal.template.as_ref().map(Accession::as_str),
    );
    put(
        body,
        "previousVersion",
        signal.previous_version.as_ref().map(Accession::as_str),
    );
}

/// What ODM before 1.60 has to be told about a link; later versions ignore it.
pub(crate) fn source(link: &FileLink) -> Result<&'static str, UnusableImport> {
    let scheme = link
        .expose()
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https") => Ok("HTTP"),
        Some("s3") => Ok("S3"),
        Some("file") => Ok("LOCAL"),
        _ => Err(UnusableImport::Scheme { link: link.clone() }),
    }
}

fn common_source(data: &FileLink, metadata: Option<&FileLink>) -> Result<&'static str, UnusableImport> {
    let of_data = source(data)?;
    if let Some(metadata) = metadata
        && source(metadata)? != of_data
    {
        return Err(UnusableImport::MixedSources {
            data: data.clone(),
            metadata: metadata.clone(),
        });
    }
    Ok(of_data)
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
