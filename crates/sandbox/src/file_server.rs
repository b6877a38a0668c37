//! Serves chosen files over HTTP on loopback, for a server on this machine that fetches links.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path as Extract, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::{digest, fetch};

/// A running file server; it stops when this is dropped. It serves the files that it was given and nothing else.
#[derive(Debug)]
pub struct FileServer {
    address: SocketAddr,
    links: BTreeMap<PathBuf, String>,
    server: JoinHandle<()>,
}

/// Why a file server did not start.
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
    /// No port could be had.
    #[error("cannot listen on 127.0.0.1")]
    Port(#[source] io::Error),
}

impl FileServer {
    /// Starts on the current tokio runtime, on `port` where it is free and otherwise on any: a link that keeps its
    /// address from one run to the next keeps its identity as an import.
    pub async fn start(
        files: impl IntoIterator<Item = PathBuf>,
        port: Option<u16>,
    ) -> Result<Self, FileServerError> {
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
                .await
                .map_err(FileServerError::Port)?,
        };
        let address = listener.local_addr().map_err(FileServerError::Port)?;
        let (mut links, mut served) = (BTreeMap::new(), BTreeMap::new());
        for path in files {
            let full = std::path::absolute(&path).map_err(|source| FileServerError::Path {
                path: path.clone(),
                source,
            })?;
            let key = key(&full);
            let name = full
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            links.insert(path, format!("http://{address}/{key}/{}", encoded(&name)));
            served.insert(key, full);
        }
        let router = Router::new()
            .route("/{key}/{name}", get(serve))
            .with_state(Arc::new(served));
        let server = tokio::spawn(async move {
            // Ends only with the task: axum goes on after failed accepts.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            links,
            server,
        })
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The link of a file, by the path that was given.
    pub fn link(&self, path: &Path) -> Option<&str> {
        self.links.get(path).map(String::as_str)
    }

    /// Every file's link, by the path that was given.
    pub fn links(&self) -> &BTreeMap<PathBuf, String> {
        &self.links
    }
}

impl Drop for FileServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Served = Arc<BTreeMap<String, PathBuf>>;

async fn serve(State(served): State<Served>, Extract((key, _)): Extract<(String, String)>) -> Response {
    let Some(path) = served.get(&key) else {
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

/// The same for the same file in every run, and telling nothing of where it lies.
fn key(path: &Path) -> String {
    digest::digest(&[path.as_os_str().as_encoded_bytes()], 8)
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
