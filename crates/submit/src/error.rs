//! Why a run did not begin, or could not go on.

use std::io;
use std::path::PathBuf;

use odmkit_odm_api::{Error, TransportErrorKind, UnusableImport};

use crate::plan::EntityKind;

/// A run that sent nothing, or that lost the ground under its feet.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Nothing was sent: these have to be settled first.
    #[error("{}", sentences(.0))]
    Refused(Vec<Refusal>),
    /// A file of the study cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The run's state cannot be kept.
    #[error("cannot keep the run's state in {}{}", path.display(), after(.done.as_deref()))]
    State {
        /// The state file.
        path: PathBuf,
        /// What had just been done and is not written down.
        done: Option<String>,
        /// What the system said.
        source: io::Error,
    },
    /// The run's state cannot be read.
    #[error(
        "{} is no state of a run that this version knows, or it is damaged. Move it away to start anew: what was \
         imported by link is found again, what was uploaded would be uploaded a second time",
        path.display()
    )]
    BadState {
        /// The state file.
        path: PathBuf,
        /// Where reading stopped.
        source: serde_json::Error,
    },
    /// Another run is at work on the same study.
    #[error("another run is at work on this study: it holds {}", path.display())]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// A cross-reference that is said to be there cannot be seen.
    #[error("the cross-reference cannot be seen: {}", .0.with_causes())]
    Mapping(#[source] Box<Error>),
    /// The study that everything hangs on cannot be seen.
    #[error("the study cannot be seen: {}", .0.with_causes())]
    Study(#[source] Box<Error>),
}

/// Something that has to be settled before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// ODM has no upload of studies.
    #[error(
        "{path}: ODM takes no upload of a study file. Give --study-accession GSF… of an existing study, or stage by \
         link: --stage link --source-url BASE, where ODM can fetch the files"
    )]
    StudyUpload {
        /// The study's file.
        path: String,
    },
    /// ODM has no upload of cross-references.
    #[error(
        "{path}: ODM takes no upload of a cross-reference. Stage by link, as in --stage link --source-url BASE, or leave \
         it out of study.toml"
    )]
    MappingUpload {
        /// The cross-reference's file.
        path: String,
    },
    /// A file to be attached, and nothing to attach it to.
    #[error(
        "{path} is to be attached to a study, and there is none: give the study's file, or --study-accession GSF…"
    )]
    NoStudy {
        /// The file.
        path: String,
    },
    /// A flag speaks of a file that the plan does not have.
    #[error("{flag} {path}: the study has no such file{}", meant(.nearest.as_deref()))]
    NoSuchFile {
        /// The flag.
        flag: &'static str,
        /// What it says.
        path: String,
        /// The file that may have been meant.
        nearest: Option<String>,
    },
    /// A flag says what became of an import whose fate is known.
    #[error("{flag} {path}: it is not in doubt, it was {made}")]
    NotInDoubt {
        /// The flag.
        flag: &'static str,
        /// The file.
        path: String,
        /// What was done with it.
        made: String,
    },
    /// The state is of other files altogether.
    #[error(
        "{state} tells of none of these files: there is nothing to resume. Was it meant for another study, or is it one \
         of another study's? Leave out --resume to begin a new run beside it"
    )]
    OtherStudy {
        /// The state file.
        state: String,
    },
    /// A file that no link leads to.
    #[error("{path} is outside the study's folder, so no link under {base} leads to it")]
    OutsideRoot {
        /// The file.
        path: String,
        /// The base of the links.
        base: String,
    },
    /// A file that is not among the hosted ones.
    #[error("{path} has no link under which ODM could fetch it")]
    NoLink {
        /// The file.
        path: String,
    },
    /// A file beside a link, which an upload cannot carry.
    #[error("{path}: data and its metadata come either both from this machine or both from links")]
    HalfLinked {
        /// The data file.
        path: String,
    },
    /// ODM cannot be asked to import it.
    #[error("{path}: {why}")]
    Unusable {
        /// The file.
        path: String,
        /// Why.
        why: UnusableImport,
    },
    /// The same file is there twice.
    #[error("{what} is in the plan twice; ODM would answer the second with the first")]
    Twice {
        /// Kind and file.
        what: String,
    },
    /// ODM has no such link.
    #[error("{path}: ODM does not link {from} to {to}")]
    NoSuchLink {
        /// From what.
        from: EntityKind,
        /// To what.
        to: EntityKind,
        /// The file.
        path: String,
    },
    /// ODM has no choice of attribute for this link.
    #[error("{path}: {from} are always linked to {to} by their identifier; leave the link attribute out")]
    NoLinkAttribute {
        /// From what.
        from: EntityKind,
        /// To what.
        to: EntityKind,
        /// The file.
        path: String,
    },
    /// The file, or what ODM is told about it, is no longer what was imported.
    #[error(
        "{path} has changed since it was {made}, and the new content would pass for what ODM has. Put the old file back, \
         give the changed one another name, or import it as well with --allow-duplicates"
    )]
    Changed {
        /// The file.
        path: String,
        /// What was done with it, as in `imported as GSF1`.
        made: String,
    },
    /// An earlier run uploaded the file.
    #[error(
        "{path} was {made} by an earlier run, and ODM does not recognise a repeated upload. Go on with that run with \
         --resume, or upload everything a second time with --allow-duplicates"
    )]
    Uploaded {
        /// The file.
        path: String,
        /// What was done with it.
        made: String,
    },
    /// The state belongs to another server.
    #[error(
        "{state} tells of an unfinished run on {there}, not on {here}. Finish that run, or move the file away"
    )]
    OtherServer {
        /// The state file.
        state: String,
        /// The server of that run.
        there: String,
        /// The server of this run.
        here: String,
    },
}

