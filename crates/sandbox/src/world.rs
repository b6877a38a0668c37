//! What the sandbox knows: jobs, objects and links; a log on disk from which it is known again after a restart.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::judge::{Accepted, JudgedError, Parameters};
use crate::kind::ImportKind;

/// The accession of the sandbox's one template.
pub(crate) const DEFAULT_TEMPLATE: &str = "GSF000001";
const FIRST_NUMBER: u64 = 100;

/// An import job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: u64,
    pub(crate) kind: ImportKind,
    pub(crate) sources: Sources,
    pub(crate) parameters: Parameters,
    pub(crate) status: Status,
    pub(crate) created: String,
    pub(crate) ended: Option<String>,
    pub(crate) accession: Option<String>,
    pub(crate) errors: Vec<JudgedError>,
}

/// Where a job's files come from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Sources {
    /// Links to fetch. `identity` stands for them when it comes to duplicates.
    Links {
        identity: String,
        data: Link,
        metadata: Option<Link>,
    },
    /// Files that came with the request, already in place.
    Files {
        data: PathBuf,
        metadata: Option<PathBuf>,
    },
}

/// A link to fetch. One with a query or a user name may hold a secret and is not written down: after a restart it can
/// no longer be fetched.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "Option<String>", from = "Option<String>")]
pub(crate) struct Link(pub(crate) Option<String>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Status {
    Starting,
    Running,
    Stopping,
    Completed,
    Failed,
    Stopped,
    /// Cut off by the server's own end.
    Abandoned,
}

/// What an import made. Its members (rows, runs) have the numbers after its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Object {
    pub(crate) number: u64,
    pub(crate) kind: ImportKind,
    pub(crate) content: Accepted,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Linked {
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) attribute: Option<String>,
    /// Only so many of the members that match are linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) most: Option<usize>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Event {
    /// A job as it is now, with the object that it made if it just ended well.
    Job {
        job: Box<Job>,
        object: Option<Object>,
    },
    Link(Linked),
    /// What was made without a job.
    Object(Object),
}

/// Everything that the sandbox knows.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) jobs: BTreeMap<u64, Job>,
    pub(crate) objects: BTreeMap<String, Object>,
    pub(crate) links: Vec<Linked>,
    next_number: u64,
    log: File,
}

