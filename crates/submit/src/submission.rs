//! What came of a run.

use odmkit_odm_api::{Accession, JobId, LinkKind};
use serde::Serialize;

use crate::plan::EntityKind;

/// What came of a run; serialises to `odmkit.submission/1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Submission {
    schema: &'static str,
    /// The server.
    pub server: String,
    /// Every entity, in the order of the plan.
    pub entities: Vec<EntityOutcome>,
    /// Every link, in the order of the plan.
    pub links: Vec<LinkOutcome>,
    /// How it ended.
    pub status: Outcome,
    /// What went wrong, for people.
    #[serde(skip)]
    pub problems: Vec<Problem>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything is imported and linked.
    Complete,
    /// A job failed or a link was refused.
    Failed,
    /// The run could not go on: network, time, or something that a person must decide.
    Stopped,
}

/// What came of an entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntityOutcome {
    /// What it is.
    pub kind: EntityKind,
    /// Its file, relative to the study's folder; `null` for one that was in ODM already.
    pub path: Option<String>,
    /// The job that imported it.
    pub job_id: Option<JobId>,
    /// Its accession.
    pub accession: Option<Accession>,
    /// How far it is.
    pub status: EntityStatus,
    /// How long its import took.
    pub seconds: f64,
    /// Why it was not imported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// How far an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntityStatus {
    /// Not begun.
    Pending,
    /// Its job was begun and has not been seen to end.
    Submitted,
    /// Imported.
    Imported,
    /// An earlier import of the same link was taken over.
    Reused,
    /// In ODM before the run.
    Existing,
    /// Its job failed, or ODM refused it.
    Failed,
    /// An upload that may have arrived.
    Unknown,
}

/// What came of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkOutcome {
    /// The accession of what is linked.
    pub from: Option<Accession>,
    /// The accession of what it is linked to.
    pub to: Option<Accession>,
    /// What kind of link.
    pub kind: LinkKind,
    /// How many members are linked; `null` where it was not made or ODM does not tell.
    pub linked: Option<u64>,
    /// Of how many; `null` where nobody counted.
    pub total: Option<u64>,
    /// Whether it was made, counted or not.
    #[serde(skip)]
    pub made: bool,
    /// `false` where the server has no list of such links, or does not show it: that the link is made, and of how many
    /// members, is what the server answered and no more. Written only then.
    #[serde(skip_serializing_if = "is_so")]
    pub read_back: bool,
    /// Why it was not made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_so(flag: &bool) -> bool {
    *flag
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file or link in question.
    pub subject: String,
    /// What is wrong, in a sentence.
    pub text: String,
    /// What to do.
    pub help: Option<String>,
}

impl Submission {
    pub(crate) fn new(server: String) -> Self {
        Self {
            schema: "odmkit.submission/1",
            server,
            entities: Vec::new(),
            links: Vec::new(),
            status: Outcome::Complete,
            problems: Vec::new(),
        }
    }

    /// The links that are made by the server's word alone.
    pub fn links_not_read_back(&self) -> impl Iterator<Item = &LinkOutcome> {
        self.links.iter().filter(|link| link.made && !link.read_back)
    }

    /// The links that hold fewer members than there are.
    pub fn partial_links(&self) -> impl Iterator<Item = &LinkOutcome> {
        self.links
            .iter()
            .filter(|link| matches!((link.linked, link.total), (Some(linked), Some(total)) if linked < total))
    }
}
