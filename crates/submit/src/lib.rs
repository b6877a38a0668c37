//! Submission runs: what is imported and linked, in which order, and how far it is.
//!
//! A [`Plan`] says what a study consists of. [`run()`] carries it out through a [`Client`](odmkit_odm_api::Client) and
//! writes every step to the run's state file *before* it is taken and after it is done, so that a run that was stopped
//! anywhere goes on where it was and never imports a file twice. [`dry_run`](dry_run()) shows the requests instead.
//! Nothing here prints: progress goes to an [`Observer`], the outcome is a [`Submission`].
//!
//! ```no_run
//! # async fn submit() -> Result<(), Box<dyn std::error::Error>> {
//! use odmkit_odm_api::{Api, Auth, Client, PathFamily, Server};
//! use odmkit_submit::{Entity, EntityKind, Options, Plan, Silent, Staging, run};
//!
//! let mut plan = Plan::new("trial", "trial/trial.odmkit-run.json");
//! let study = plan.add(Entity::existing(EntityKind::Study, "GSF000123".parse()?));
//! let samples = plan.add(Entity::file(EntityKind::Samples, "trial/trial.samples.tsv").with_members(8));
//! plan.link(samples, study, None);
//!
//! let server = Server::parse("https://odm.example.org", false)?;
//! let auth = Auth::api_token(&std::env::var("ODM_API_TOKEN")?)?;
//! let client = Client::connect(Api::new(server, PathFamily::V1, auth))?;
//! let submission = run(&plan, &client, &Options::new(Staging::Multipart), &Silent).await?;
//! println!("{:?}", submission.status);
//! # Ok(())
//! # }
//! ```

mod at_once;
pub mod bucket;
mod changes;
mod curl;
pub mod dry_run;
mod entity_step;
pub mod error;
mod files;
mod link_step;
pub mod observer;
pub mod plan;
mod problems;
pub mod run;
mod settled;
pub mod staging;
mod state;
pub mod submission;

pub use at_once::AtOnce;
pub use bucket::Bucket;
pub use dry_run::{DryStep, dry_run};
pub use error::{Refusal, SubmitError};
pub use observer::{Event, Observer, Silent};
pub use plan::{Entity, EntityIndex, EntityKind, Origin, Parameters, Plan, Source};
pub use run::{Options, run};
pub use staging::Staging;
pub use submission::{EntityOutcome, EntityStatus, LinkOutcome, Outcome, Problem, Submission};
