//! Many studies in one run. Each has a state file of its own; one that fails does not stop the others.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, stream};
use odmkit_engine::NoProgress;
use odmkit_engine::check::check;
use odmkit_odm_api::Client;
use odmkit_report::found;
use odmkit_submit::{AtOnce, EntityKind, Outcome, Plan, Submission, dry_run};
use serde::Serialize;
use tempfile::TempDir;
use tokio::sync::Mutex;

use super::live::{Live, Row};
use super::members::{self, Member};
use super::target::Host;
use super::{SubmitArgs, SubmitFormat, show};
use crate::connection::connect;
use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::plan::{self, Planned};
use crate::submission::{self, Destination};
use crate::table::Table;
use crate::what::shell_words;
use crate::{reporting, runtime};

/// How many studies are at work at once unless `-j` says otherwise: jobs mostly wait, and ODM works on ten or so.
const AT_ONCE: usize = 4;

/// What came of a batch; serialises to `odmkit.batch/1`.
#[derive(Debug, Serialize)]
struct Batch {
    schema: &'static str,
    server: String,
    /// In the order in which the studies were named.
    studies: Vec<Ended>,
    /// The gravest of the studies.
    status: Outcome,
}

/// What came of a study.
#[derive(Debug, Serialize)]
struct Ended {
    path: String,
    status: Fate,
    /// Why it was not submitted, or not to its end.
    error: Option<String>,
    /// What came of its entities and links, where it was begun.
    submission: Option<Submission>,
}

/// How a study ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Fate {
    /// Everything is imported and linked.
    Complete,
    /// A job failed or a link was refused.
    Failed,
    /// It could not go on.
    Stopped,
    /// The check found errors, and nothing was sent.
    Rejected,
    /// It could not be begun.
    NotBegun,
}

/// A study that was checked, or why it goes no further.
enum Prepared {
    Ready(Plan),
    Rejected(String),
}

/// What the studies of a batch share.
struct Shared<'a> {
    args: Arc<SubmitArgs>,
    global: Global,
    host: Host,
    client: Client,
    sandbox_folder: Option<&'a Path>,
    /// One check at a time: each takes all the threads and the memory that it may.
    checking: Mutex<()>,
    live: Live,
    /// Imports of all the studies.
    at_once: AtOnce,
}

/// Submits all of them.
pub(super) fn run(args: &SubmitArgs, members: &[Member], global: &Global) -> anyhow::Result<Exit> {
    let existing = &args.existing;
    let of_one = [
        ("--study-accession", existing.study_accession.is_some()),
        ("--samples-accession", existing.samples_accession.is_some()),
        ("--previous-version", existing.previous_version.is_some()),
    ];
    if let Some((flag, _)) = of_one.iter().find(|(_, given)| *given) {
        bail!(
            "{flag} is for one study, and these are {}: write `accession` into their study.toml files",
            members.len()
        );
    }
    let settled = [
        ("--adopt", args.adopt.is_empty()),
        ("--send-again", args.send_again.is_empty()),
    ];
    if let Some((flag, _)) = settled.iter().find(|(_, absent)| !absent) {
        bail!(
            "{flag} is for one study, and these are {}: settle that study by itself, with --resume",
            members.len()
        );
    }
    if (args.target.uses_places() || args.parquet.is_some())
        && let Some((one, other)) = members::same_place(members)
    {
        bail!(
            "{} and {} have the same name: name a directory above both, or list them with --manifest",
            one.label,
            other.label
        );
    }
    let sandbox = args.target.sandbox_folder()?;
    let sandbox_folder = sandbox.as_ref().map(TempDir::path);
    runtime::block_on(async {
        let host = args
            .target
            .host(sandbox_folder, args.what.options(), global)
            .await?;
        let labels: Vec<&str> = members.iter().map(|member| member.label.as_str()).collect();
        let shared = Shared {
            args: Arc::new(args.clone()),
            global: global.clone(),
            client: connect(host.api.clone(), global)?,
            host,
            sandbox_folder,
            checking: Mutex::new(()),
            live: Live::new(global, &labels),
            at_once: super::at_once(global),
        };
        if args.dry_run {
            return shared.show_all(members).await;
        }
        let at_once = global.jobs.map_or(AT_ONCE, std::num::NonZeroUsize::get);
        let studies = stream::iter(members.iter().enumerate())
            .map(async |(index, member)| (index, shared.study(index, member).await))
            .buffer_unordered(at_once)
            .collect::<Vec<_>>();
        let mut studies = tokio::select! {
            studies = studies => studies,
            _ = tokio::signal::ctrl_c() => bail!("interrupted: --resume goes on where the studies were"),
        };
        shared.live.end();
        studies.sort_by_key(|(index, _)| *index);
        let batch = Batch::new(
            &shared.host,
            studies.into_iter().map(|(_, study)| study).collect(),
        );
        batch.write(args.format, args.target.destination(), global)?;
        Ok(batch.exit())
    })
}

