//! Carrying a plan out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use odmkit_odm_api::{Accession, Client, Delivery, Error, Phase, WaitPolicy};

use crate::changes;
use crate::error::{self, Refusal, SubmitError};
use crate::files::{self, Mark};
use crate::observer::{Event, Observer};
use crate::plan::{EntityKind, Origin, Plan, Source, Step};
use crate::staging::{Staged, Staging};
use crate::state::{LinkProgress, Progress, RunState, StateFile};
use crate::submission::{EntityOutcome, EntityStatus, LinkOutcome, Outcome, Problem, Submission};

/// How a plan is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How ODM gets at the files.
    pub staging: Staging,
    /// Go on where an earlier run was stopped.
    pub resume: bool,
    /// Import again what ODM, or an earlier run, has imported already.
    pub allow_duplicates: bool,
    /// What a person found in ODM: the file, as outcomes name it, and its accession. It is not imported.
    pub adopt: BTreeMap<String, Accession>,
    /// What a person did not find in ODM, though its upload may have arrived: it is sent again.
    pub send_again: BTreeSet<String>,
    /// How often to ask about a job, and how long.
    pub wait: WaitPolicy,
    /// What the server is called in the state file, where its address changes from run to run.
    pub server_name: Option<String>,
}

const RESUME: &str = "run the same command with --resume to go on";
const NAME_ONE: &str = "name a template with --template-id GSF…, and run the same command with --resume";
const PARTIAL: &str = "`odmkit check` names what has no counterpart (L001): mend it and submit the mended file under \
                       another name. Where everything has one, send the link again as --dry-run prints it";

/// A run under way.
pub(crate) struct Run<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) client: &'a Client,
    pub(crate) options: &'a Options,
    pub(crate) observer: &'a dyn Observer,
    pub(crate) staged: Vec<Option<Staged>>,
    pub(crate) state: RunState,
    pub(crate) problems: Vec<Problem>,
    file: StateFile,
}

/// Whether a run goes on after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    On,
    Stop,
}

impl Options {
    /// A first run, with ODM's usual patience.
    pub fn new(staging: Staging) -> Self {
        Self {
            staging,
            resume: false,
            allow_duplicates: false,
            adopt: BTreeMap::new(),
            send_again: BTreeSet::new(),
            wait: WaitPolicy::default(),
            server_name: None,
        }
    }
}

