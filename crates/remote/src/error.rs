//! Why a file at a URL cannot be read or written.

use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::time::Duration;

use object_store::client::{HttpError, HttpErrorKind};
use odmkit_core::redact;

use crate::RemoteUrl;

/// Why a file at a URL cannot be read or written. What is secret in the URL is not in the text.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{url}: {kind}")]
pub struct RemoteError {
    url: String,
    kind: RemoteErrorKind,
}

/// What went wrong.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteErrorKind {
    /// The address is none.
    #[error("this address cannot be used: {0}")]
    BadUrl(String),
    /// What was configured for the cloud cannot be used.
    #[error("the settings for this store cannot be used: {0}")]
    Settings(String),
    /// There is nothing to sign requests with.
    #[error("no credentials were found: {0}")]
    NoCredentials(&'static str),
    /// There is no such file.
    #[error("there is no such file (404)")]
    NotFound,
    /// There is no such bucket.
    #[error("there is no such bucket")]
    NoBucket,
    /// The credentials do not let it be done.
    #[error("access is denied ({0}); check the credentials and what they may do")]
    Denied(String),
    /// The server cannot be reached.
    #[error("the server cannot be reached: {0}")]
    Connect(String),
    /// The server does not answer, or stopped in the middle.
    #[error("the server stopped answering")]
    Timeout,
    /// The server sends next to nothing.
    #[error("the server sends next to nothing")]
    Slow,
    /// The server answers another question than was asked.
    #[error("{0}")]
    Odd(&'static str),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Interrupted(String),
    /// An answer that means failure.
    #[error("the server answered {0}")]
    Status(String),
    /// The file is no longer the one that was opened.
    #[error("the file changed while it was read; run again once it is complete")]
    Changed,
    /// The file ended before its end.
    #[error("the answer ended after {got} of {promised} bytes")]
    Short {
        /// Bytes that were to come.
        promised: u64,
        /// Bytes that came.
        got: u64,
    },
    /// A redirect that is not followed.
    #[error("the server redirects {0}")]
    Redirect(&'static str),
    /// A file of this machine that is to be sent, or keeps what was read for a while, cannot be used.
    #[error("cannot use {path} on this machine: {problem}")]
    Local {
        /// The file or folder.
        path: String,
        /// What the system says.
        problem: String,
    },
    /// This store cannot do it.
    #[error("{0}")]
    Unsupported(&'static str),
}

impl RemoteError {
    pub(crate) fn new(url: impl std::fmt::Display, kind: RemoteErrorKind) -> Self {
        Self {
            url: url.to_string(),
            kind,
        }
    }

    pub(crate) fn local(url: &RemoteUrl, path: &Path, error: &io::Error) -> Self {
        let path = path.display().to_string();
        let problem = error.to_string();
        Self::new(url, RemoteErrorKind::Local { path, problem })
    }

    /// What went wrong.
    pub fn kind(&self) -> &RemoteErrorKind {
        &self.kind
    }

    /// The URL, without what is secret in it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same, where the server asks for more time than anybody would wait.
    pub(crate) fn asking(mut self, pause: Duration) -> Self {
        if let RemoteErrorKind::Status(status) = &mut self.kind {
            *status = format!("{status}, and asks to be left alone for {} s", pause.as_secs());
        }
        self
    }

    /// Whether the same request may succeed when it is sent again.
    pub fn is_transient(&self) -> bool {
        match &self.kind {
            RemoteErrorKind::Connect(_)
            | RemoteErrorKind::Timeout
            | RemoteErrorKind::Slow
            | RemoteErrorKind::Odd(_)
            | RemoteErrorKind::Interrupted(_)
            | RemoteErrorKind::Short { .. } => true,
            RemoteErrorKind::Status(status) => {
                let code = status.get(..3).unwrap_or_default();
                matches!(code, "408" | "429" | "500" | "502" | "503" | "504")
            }
            _ => false,
        }
    }

    /// Reads what a store reports.
    pub(crate) fn of_store(url: &RemoteUrl, error: &object_store::Error) -> Self {
        Self::new(url, store_kind(error))
    }
}

impl From<RemoteError> for io::Error {
    fn from(error: RemoteError) -> Self {
        let kind = match error.kind {
            RemoteErrorKind::NotFound | RemoteErrorKind::NoBucket => io::ErrorKind::NotFound,
            RemoteErrorKind::Denied(_) | RemoteErrorKind::NoCredentials(_) => io::ErrorKind::PermissionDenied,
            RemoteErrorKind::Timeout | RemoteErrorKind::Slow => io::ErrorKind::TimedOut,
            RemoteErrorKind::Connect(_) => io::ErrorKind::ConnectionRefused,
            RemoteErrorKind::Interrupted(_) | RemoteErrorKind::Odd(_) | RemoteErrorKind::Short { .. } => {
                io::ErrorKind::ConnectionAborted
            }
            RemoteErrorKind::Local { .. } => io::ErrorKind::StorageFull,
            _ => io::ErrorKind::Unsupported,
        };
        Self::new(kind, error)
    }
}

/// The chain of an error's causes, told once: what a cause repeats of its own is left out.
pub(crate) fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut deepest = error;
    while let Some(next) = deepest.source() {
        deepest = next;
    }
    redact::links(&deepest.to_string())
}

fn store_kind(error: &object_store::Error) -> RemoteErrorKind {
    use object_store::Error;
    let text = error.to_string();
    if let Some(http) = find::<HttpError>(error) {
        let said = causes(http);
        // The client refuses to send a request over plain HTTP to an endpoint that was not allowed it.
        if said.contains("scheme is not allowed") {
            return RemoteErrorKind::Settings(
                "the endpoint is plain http; set AWS_ALLOW_HTTP=true (AZURE_ALLOW_HTTP, GOOGLE_ALLOW_HTTP) to allow it"
                    .to_owned(),
            );
        }
        return match http.kind() {
            HttpErrorKind::Connect => RemoteErrorKind::Connect(said),
            HttpErrorKind::Timeout => RemoteErrorKind::Timeout,
            _ => RemoteErrorKind::Interrupted(said),
        };
    }
    let code = between(&text, "<Code>", "</Code>").unwrap_or_default();
    let status = between(&text, "status code: ", ":").unwrap_or_default();
    let both = match (status, code) {
        ("", "") => None,
        ("", only) | (only, "") => Some(only.to_owned()),
        (status, code) => Some(format!("{status}, {code}")),
    };
    match error {
        Error::NotFound { .. } if matches!(code, "NoSuchBucket" | "ContainerNotFound") => {
            RemoteErrorKind::NoBucket
        }
        Error::NotFound { .. } if text.contains("specified bucket does not exist") => {
            RemoteErrorKind::NoBucket
        }
        Error::NotFound { .. } => RemoteErrorKind::NotFound,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            RemoteErrorKind::Denied(both.unwrap_or_else(|| "403".to_owned()))
        }
        Error::Precondition { .. } => RemoteErrorKind::Changed,
        Error::InvalidPath { .. } => {
            RemoteErrorKind::BadUrl("its path has an empty part, or `.` or `..` for one".to_owned())
        }
        _ if status.starts_with("400") && code == "ExpiredToken" => {
            RemoteErrorKind::Denied("the session token has expired".to_owned())
        }
        _ => match both {
            Some(both) if both.starts_with("401") || both.starts_with("403") => RemoteErrorKind::Denied(both),
            Some(both) => RemoteErrorKind::Status(both),
            None => RemoteErrorKind::Settings(causes(error)),
        },
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let length = text[start..].find(after)?;
    Some(&text[start..start + length])
}

fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
