//! Answers in ODM's forms.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

/// What the journal is to note of an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Noted {
    pub(crate) job: Option<u64>,
    pub(crate) accession: Option<String>,
    /// The faults that struck, as they were written.
    pub(crate) faults: Vec<String>,
    /// Whether the connection is to be cut instead of answering.
    pub(crate) cut: bool,
}

/// A refusal: a status and a sentence.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) noted: Noted,
}

/// An answer, with what the journal is to note.
pub(crate) struct Reply {
    status: StatusCode,
    body: Option<Value>,
    noted: Noted,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            noted: Noted::default(),
        }
    }

    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// We could not do our work; says what the system said.
    pub(crate) fn ours(error: &std::io::Error) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("the sandbox cannot write to its folder: {error}"),
        )
    }
}

impl Reply {
    pub(crate) fn json(body: impl Serialize) -> Self {
        let body = serde_json::to_value(body).unwrap_or(Value::Null);
        Self {
            status: StatusCode::OK,
            body: Some(body),
            noted: Noted::default(),
        }
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: None,
            noted: Noted::default(),
        }
    }

    pub(crate) fn about_job(mut self, job: u64) -> Self {
        self.noted.job = Some(job);
        self
    }

    pub(crate) fn struck(mut self, fault: String) -> Self {
        self.noted.faults.push(fault);
        self
    }

    pub(crate) fn about(mut self, accession: Option<String>) -> Self {
        self.noted.accession = accession;
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Json(json!({"error": {"message": self.message}}));
        let mut response = (self.status, body).into_response();
        response.extensions_mut().insert(self.noted);
        response
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Some(body) => (self.status, Json(body)).into_response(),
            None => self.status.into_response(),
        };
        response.extensions_mut().insert(self.noted);
        response
    }
}
