//! Submission runs: what is imported and linked, in which order, and how far it is.
//!
//! A [`Plan`] says what a study consists of. [`run()`] carries it out through a [`Client`](odmkit_odm_api::Client) and
//! writes every step to the run's state file *before* it is taken and after it is done, so that a run that was stopped
//! anywhere goes on where it was and never imports a file twice. [`dry_run`](dry_run()) shows the requests instead.
//! Nothing here prints: progress goes to an [`Observer`], the outcome is a [`Submission`].

mod changes;
mod curl;
pub mod dry_run;
mod entity_step;
pub mod error;
mod files;
mod link_step;
pub mod observer;
pub mod plan;
pub mod run;
pub mod staging;
mod state;
pub mod submission;

pub use dry_run::{DryStep, dry_run};
pub use error::{Refusal, SubmitError};
pub use observer::{Event, Observer, Silent};
pub use plan::{Entity, EntityIndex, EntityKind, Origin, Parameters, Plan, Source};
pub use run::{Options, run};
pub use staging::Staging;
pub use submission::{EntityOutcome, EntityStatus, LinkOutcome, Outcome, Problem, Submission};
