//! A line on disk for every request.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, Request, State as Extract};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::query;
use crate::reply::{Noted, Refusal};
use crate::state::State;
use crate::time;
use crate::wire::Cutter;

/// `journal.jsonl`.
pub(crate) struct Journal(Mutex<File>);

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    method: &'a str,
    path: &'a str,
    query: String,
    /// None where the connection was cut instead.
    status: Option<u16>,
    job_id: Option<u64>,
    accession: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<String>,
}

impl Journal {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(Mutex::new(
            OpenOptions::new().create(true).append(true).open(path)?,
        )))
    }

    fn write(&self, line: &Line<'_>) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(&bytes)
    }
}

/// Answers a request and notes it before the answer leaves. The work goes on even if the client hangs up, as it would
/// on a server whose answer is lost.
pub(crate) async fn keep(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let uri = request.uri().clone();
    let cutter = request
        .extensions()
        .get::<ConnectInfo<Cutter>>()
        .map(|info| info.0.clone());
    let work = tokio::spawn(async move {
        let response = next.run(request).await;
        let noted = response.extensions().get::<Noted>().cloned().unwrap_or_default();
        let line = Line {
            time: time::now(),
            method: method.as_str(),
            path: uri.path(),
            query: query::shown(uri.query()),
            status: (!noted.cut).then(|| response.status().as_u16()),
            job_id: noted.job,
            accession: noted.accession,
            faults: noted.faults,
        };
        let written = state.journal.write(&line);
        if noted.cut
            && let Some(cutter) = cutter
        {
            cutter.cut();
        }
        match written {
            Ok(()) => response,
            Err(error) => Refusal::ours(&error).into_response(),
        }
    });
    work.await.unwrap_or_else(|_| {
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the sandbox failed at this request",
        )
        .into_response()
    })
}
