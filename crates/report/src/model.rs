//! The report: files, findings and a summary. The JSON form of it is a contract (`odmkit.report/1`).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use odmkit_core::{Compression, DataFormat, FileKind};
use odmkit_diagnostics::{Code, Collected, Diagnostic};
use serde::Serialize;

use crate::text::escape;

/// What a check found.
#[derive(Debug)]
pub struct Report {
    /// The files, in the order in which they were checked.
    pub files: Vec<FileReport>,
    /// How the files hang on each other.
    pub links: Vec<LinkReport>,
    /// The findings that are shown, in the order of the files and of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// The figures and the verdict.
    pub summary: Summary,
}

/// What is known of one file after the check.
#[derive(Debug, Clone, Serialize)]
pub struct FileReport {
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// What it is to ODM; `None` where that could not be told.
    pub kind: Option<FileKind>,
    /// How it is laid out; `None` where that could not be told.
    pub format: Option<DataFormat>,
    /// How it is packed.
    pub compression: Compression,
    /// Bytes on disk.
    pub bytes: u64,
    /// Data rows: lines below the header that are not blank.
    pub rows: u64,
    /// Tab-separated columns of the header.
    pub columns: u64,
    /// Features (rows) of a matrix; 0 elsewhere.
    pub features: u64,
    /// Samples of a matrix, or records of a samples table; 0 elsewhere.
    pub samples: u64,
    /// Feature columns of a matrix: 2 in GCT, `numberOfFeatureAttributes` in a data frame.
    pub feature_attributes: Option<u64>,
    /// Measurements per sample, where a separator was given.
    pub measurements: Vec<String>,
    /// Values that are missing: empty, or a missing token.
    pub missing: u64,
    /// Whether it was known what it is, and it was read as that: of others there is nothing to be read on.
    #[serde(skip)]
    pub begun: bool,
    /// Whether it was read to its end.
    #[serde(skip)]
    pub whole: bool,
}

/// How one file hangs on others: which of its names are records there, and which records it does not name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkReport {
    /// The file that names records.
    pub from: Arc<str>,
    /// What it is.
    pub from_kind: FileKind,
    /// The files that hold the records.
    pub to: Vec<Arc<str>>,
    /// What they are.
    pub to_kind: FileKind,
    /// The attribute whose values are named.
    pub attribute: String,
    /// Distinct names in the file.
    pub names: u64,
    /// How many of them are records.
    pub matched: u64,
    /// How many of them are none.
    pub unmatched: u64,
    /// How many records the file does not name.
    pub unnamed: u64,
    /// Some of the names that are no records.
    pub unmatched_names: Vec<String>,
    /// Some of the records that the file does not name.
    pub unnamed_records: Vec<String>,
}

/// The outcome in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing at error or warning level.
    Clean,
    /// ODM takes it, and flags something.
    Flagged,
    /// An import or a link would fail.
    Rejected,
}

/// The figures of a report. Counts are of occurrences, shown or not.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The outcome.
    pub verdict: Verdict,
    /// Occurrences at error level.
    pub errors: u64,
    /// Occurrences at warning level.
    pub warnings: u64,
    /// Occurrences at information level.
    pub infos: u64,
    /// Occurrences per rule.
    pub by_code: BTreeMap<Code, u64>,
    /// Whether reading stopped before the end of a file because nothing further could be trusted.
    pub truncated: bool,
    /// Wall time of the check.
    pub elapsed_seconds: f64,
}

impl Report {
    /// Puts a report together.
    pub fn new(
        files: Vec<FileReport>,
        links: Vec<LinkReport>,
        collected: Collected,
        truncated: bool,
        elapsed_seconds: f64,
    ) -> Self {
        let verdict = match (collected.errors, collected.warnings) {
            (0, 0) => Verdict::Clean,
            (0, _) => Verdict::Flagged,
            _ => Verdict::Rejected,
        };
        Self {
            files,
            links,
            diagnostics: collected.diagnostics,
            summary: Summary {
                verdict,
                errors: collected.errors,
                warnings: collected.warnings,
                infos: collected.infos,
                by_code: collected.by_code,
                truncated,
                elapsed_seconds,
            },
        }
    }
}

impl Report {
    /// In which files reading stopped though more could have been found, in words; `None` where in none.
    pub(crate) fn stopped(&self) -> Option<String> {
        const NAMED: usize = 3;
        let stopped: Vec<&str> = self
            .files
            .iter()
            .filter(|file| file.begun && !file.whole)
            .map(|file| &*file.path)
            .collect();
        let named: Vec<String> = stopped.iter().take(NAMED).map(|path| escape(path)).collect();
        let more = stopped.len() - named.len();
        match &named[..] {
            [] => None,
            [only] => Some(only.clone()),
            [first @ .., last] if more == 0 => Some(format!("{} and {last}", first.join(", "))),
            named => Some(format!("{} and {more} more", named.join(", "))),
        }
    }
}

impl FileReport {
    /// A file of which nothing but its name is known yet.
    pub fn new(path: Arc<str>) -> Self {
        Self {
            path,
            kind: None,
            format: None,
            compression: Compression::None,
            bytes: 0,
            rows: 0,
            columns: 0,
            features: 0,
            samples: 0,
            feature_attributes: None,
            measurements: Vec::new(),
            missing: 0,
            begun: false,
            whole: true,
        }
    }
}

impl Verdict {
    /// The word used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Flagged => "flagged",
            Self::Rejected => "rejected",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
