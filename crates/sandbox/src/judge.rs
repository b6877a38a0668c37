//! Who says what an import is worth.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::kind::ImportKind;

/// Reads what was received and takes or refuses it. Called off the async threads; it may take its time.
pub trait Judge: Send + Sync {
    /// Takes an import, with what linking needs of it, or says what is wrong.
    fn judge(&self, import: &ReceivedImport) -> Result<Accepted, Vec<JudgedError>>;
}

/// An import whose files have arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedImport {
    /// What it is to be.
    pub kind: ImportKind,
    /// The table, or the data. It has the name that it was sent under.
    pub file: PathBuf,
    /// The data's one-record metadata.
    pub metadata: Option<PathBuf>,
    /// What else was said.
    pub parameters: Parameters,
}

/// What an import's request says beside naming files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parameters {
    /// The template to judge against; the default one where none is named.
    pub template: Option<String>,
    /// `numberOfFeatureAttributes`.
    pub feature_attributes: Option<u32>,
    /// `dataClass`.
    pub data_class: Option<String>,
    /// `measurementSeparator`.
    pub measurement_separator: Option<String>,
    /// `previousVersion`.
    pub previous_version: Option<String>,
    /// The study that the request names.
    pub study: Option<String>,
}

/// What linking needs of an accepted import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Accepted {
    /// A metadata or cells table. It may leave out columns by which nothing is ever linked.
    Table(Table),
    /// Data: the names of its samples (or cells), in the order of its columns.
    Runs(Vec<String>),
    /// Something that is never linked by its content.
    Opaque,
}

/// A table's attributes and its values, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// The attributes' names.
    pub columns: Vec<String>,
    /// The values; a short row leaves its last attributes blank.
    pub rows: Vec<Vec<String>>,
}

/// A reason to refuse an import, as a job's output gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedError {
    /// The kind of error, as in ODM's `stack[].type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is wrong, and where.
    pub message: String,
}

impl Table {
    /// The values of an attribute, row by row; `None` where the table has no such column.
    pub fn values<'a>(&'a self, attribute: &str) -> Option<impl Iterator<Item = &'a str>> {
        let column = self.columns.iter().position(|name| name == attribute)?;
        Some(
            self.rows
                .iter()
                .map(move |row| row.get(column).map_or("", String::as_str)),
        )
    }
}

impl Accepted {
    /// How many members the group has.
    pub(crate) fn members(&self) -> usize {
        match self {
            Self::Table(table) => table.rows.len(),
            Self::Runs(runs) => runs.len(),
            Self::Opaque => 0,
        }
    }
}
