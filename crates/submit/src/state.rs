//! How far a run is, on disk.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use odmkit_odm_api::{Accession, JobId, LinkKind};
use serde::{Deserialize, Serialize};

use crate::error::SubmitError;
use crate::files::Mark;
use crate::plan::{EntityKind, Parameters};

/// What the state file says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunState {
    schema: Schema,
    pub(crate) server: String,
    /// The default template, as it was looked up when the run began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<Accession>,
    pub(crate) entities: Vec<EntityState>,
    pub(crate) links: Vec<LinkState>,
    /// What earlier runs did with files that this one does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) former: Vec<EntityState>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Schema {
    #[serde(rename = "odmkit.run/1")]
    V1,
}

/// An entity's part of the state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct EntityState {
    pub(crate) key: String,
    pub(crate) kind: EntityKind,
    /// The files as they were when the import was asked for.
    pub(crate) files: Vec<Mark>,
    pub(crate) parameters: Parameters,
    /// How ODM was to get them; stands for the links and does not hold them.
    pub(crate) via: Option<Via>,
    pub(crate) seconds: f64,
    #[serde(flatten)]
    pub(crate) progress: Progress,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Via {
    /// By link; ODM answers the same link with the same job, unless it was told to allow duplicates.
    Link {
        identity: String,
        duplicates_allowed: bool,
    },
    Multipart,
    /// As a cross-reference, at a link; ODM makes another one each time.
    Mapping {
        identity: String,
    },
    /// By signed links to these objects. ODM does not know such a link again, and the links themselves are secret.
    Object {
        objects: Vec<String>,
        /// When the links that were given to ODM end, in seconds since 1970.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link_ends: Option<u64>,
    },
}

/// How far an entity is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub(crate) enum Progress {
    Pending,
    /// The request is about to be sent, or was sent and its answer never seen.
    Sending,
    Submitted {
        job_id: JobId,
        reused: bool,
    },
    Imported {
        /// The job that did it; none for a cross-reference, nor for what a person said was there.
        job_id: Option<JobId>,
        accession: Accession,
        reused: bool,
    },
    /// In ODM before the run.
    Existing {
        accession: Accession,
    },
    Failed {
        job_id: Option<JobId>,
        error: String,
    },
    /// An upload that may have arrived.
    Unknown {
        error: String,
    },
}

/// A link's part of the state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkState {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) kind: LinkKind,
    pub(crate) attribute: Option<String>,
    #[serde(flatten)]
    pub(crate) progress: LinkProgress,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub(crate) enum LinkProgress {
    Pending,
    Sending,
    Linked {
        linked: Option<u64>,
        total: Option<u64>,
        /// Whether the link was seen, and not only said to be made.
        #[serde(default = "seen", skip_serializing_if = "is_seen")]
        read_back: bool,
    },
    Refused {
        error: String,
    },
}

/// A state that says nothing of it is of a link that was seen, as nearly all are.
const fn seen() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_seen(read_back: &bool) -> bool {
    *read_back
}

/// How often a lock that was removed under our hands is tried again.
const TRIES_TO_LOCK: u32 = 100;

/// The state file, held by this run alone.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    lock_path: PathBuf,
    _lock: File,
}

impl RunState {
    pub(crate) fn new(server: String, entities: Vec<EntityState>, links: Vec<LinkState>) -> Self {
        Self {
            schema: Schema::V1,
            server,
            template: None,
            entities,
            links,
            former: Vec::new(),
        }
    }

    /// What is known of a file, of this run or of an earlier one.
    pub(crate) fn of(&self, key: &str) -> Option<&EntityState> {
        let mut all = self.entities.iter().chain(&self.former);
        all.find(|entity| entity.key == key)
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.entities
            .iter()
            .all(|entity| entity.progress.accession().is_some())
            && self
                .links
                .iter()
                .all(|link| matches!(link.progress, LinkProgress::Linked { .. }))
    }

    /// Whether anything was sent.
    pub(crate) fn is_begun(&self) -> bool {
        self.entities.iter().any(|entity| {
            !matches!(
                entity.progress,
                Progress::Pending | Progress::Existing { .. } | Progress::Failed { .. }
            )
        })
    }
}

impl EntityState {
    /// Whether it tells of something that was sent.
    pub(crate) fn is_worth_keeping(&self) -> bool {
        matches!(
            self.progress,
            Progress::Sending
                | Progress::Submitted { .. }
                | Progress::Imported { .. }
                | Progress::Unknown { .. }
        )
    }
}

impl Progress {
    pub(crate) fn accession(&self) -> Option<&Accession> {
        match self {
            Self::Imported { accession, .. } | Self::Existing { accession } => Some(accession),
            _ => None,
        }
    }

    pub(crate) fn job(&self) -> Option<JobId> {
        match self {
            Self::Submitted { job_id, .. } => Some(*job_id),
            Self::Imported { job_id, .. } | Self::Failed { job_id, .. } => *job_id,
            _ => None,
        }
    }
}

impl StateFile {
    /// Takes hold of the state file's place. The lock goes with the process, however that ends.
    pub(crate) fn hold(path: &Path) -> Result<Self, SubmitError> {
        let path = path.to_owned();
        let mut lock_path = path.clone().into_os_string();
        lock_path.push(".lock");
        let lock_path = PathBuf::from(lock_path);
        let failed = |source| SubmitError::State {
            path: lock_path.clone(),
            done: None,
            source,
        };
        for _ in 0..TRIES_TO_LOCK {
            let lock = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&lock_path)
                .map_err(failed)?;
            match lock.try_lock() {
                // The run that held it may have removed it between our opening and our locking.
                Ok(()) if is_at(&lock, &lock_path) => {
                    return Ok(Self {
                        path,
                        lock_path,
                        _lock: lock,
                    });
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
        Err(SubmitError::Busy { path: lock_path })
    }

    pub(crate) fn load(&self) -> Result<Option<RunState>, SubmitError> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(SubmitError::State {
                    path: self.path.clone(),
                    done: None,
                    source,
                });
            }
        };
        serde_json::from_slice(&text)
            .map(Some)
            .map_err(|source| SubmitError::BadState {
                path: self.path.clone(),
                source,
            })
    }

    /// Writes the state so that, whatever happens, the file holds either the old one or the new one.
    pub(crate) fn save(&self, state: &RunState) -> Result<(), SubmitError> {
        let temporary = self.temporary();
        self.write(state, &temporary).map_err(|source| {
            // Half of a state is of no use to anybody; the whole one before it stands.
            let _ = fs::remove_file(&temporary);
            SubmitError::State {
                path: self.path.clone(),
                done: None,
                source,
            }
        })
    }

    fn temporary(&self) -> PathBuf {
        let mut temporary = self.path.clone().into_os_string();
        temporary.push(".tmp");
        temporary.into()
    }

    fn write(&self, state: &RunState, temporary: &Path) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(state)?;
        text.push(b'\n');
        let mut file = File::create(temporary)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(temporary, &self.path)?;
        if let Some(folder) = self.path.parent() {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            // Not every file system lets a folder be synced; the rename itself is done.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
}

/// Whether a path still leads to an open file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Whether a path still leads to an open file. Elsewhere than on Unix an open file is not removed.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

impl Drop for StateFile {
    fn drop(&mut self) {
        // While it is still locked: nobody else may take one for held that is gone. A file that stays behind does no harm.
        let _ = fs::remove_file(&self.lock_path);
    }
}