/// Imports and links everything that is not imported and linked yet.
///
/// An error means that nothing was sent, or that the state could not be kept; everything else that goes wrong is told
/// by the [`Submission`]. Dropping the future stops the run where it is; a later one with
/// [`resume`](Options::resume) goes on from there.
pub async fn run(
    plan: &Plan,
    client: &Client,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Submission, SubmitError> {
    // What does not need the server is refused before it is asked anything.
    stage(plan, &options.staging)?;
    let file = StateFile::hold(&plan.state_file)?;
    let server = options
        .server_name
        .clone()
        .unwrap_or_else(|| client.api().server().to_string());
    let mut old = match file.load()? {
        Some(old) if old.server == server => Some(old),
        Some(old) if !old.is_complete() && old.is_begun() => {
            let state = plan.state_file.display().to_string();
            return Err(SubmitError::Refused(vec![Refusal::OtherServer {
                state,
                there: old.server,
                here: server,
            }]));
        }
        _ => None,
    };
    let marks = mark_all(plan).await?;
    let (template, no_template) = match default_template(plan, old.as_ref(), client).await {
        Ok(template) => (template, None),
        Err(error) => (None, Some(error)),
    };
    let plan = &template
        .as_ref()
        .map_or_else(|| plan.clone(), |template| plan.with_default_template(template));
    let staged = stage(plan, &options.staging)?;
    if let Some(old) = &mut old {
        forget_failures(old, plan, &marks, client).await;
    }
    let mut state = changes::reconcile(plan, &staged, marks, old.as_ref(), options, server)
        .map_err(SubmitError::Refused)?;
    state.template = template;
    if let Some(error) = no_template {
        let mut run = Run::new(plan, client, options, observer, staged, state, file);
        run.no_template(&error);
        return Ok(run.into_submission(true));
    }
    if let Some(study) = plan.study()
        && let Origin::Existing(accession) = &plan.entities[study].origin
    {
        client
            .study(accession)
            .await
            .map_err(|error| SubmitError::Study(Box::new(error)))?;
    }
    for entity in &plan.entities {
        if let (EntityKind::Mapping, Origin::Existing(accession)) = (entity.kind, &entity.origin) {
            let seen = client.mapping_metadata(accession).await;
            seen.map_err(|error| SubmitError::Mapping(Box::new(error)))?;
        }
    }
    file.save(&state)?;

    let mut run = Run::new(plan, client, options, observer, staged, state, file);
    let steps = plan.steps();
    let mut stopped = false;
    for (index, step) in steps.iter().enumerate() {
        observer.observe(&Event::Step {
            number: index + 1,
            of: steps.len(),
        });
        let flow = match step {
            Step::Import(entity) => run.import(*entity).await?,
            Step::Link(link) => run.link(*link).await?,
        };
        if flow == Flow::Stop {
            stopped = true;
            break;
        }
    }
    Ok(run.into_submission(stopped))
}

/// The default template that the plan's own lack of one calls for. A run keeps to the one that it began with.
async fn default_template(
    plan: &Plan,
    old: Option<&RunState>,
    client: &Client,
) -> Result<Option<Accession>, Error> {
    if !plan.wants_default_template() {
        return Ok(None);
    }
    match old.and_then(|old| old.template.clone()) {
        Some(template) => Ok(Some(template)),
        None => client.default_template().await.map(Some),
    }
}

/// Every entity's import, or everything that stands in the way.
pub(crate) fn stage(plan: &Plan, staging: &Staging) -> Result<Vec<Option<Staged>>, SubmitError> {
    let mut refusals = plan.refusals();
    let mut staged = Vec::new();
    for entity in &plan.entities {
        match staging.stage(plan, entity) {
            Ok(import) => staged.push(import),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() {
        Ok(staged)
    } else {
        Err(SubmitError::Refused(refusals))
    }
}

/// A job of an earlier run may have failed unseen, over a file that has been mended since: then nothing was imported
/// that the change would contradict.
async fn forget_failures(old: &mut RunState, plan: &Plan, marks: &[Vec<Mark>], client: &Client) {
    for (index, files) in marks.iter().enumerate() {
        let key = plan.key(index);
        let Some(entity) = old.entities.iter_mut().find(|entity| entity.key == key) else {
            continue;
        };
        if let Progress::Submitted { job_id, .. } = entity.progress
            && changes::differ(&entity.files, files)
            && let Ok(info) = client.job_info(job_id).await
            && info.status.phase() == Phase::Failed
        {
            let error = format!("job {job_id} ended as {}", info.status);
            entity.progress = Progress::Failed {
                job_id: Some(job_id),
                error,
            };
        }
    }
}

async fn mark_all(plan: &Plan) -> Result<Vec<Vec<Mark>>, SubmitError> {
    let entities: Vec<Vec<(PathBuf, String)>> = plan
        .entities
        .iter()
        .map(|entity| {
            let files = entity.sources().filter_map(|source| match source {
                Source::File(path) => Some((path.clone(), plan.source_label(source))),
                Source::Link(_) => None,
            });
            files.collect()
        })
        .collect();
    let root = plan.root.clone();
    let marking = tokio::task::spawn_blocking(move || {
        let mark = |(path, label): (PathBuf, String)| {
            files::mark(&path, label).map_err(|source| SubmitError::File { path, source })
        };
        entities
            .into_iter()
            .map(|files| files.into_iter().map(mark).collect())
            .collect()
    });
    marking.await.unwrap_or_else(|failed| {
        Err(SubmitError::File {
            path: root,
            source: failed.into(),
        })
    })
}

impl<'a> Run<'a> {
    fn new(
        plan: &'a Plan,
        client: &'a Client,
        options: &'a Options,
        observer: &'a dyn Observer,
        staged: Vec<Option<Staged>>,
        state: RunState,
        file: StateFile,
    ) -> Self {
        Self {
            plan,
            client,
            options,
            observer,
            staged,
            state,
            problems: Vec::new(),
            file,
        }
    }

    /// Says that the default template could not be found out, and what to do.
    fn no_template(&mut self, error: &Error) {
        let text = format!(
            "the server's default template cannot be looked up: {}",
            error.with_causes()
        );
        let help = error::no_access(error).or(match (error, error.delivery()) {
            // It says so itself.
            (Error::NoDefaultTemplate { .. }, _) => None,
            (_, Delivery::Refused) => Some(NAME_ONE),
            _ => Some(RESUME),
        });
        self.problem("default template".to_owned(), text, help);
    }

    pub(crate) fn save(&self) -> Result<(), SubmitError> {
        self.file.save(&self.state)
    }

    pub(crate) fn problem(&mut self, subject: String, text: impl Into<String>, help: Option<&str>) {
        self.problems.push(Problem {
            subject,
            text: text.into(),
            help: help.map(str::to_owned),
        });
    }

    fn into_submission(self, stopped: bool) -> Submission {
        let mut submission = Submission::new(self.state.server.clone());
        for (index, entity) in self.state.entities.iter().enumerate() {
            let (status, error) = status(&entity.progress);
            let imported = matches!(self.plan.entities[index].origin, Origin::Import { .. });
            submission.entities.push(EntityOutcome {
                kind: entity.kind,
                path: imported.then(|| self.plan.label(index)),
                job_id: entity.progress.job(),
                accession: entity.progress.accession().cloned(),
                status,
                seconds: entity.seconds,
                error,
            });
        }
        for (link, planned) in self.state.links.iter().zip(&self.plan.links) {
            let accession = |index: usize| self.state.entities[index].progress.accession().cloned();
            let (linked, total, error) = match &link.progress {
                LinkProgress::Linked { linked, total } => (*linked, *total, None),
                LinkProgress::Refused { error } => (None, None, Some(error.clone())),
                LinkProgress::Pending | LinkProgress::Sending => (None, None, None),
            };
            if let (Some(linked), Some(total)) = (linked, total)
                && linked < total
            {
                let (from, to) = (self.plan.label(planned.from), self.plan.label(planned.to));
                submission.problems.push(Problem {
                    subject: format!("{from} to {to}"),
                    text: format!("ODM linked {linked} of {total}"),
                    help: Some(PARTIAL.to_owned()),
                });
            }
            let (from, to) = (accession(planned.from), accession(planned.to));
            submission.links.push(LinkOutcome {
                from,
                to,
                kind: link.kind,
                linked,
                total,
                made: matches!(link.progress, LinkProgress::Linked { .. }),
                error,
            });
        }
        submission.status = if stopped {
            Outcome::Stopped
        } else if self.state.is_complete() {
            Outcome::Complete
        } else {
            Outcome::Failed
        };
        submission.problems.splice(0..0, self.problems);
        submission
    }

    /// The study's accession, once it is known.
    pub(crate) fn study(&self) -> Option<&Accession> {
        self.state.entities[self.plan.study()?].progress.accession()
    }

    /// Whether everything that an entity hangs on is there. A cross-reference is only tied to data: the data does without.
    pub(crate) fn parents_are_there(&self, index: usize) -> bool {
        if self.kind(index) == EntityKind::File && self.study().is_none() {
            return false;
        }
        let mut parents = self
            .plan
            .links
            .iter()
            .filter(|link| link.from == index && self.kind(link.to) != EntityKind::Mapping);
        parents.all(|link| self.state.entities[link.to].progress.accession().is_some())
    }

    pub(crate) fn kind(&self, index: usize) -> EntityKind {
        self.plan.entities[index].kind
    }
}

fn status(progress: &Progress) -> (EntityStatus, Option<String>) {
    match progress {
        Progress::Pending | Progress::Sending => (EntityStatus::Pending, None),
        Progress::Submitted { .. } => (EntityStatus::Submitted, None),
        Progress::Imported { reused: false, .. } => (EntityStatus::Imported, None),
        Progress::Imported { reused: true, .. } => (EntityStatus::Reused, None),
        Progress::Existing { .. } => (EntityStatus::Existing, None),
        Progress::Failed { error, .. } => (EntityStatus::Failed, Some(error.clone())),
        Progress::Unknown { error } => (EntityStatus::Unknown, Some(error.clone())),
    }
}
