//! Being told how a run goes.

use odmkit_odm_api::{Accession, JobId, JobStatus};

use crate::plan::EntityKind;

/// Is told how a run goes. It must not block for long.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn observe(&self, event: &Event<'_>);
}

/// An observer that does nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<'a> {
    /// A step begins.
    Step {
        /// Its number, from 1.
        number: usize,
        /// How many there are.
        of: usize,
    },
    /// An import is asked for.
    Importing {
        /// What.
        kind: EntityKind,
        /// From where.
        path: &'a str,
    },
    /// Some of an upload has left.
    Sending {
        /// Whose upload.
        path: &'a str,
        /// How many bytes of its files have left.
        sent: u64,
        /// How many there are.
        of: u64,
    },
    /// A job's status changed.
    Job {
        /// Whose job.
        path: &'a str,
        /// The job.
        job: JobId,
        /// Its status.
        status: &'a JobStatus,
    },
    /// An entity is in ODM.
    Imported {
        /// What.
        kind: EntityKind,
        /// From where.
        path: &'a str,
        /// Its accession.
        accession: &'a Accession,
        /// Whether an earlier import of the same link was taken over.
        reused: bool,
    },
    /// An entity was not imported.
    NotImported {
        /// What.
        kind: EntityKind,
        /// From where.
        path: &'a str,
        /// Why.
        error: &'a str,
    },
    /// A link is asked for.
    Linking {
        /// From where.
        from: &'a str,
        /// To where.
        to: &'a str,
    },
    /// A link was made and read back.
    Linked {
        /// From where.
        from: &'a str,
        /// To where.
        to: &'a str,
        /// How many members are linked, where ODM tells.
        linked: Option<u64>,
        /// Of how many.
        total: Option<u64>,
    },
    /// A link was not made.
    NotLinked {
        /// From where.
        from: &'a str,
        /// To where.
        to: &'a str,
        /// Why.
        error: &'a str,
    },
}

impl Observer for Silent {
    fn observe(&self, _: &Event<'_>) {}
}
