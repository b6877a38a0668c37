//! Mending what can be mended without guessing.
//!
//! A file is checked, rewritten in one pass by what the check says, and checked again. A header is settled before the
//! rows are looked at, and a cell (a quoted number with a decimal comma, say) until nothing is left to mend in it, so
//! what comes out is not changed by another run. A text of another encoding is decoded first.

mod cells;
mod diff;
mod edits;
mod gct13;
mod gct_header;
mod kept;
mod manifest;
mod matrix;
mod mender;
mod places;
mod plain;
pub(crate) mod promise;
mod run;
mod samples;
mod table;
mod text;
mod write;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use odmkit_core::Compression;
use odmkit_input::InputError;
use odmkit_study::{Entity, Study};
use tempfile::TempDir;

pub use edits::Edits;
pub use samples::Note;

use self::places::Places;
use self::run::Run;
use self::samples::Known;
use self::text::Encoding;
use crate::check::{CheckOptions, Judge};
use crate::study::gather;
use crate::{EngineError, Progress, Resources};

/// Files to be mended.
#[derive(Debug, Clone)]
pub struct FixRequest {
    /// Files, folders, manifests.
    pub inputs: Vec<PathBuf>,
    /// What the user says of them.
    pub options: CheckOptions,
    /// Also mend what could hide that data was lost.
    pub with_unsafe: bool,
    /// Where mended texts wait.
    pub waiting: Waiting,
    /// Threads and memory.
    pub resources: Resources,
}

/// Where mended texts wait until the receiver says what becomes of them. From the folder that they are meant for they
/// need not be copied to get their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// In the system's folder for temporary files.
    Elsewhere,
    /// In the folder of each file.
    Beside,
    /// In this folder, which is made where it is not there.
    In(PathBuf),
}

/// What the names of folders begin with in which mended texts wait.
const WAITING: &str = ".odmkit-";

/// A file that was looked at.
#[derive(Debug)]
pub struct Fixed {
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// Where it lies in the folder that copies go to: as it does in the folder or beside the manifest that was named.
    /// One that was packed is called so still.
    place: PathBuf,
    /// How it is packed.
    pub compression: Compression,
    /// What was mended, by rule.
    pub edits: Edits,
    /// Errors that are left.
    pub errors: u64,
    /// Warnings that are left.
    pub warnings: u64,
    /// Tables that go beside it.
    beside: Vec<Table>,
    /// Files of a manifest that have other names where copies go: as it names them, and as its copy does.
    renamed: Vec<(String, String)>,
    /// The samples that it names, where it is a table of such.
    samples: Vec<String>,
    /// The text before, decoded, and the encoding that it had; `None` where it was UTF-8, and the file itself is it.
    before: Option<(PathBuf, Encoding)>,
    after: Option<PathBuf>,
    resources: Resources,
    /// Holds both.
    _folder: Option<TempDir>,
}

/// A table that a mended file no longer holds.
#[derive(Debug)]
struct Table {
    /// What its name ends in, after the stem of the file.
    suffix: &'static str,
    /// Where it waits.
    path: PathBuf,
    /// What was mended in it in its turn, which keeps it where it waits.
    mended: Option<Box<Fixed>>,
    /// What is to be said of it.
    note: Option<Note>,
}

/// What an error says beside the path, which those of addresses begin with.
fn beside(path: &str, error: &InputError) -> String {
    let text = error.to_string();
    let rest = text.strip_prefix(path).and_then(|rest| rest.strip_prefix(": "));
    rest.map_or_else(|| text.clone(), str::to_owned)
}

