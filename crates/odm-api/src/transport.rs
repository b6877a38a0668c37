//! How requests travel: a trait, so that the rest can be tried without a network.

use std::error::Error as StdError;
use std::fmt;

use futures_util::future::BoxFuture;

use crate::request::{Request, Response};

/// Carries one request to the server and its response back. A status code is never an error here.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends a request once.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

/// Why no response came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// No connection was made: the request certainly did not arrive. May be tried again.
    Connect,
    /// No answer in time: the request may have arrived. May be tried again where a repeat does no harm.
    Timeout,
    /// The connection broke: the request may have arrived. May be tried again where a repeat does no harm.
    Interrupted,
    /// A file to be sent could not be opened: nothing was sent. Trying again does not help.
    LocalFile,
    /// The response was larger than any answer of ODM is. Trying again does not help.
    TooLarge,
    /// The request cannot be put on the wire, or the connection cannot be set up. Trying again does not help.
    Unusable,
}

/// A request that got no response.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct TransportError {
    /// Why.
    pub kind: TransportErrorKind,
    /// What was reported; it never names the address, which may hold a signature.
    #[source]
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportErrorKind {
    /// Whether the request certainly did not reach the server.
    pub const fn not_arrived(self) -> bool {
        matches!(self, Self::Connect | Self::LocalFile | Self::Unusable)
    }

    /// Whether the failure may pass by itself.
    pub const fn transient(self) -> bool {
        matches!(self, Self::Connect | Self::Timeout | Self::Interrupted)
    }
}

impl TransportError {
    /// An error of a kind, with what was reported.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            kind,
            source: Some(source.into()),
        }
    }
}

impl From<TransportErrorKind> for TransportError {
    fn from(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "could not connect",
            Self::Timeout => "no answer in time",
            Self::Interrupted => "the connection broke before the answer was complete",
            Self::LocalFile => "a file to be sent could not be opened",
            Self::TooLarge => "the answer is larger than any answer of ODM",
            Self::Unusable => "the request could not be made",
        })
    }
}
