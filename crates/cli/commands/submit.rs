//! `odmkit submit`: check, import, wait, link.

mod batch;
mod live;
mod members;
mod serving;
mod target;

use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use odmkit_core::FileKind;
use odmkit_engine::Progress;
use odmkit_engine::check::{CheckOptions, CheckOutcome, CheckRequest, check};
use odmkit_engine::convert::{ConvertRequest, Target as ConvertTarget, convert_checked};
use odmkit_export::{Codec, Container, ValueType};
use odmkit_odm_api::Accession;
use odmkit_report::found;
use odmkit_submit::{AtOnce, DryStep, Options, Submission, dry_run, run};
use tempfile::TempDir;

use self::target::{Host, Reach, Target};
use super::convert;
use crate::connection::connect;
use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::plan::{self, PlanOptions, Planned};
use crate::progress::Bars;
use crate::reporting::{self, Severities};
use crate::runtime;
use crate::snippets::FileSnippets;
use crate::submission::{self, Steps};
use crate::table::Entries;
use crate::waiting::Waiting;
use crate::what::{What, shell_words};

/// Checks a study, imports its files through ODM's job API, follows the jobs, and links what they created
///
/// Every step is written to STUDY.odmkit-run.json beside the study: a run that was stopped goes on with --resume and
/// imports nothing twice.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct SubmitArgs {
    /// A directory, a study.toml, or the files of a study. Several directories, or one with studies below it, are a
    /// batch: a study that fails does not stop the others. In all, -j imports are at work at once [default: 4]
    #[arg(value_name = "PATH", required_unless_present = "manifest")]
    paths: Vec<PathBuf>,

    /// Submit the studies that FILE lists, one directory or study.toml a line, relative to FILE
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,

    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    existing: Existing,

    #[command(flatten)]
    waiting: Waiting,

    /// Go on where an earlier run of this study was stopped
    #[arg(long, conflicts_with_all = ["sandbox", "dry_run"])]
    resume: bool,

    /// Print each request as a curl line, with the token left out, and send nothing
    #[arg(long, conflicts_with = "sandbox")]
    dry_run: bool,

    /// Submit in spite of errors
    #[arg(long)]
    no_check: bool,

    /// Import again what was imported already
    #[arg(long)]
    allow_duplicates: bool,

    /// FILE is in ODM under this accession: it is not imported. For an upload that may have arrived
    #[arg(long, value_name = "FILE=GSF", value_parser = adoption)]
    adopt: Vec<(String, Accession)>,

    /// FILE is not in ODM, though its upload may have arrived: it is sent again
    #[arg(long, value_name = "FILE")]
    send_again: Vec<String>,

    /// Link data to every group that it could hang on, not only to those whose names it has
    #[arg(long)]
    link_all_to_all: bool,

    /// Also write each data file as Parquet into DIR
    #[arg(long, value_name = "DIR")]
    parquet: Option<PathBuf>,

    /// The form of the outcome
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: SubmitFormat,

    #[command(flatten)]
    severities: Severities,

    #[command(flatten)]
    what: What,
}

/// What ODM has already, and what it is told to apply.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What is in ODM")]
struct Existing {
    /// The template that ODM is told to apply [default: the server's default template]
    #[arg(long, value_name = "GSF")]
    template_id: Option<Accession>,

    /// The study is in ODM already, under this accession
    #[arg(long, value_name = "GSF")]
    study_accession: Option<Accession>,

    /// The samples are in ODM already, under this accession
    #[arg(long, value_name = "GSF")]
    samples_accession: Option<Accession>,

