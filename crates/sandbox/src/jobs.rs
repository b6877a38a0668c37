//! Jobs: worked on in the background, asked about, stopped and started again.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use axum::extract::{Path, RawQuery, State as Extract};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::fault::JobFault;
use crate::fetch;
use crate::judge::{JudgedError, ReceivedImport};
use crate::query::Query;
use crate::reply::{Refusal, Reply};
use crate::state::{Shared, State};
use crate::time;
use crate::world::{Job, Sources, Status};

/// How often a job that has nothing to do looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(20);

/// What the server says of a job.
pub(crate) fn info_of(job: &Job) -> Value {
    json!({
        "jobExecId": job.id,
        "startedBy": "sandbox",
        "jobName": job.kind.job_name(),
        "status": job.status,
        "createTime": job.created,
        "endTime": job.ended,
    })
}

/// Begins to work on a job.
pub(crate) fn start(state: &State, job: u64) {
    let shared = State::clone(state);
    let kind = state.world().jobs.get(&job).map(|job| job.kind);
    let fault = kind.and_then(|kind| state.faults.job(kind));
    let task = tokio::spawn(async move {
        work(&shared, job, fault).await;
        shared
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&job);
    });
    if !task.is_finished() {
        state
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(job, task.abort_handle());
    }
}

pub(crate) async fn info(
    Extract(state): Extract<State>,
    Path(id): Path<u64>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    Query::parse(query.as_deref(), &[])?;
    let job = find(&state, id)?;
    Ok(Reply::json(info_of(&job)).about_job(id).about(job.accession))
}

pub(crate) async fn output(
    Extract(state): Extract<State>,
    Path(id): Path<u64>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    Query::parse(query.as_deref(), &[])?;
    let job = find(&state, id)?;
    let mut body = json!({"status": job.status});
    if let Some(accession) = &job.accession {
        body["result"] = json!({job.kind.result_key(): accession});
    }
    if !job.errors.is_empty() {
        body["errors"] = json!([{"stage": "import", "stack": job.errors}]);
    }
    Ok(Reply::json(body).about_job(id).about(job.accession))
}

pub(crate) async fn restart(
    Extract(state): Extract<State>,
    Path(id): Path<u64>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    Query::parse(query.as_deref(), &[])?;
    let job = {
        let mut world = state.world();
        let job = world.jobs.get(&id).ok_or_else(|| no_job(id))?;
        if !matches!(job.status, Status::Failed | Status::Stopped | Status::Abandoned) {
            return Err(Refusal::bad(format!(
                "job {id} is {:?}: only a job that ended without a result can start again",
                job.status
            )));
        }
        world.change(id, |job| {
            job.status = Status::Starting;
            job.ended = None;
            job.errors.clear();
        })?
    };
    let job = job.ok_or_else(|| no_job(id))?;
    start(&state, id);
    Ok(Reply::json(info_of(&job)).about_job(id))
}

pub(crate) async fn stop(
    Extract(state): Extract<State>,
    Path(id): Path<u64>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    Query::parse(query.as_deref(), &[])?;
    let job = {
        let mut world = state.world();
        let job = world.jobs.get(&id).ok_or_else(|| no_job(id))?;
        if job.status.is_over() {
            return Err(Refusal::bad(format!("job {id} is over")));
        }
        world.change(id, |job| job.status = Status::Stopping)?
    };
    let job = job.ok_or_else(|| no_job(id))?;
    Ok(Reply::json(info_of(&job)).about_job(id))
}

fn find(state: &Shared, id: u64) -> Result<Job, Refusal> {
    state.world().jobs.get(&id).cloned().ok_or_else(|| no_job(id))
}

fn no_job(id: u64) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, format!("there is no job {id}"))
}

