//! How long to wait for jobs.

use std::time::Duration;

use clap::Args;
use odmkit_odm_api::WaitPolicy;

use crate::units;

/// How often to ask how a job is getting on, and how long.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Waiting")]
pub(crate) struct Waiting {
    /// Give up waiting for a job after this time
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = units::duration)]
    job_timeout: Duration,

    /// Ask how a job is getting on this often
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = units::duration)]
    poll_interval: Duration,
}

impl Waiting {
    /// The policy that these flags ask for.
    pub(crate) const fn policy(self) -> WaitPolicy {
        WaitPolicy {
            interval: self.poll_interval,
            timeout: self.job_timeout,
        }
    }
}