    /// The version that the data file follows
    #[arg(long, value_name = "GSF")]
    previous_version: Option<Accession>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SubmitFormat {
    Human,
    Json,
}

impl SubmitArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        self.target.check_link(self.waiting.policy().timeout)?;
        let members = members::members(&self.paths, self.manifest.as_deref())?;
        match members.as_slice() {
            [member] => self.submit(&member.inputs, global),
            members => batch::run(self, members, global),
        }
    }

    /// Submits one study.
    fn submit(&self, inputs: &[PathBuf], global: &Global) -> anyhow::Result<Exit> {
        let outcome = check(&self.check_request(inputs, global)?, &Bars::new(global))?;
        let color = global.color(if self.talks_on_stdout() {
            io::stdout().is_terminal()
        } else {
            io::stderr().is_terminal()
        });
        let next = super::check::mend(&outcome, inputs, &self.what);
        let human = reporting::human(&outcome.report, next, global, color);
        if reporting::exit(&outcome.report) != Exit::Success && !self.no_check {
            self.talk(global, |out| {
                human.write(&outcome.report, &mut FileSnippets::default(), out)
            })?;
            return Ok(Exit::Found);
        }
        self.talk(global, |out| {
            human.files(&outcome.report, out)?;
            findings_note(inputs, &outcome, out)
        })?;
        if let Some(folder) = &self.parquet {
            let written = self.write_parquet(inputs, folder, &outcome, global, &Bars::new(global))?;
            self.talk(global, |out| {
                written.write(out)?;
                if written.is_empty() { Ok(()) } else { writeln!(out) }
            })?;
        }

        let sandbox = self.target.sandbox_folder()?;
        let sandbox_folder = sandbox.as_ref().map(TempDir::path);
        let Planned { plan, left_out } = plan::plan(inputs, sandbox_folder, &outcome, &self.plan_options())?;
        self.talk(global, |out| {
            left_out
                .iter()
                .try_for_each(|path| writeln!(out, "left out: {path}: ODM's import API takes no such file"))
        })?;
        runtime::block_on(async {
            let judging = self.judging(&outcome);
            let host = self.target.host(sandbox_folder, judging, global).await?;
            let reach = self
                .target
                .reach(&host, &plan, Path::new(""), self.dry_run)
                .await?;
            let options = self.options(&host, &reach, &at_once(global));
            if self.dry_run {
                return show(&dry_run(&plan, &host.api, &options)?);
            }
            let steps = Steps {
                shown: !global.quiet,
                jobs: global.verbose > 0,
            };
            let client = connect(host.api.clone(), global)?;
            let submission = tokio::select! {
                result = run(&plan, &client, &options, &steps) => result?,
                _ = tokio::signal::ctrl_c() => bail!("interrupted: --resume goes on where the run was"),
            };
            self.write(&submission)?;
            Ok(submission::exit(&submission))
        })
    }

    fn options(&self, host: &Host, reach: &Reach, at_once: &AtOnce) -> Options {
        Options {
            resume: self.resume,
            allow_duplicates: self.allow_duplicates,
            adopt: self.adopt.iter().cloned().collect(),
            send_again: self.send_again.iter().cloned().collect(),
            wait: self.waiting.policy(),
            server_name: host.server_name.clone(),
            at_once: at_once.clone(),
            ..Options::new(reach.staging.clone())
        }
    }

    fn check_request(&self, inputs: &[PathBuf], global: &Global) -> anyhow::Result<CheckRequest> {
        let samples = self.existing.samples_accession.iter().map(|_| FileKind::Samples);
        Ok(CheckRequest {
            inputs: inputs.to_vec(),
            options: CheckOptions {
                elsewhere: samples.collect(),
                ..self.what.options()
            },
            overrides: self.severities.overrides()?,
            max_per_rule: 20,
            resources: global.resources(),
        })
    }

    fn plan_options(&self) -> PlanOptions {
        PlanOptions {
            study_accession: self.existing.study_accession.clone(),
            samples_accession: self.existing.samples_accession.clone(),
            template_id: self.existing.template_id.clone(),
            previous_version: self.existing.previous_version.clone(),
            feature_attributes: self.what.feature_attributes,
            link_attribute: self.what.link_attribute.clone(),
            link_all_to_all: self.link_all_to_all,
        }
    }

    /// What the sandbox judges by: the template and the dictionaries that the check judged by.
    fn judging(&self, outcome: &CheckOutcome) -> CheckOptions {
        let study = outcome.studies.first();
        let path = |location: &odmkit_study::Location| PathBuf::from(location.as_str());
        let template = study.and_then(|study| study.template.as_ref()).map(path);
        let dictionaries = study.and_then(|study| study.dictionaries.as_ref()).map(path);
        CheckOptions {
            template: self.what.template.clone().or(template),
            dictionaries: self.what.dictionary.clone(),
            dictionary_folder: self.what.dictionaries.clone().or(dictionaries),
            ..CheckOptions::default()
        }
    }

    /// Writes each data file as Parquet.
    fn write_parquet(
        &self,
        inputs: &[PathBuf],
        folder: &Path,
        outcome: &CheckOutcome,
        global: &Global,
        progress: &dyn Progress,
    ) -> anyhow::Result<Entries> {
        let request = ConvertRequest {
            inputs: inputs.to_vec(),
            target: ConvertTarget::Folder(folder.to_owned()),
            container: Some(Container::Parquet),
            layout: None,
            codec: Codec::DEFAULT,
            values: ValueType::F64,
            skip_zeros: false,
            tile: None,
            no_check: self.no_check,
            // The files are made from the study each time, as the run is.
            overwrite: true,
            verify: false,
            resume: false,
            fail_fast: false,
            outputs: std::collections::HashMap::new(),
            options: self.what.options(),
            overrides: self.severities.overrides()?,
            resources: global.resources(),
        };
        let mut written = Entries::default();
        for file in outcome.files.iter().filter(|file| file.matrix.is_some()) {
            let converted = convert_checked(file, &request, progress)
                .with_context(|| format!("cannot write {} as Parquet", file.report.path))?;
            convert::tell(&converted, &mut written);
        }
        Ok(written)
    }

    /// Writes the outcome.
    fn write(&self, submission: &Submission) -> anyhow::Result<()> {
        Output::stdout().with(|out| match self.format {
            SubmitFormat::Human => {
                submission::write(submission, out)?;
                let to = self.target.destination();
                writeln!(out, "\n{}", submission::sentence(submission, to))
            }
            SubmitFormat::Json => {
                serde_json::to_writer_pretty(&mut *out, submission)?;
                writeln!(out)
            }
        })
    }

    /// Whether standard output is for people.
    fn talks_on_stdout(&self) -> bool {
        self.format == SubmitFormat::Human && !self.dry_run
    }

    /// Says what is not the outcome itself: on standard output for people, on stderr where a program reads it.
    fn talk(
        &self,
        global: &Global,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        if self.talks_on_stdout() {
            return Output::stdout().with(|out| write(out));
        }
        if !global.quiet {
            // Where stderr is gone there is nobody to tell.
            let _ = write(&mut io::stderr().lock());
        }
        Ok(())
    }
}

