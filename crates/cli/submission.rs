//! What came of a submission, for people.

use std::io::{self, Write};

use odmkit_odm_api::LinkKind;
use odmkit_report::escape;
use odmkit_submit::{EntityStatus, Event, LinkOutcome, Observer, Outcome, Submission};

use crate::exit::Exit;
use crate::table::Table;

/// Tells each step on stderr.
pub(crate) struct Steps {
    /// Whether to tell anything.
    pub(crate) shown: bool,
    /// Whether to tell every status of every job.
    pub(crate) jobs: bool,
}

impl Observer for Steps {
    fn observe(&self, event: &Event<'_>) {
        if !self.shown {
            return;
        }
        let Some(line) = told(event, self.jobs) else {
            return;
        };
        // Where stderr is gone there is nobody to tell.
        let _ = writeln!(io::stderr(), "{}", escape(&line));
    }
}

/// What happened, in words; nothing for what is told in another way. `jobs` is for every status of every job.
pub(crate) fn told(event: &Event<'_>, jobs: bool) -> Option<String> {
    Some(match event {
        Event::Importing { kind, path } => format!("importing {kind} {path}"),
        Event::Job { path, job, status } if jobs => format!("  job {job} of {path}: {status}"),
        Event::Sending { path, sent, of } => {
            format!("  sent {} of {} of {path}", mebibytes(*sent), mebibytes(*of))
        }
        Event::Linking { from, to } => format!("linking {from} to {to}"),
        Event::NotImported { path, error, .. } => format!("not imported: {path}: {error}"),
        Event::NotLinked { from, to, error } => format!("not linked: {from} to {to}: {error}"),
        Event::Step { .. } | Event::Job { .. } | Event::Imported { .. } | Event::Linked { .. } => {
            return None;
        }
    })
}

/// Writes every entity with its accession, every link with how many of its samples were linked, and how it ended.
pub(crate) fn write(submission: &Submission, out: &mut impl Write) -> io::Result<()> {
    let mut entities = Table::default();
    for entity in &submission.entities {
        let job = entity.job_id.map_or_else(String::new, |job| format!("job {job}"));
        let took = if entity.job_id.is_some() {
            format!("{:.1} s", entity.seconds)
        } else {
            String::new()
        };
        entities.row([
            status(entity.status).to_owned(),
            entity.kind.to_string(),
            entity.path.clone().unwrap_or_default(),
            entity
                .accession
                .as_ref()
                .map_or_else(|| "-".to_owned(), ToString::to_string),
            job,
            took,
        ]);
    }
    entities.write(out)?;
    if !submission.links.is_empty() {
        writeln!(out)?;
    }
    let mut links = Table::default();
    for link in &submission.links {
        let accession = |accession: &Option<odmkit_odm_api::Accession>| {
            accession
                .as_ref()
                .map_or_else(|| "-".to_owned(), ToString::to_string)
        };
        let word = match (link.linked, &link.error) {
            (_, Some(_)) => "refused",
            (Some(_), None) if is_partial(link) => "partial",
            (_, None) if link.made => "linked",
            (_, None) => "pending",
        };
        links.row([
            word.to_owned(),
            words(link.kind),
            format!("{} to {}", accession(&link.from), accession(&link.to)),
            count(link),
        ]);
    }
    links.write(out)?;
    if submission.links_not_read_back().count() > 0 {
        writeln!(out, "\n{NOT_READ_BACK}")?;
    }
    for problem in &submission.problems {
        writeln!(out, "\n{}: {}", escape(&problem.subject), escape(&problem.text))?;
        if let Some(help) = &problem.help {
            writeln!(out, "  {}", escape(help))?;
        }
    }
    Ok(())
}

/// Where a submission goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Destination {
    Odm,
    /// The sandbox of this run.
    Sandbox,
}

impl Destination {
    const fn name(self) -> &'static str {
        match self {
            Self::Odm => "ODM",
            Self::Sandbox => "the sandbox, not in ODM",
        }
    }
}

/// How much of it has arrived.
pub(crate) fn counts(submission: &Submission, to: Destination) -> String {
    let entities = submission
        .entities
        .iter()
        .filter(|entity| entity.accession.is_some())
        .count();
    let links = submission.links.iter().filter(|link| link.made).count();
    let all = (submission.entities.len(), submission.links.len());
    let unseen = match submission.links_not_read_back().count() {
        0 => String::new(),
        1 => "; 1 link was not read back".to_owned(),
        several => format!("; {several} links were not read back"),
    };
    format!(
        "{entities} of {} entities and {links} of {} links are in {}{unseen}",
        all.0,
        all.1,
        to.name()
    )
}

const NOT_READ_BACK: &str = "not read back: ODM has no list of these links, or does not show it to this token. That they are \
                             made is what ODM\n  answered; look there whether the data hangs where it should";

/// The outcome in one line.
pub(crate) fn sentence(submission: &Submission, to: Destination) -> String {
    let counts = counts(submission, to);
    match (submission.status, submission.partial_links().count()) {
        (Outcome::Complete, 0) => format!("complete: {counts}"),
        (Outcome::Complete, 1) => format!("complete: {counts}; 1 link holds fewer than it could"),
        (Outcome::Complete, several) => {
            format!("complete: {counts}; {several} links hold fewer than they could")
        }
        (Outcome::Failed, _) => format!("failed: {counts}"),
        (Outcome::Stopped, _) => format!("stopped: {counts}"),
    }
}

/// What the outcome means for the exit code.
pub(crate) fn exit(submission: &Submission) -> Exit {
    exit_of(submission.status)
}

/// What an outcome means for the exit code.
pub(crate) const fn exit_of(outcome: Outcome) -> Exit {
    match outcome {
        Outcome::Complete => Exit::Success,
        Outcome::Failed => Exit::Found,
        Outcome::Stopped => Exit::Failed,
    }
}

/// A size, as far as it matters to one who waits.
fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

fn is_partial(link: &LinkOutcome) -> bool {
    matches!((link.linked, link.total), (Some(linked), Some(total)) if linked < total)
}

fn count(link: &LinkOutcome) -> String {
    match (link.linked, link.total, &link.error) {
        (_, _, Some(error)) => error.clone(),
        (Some(linked), Some(total), None) if link.read_back => format!("{linked} of {total} linked"),
        (Some(linked), None, None) if link.read_back => format!("{linked} linked"),
        (Some(linked), Some(total), None) => format!("{linked} of {total} linked, not read back"),
        (_, Some(total), None) if link.made => format!("of {total}, not read back"),
        (_, _, None) if link.made => "not read back".to_owned(),
        (_, _, None) => String::new(),
    }
}

const fn status(status: EntityStatus) -> &'static str {
    match status {
        EntityStatus::Pending => "pending",
        EntityStatus::Submitted => "submitted",
        EntityStatus::Imported => "imported",
        EntityStatus::Reused => "reused",
        EntityStatus::Existing => "existing",
        EntityStatus::Failed => "failed",
        EntityStatus::Unknown => "unknown",
    }
}

/// `samples-study` as `samples to study`.
fn words(kind: LinkKind) -> String {
    let text = serde_json::to_value(kind)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned));
    let text = text.unwrap_or_default();
    match text.rsplit_once('-') {
        Some((from, to)) => format!("{from} to {to}"),
        None => text,
    }
}
