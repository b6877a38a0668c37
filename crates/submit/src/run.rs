//! Carrying a plan out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::{StreamExt as _, stream};
use odmkit_odm_api::{Accession, Client, Delivery, Error, Phase, WaitPolicy};

use crate::at_once::AtOnce;
use crate::changes;
use crate::error::{self, Refusal, SubmitError};
use crate::files::{self, Mark};
use crate::observer::{Event, Observer};
use crate::plan::{EntityKind, Origin, Plan, Source, Step, Unit};
use crate::problems::Problems;
use crate::staging::{Staged, Staging};
use crate::state::{LinkProgress, Progress, RunState, StateFile};
use crate::submission::{EntityOutcome, EntityStatus, LinkOutcome, Outcome, Problem, Submission};

/// How a plan is carried out.
#[derive(Debug, Clone)]
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
    /// How many imports may be under way at once. Runs that share one share the number.
    pub at_once: AtOnce,
}

const NAME_ONE: &str = "name a template with --template-id GSF…, and run the same command with --resume";
const PARTIAL: &str = "`odmkit check` names what has no counterpart (L001): mend it and submit the mended file under \
                       another name. Where everything has one, send the link again as --dry-run prints it";

/// A run under way. Its imports are at work at the same time, on one task; each writes the whole state after each step.
pub(crate) struct Run<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) client: &'a Client,
    pub(crate) options: &'a Options,
    pub(crate) observer: &'a dyn Observer,
    pub(crate) staged: Vec<Option<Staged>>,
    pub(crate) problems: Problems,
    state: Mutex<RunState>,
    file: StateFile,
    /// Links are made one at a time: ODM says nothing of what two at once do to one group.
    linking: tokio::sync::Mutex<()>,
    steps: AtomicUsize,
    stopped: AtomicBool,
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
            at_once: AtOnce::default(),
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
        let run = Run::new(plan, client, options, observer, staged, state, file);
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

    let run = Run::new(plan, client, options, observer, staged, state, file);
    for stage in plan.stages() {
        run.stage(stage).await?;
        if run.is_stopped() {
            break;
        }
    }
    let stopped = run.is_stopped();
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
            problems: Problems::default(),
            state: Mutex::new(state),
            file,
            linking: tokio::sync::Mutex::default(),
            steps: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// Brings all of a stage as far as it will go. Where one cannot go on, what is under way comes to its own end, and
    /// nothing further is begun.
    async fn stage(&self, units: Vec<Unit>) -> Result<(), SubmitError> {
        let most = units.len().max(1);
        let ends: Vec<Result<(), SubmitError>> = stream::iter(units)
            .map(|unit| self.unit(unit))
            .buffer_unordered(most)
            .collect()
            .await;
        ends.into_iter().collect()
    }

    async fn unit(&self, unit: Unit) -> Result<(), SubmitError> {
        let flow = {
            let _turn = self.options.at_once.turn().await;
            if self.is_stopped() {
                // Whoever has to look into ODM for one looks for all of them.
                self.tell_doubt(unit.entity);
                return Ok(());
            }
            self.begin_step();
            self.import(unit.entity).await
        };
        let mut go_on = self.goes_on(flow)?;
        for link in unit.links {
            if !go_on {
                break;
            }
            let _alone = self.linking.lock().await;
            self.begin_step();
            go_on = self.goes_on(self.link(link).await)?;
        }
        Ok(())
    }

    fn begin_step(&self) {
        let number = self.steps.fetch_add(1, Ordering::Relaxed) + 1;
        let of = self.plan.entities.len() + self.plan.links.len();
        self.observer.observe(&Event::Step { number, of });
    }

    /// Whether what came of a step lets the next one begin.
    fn goes_on(&self, flow: Result<Flow, SubmitError>) -> Result<bool, SubmitError> {
        let go_on = matches!(flow, Ok(Flow::On));
        if !go_on {
            self.stopped.store(true, Ordering::Relaxed);
        }
        flow.map(|_| go_on)
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Says that the default template could not be found out, and what to do.
    fn no_template(&self, error: &Error) {
        let text = format!(
            "the server's default template cannot be looked up: {}",
            error.with_causes()
        );
        let help = error::no_access(error).or(match (error, error.delivery()) {
            // It says so itself.
            (Error::NoDefaultTemplate { .. }, _) => None,
            (_, Delivery::Refused) => Some(NAME_ONE),
            _ => Some(error::go_on(error)),
        });
        self.problems.add(None, "default template".to_owned(), text, help);
    }

    /// The state. It is let go before anything is waited for.
    pub(crate) fn state(&self) -> MutexGuard<'_, RunState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and writes it before the next thing is done.
    pub(crate) fn change(&self, change: impl FnOnce(&mut RunState)) -> Result<(), SubmitError> {
        let mut state = self.state();
        change(&mut state);
        self.file.save(&state)
    }

    /// Says what went wrong with an entity.
    pub(crate) fn problem(&self, index: usize, text: impl Into<String>, help: Option<&str>) {
        let (step, label) = (Step::Import(index), self.plan.label(index));
        self.problems.add(Some(step), label, text.into(), help);
    }

    /// The accession of an entity, once it is known.
    pub(crate) fn accession(&self, index: usize) -> Option<Accession> {
        self.state().entities[index].progress.accession().cloned()
    }

    fn into_submission(self, stopped: bool) -> Submission {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut submission = Submission::new(state.server.clone());
        for (index, entity) in state.entities.iter().enumerate() {
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
        for (link, planned) in state.links.iter().zip(&self.plan.links) {
            let accession = |index: usize| state.entities[index].progress.accession().cloned();
            let (linked, total, read_back, error) = match &link.progress {
                LinkProgress::Linked {
                    linked,
                    total,
                    read_back,
                } => (*linked, *total, *read_back, None),
                LinkProgress::Refused { error } => (None, None, true, Some(error.clone())),
                LinkProgress::Pending | LinkProgress::Sending => (None, None, true, None),
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
                read_back,
                error,
            });
        }
        submission.status = if stopped {
            Outcome::Stopped
        } else if state.is_complete() {
            Outcome::Complete
        } else {
            Outcome::Failed
        };
        submission
            .problems
            .splice(0..0, self.problems.in_order(&self.plan.steps()));
        submission
    }

    /// The study's accession, once it is known.
    pub(crate) fn study(&self) -> Option<Accession> {
        self.accession(self.plan.study()?)
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
        parents.all(|link| self.accession(link.to).is_some())
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
