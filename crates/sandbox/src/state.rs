//! What all requests share.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use crate::config::SandboxConfig;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::reply::Refusal;
use crate::world::World;

/// How many imports are worked on at once.
const JOBS_AT_ONCE: usize = 4;

pub(crate) struct Shared {
    pub(crate) config: SandboxConfig,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) fetcher: reqwest::Client,
    pub(crate) places: Semaphore,
    pub(crate) tasks: Mutex<HashMap<u64, AbortHandle>>,
    pub(crate) sessions: Mutex<BTreeSet<String>>,
    mappings: AtomicU64,
    world: Mutex<World>,
}

pub(crate) type State = Arc<Shared>;

impl Shared {
    pub(crate) fn new(
        config: SandboxConfig,
        journal: Journal,
        fetcher: reqwest::Client,
        world: World,
    ) -> State {
        Arc::new(Self {
            faults: Faults::new(&config.faults),
            config,
            journal,
            fetcher,
            places: Semaphore::new(JOBS_AT_ONCE),
            tasks: Mutex::default(),
            sessions: Mutex::default(),
            mappings: AtomicU64::new(0),
            world: Mutex::new(world),
        })
    }

    /// What the sandbox knows. Held for moments only, never across an await.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for the folder of a cross-reference, of which several may be fetched at once.
    pub(crate) fn next_mapping(&self) -> String {
        let number = self.mappings.fetch_add(1, Ordering::Relaxed) + 1;
        format!("{}-{number}", std::process::id())
    }

    /// The folder of a job's files.
    pub(crate) fn folder(&self, job: u64) -> PathBuf {
        self.config.data.join("files").join(job.to_string())
    }

    pub(crate) fn abort_tasks(&self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).values() {
            task.abort();
        }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::ours(&error)
    }
}