impl World {
    /// Opens the log and reads what it tells. A last line that was cut off is dropped.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let log = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        // Two sandboxes on one folder would give the same numbers to different things.
        log.try_lock()?;
        let mut world = Self {
            jobs: BTreeMap::new(),
            objects: BTreeMap::new(),
            links: Vec::new(),
            next_number: FIRST_NUMBER,
            log,
        };
        let mut reader = BufReader::new(world.log.try_clone()?);
        let (mut line, mut number, mut good) = (String::new(), 0, 0);
        loop {
            line.clear();
            let length = reader.read_line(&mut line)?;
            if length == 0 {
                break;
            }
            number += 1;
            if !line.ends_with('\n') {
                world.log.set_len(good)?;
                break;
            }
            let event = serde_json::from_str(&line).map_err(|error| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("{}, line {number}: {error}", path.display()),
                )
            })?;
            world.apply(event);
            good += length as u64;
        }
        Ok(world)
    }

    /// Makes a job known.
    pub(crate) fn add_job(
        &mut self,
        kind: ImportKind,
        sources: Sources,
        parameters: Parameters,
    ) -> io::Result<Job> {
        let id = self.next_job();
        let job = Job {
            id,
            kind,
            sources,
            parameters,
            status: Status::Starting,
            created: crate::time::now(),
            ended: None,
            accession: None,
            errors: Vec::new(),
        };
        self.record(Event::Job {
            job: Box::new(job.clone()),
            object: None,
        })?;
        Ok(job)
    }

    /// The number that the next job will have.
    pub(crate) fn next_job(&self) -> u64 {
        self.jobs.keys().next_back().map_or(1, |last| last + 1)
    }

    /// Changes a job.
    pub(crate) fn change(&mut self, id: u64, change: impl FnOnce(&mut Job)) -> io::Result<Option<Job>> {
        let Some(mut job) = self.jobs.get(&id).cloned() else {
            return Ok(None);
        };
        change(&mut job);
        self.record(Event::Job {
            job: Box::new(job.clone()),
            object: None,
        })?;
        Ok(Some(job))
    }

    /// Ends a job well: its object and its end become known together.
    pub(crate) fn complete(&mut self, id: u64, content: Accepted) -> io::Result<()> {
        let Some(mut job) = self.jobs.get(&id).cloned() else {
            return Ok(());
        };
        let object = Object {
            number: self.next_number,
            kind: job.kind,
            content,
        };
        job.status = Status::Completed;
        job.ended = Some(crate::time::now());
        job.accession = Some(object.accession());
        self.record(Event::Job {
            job: Box::new(job),
            object: Some(object),
        })
    }

    /// Makes something known that no job made; gives its accession.
    pub(crate) fn add_object(&mut self, kind: ImportKind, content: Accepted) -> io::Result<String> {
        let object = Object {
            number: self.next_number,
            kind,
            content,
        };
        let accession = object.accession();
        self.record(Event::Object(object))?;
        Ok(accession)
    }

    /// Makes a link known; it takes the place of an earlier one that it cannot stand beside.
    pub(crate) fn add_link(&mut self, link: Linked) -> io::Result<()> {
        self.record(Event::Link(link))
    }

    /// The last job that imported the same links.
    pub(crate) fn same_links(&self, wanted: &str) -> Option<&Job> {
        self.jobs
            .values()
            .rev()
            .find(|job| matches!(&job.sources, Sources::Links { identity, .. } if identity == wanted))
    }

    pub(crate) fn object(&self, accession: &str, kind: ImportKind) -> Option<&Object> {
        self.objects.get(accession).filter(|object| object.kind == kind)
    }

    /// The links from groups of one kind to `target`.
    pub(crate) fn sources_of<'a>(
        &'a self,
        target: &'a str,
        kind: ImportKind,
    ) -> impl Iterator<Item = &'a Object> {
        self.links
            .iter()
            .filter(move |link| link.target == target)
            .filter_map(move |link| self.object(&link.source, kind))
    }

    fn record(&mut self, event: Event) -> io::Result<()> {
        let mut line = serde_json::to_vec(&event)?;
        line.push(b'\n');
        self.log.write_all(&line)?;
        self.apply(event);
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Job { job, object } => {
                if let Some(object) = object {
                    self.insert(object);
                }
                // What is known of a job's links in memory is more than what the log keeps.
                self.jobs.insert(job.id, *job);
            }
            Event::Object(object) => self.insert(object),
            Event::Link(link) => {
                let kind = |accession: &str| self.objects.get(accession).map(|object| object.kind);
                let several = matches!(
                    kind(&link.source),
                    Some(ImportKind::Libraries | ImportKind::Preparations | ImportKind::Cells)
                );
                // A cross-reference stands beside whatever the data hangs on.
                let beside = |old: &Linked| {
                    (kind(&old.target) == Some(ImportKind::Mapping))
                        != (kind(&link.target) == Some(ImportKind::Mapping))
                };
                let mut kept: Vec<Linked> = self.links.clone();
                kept.retain(|old| {
                    old.source != link.source || (several && old.target != link.target) || beside(old)
                });
                self.links = kept;
                self.links.push(link);
            }
        }
    }

    fn insert(&mut self, object: Object) {
        self.next_number = object.number + 1 + object.content.members() as u64;
        self.objects.insert(object.accession(), object);
    }
}

impl Object {
    pub(crate) fn accession(&self) -> String {
        accession(self.number)
    }

    /// The accession of a row or a run.
    pub(crate) fn member(&self, index: usize) -> String {
        accession(self.number + 1 + index as u64)
    }
}

impl Linked {
    /// How many of so many members that match are linked.
    pub(crate) fn members(&self, of: usize) -> usize {
        self.most.map_or(of, |most| most.min(of))
    }
}

impl From<Link> for Option<String> {
    fn from(link: Link) -> Self {
        link.0.filter(|link| !link.contains(['?', '@', '#']))
    }
}

impl From<Option<String>> for Link {
    fn from(link: Option<String>) -> Self {
        Self(link)
    }
}

impl Status {
    pub(crate) const fn is_over(self) -> bool {
        matches!(
            self,
            Self::Completed | Self::Failed | Self::Stopped | Self::Abandoned
        )
    }
}

fn accession(number: u64) -> String {
    format!("GSF{number:06}")
}
