//! Serves chosen files over HTTP, for a server that fetches links: on loopback, or where it is told to.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path as Extract, RawQuery, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::access::same;
use crate::link_key::LinkKey;
use crate::{digest, fetch};

/// A running file server; it stops when this is dropped. It serves the files that it was given and nothing else, and each
/// to those alone who have its link.
#[derive(Debug)]
pub struct FileServer {
    address: SocketAddr,
    base: String,
    served: Shared,
    server: JoinHandle<()>,
}

/// Files that are served until this is dropped.
#[derive(Debug)]
pub struct ServedFiles {
    links: BTreeMap<PathBuf, String>,
    keys: Vec<String>,
    served: Shared,
}

/// Why a file server did not start, or does not serve a file.
#[derive(Debug, thiserror::Error)]
pub enum FileServerError {
    /// A file has no absolute path.
    #[error("cannot serve {}", path.display())]
    Path {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The port could not be had.
    #[error("cannot listen on {address}")]
    Port {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// Where to listen, and how others come there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// The address; port 0 is any that is free.
    pub address: SocketAddr,
    /// Whether another port will do where this one is taken.
    pub other_port: bool,
    /// What the links begin with, where that is not the address itself.
    pub base: Option<String>,
}

impl Listen {
    /// On loopback, on this port rather than on another: a link that keeps its address from one run to the next keeps its
    /// identity as an import.
    pub fn local(port: u16) -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            other_port: true,
            base: None,
        }
    }
}

impl FileServer {
    /// Starts on the current tokio runtime.
    pub async fn start(listen: &Listen) -> Result<Self, FileServerError> {
        let Listen { address, .. } = *listen;
        let failed = |source| FileServerError::Port { address, source };
        let listener = match TcpListener::bind(address).await {
            Err(_) if listen.other_port => TcpListener::bind(SocketAddr::new(address.ip(), 0)).await,
            bound => bound,
        };
        let listener = listener.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let base = match &listen.base {
            Some(base) => base.trim_end_matches('/').to_owned(),
            None => format!("http://{address}"),
        };
        let served = Shared::default();
        let router = Router::new()
            .route("/{file}/{name}", get(serve))
            .with_state(Shared::clone(&served));
        let server = tokio::spawn(async move {
            // Ends only with the task: axum goes on after failed accepts.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            base,
            served,
            server,
        })
    }

    /// Serves these files as well, at links that cannot be guessed without the key.
    pub fn serve(
        &self,
        files: impl IntoIterator<Item = PathBuf>,
        key: &LinkKey,
    ) -> Result<ServedFiles, FileServerError> {
        let mut serving = ServedFiles {
            links: BTreeMap::new(),
            keys: Vec::new(),
            served: Shared::clone(&self.served),
        };
        for path in files {
            let full = std::path::absolute(&path).map_err(|source| FileServerError::Path {
                path: path.clone(),
                source,
            })?;
            let name = full
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            let sign = key.sign(&full);
            // Two studies may have a file in common: each has its own link, and its own end.
            let file = digest::digest(&[sign.as_bytes()], 8);
            let link = format!("{}/{file}/{}?key={sign}", self.base, encoded(&name));
            serving.links.insert(path, link);
            serving.keys.push(file.clone());
            let mut served = self.served.write().unwrap_or_else(PoisonError::into_inner);
            served.insert(file, (full, sign));
        }
        Ok(serving)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for FileServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl ServedFiles {
    /// Every file's link, by the path that was given.
    pub fn links(&self) -> &BTreeMap<PathBuf, String> {
        &self.links
    }
}

impl Drop for ServedFiles {
    fn drop(&mut self) {
        let mut served = self.served.write().unwrap_or_else(PoisonError::into_inner);
        for key in &self.keys {
            served.remove(key);
        }
    }
}

/// Files and the keys of their links, by what stands for them in the path.
type Shared = Arc<RwLock<BTreeMap<String, (PathBuf, String)>>>;

async fn serve(
    State(served): State<Shared>,
    Extract((file, _)): Extract<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let known = {
        let served = served.read().unwrap_or_else(PoisonError::into_inner);
        served.get(&file).cloned()
    };
    let sent = query.as_deref().and_then(|query| query.strip_prefix("key="));
    // Who has no key is told as much of a file that is here as of one that is not.
    let Some((path, _)) = known.filter(|(_, key)| same(sent.unwrap_or_default(), key)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return StatusCode::NOT_FOUND.into_response();
        }
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let Ok(metadata) = file.metadata().await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = Body::from_stream(fetch::chunks(file)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(metadata.len()));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    response
}

fn encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
