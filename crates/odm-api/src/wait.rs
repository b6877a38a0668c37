//! Waiting for a job to end.

use std::time::{Duration, Instant};

use crate::client::Client;
use crate::error::Error;
use crate::ids::JobId;
use crate::job::{Info, JobStatus, Output, Phase};

/// `UNKNOWN` is asked about this often before it is taken for a failure.
const PATIENCE_WITH_UNKNOWN: u32 = 4;

/// How often to ask, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitPolicy {
    /// The time between two questions.
    pub interval: Duration,
    /// The time after which we stop asking.
    pub timeout: Duration,
}

/// A job that ended, well or badly.
#[derive(Debug, Clone, PartialEq)]
pub struct JobEnd {
    /// What the server said of it at last.
    pub info: Info,
    /// What it left behind.
    pub output: Output,
}

/// Why waiting ended before the job did.
#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    /// The job did not end in time.
    #[error("job {job} is still {status} after {}", seconds(*.waited))]
    Timeout {
        /// The job.
        job: JobId,
        /// Its last status.
        status: JobStatus,
        /// How long we waited.
        waited: Duration,
    },
    /// The server could not be asked.
    #[error(transparent)]
    Api(#[from] Error),
}

impl Default for WaitPolicy {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(5),
            timeout: Duration::from_mins(30),
        }
    }
}

impl JobEnd {
    /// Whether it ended well.
    pub fn succeeded(&self) -> bool {
        self.info.status.phase() == Phase::Succeeded
    }
}

impl Client {
    /// Waits for a job to end and fetches what it left behind; `seen` is told every status that differs from the one
    /// before.
    ///
    /// The first questions come sooner than the interval, since small imports take less than that.
    pub async fn wait_for_job(
        &self,
        job: JobId,
        policy: WaitPolicy,
        mut seen: impl FnMut(&JobStatus) + Send,
    ) -> Result<JobEnd, WaitError> {
        let start = Instant::now();
        let mut unclear = 0;
        let mut last: Option<JobStatus> = None;
        let mut pause = policy.interval.min(Duration::from_millis(25));
        loop {
            let info = self.job_info(job).await?;
            if last.as_ref() != Some(&info.status) {
                seen(&info.status);
                last = Some(info.status.clone());
            }
            unclear = if info.status.phase() == Phase::Unclear {
                unclear + 1
            } else {
                0
            };
            let ended = matches!(info.status.phase(), Phase::Succeeded | Phase::Failed);
            if ended || unclear >= PATIENCE_WITH_UNKNOWN {
                let output = self.job_output(job).await?;
                return Ok(JobEnd { info, output });
            }
            let waited = start.elapsed();
            if waited >= policy.timeout {
                return Err(WaitError::Timeout {
                    job,
                    status: info.status,
                    waited,
                });
            }
            tokio::time::sleep(pause.min(policy.timeout.saturating_sub(waited))).await;
            pause = (pause * 2).min(policy.interval);
        }
    }
}

fn seconds(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 120 {
        format!("{} minutes", seconds / 60)
    } else {
        format!("{seconds} s")
    }
}