/// Why a file could not be mended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FixError {
    /// It cannot be read.
    #[error("cannot read {path}: {}", beside(path, source))]
    Input {
        /// The file.
        path: Arc<str>,
        /// Why.
        source: InputError,
    },
    /// It cannot be checked.
    #[error(transparent)]
    Check(#[from] EngineError),
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A packed file is not rewritten in its place.
    #[error(
        "{path} is packed ({compression}): unpack it first, or write the mended text elsewhere with -o DIR"
    )]
    Packed {
        /// The file.
        path: Arc<str>,
        /// How.
        compression: Compression,
    },
    /// There is a backup already.
    #[error("{} is there already: move it away, or keep no copy with --no-backup", path.display())]
    Backup {
        /// The backup.
        path: PathBuf,
    },
    /// There is a file of the name already.
    #[error("{} is there already: move it away, or choose another folder with -o DIR", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The diff cannot be written.
    #[error("cannot write what changes in {path}: {source}")]
    Diff {
        /// The file.
        path: Arc<str>,
        /// What the system says.
        source: io::Error,
    },
}

/// Mends the files, one after another, and hands each over as it is ready. Nothing is written but temporary files;
/// the receiver says what becomes of them.
///
/// # Errors
///
/// Where a folder or a manifest cannot be read. What is wrong with one file is handed over, and the others go on.
pub fn fix(
    request: &FixRequest,
    progress: &dyn Progress,
    mut take: impl FnMut(Result<Fixed, FixError>),
) -> Result<(), EngineError> {
    let studies = gather(&request.inputs)?;
    let places = Places::new(request, &studies)?;
    let mut copied = HashMap::new();
    for study in &studies {
        let judge = Judge::sure(&request.options, study)?;
        let run = Run::new(request, &judge, study, &places, progress);
        let mut known = Known::default();
        for (path, entity, described) in files(study) {
            take(run.fix(path, entity, described).and_then(|mut fixed| {
                run.settle(&mut fixed, &mut known)?;
                known.add(&fixed);
                copied.insert(path.to_owned(), fixed.copied());
                Ok(fixed)
            }));
        }
    }
    for path in &places.companions {
        let fixed = Fixed::untouched(path, places.of(path), request);
        let study = studies.iter().find(|study| study.manifest.as_ref() == Some(path));
        take(match study {
            Some(study) => manifest::adjusted(fixed, study, &places, &copied, request),
            None => Ok(fixed),
        });
    }
    Ok(())
}

impl Waiting {
    /// A folder for what becomes of a file.
    fn room(&self, file: &str) -> Result<TempDir, FixError> {
        let beside = || {
            let file = std::fs::canonicalize(file).ok()?;
            file.parent().map(Path::to_owned)
        };
        let place = match self {
            Self::Elsewhere => None,
            Self::Beside => beside(),
            Self::In(folder) => Some(folder.clone()),
        };
        let place = place.unwrap_or_else(std::env::temp_dir);
        std::fs::create_dir_all(&place)
            .and_then(|()| tempfile::Builder::new().prefix(WAITING).tempdir_in(&place))
            .map_err(|source| FixError::Write { path: place, source })
    }
}

/// The files of a study, each with what is known of it, and whether it describes the entity's data.
fn files(study: &Study) -> Vec<(&str, Option<&Entity>, bool)> {
    let mut files = Vec::new();
    for entity in &study.entities {
        files.extend(entity.file().map(|path| (path, Some(entity), false)));
        let metadata = entity.metadata.as_ref();
        files.extend(metadata.map(|metadata| (metadata.as_str(), Some(entity), true)));
    }
    let skipped = study.skipped.iter().filter(|skipped| skipped.expected);
    files.extend(skipped.map(|skipped| (skipped.path.as_str(), None, false)));
    files
}

impl Fixed {
    /// A file that is copied as it is and not looked into.
    fn untouched(path: &str, place: PathBuf, request: &FixRequest) -> Self {
        Self {
            path: path.into(),
            place,
            compression: Compression::None,
            edits: Edits::default(),
            errors: 0,
            warnings: 0,
            beside: Vec::new(),
            renamed: Vec::new(),
            samples: Vec::new(),
            before: None,
            after: None,
            resources: request.resources,
            _folder: None,
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
#[path = "fix/byte_tests.rs"]
mod byte_tests;

#[cfg(test)]
#[path = "fix/left_tests.rs"]
mod left_tests;
