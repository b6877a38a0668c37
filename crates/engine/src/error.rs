//! Why a run could not be done. What is wrong with data is a finding and not an error.

use std::io;
use std::path::PathBuf;

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

fn manifest_problems(path: &std::path::Path, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}:{problem}", path.display()))
        .collect();
    lines.join("\n")
}
