//! A request and a response, whatever carries them.

use std::fmt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::Value;

use crate::auth::{Auth, Secret};
use crate::meter::Meter;
use crate::redact;

/// The HTTP methods that ODM's API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Imports and links.
    Post,
    /// Restarts and stops.
    Put,
}

/// What a request carries.
#[derive(Clone, PartialEq)]
pub enum Body {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Value),
    /// A JSON array with the token as its one item: what signing in takes.
    Token(Secret),
    /// A form; the order of its parts is the order on the wire.
    Form(Vec<(&'static str, Part)>),
}

/// One part of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A short text.
    Text(String),
    /// A file, streamed from disk with its length.
    File(PathBuf),
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address. It never carries a token.
    pub url: String,
    /// Who sends it.
    pub auth: Option<Auth>,
    /// The session's cookies, where there is one.
    pub cookies: Option<Secret>,
    /// What it carries.
    pub body: Body,
    /// Counts what leaves of its files, where somebody wants to know.
    pub meter: Option<Meter>,
}

/// The part of a request that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: String,
}

/// A response, read whole.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl Method {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

impl Request {
    /// A request with no body and nobody's name on it.
    pub fn new(method: Method, url: String) -> Self {
        Self {
            method,
            url,
            auth: None,
            cookies: None,
            body: Body::Empty,
            meter: None,
        }
    }

    /// The same with a body.
    #[must_use]
    pub fn with_body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// What may be shown of it.
    pub fn line(&self) -> RequestLine {
        RequestLine {
            method: self.method,
            url: self.url.clone(),
        }
    }

    /// The files that it sends.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let parts: &[_] = if let Body::Form(parts) = &self.body {
            parts
        } else {
            &[]
        };
        parts.iter().filter_map(|(_, part)| match part {
            Part::File(path) => Some(path.as_path()),
            Part::Text(_) => None,
        })
    }
}

impl Body {
    /// The JSON text, where this is JSON.
    pub fn json_text(&self) -> Option<String> {
        match self {
            Self::Json(value) => Some(value.to_string()),
            Self::Token(secret) => Some(Value::from(vec![secret.expose()]).to_string()),
            Self::Empty | Self::Form(_) => None,
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Json(value) => write!(f, "Json({})", redact::links(&value.to_string())),
            Self::Token(secret) => f.debug_tuple("Token").field(secret).finish(),
            Self::Form(parts) => f.debug_tuple("Form").field(parts).finish(),
        }
    }
}

impl Response {
    /// The value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the status is a success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for RequestLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}
