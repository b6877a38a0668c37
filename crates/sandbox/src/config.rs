//! What a sandbox is told when it starts.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::fault::Fault;
use crate::judge::Judge;

/// What a sandbox is told when it starts.
#[derive(Clone)]
pub struct SandboxConfig {
    /// The port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    /// Where it keeps its journal, what it received, and what it knows.
    pub data: PathBuf,
    /// The token that it takes, as an API token and as an access token.
    pub token: String,
    /// Who says what an import is worth.
    pub judge: Arc<dyn Judge>,
    /// The largest file that it takes, in bytes.
    pub largest_file: u64,
    /// What goes wrong on purpose.
    pub faults: Vec<Fault>,
}

impl SandboxConfig {
    /// A sandbox on a free port that takes files up to 5 GB, ODM's own limit on direct uploads.
    pub fn new(data: impl Into<PathBuf>, token: impl Into<String>, judge: Arc<dyn Judge>) -> Self {
        Self {
            port: 0,
            data: data.into(),
            token: token.into(),
            judge,
            largest_file: 5_000_000_000,
            faults: Vec::new(),
        }
    }
}

impl fmt::Debug for SandboxConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxConfig")
            .field("port", &self.port)
            .field("data", &self.data)
            .field("largest_file", &self.largest_file)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}