impl SubmitError {
    /// The same, saying what had just been done and is not written down.
    pub(crate) fn having_done(mut self, what: String) -> Self {
        if let Self::State { done, .. } = &mut self {
            *done = Some(what);
        }
        self
    }
}

/// What to do about a server that cannot be worked with, or not now.
pub(crate) fn go_on(error: &Error) -> &'static str {
    if let Some(help) = no_access(error) {
        return help;
    }
    match error {
        Error::Transport { source, .. } if source.kind == TransportErrorKind::Connect => {
            "see that the server's address is right and that it can be reached from here, and run the same command with \
             --resume to go on"
        }
        Error::Transport { .. } => {
            "once the network is well again, run the same command with --resume to go on"
        }
        Error::Status { status, .. } if *status == 429 || *status >= 500 => {
            "once the server is well again, run the same command with --resume to go on"
        }
        Error::Unreadable { .. } => {
            "see that nothing else answers in ODM's place, such as a proxy or a page to log in, and run the same command \
             with --resume to go on"
        }
        _ => "run the same command with --resume to go on",
    }
}

/// What to do about an import that the server refused.
pub(crate) fn mend(error: &Error) -> &'static str {
    match error.status() {
        Some(413) => {
            "pack the file, as in data.tsv.gz, or let ODM fetch it, with another --stage, and run the same command with \
             --resume"
        }
        _ => "mend what ODM complains of, and run the same command with --resume",
    }
}

/// What to do where the server lets nobody with this token in.
pub(crate) fn no_access(error: &Error) -> Option<&'static str> {
    let status = match error {
        Error::NotAuthenticated { .. } => Some(401),
        error => error.status(),
    };
    match status {
        Some(401) => Some("give a token that ODM accepts, and run the same command with --resume"),
        Some(403) => Some(
            "have the token's owner made a member of the Curator group, and run the same command with --resume",
        ),
        _ => None,
    }
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

fn after(done: Option<&str>) -> String {
    done.map_or_else(String::new, |done| {
        format!("; {done} and is not written down there. Make room, and run the same command with --resume")
    })
}

fn sentences(refusals: &[Refusal]) -> String {
    refusals
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
