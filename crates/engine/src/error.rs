//! Why a run could not be done. What is wrong with data is a finding and not an error.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use odmkit_diagnostics::Diagnostic;
use odmkit_study::manifest::Problem;

/// Why a run could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A folder cannot be listed.
    #[error("cannot list the folder {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder has nothing in it that is for ODM.
    #[error("{} holds no file for ODM: no study, samples, GCT or other table", path.display())]
    NothingThere {
        /// The folder.
        path: PathBuf,
    },
    /// A manifest lists nothing.
    #[error("{} lists no file: `odmkit init --overwrite` writes one with all files of the folder", path.display())]
    NothingListed {
        /// The manifest.
        path: PathBuf,
    },
    /// A manifest is not UTF-8.
    #[error("{} is not UTF-8 text: save it as UTF-8", path.display())]
    NoText {
        /// The manifest.
        path: PathBuf,
    },
    /// A pattern that fits nothing.
    #[error("no file fits the pattern {}", pattern.display())]
    NoMatch {
        /// The pattern.
        pattern: PathBuf,
    },
    /// A pattern that is none.
    #[error("{} is no pattern: {why}", pattern.display())]
    BadPattern {
        /// The pattern.
        pattern: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A bucket or web server cannot be used.
    #[error(transparent)]
    Remote(#[from] odmkit_remote::RemoteError),
    /// There is no place to put what does not fit in memory.
    #[error(
        "cannot keep the names of all rows in a temporary file: {source}; make room, or name another folder with TMPDIR"
    )]
    Temporary {
        /// What the system says.
        source: io::Error,
    },
    /// A table needs more memory than it may have.
    #[error("{path}: {need} within --memory-limit {}; give it --memory-limit {}", size(*limit), size(*least))]
    Memory {
        /// The file.
        path: Arc<str>,
        /// What does not fit.
        need: Need,
        /// The limit, in bytes.
        limit: u64,
        /// The least limit that is enough.
        least: u64,
    },
    /// A template or a dictionary cannot be read.
    #[error("{place}: {message}")]
    Judge {
        /// The file, with the line where that is known.
        place: String,
        /// What is wrong with it.
        message: String,
    },
    /// Two files would be written under one name.
    #[error("{one} and {other} would both be written to {}: mend them one after the other", target.display())]
    SamePlace {
        /// The first.
        one: String,
        /// The second.
        other: String,
        /// Where both would go.
        target: PathBuf,
    },
    /// Files would be written in the place of others.
    #[error(
        "{}{} there already, and nothing was written: move what is there away, or choose another folder with -o DIR",
        first.display(),
        and_others(*others)
    )]
    Taken {
        /// The first of them.
        first: PathBuf,
        /// How many more there are.
        others: usize,
    },
    /// A manifest cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The manifest.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A manifest is not what it should be.
    #[error("{}", manifest_problems(path, problems))]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Everything that is wrong with it.
        problems: Vec<Problem>,
    },
}

impl EngineError {
    /// What a finding says of a file that was named beside the data.
    pub(crate) fn from_finding(finding: &Diagnostic) -> Self {
        let place = finding.line.map_or_else(
            || finding.path.to_string(),
            |line| format!("{}:{line}", finding.path),
        );
        Self::Judge {
            place,
            message: finding.message.clone(),
        }
    }
}

/// What does not fit into memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Need {
    /// The names of the columns, and a row at a time.
    #[error("a table of {0} columns cannot be handled")]
    Columns(u64),
    /// The columns that links are judged by.
    #[error("the keys of {0} records cannot be held")]
    Records(u64),
    /// One row.
    #[error("a row of {0} bytes cannot be converted")]
    Row(u64),
    /// The distinct names of features, which Arrow files in the long layout hold to their end.
    #[error("the names of the features cannot be held for the long layout of Arrow files")]
    Dictionary,
    /// A file of many columns that is read back.
    #[error("an output of {0} columns cannot be read back")]
    Verification(u64),
}

/// A size as it is typed: whole mebibytes where it is no multiple of a larger or a smaller unit.
pub(crate) fn size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = units
        .into_iter()
        .find(|(unit, _)| bytes > 0 && bytes.is_multiple_of(*unit));
    unit.map_or_else(
        || format!("{bytes}B"),
        |(unit, name)| format!("{}{name}", bytes / unit),
    )
}

fn and_others(count: usize) -> String {
    match count {
        0 => " is".to_owned(),
        1 => " and another of the files are".to_owned(),
        _ => format!(" and {count} more of the files are"),
    }
}

fn manifest_problems(path: &std::path::Path, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}:{problem}", path.display()))
        .collect();
    lines.join("\n")
}