impl Shared<'_> {
    /// Checks a study and brings it as far as it will go.
    async fn study(&self, index: usize, member: &Member) -> Ended {
        let row = self.live.begin(&member.label);
        let ended = match self.prepare(index, member).await {
            Ok(Prepared::Rejected(error)) => Ended::without(member, Fate::Rejected, error),
            Ok(Prepared::Ready(plan)) => match self.submit(&plan, member, &row).await {
                Ok(submission) => Ended::with(member, submission),
                Err(error) => Ended::without(member, Fate::NotBegun, format!("{error:#}")),
            },
            Err(error) => Ended::without(member, Fate::NotBegun, format!("{error:#}")),
        };
        row.end(&ended.sentence(self.args.target.destination()));
        ended
    }

    async fn prepare(&self, index: usize, member: &Member) -> anyhow::Result<Prepared> {
        let (args, global, inputs) = (Arc::clone(&self.args), self.global.clone(), member.inputs.clone());
        let parquet = self
            .args
            .parquet
            .as_ref()
            .map(|folder| folder.join(&member.place));
        // Studies may have files of one name, and a sandbox has one folder for all their states.
        let state_folder = match self.sandbox_folder {
            Some(folder) => {
                let folder = folder.join(format!("study-{index}"));
                std::fs::create_dir_all(&folder).context("cannot make a folder for the study's state")?;
                Some(folder)
            }
            None => None,
        };
        let _turn = self.checking.lock().await;
        let work = tokio::task::spawn_blocking(move || {
            prepare(
                &args,
                &inputs,
                parquet.as_deref(),
                state_folder.as_deref(),
                &global,
            )
        });
        work.await.context("checking did not come to an end")?
    }

    async fn submit(&self, plan: &Plan, member: &Member, row: &Row<'_>) -> anyhow::Result<Submission> {
        let reach = self
            .args
            .target
            .reach(&self.host, plan, &member.place, false)
            .await?;
        let options = self.args.options(&self.host, &reach, &self.at_once);
        Ok(odmkit_submit::run(plan, &self.client, &options, row).await?)
    }

    /// Prints the requests of every study.
    async fn show_all(&self, members: &[Member]) -> anyhow::Result<Exit> {
        let mut exit = Exit::Success;
        for (index, member) in members.iter().enumerate() {
            let steps = match self.prepare(index, member).await {
                Ok(Prepared::Ready(plan)) => {
                    let reach = self
                        .args
                        .target
                        .reach(&self.host, &plan, &member.place, true)
                        .await?;
                    dry_run(
                        &plan,
                        &self.host.api,
                        &self.args.options(&self.host, &reach, &self.at_once),
                    )
                    .map_err(|error| (Exit::Failed, error.to_string()))
                }
                Ok(Prepared::Rejected(error)) => Err((Exit::Found, error)),
                Err(error) => Err((Exit::Failed, format!("{error:#}"))),
            };
            match steps {
                Ok(steps) => {
                    Output::stdout().with(|out| writeln!(out, "## {}", member.label))?;
                    show(&steps)?;
                }
                Err((graver, error)) => {
                    // Where stderr is gone there is nobody to tell.
                    let _ = writeln!(std::io::stderr(), "{}: {error}", member.label);
                    exit = exit.max(graver);
                }
            }
        }
        Ok(exit)
    }
}

/// Checks a study, writes its Parquet where that is wanted, and plans it.
fn prepare(
    args: &SubmitArgs,
    inputs: &[PathBuf],
    parquet: Option<&Path>,
    state_folder: Option<&Path>,
    global: &Global,
) -> anyhow::Result<Prepared> {
    let outcome = check(&args.check_request(inputs, global)?, &NoProgress)?;
    if reporting::exit(&outcome.report) != Exit::Success && !args.no_check {
        let summary = &outcome.report.summary;
        return Ok(Prepared::Rejected(format!(
            "{}: `odmkit check {}` shows them",
            found(summary.errors, summary.warnings).unwrap_or_default(),
            shell_words(inputs)
        )));
    }
    if let Some(folder) = parquet {
        args.write_parquet(inputs, folder, &outcome, global, &NoProgress)?;
    }
    let Planned { plan, .. } = plan::plan(inputs, state_folder, &outcome, &args.plan_options())?;
    Ok(Prepared::Ready(plan))
}

