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
    pub(crate) entities: Vec<EntityState>,
    pub(crate) links: Vec<LinkState>,
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
        job_id: JobId,
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
    Linked { linked: Option<u64>, total: Option<u64> },
    Refused { error: String },
}

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
            entities,
            links,
        }
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

impl Progress {
    pub(crate) fn accession(&self) -> Option<&Accession> {
        match self {
            Self::Imported { accession, .. } | Self::Existing { accession } => Some(accession),
            _ => None,
        }
    }

    pub(crate) fn job(&self) -> Option<JobId> {
        match self {
            Self::Submitted { job_id, .. } | Self::Imported { job_id, .. } => Some(*job_id),
            Self::Failed { job_id, .. } => *job_id,
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
            source,
        };
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path,
                lock_path,
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(SubmitError::Busy { path: lock_path }),
            Err(TryLockError::Error(source)) => Err(SubmitError::State {
                path: lock_path,
                source,
            }),
        }
    }

    pub(crate) fn load(&self) -> Result<Option<RunState>, SubmitError> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(SubmitError::State {
                    path: self.path.clone(),
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
        self.write(state).map_err(|source| SubmitError::State {
            path: self.path.clone(),
            source,
        })
    }

    fn write(&self, state: &RunState) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(state)?;
        text.push(b'\n');
        let mut temporary = self.path.clone().into_os_string();
        temporary.push(".tmp");
        let mut file = File::create(&temporary)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&temporary, &self.path)?;
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

impl Drop for StateFile {
    fn drop(&mut self) {
        // The lock itself ends with the handle; a file that stays behind does no harm.
        let _ = fs::remove_file(&self.lock_path);
    }
}
