//! Importing one entity.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use odmkit_odm_api::{
    Accession, Delivery, Error, Import, Info, JobEnd, JobId, JobStatus, MadeMapping, Meter, Started,
    WaitError,
};

use crate::error::{self, SubmitError};
use crate::observer::Event;
use crate::plan::Step;
use crate::run::{Flow, Run};
use crate::staging::Staged;
use crate::state::{Progress, Via};

const RESUME: &str = "run the same command with --resume to go on";
/// How often to tell how much of an upload has left.
const TELL_EVERY: Duration = Duration::from_millis(500);
const MEND: &str = "mend what ODM complains of, and run the same command with --resume";

/// What a request or a wait came to.
enum Next {
    Wait(Job),
    Flow(Flow),
}

/// What was accepted.
enum Accepted {
    Job(Started),
    /// A cross-reference, which is there at once.
    Made(MadeMapping),
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
    pub(crate) async fn import(&self, index: usize) -> Result<Flow, SubmitError> {
        let began = Instant::now();
        let next = match self.progress_of(index) {
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
        let kept = self.change(|state| state.entities[index].seconds += began.elapsed().as_secs_f64());
        kept.map_err(|error| match self.accession(index) {
            Some(accession) => {
                error.having_done(format!("{} was imported as {accession}", self.plan.label(index)))
            }
            None => error,
        })?;
        Ok(flow)
    }

    /// Says that it is not known whether an entity is in ODM, where that is so.
    pub(crate) fn tell_doubt(&self, index: usize) {
        if let Progress::Unknown { error } = self.progress_of(index) {
            self.not_known(index, &error);
        }
    }

    async fn send(&self, index: usize) -> Result<Next, SubmitError> {
        let Some(staged) = self.staged[index].clone() else {
            return Ok(Next::Flow(Flow::On));
        };
        let staged = staged.under(self.study().as_ref());
        let path = self.plan.label(index);
        self.observer.observe(&Event::Importing {
            kind: self.kind(index),
            path: &path,
        });
        let staged = match staged {
            Staged::Bucket(bucket) => match self.lend(index, &bucket).await {
                Ok(staged) => staged.under(self.study().as_ref()),
                Err(error) => {
                    self.problem(index, error.to_string(), Some(RESUME));
                    return Ok(Next::Flow(Flow::Stop));
                }
            },
            staged => staged,
        };
        let interrupted = self.progress_of(index) == Progress::Sending;
        self.progress(index, Progress::Sending)?;
        let sent = match &staged {
            Staged::Link { import, .. } => {
                let duplicates_allowed = matches!(
                    self.state().entities[index].via,
                    Some(Via::Link {
                        duplicates_allowed: true,
                        ..
                    })
                );
                let started = self.client.import_by_link(import, duplicates_allowed).await;
                started.map(Accepted::Job)
            }
            Staged::Upload(import) => {
                let info = self.upload(index, import).await;
                info.map(|info| Accepted::Job(Started::New(info)))
            }
            // What was put into the bucket is imported by link.
            Staged::Bucket(_) => return Ok(Next::Flow(Flow::On)),
            Staged::Mapping { mapping, .. } => self.client.make_mapping(mapping).await.map(Accepted::Made),
        };
        let job = match sent {
            Ok(Accepted::Made(made)) => {
                for warning in &made.warnings {
                    self.problem(index, format!("ODM says: {warning}"), None);
                }
                return Ok(Next::Flow(self.imported(index, None, made.xref_set_id, false)));
            }
            Ok(Accepted::Job(Started::New(info))) => Job {
                id: info.job_exec_id,
                reused: false,
                new: true,
            },
            Ok(Accepted::Job(Started::Existing {
                job,
                after_lost_answer,
            })) => {
                let reused = !(after_lost_answer || interrupted);
                Job {
                    id: job,
                    reused,
                    new: false,
                }
            }
            Err(error) => return Ok(Next::Flow(self.not_sent(index, &error))),
        };
        let submitted = Progress::Submitted {
            job_id: job.id,
            reused: job.reused,
        };
        self.progress(index, submitted)
            .map_err(|error| error.having_done(format!("{path} was submitted as job {}", job.id)))?;
        Ok(Next::Wait(job))
    }

    /// Sends an entity's files, and tells how much of them has left.
    async fn upload(&self, index: usize, import: &Import<PathBuf>) -> Result<Info, Error> {
        let path = self.plan.label(index);
        let of = {
            let files = &self.state().entities[index].files;
            files.iter().map(|file| file.bytes).sum()
        };
        let study = self.study();
        let meter = Meter::default();
        let upload = self.client.upload_metered(import, study.as_ref(), &meter);
        let mut upload = std::pin::pin!(upload);
        let mut ticks = tokio::time::interval(TELL_EVERY);
        let mut told = 0;
        loop {
            tokio::select! {
                biased;
                done = &mut upload => return done,
                _ = ticks.tick() => {
                    let sent = meter.sent();
                    if sent != told {
                        told = sent;
                        self.observer.observe(&Event::Sending { path: &path, sent, of });
                    }
                }
            }
        }
    }

    /// Records what became of a request that got no job.
    fn not_sent(&self, index: usize, error: &Error) -> Flow {
        let text = error.with_causes();
        let guarded = matches!(
            self.state().entities[index].via,
            Some(Via::Link {
                duplicates_allowed: false,
                ..
            })
        );
        match error.delivery() {
            Delivery::Refused => match error::no_access(error) {
                Some(_) => {
                    self.server_fails(index, error);
                    self.not_imported(index, None, text);
                    Flow::Stop
                }
                None => self.failed(index, None, text, Some(error::mend(error))),
            },
            Delivery::NotArrived => {
                self.set(index, Progress::Pending);
                self.server_fails(index, error);
                Flow::Stop
            }
            // ODM recognises the link: asking again does no harm, so the intent stays as it is.
            Delivery::Unknown if guarded => {
                self.server_fails(index, error);
                Flow::Stop
            }
            Delivery::Unknown => {
                self.set(index, Progress::Unknown { error: text.clone() });
                self.not_known(index, &text);
                Flow::Stop
            }
        }
    }

    async fn wait(&self, index: usize, job: Job) -> Flow {
        let mut end = self.end_of(index, job.id).await;
        // A job that ended without a result imported nothing, and ODM would answer a new request for the same link
        // with this very job: it starts again, once.
        if let Ok(ended) = &end
            && !ended.succeeded()
            && !self.links_have_ended(index)
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
                    return self.imported(index, Some(job.id), accession, job.reused);
                }
                let text = format!("job {} is complete, but names no accession", job.id);
                self.failed(index, Some(job.id), text, Some(NAMELESS))
            }
            Ok(ended) => {
                let help = if self.links_have_ended(index) {
                    Some(LINKS_ENDED)
                } else if job.new {
                    None
                } else {
                    self.stuck(index)
                };
                self.failed(index, Some(job.id), complaint(&ended), Some(help.unwrap_or(MEND)))
            }
            Err(error @ WaitError::Timeout { .. }) => {
                let id = job.id;
                let help = format!(
                    "run the same command with --resume to wait on, with a longer --job-timeout where it needs one; \
                     `odmkit jobs stop {id}` ends the job"
                );
                self.problem(index, error.to_string(), Some(&help));
                Flow::Stop
            }
            Err(WaitError::Api(error)) => {
                self.server_fails(index, &error);
                Flow::Stop
            }
        }
    }

    fn server_fails(&self, index: usize, error: &Error) {
        let (step, label) = (Step::Import(index), self.plan.label(index));
        self.problems.of_server(step, label, error);
    }

    /// What to do about a job that fails again and again, where a new request would only lead back to it.
    fn stuck(&self, index: usize) -> Option<&'static str> {
        matches!(self.state().entities[index].via, Some(Via::Link { .. })).then_some(STUCK)
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

    fn imported(&self, index: usize, job_id: Option<JobId>, accession: Accession, reused: bool) -> Flow {
        let path = self.plan.label(index);
        let event = Event::Imported {
            kind: self.kind(index),
            path: &path,
            accession: &accession,
            reused,
        };
        self.observer.observe(&event);
        let imported = Progress::Imported {
            job_id,
            accession,
            reused,
        };
        self.set(index, imported);
        Flow::On
    }

    fn failed(&self, index: usize, job_id: Option<JobId>, error: String, help: Option<&str>) -> Flow {
        self.problem(index, error.clone(), help);
        self.not_imported(index, job_id, error);
        Flow::On
    }

    fn not_imported(&self, index: usize, job_id: Option<JobId>, error: String) {
        self.observer.observe(&Event::NotImported {
            kind: self.kind(index),
            path: &self.plan.label(index),
            error: &error,
        });
        self.set(index, Progress::Failed { job_id, error });
    }

    fn not_known(&self, index: usize, error: &str) {
        let path = self.plan.label(index);
        self.observer.observe(&Event::NotImported {
            kind: self.kind(index),
            path: &path,
            error,
        });
        let text = format!("it is not known whether ODM has it: {error}");
        let help = format!(
            "look in ODM whether it is there. If it is, run the same command with --resume --adopt '{path}=GSF…', with \
             its accession; if it is not, with --resume --send-again '{path}'"
        );
        self.problem(index, text, Some(&help));
    }

    /// Writes how far an entity is before the next thing is done; what a step ends with is written at its end.
    fn progress(&self, index: usize, progress: Progress) -> Result<(), SubmitError> {
        self.change(|state| state.entities[index].progress = progress)
    }

    /// The same, written with what the step ends with.
    fn set(&self, index: usize, progress: Progress) {
        self.state().entities[index].progress = progress;
    }

    fn progress_of(&self, index: usize) -> Progress {
        self.state().entities[index].progress.clone()
    }
}

const NAMELESS: &str =
    "look in ODM for what it made, and run the same command with --resume --adopt FILE=GSF…";
const STUCK: &str = "ODM answers this link with a job that failed. Give the file another name or link, or import it \
                     anew with --allow-duplicates";

const LINKS_ENDED: &str = "the signed link that ODM was given has ended by now, so ODM may not have got the file: run the \
                           same command with --resume, with a longer --link-lasts";

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
