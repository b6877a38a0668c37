//! Starting and stopping.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::config::SandboxConfig;
use crate::jobs;
use crate::journal::Journal;
use crate::routes;
use crate::state::{Shared, State};
use crate::wire::{Cutter, Port};
use crate::world::World;

/// A running sandbox. It stops when this is dropped.
pub struct Sandbox {
    address: SocketAddr,
    state: State,
    server: JoinHandle<()>,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The token is empty: anybody could ask.
    #[error("the sandbox needs a token")]
    NoToken,
    /// The data folder cannot be used.
    #[error("cannot use {} as the sandbox's folder", path.display())]
    Folder {
        /// The folder or file in question.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something else has the port.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Port {
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The part that fetches links cannot be set up.
    #[error("cannot set up fetching")]
    Fetcher(#[source] reqwest::Error),
}

impl Sandbox {
    /// Starts on the current tokio runtime. Jobs that were at work when the last sandbox on this folder ended are
    /// taken up again.
    pub async fn start(config: SandboxConfig) -> Result<Self, StartError> {
        if config.token.is_empty() {
            return Err(StartError::NoToken);
        }
        let folder = |path: &Path, source| StartError::Folder {
            path: path.to_owned(),
            source,
        };
        let files = config.data.join("files");
        std::fs::create_dir_all(&files).map_err(|source| folder(&files, source))?;
        let journal_path = config.data.join("journal.jsonl");
        let journal = Journal::open(&journal_path).map_err(|source| folder(&journal_path, source))?;
        let world_path = config.data.join("world.jsonl");
        let world = open_world(&world_path)
            .await
            .map_err(|source| folder(&world_path, source))?;

        // An error means that a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let fetcher = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_secs(90))
            .build()
            .map_err(StartError::Fetcher)?;

        let port = config.port;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|source| StartError::Port { port, source })?;
        let address = listener
            .local_addr()
            .map_err(|source| StartError::Port { port, source })?;
        let unfinished: Vec<u64> = world
            .jobs
            .values()
            .filter(|job| !job.status.is_over())
            .map(|job| job.id)
            .collect();
        let state = Shared::new(config, journal, fetcher, world);
        let service = routes::router(&state).into_make_service_with_connect_info::<Cutter>();
        let server = tokio::spawn(async move {
            // Ends only with the task: axum goes on after failed accepts.
            let _ = axum::serve(Port(listener), service).await;
        });
        for job in unfinished {
            jobs::start(&state, job);
        }
        Ok(Self {
            address,
            state,
            server,
        })
    }

    /// The address to give to clients, as in `http://127.0.0.1:8080`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.state.config.data
    }

    /// The file with a line for every request.
    pub fn journal(&self) -> PathBuf {
        self.data().join("journal.jsonl")
    }

    /// The token that it takes.
    pub fn token(&self) -> &str {
        &self.state.config.token
    }

    /// Stops and waits until the port is free.
    pub async fn stop(mut self) {
        self.state.abort_tasks();
        self.server.abort();
        let _ = (&mut self.server).await;
    }
}

/// Opens the log. A sandbox that was just stopped may hold it for a moment longer, until its last task is gone.
async fn open_world(path: &Path) -> io::Result<World> {
    for _ in 0..20 {
        match World::open(path) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            opened => return opened,
        }
    }
    Err(io::Error::new(
        io::ErrorKind::WouldBlock,
        "another sandbox is using it",
    ))
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.state.abort_tasks();
        self.server.abort();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address)
            .field("data", &self.data())
            .finish_non_exhaustive()
    }
}
