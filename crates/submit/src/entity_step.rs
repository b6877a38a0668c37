//! Importing one entity.

use std::time::Instant;

use odmkit_odm_api::{Accession, Delivery, Error, JobEnd, JobId, JobStatus, Started, WaitError};

use crate::error::{self, SubmitError};
use crate::observer::Event;
use crate::run::{Flow, Run};
use crate::staging::Staged;
use crate::state::{Progress, Via};

const RESUME: &str = "run the same command with --resume to go on";
const MEND: &str = "mend what ODM complains of, and run the same command with --resume";
const SETTLE: &str = "look in ODM whether it is there. If it is, delete it, or give its accession where there is a \
                      flag for it; if it is not, send it again with --resume --allow-duplicates";

/// What a request or a wait came to.
enum Next {
    Wait(Job),
    Flow(Flow),
}

/// The job that imports an entity.
#[derive(Clone, Copy)]
struct Job {
    id: JobId,
    /// An earlier import of the same link, not one of ours.
    reused: bool,
    /// Begun just now. Any other may have failed for a reason that has passed: it was cut off with the run that began
    /// it, or its file has been mended since.
    new: bool,
}

impl Run<'_> {
    /// Brings an entity as far as it will go.
    pub(crate) async fn import(&mut self, index: usize) -> Result<Flow, SubmitError> {
        let began = Instant::now();
        let next = match self.state.entities[index].progress.clone() {
            Progress::Imported { .. } | Progress::Existing { .. } => return Ok(Flow::On),
            Progress::Submitted { job_id: id, reused } => Next::Wait(Job {
                id,
                reused,
                new: false,
            }),
            Progress::Unknown { error } => {
                self.not_known(index, &error);
                return Ok(Flow::Stop);
            }
            Progress::Pending | Progress::Sending | Progress::Failed { .. } => {
                if !self.parents_are_there(index) {
                    return Ok(Flow::On);
                }
                self.send(index).await?
            }
        };
        let flow = match next {
            Next::Wait(job) => self.wait(index, job).await,
            Next::Flow(flow) => flow,
        };
        self.state.entities[index].seconds += began.elapsed().as_secs_f64();
        self.save()?;
        Ok(flow)
    }

    async fn send(&mut self, index: usize) -> Result<Next, SubmitError> {
        let Some(staged) = self.staged[index].clone() else {
            return Ok(Next::Flow(Flow::On));
        };
        let path = self.plan.label(index);
        self.observer.observe(&Event::Importing {
            kind: self.kind(index),
            path: &path,
        });
        let interrupted = self.state.entities[index].progress == Progress::Sending;
        self.progress(index, Progress::Sending)?;
        let sent = match &staged {
            Staged::Link { import, .. } => {
                let duplicates_allowed = matches!(
                    self.state.entities[index].via,
                    Some(Via::Link {
                        duplicates_allowed: true,
                        ..
                    })
                );
                self.client.import_by_link(import, duplicates_allowed).await
            }
            Staged::Upload(import) => {
                let study = self.study().cloned();
                self.client.upload(import, study.as_ref()).await.map(Started::New)
            }
        };
        let job = match sent {
            Ok(Started::New(info)) => Job {
                id: info.job_exec_id,
                reused: false,
                new: true,
            },
            Ok(Started::Existing {
                job,
                after_lost_answer,
            }) => {
                let reused = !(after_lost_answer || interrupted);
                Job {
                    id: job,
                    reused,
                    new: false,
                }
            }
            Err(error) => return Ok(Next::Flow(self.not_sent(index, &error))),
        };
        self.progress(
            index,
            Progress::Submitted {
                job_id: job.id,
                reused: job.reused,
            },
        )?;
        Ok(Next::Wait(job))
    }

    /// Records what became of a request that got no job.
    fn not_sent(&mut self, index: usize, error: &Error) -> Flow {
        let text = error.with_causes();
        let guarded = matches!(
            self.state.entities[index].via,
            Some(Via::Link {
                duplicates_allowed: false,
                ..
            })
        );
        match error.delivery() {
            Delivery::Refused => {
                let no_access = error::no_access(error);
                self.failed(index, None, text, Some(no_access.unwrap_or(MEND)));
                if no_access.is_some() { Flow::Stop } else { Flow::On }
            }
            Delivery::NotArrived => {
                self.state.entities[index].progress = Progress::Pending;
                self.problem(self.plan.label(index), text, Some(RESUME));
                Flow::Stop
            }
            // ODM recognises the link: asking again does no harm, so the intent stays as it is.
            Delivery::Unknown if guarded => {
                self.problem(self.plan.label(index), text, Some(RESUME));
                Flow::Stop
            }
            Delivery::Unknown => {
                self.state.entities[index].progress = Progress::Unknown { error: text.clone() };
                self.not_known(index, &text);
                Flow::Stop
            }
        }
    }

    async fn wait(&mut self, index: usize, job: Job) -> Flow {
        let mut end = self.end_of(index, job.id).await;
        // A job that ended without a result imported nothing, and ODM would answer a new request for the same link
        // with this very job: it starts again, once.
        if let Ok(ended) = &end
            && !ended.succeeded()
            && (!job.new || ended.info.status == JobStatus::Abandoned)
        {
            match self.client.restart_job(job.id).await {
                Ok(_) => end = self.end_of(index, job.id).await,
                Err(error) => {
                    let again = error.with_causes();
                    let text = format!("{}; starting job {} again: {again}", complaint(ended), job.id);
                    let help = error::no_access(&error).or(self.stuck(index)).unwrap_or(MEND);
                    return self.failed(index, Some(job.id), text, Some(help));
                }
            }
        }
        match end {
            Ok(ended) if ended.succeeded() => {
                if let Some(accession) = ended.output.made() {
                    return self.imported(index, job.id, accession, job.reused);
                }
                let text = format!("job {} is complete, but names no accession", job.id);
                self.failed(index, Some(job.id), text, Some(NAMELESS))
            }
            Ok(ended) => {
                let help = if job.new { None } else { self.stuck(index) };
                self.failed(index, Some(job.id), complaint(&ended), Some(help.unwrap_or(MEND)))
            }
            Err(error @ WaitError::Timeout { .. }) => {
                let id = job.id;
                let help = format!(
                    "run the same command with --resume to wait on, with a longer --job-timeout where it needs one; \
                     `odmkit jobs stop {id}` ends the job"
                );
                self.problem(self.plan.label(index), error.to_string(), Some(&help));
                Flow::Stop
            }
            Err(WaitError::Api(error)) => {
                let help = error::no_access(&error).unwrap_or(RESUME);
                self.problem(self.plan.label(index), error.with_causes(), Some(help));
                Flow::Stop
            }
        }
    }

    /// What to do about a job that fails again and again, where a new request would only lead back to it.
    fn stuck(&self, index: usize) -> Option<&'static str> {
        matches!(self.state.entities[index].via, Some(Via::Link { .. })).then_some(STUCK)
    }

    async fn end_of(&self, index: usize, job: JobId) -> Result<JobEnd, WaitError> {
        let path = self.plan.label(index);
        let seen = |status: &JobStatus| {
            self.observer.observe(&Event::Job {
                path: &path,
                job,
                status,
            });
        };
        self.client.wait_for_job(job, self.options.wait, seen).await
    }

    fn imported(&mut self, index: usize, job_id: JobId, accession: Accession, reused: bool) -> Flow {
        let path = self.plan.label(index);
        let event = Event::Imported {
            kind: self.kind(index),
            path: &path,
            accession: &accession,
            reused,
        };
        self.observer.observe(&event);
        self.state.entities[index].progress = Progress::Imported {
            job_id,
            accession,
            reused,
        };
        Flow::On
    }

    fn failed(&mut self, index: usize, job_id: Option<JobId>, error: String, help: Option<&str>) -> Flow {
        let path = self.plan.label(index);
        self.observer.observe(&Event::NotImported {
            kind: self.kind(index),
            path: &path,
            error: &error,
        });
        self.problem(path, error.clone(), help);
        self.state.entities[index].progress = Progress::Failed { job_id, error };
        Flow::On
    }

    fn not_known(&mut self, index: usize, error: &str) {
        let path = self.plan.label(index);
        self.observer.observe(&Event::NotImported {
            kind: self.kind(index),
            path: &path,
            error,
        });
        let text = format!("it is not known whether ODM has it: {error}");
        self.problem(path, text, Some(SETTLE));
    }

    /// Writes how far an entity is before the next thing is done; what a step ends with is written at its end.
    fn progress(&mut self, index: usize, progress: Progress) -> Result<(), SubmitError> {
        self.state.entities[index].progress = progress;
        self.save()
    }
}

const NAMELESS: &str = "look in ODM for what it made, and give its accession where there is a flag for it";
const STUCK: &str = "ODM answers this link with a job that failed. Give the file another name or link, or import it \
                     anew with --allow-duplicates";

fn complaint(end: &JobEnd) -> String {
    let job = end.info.job_exec_id;
    let status = &end.info.status;
    let complaints = end.output.complaints();
    if complaints.is_empty() {
        format!("job {job} ended as {status} and does not say why")
    } else {
        format!("job {job} ended as {status}: {}", complaints.join("; "))
    }
}