async fn work(state: &State, id: u64, fault: Option<JobFault>) {
    let held = match fault {
        Some(JobFault::Hang) => Some(None),
        Some(JobFault::Slow(time)) => Some(Some(time)),
        Some(JobFault::Fail | JobFault::Abandon) | None => None,
    };
    if let Some(time) = held {
        hold(state, id, time).await;
    }
    let Ok(_place) = state.places.acquire().await else {
        return;
    };
    let Some(job) = enter(state, id) else { return };
    let outcome = match receive(state, &job).await {
        Ok(_) if fault == Some(JobFault::Fail) => Err(told_to_fail()),
        Ok(import) => {
            let judge = State::clone(state);
            tokio::task::spawn_blocking(move || judge.config.judge.judge(&import))
                .await
                .unwrap_or_else(|_| {
                    let message = "the sandbox failed at judging this file".to_owned();
                    Err(vec![JudgedError {
                        kind: "InternalError".to_owned(),
                        message,
                    }])
                })
        }
        Err(error) => Err(vec![error]),
    };
    let mut world = state.world();
    let stopping = world
        .jobs
        .get(&id)
        .is_none_or(|job| job.status == Status::Stopping);
    let ended = if stopping {
        world
            .change(id, |job| end(job, Status::Stopped, Vec::new()))
            .map(drop)
    } else if fault == Some(JobFault::Abandon) {
        world
            .change(id, |job| end(job, Status::Abandoned, Vec::new()))
            .map(drop)
    } else {
        match outcome {
            Ok(content) => world.complete(id, content),
            Err(errors) => world.change(id, |job| end(job, Status::Failed, errors)).map(drop),
        }
    };
    if let Err(error) = ended {
        // The log cannot be written: say so in memory at least, so that nobody waits for ever.
        let message = format!("the sandbox cannot write to its folder: {error}");
        if let Some(job) = world.jobs.get_mut(&id) {
            end(
                job,
                Status::Failed,
                vec![JudgedError {
                    kind: "InternalError".to_owned(),
                    message,
                }],
            );
        }
    }
}

/// Keeps a job running and doing nothing, for a while or until it is stopped.
async fn hold(state: &Shared, id: u64, time: Option<Duration>) {
    let began = Instant::now();
    if enter(state, id).is_none() {
        return;
    }
    while time.is_none_or(|time| began.elapsed() < time) {
        let left = time.map_or(LOOK, |time| time.saturating_sub(began.elapsed()));
        tokio::time::sleep(left.min(LOOK)).await;
        let running = state
            .world()
            .jobs
            .get(&id)
            .is_some_and(|job| job.status == Status::Running);
        if !running {
            return;
        }
    }
}

/// The stack of a job that fails on purpose.
fn told_to_fail() -> Vec<JudgedError> {
    let error = |kind: &str, message: &str| JudgedError {
        kind: kind.to_owned(),
        message: message.to_owned(),
    };
    vec![
        error("ImportException", "the import could not be completed"),
        error("FaultException", "the sandbox was told to fail this job"),
    ]
}

/// Marks a job as running; `None` where it was stopped before it began.
fn enter(state: &Shared, id: u64) -> Option<Job> {
    let mut world = state.world();
    let status = world.jobs.get(&id)?.status;
    if status.is_over() {
        return None;
    }
    if status == Status::Stopping {
        let _ = world.change(id, |job| end(job, Status::Stopped, Vec::new()));
        return None;
    }
    world
        .change(id, |job| job.status = Status::Running)
        .ok()
        .flatten()
}

async fn receive(state: &Shared, job: &Job) -> Result<ReceivedImport, JudgedError> {
    let (file, metadata) = match &job.sources {
        Sources::Files { data, metadata } => {
            let folder = &state.config.data;
            (folder.join(data), metadata.as_ref().map(|path| folder.join(path)))
        }
        Sources::Links { data, metadata, .. } => {
            let folder = state.folder(job.id);
            let file = fetch::fetch(state, data.0.as_deref(), &folder).await?;
            let metadata = match metadata {
                Some(link) => Some(fetch::fetch(state, link.0.as_deref(), &folder.join("metadata")).await?),
                None => None,
            };
            (file, metadata)
        }
    };
    Ok(ReceivedImport {
        kind: job.kind,
        file,
        metadata,
        parameters: job.parameters.clone(),
    })
}

fn end(job: &mut Job, status: Status, errors: Vec<JudgedError>) {
    job.status = status;
    job.ended = Some(time::now());
    job.errors = errors;
}
