//! What can go wrong between us and the server.

use crate::answer::Answer;
use crate::import::UnusableImport;
use crate::request::RequestLine;
use crate::transport::TransportError;

/// A call that did not give what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No response.
    #[error("{request}: {source}{}", tried(*.tries))]
    Transport {
        /// What was asked.
        request: RequestLine,
        /// How often.
        tries: u32,
        /// Why there was no response.
        source: TransportError,
    },
    /// A response with a status that is not a success.
    #[error("{request}: the server answered {status}{}{}: {answer}", meaning(*.status), tried(*.tries))]
    Status {
        /// What was asked.
        request: RequestLine,
        /// How often.
        tries: u32,
        /// The status code.
        status: u16,
        /// What it said.
        answer: Answer,
    },
    /// A success whose body is not what ODM sends.
    #[error("{request}: the server answered {status}, but not as ODM does: {answer}")]
    Unreadable {
        /// What was asked.
        request: RequestLine,
        /// The status code.
        status: u16,
        /// What it said.
        answer: Answer,
        /// Where reading stopped, and why.
        reason: String,
    },
    /// The server does not accept the token.
    #[error("{request}: the server does not accept the token")]
    NotAuthenticated {
        /// What was asked.
        request: RequestLine,
    },
    /// The server names no default template.
    #[error("{request}: none of the server's templates is the default one; name one with --template-id")]
    NoDefaultTemplate {
        /// What was asked.
        request: RequestLine,
    },
    /// The import cannot be asked for in this way.
    #[error(transparent)]
    Import(#[from] UnusableImport),
}

/// What became of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It certainly did nothing, and may be sent again: it never arrived, or was turned away unread.
    NotArrived,
    /// It arrived and was refused.
    Refused,
    /// It may have been carried out.
    Unknown,
}

impl Error {
    /// What became of the request.
    pub fn delivery(&self) -> Delivery {
        match self {
            Self::Transport { source, .. } if source.kind.not_arrived() => Delivery::NotArrived,
            // 429, too many requests: it was turned away unread.
            Self::Status { status: 429, .. } | Self::Import(_) => Delivery::NotArrived,
            Self::Status { status, .. } if *status < 500 => Delivery::Refused,
            Self::Transport { .. } | Self::Unreadable { .. } | Self::Status { .. } => Delivery::Unknown,
            Self::NotAuthenticated { .. } | Self::NoDefaultTemplate { .. } => Delivery::Refused,
        }
    }

    /// The status code, where there was a response.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } | Self::Unreadable { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The error and what it goes back to in one line. What stands between them tells how our own layers are called.
    pub fn with_causes(&self) -> String {
        let text = self.to_string();
        let mut cause = std::error::Error::source(self).and_then(std::error::Error::source);
        while let Some(deeper) = cause.and_then(std::error::Error::source) {
            cause = Some(deeper);
        }
        match cause.map(ToString::to_string) {
            Some(said) if !text.contains(&said) => format!("{text}: {said}"),
            _ => text,
        }
    }
}

fn tried(tries: u32) -> String {
    if tries > 1 {
        format!(" (tried {tries} times)")
    } else {
        String::new()
    }
}

fn meaning(status: u16) -> &'static str {
    match status {
        301 | 302 | 303 | 307 | 308 => {
            " (a redirect, which is not followed with a token: give the final address)"
        }
        401 => " (the token is missing, cut short, revoked, or another server's)",
        403 => " (importing needs membership of the Curator group)",
        413 => " (too large)",
        _ => "",
    }
}