impl Ended {
    fn with(member: &Member, submission: Submission) -> Self {
        let status = match submission.status {
            Outcome::Complete => Fate::Complete,
            Outcome::Failed => Fate::Failed,
            Outcome::Stopped => Fate::Stopped,
        };
        let error = submission
            .problems
            .first()
            .map(|problem| format!("{}: {}", problem.subject, problem.text));
        Self {
            path: member.label.clone(),
            status,
            error,
            submission: Some(submission),
        }
    }

    fn without(member: &Member, status: Fate, error: String) -> Self {
        Self {
            path: member.label.clone(),
            status,
            error: Some(error),
            submission: None,
        }
    }

    fn sentence(&self, to: Destination) -> String {
        match (&self.submission, &self.error) {
            (Some(submission), _) => submission::sentence(submission, to),
            (None, Some(error)) => format!("{}: {error}", self.status.word()),
            (None, None) => self.status.word().to_owned(),
        }
    }
}

impl Fate {
    const fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Rejected => "rejected",
            Self::NotBegun => "not begun",
        }
    }

    const fn outcome(self) -> Outcome {
        match self {
            Self::Complete => Outcome::Complete,
            Self::Failed | Self::Rejected => Outcome::Failed,
            Self::Stopped | Self::NotBegun => Outcome::Stopped,
        }
    }
}

impl Batch {
    fn new(host: &Host, studies: Vec<Ended>) -> Self {
        let outcomes: Vec<Outcome> = studies.iter().map(|study| study.status.outcome()).collect();
        let status = [Outcome::Stopped, Outcome::Failed]
            .into_iter()
            .find(|grave| outcomes.contains(grave))
            .unwrap_or(Outcome::Complete);
        let name = host.server_name.clone();
        Self {
            schema: "odmkit.batch/1",
            server: name.unwrap_or_else(|| host.api.server().to_string()),
            studies,
            status,
        }
    }

    fn exit(&self) -> Exit {
        submission::exit_of(self.status)
    }

    fn write(&self, format: SubmitFormat, to: Destination, global: &Global) -> anyhow::Result<()> {
        Output::stdout().with(|out| {
            if format == SubmitFormat::Json {
                serde_json::to_writer_pretty(&mut *out, self)?;
                return writeln!(out);
            }
            let mut table = Table::default();
            for study in &self.studies {
                table.row(study.row(to));
            }
            table.write(out)?;
            for study in self
                .studies
                .iter()
                .filter(|study| global.verbose > 0 || study.is_wanting())
            {
                let Some(submission) = &study.submission else {
                    continue;
                };
                writeln!(out, "\n{}", odmkit_report::escape(&study.path))?;
                submission::write(submission, out)?;
            }
            writeln!(out, "\n{}", self.sentence())
        })
    }

    /// The outcome in one line.
    fn sentence(&self) -> String {
        let of = |fate: Fate| self.studies.iter().filter(|study| study.status == fate).count();
        let mut parts = vec![format!(
            "{} of {} studies are complete",
            of(Fate::Complete),
            self.studies.len()
        )];
        for fate in [Fate::Failed, Fate::Rejected, Fate::Stopped, Fate::NotBegun] {
            if of(fate) > 0 {
                parts.push(format!("{} {}", of(fate), fate.word()));
            }
        }
        parts.join(", ")
    }
}

impl Ended {
    /// Whether a person has to look at it.
    fn is_wanting(&self) -> bool {
        self.submission.as_ref().is_some_and(|submission| {
            submission.status != Outcome::Complete || submission.partial_links().count() > 0
        })
    }

    fn row(&self, to: Destination) -> [String; 4] {
        let study = self.submission.as_ref().and_then(|submission| {
            let study = submission
                .entities
                .iter()
                .find(|entity| entity.kind == EntityKind::Study)?;
            study.accession.as_ref().map(ToString::to_string)
        });
        [
            self.status.word().to_owned(),
            self.path.clone(),
            study.unwrap_or_else(|| "-".to_owned()),
            match &self.submission {
                Some(submission) => submission::counts(submission, to),
                None => self.error.clone().unwrap_or_default(),
            },
        ]
    }
}
