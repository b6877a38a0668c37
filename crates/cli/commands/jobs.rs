//! `odmkit jobs`: looks after one ODM job.

use std::io::Write as _;

use clap::{Args, Subcommand};
use odmkit_odm_api::{Api, Client, JobId, JobStatus};
use serde::Serialize;

use crate::connection::{Connection, connect};
use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::runtime;
use crate::waiting::Waiting;

/// Looks after one ODM job; prints what the server says as JSON
#[derive(Debug, Args)]
pub(crate) struct JobsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Says how far the job is
    Info(Job),
    /// Says what the job left behind: the accession, or what went wrong
    Output(Job),
    /// Waits until the job ends, then says what it left behind; exits with 1 where it failed
    Wait {
        #[command(flatten)]
        job: Job,
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Stops the job
    Stop(Job),
    /// Starts a job again that ended without a result
    Restart(Job),
}

#[derive(Debug, Args)]
struct Job {
    /// The number of the job (jobExecId)
    #[arg(value_name = "ID")]
    id: u64,

    #[command(flatten)]
    connection: Connection,
}

impl JobsArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        runtime::block_on(self.answer(global))
    }

    async fn answer(&self, global: &Global) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Info(job) => print(&job.client(global)?.job_info(job.id()).await?),
            Action::Output(job) => print(&job.client(global)?.job_output(job.id()).await?),
            Action::Stop(job) => print(&job.client(global)?.stop_job(job.id()).await?),
            Action::Restart(job) => print(&job.client(global)?.restart_job(job.id()).await?),
            Action::Wait { job, waiting } => {
                let quiet = global.quiet;
                let tell = |status: &JobStatus| {
                    if !quiet {
                        // Where stderr is gone there is nobody to tell.
                        let _ = writeln!(std::io::stderr(), "job {}: {status}", job.id);
                    }
                };
                let end = job
                    .client(global)?
                    .wait_for_job(job.id(), waiting.policy(), tell)
                    .await?;
                print(&end.output)?;
                Ok(if end.succeeded() {
                    Exit::Success
                } else {
                    Exit::Found
                })
            }
        }
    }
}

impl Job {
    fn id(&self) -> JobId {
        JobId(self.id)
    }

    fn client(&self, global: &Global) -> anyhow::Result<Client> {
        let connection = &self.connection;
        let api = Api::new(connection.server()?, connection.api.into(), connection.auth()?);
        Ok(connect(api, global)?)
    }
}

fn print(answer: &impl Serialize) -> anyhow::Result<Exit> {
    let mut text = serde_json::to_vec_pretty(answer)?;
    text.push(b'\n');
    Output::stdout().with(|out| out.write_all(&text))?;
    Ok(Exit::Success)
}