/// How many imports may be under way at once.
fn at_once(global: &Global) -> AtOnce {
    global.jobs.map_or_else(AtOnce::default, AtOnce::new)
}

/// Reads `FILE=ACCESSION`; the file's name may have a `=` in it.
fn adoption(text: &str) -> Result<(String, Accession), String> {
    let (path, accession) = text
        .rsplit_once('=')
        .ok_or("it is written FILE=GSF…, with the accession that the file has in ODM")?;
    let accession = accession
        .parse::<Accession>()
        .map_err(|error| error.to_string())?;
    Ok((path.to_owned(), accession))
}

/// Says how to see the findings that stand in nobody's way.
fn findings_note(inputs: &[PathBuf], outcome: &CheckOutcome, out: &mut dyn Write) -> io::Result<()> {
    let summary = &outcome.report.summary;
    match found(summary.errors, summary.warnings) {
        Some(found) => writeln!(
            out,
            "{found}: `odmkit check {}` shows them\n",
            shell_words(inputs)
        ),
        None => Ok(()),
    }
}

/// Prints the requests of a run.
fn show(steps: &[DryStep]) -> anyhow::Result<Exit> {
    Output::stdout().with(|out| {
        steps
            .iter()
            .try_for_each(|step| writeln!(out, "# {}\n{}\n", step.what, step.curl))?;
        writeln!(
            out,
            "# Nothing was sent. What begins with $ stands for what ODM answers to the requests above it."
        )
    })?;
    Ok(Exit::Success)
}
