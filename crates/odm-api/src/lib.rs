//! Client of ODM's import, job and link API, and nothing else: no file format, no study, no terminal.
//!
//! [`Client`] speaks to one server in one [`PathFamily`]. What it sends is built by [`Api`], which does no I/O, so
//! that a request can also be shown. How it is sent is a [`Transport`]; [`HttpTransport`] is the real one. What is
//! sent again after a failure, and what never is, stands in [`retry`].
//!
//! ```no_run
//! # async fn look() -> Result<(), Box<dyn std::error::Error>> {
//! use odmkit_odm_api::{Api, Auth, Client, JobId, PathFamily, Server, WaitPolicy};
//!
//! let server = Server::parse("https://odm.example.org", false)?;
//! let auth = Auth::api_token(&std::env::var("ODM_API_TOKEN")?)?;
//! let client = Client::connect(Api::new(server, PathFamily::V1, auth))?;
//! let end = client.wait_for_job(JobId(123), WaitPolicy::default(), |_| {}).await?;
//! println!("{:?}", end.output.made());
//! # Ok(())
//! # }
//! ```
//!
//! `examples/import_by_link.rs` imports a study and its samples and links them.
//!
//! Nothing here shows a token, or what a link hides: not `Debug`, not an error, not an answer that quotes them.

pub mod answer;
pub mod api;
pub mod auth;
pub mod client;
pub mod error;
pub mod file_link;
pub mod http;
pub mod ids;
pub mod import;
pub mod job;
pub mod link;
pub mod mapping;
pub mod meter;
pub mod redact;
pub mod request;
pub mod retry;
pub mod server;
pub mod transport;
pub mod wait;

pub use answer::Answer;
pub use api::{Api, PathFamily};
pub use auth::{Auth, BadToken, Secret};
pub use client::{Client, Started};
pub use error::{Delivery, Error};
pub use file_link::FileLink;
pub use futures_util::future::BoxFuture;
pub use http::HttpTransport;
pub use ids::{Accession, BadAccession, JobId};
pub use import::{Attachment, Expression, Import, ImportKind, Metadata, Signal, UnusableImport};
pub use job::{Info, JobStatus, Output, Phase, StageError};
pub use link::{Link, LinkKind, LinkReply, Linked};
pub use mapping::{MadeMapping, Mapping};
pub use meter::Meter;
pub use request::{Body, Method, Part, Request, RequestLine, Response};
pub use retry::{Repeat, RetryPolicy};
pub use server::{BadServer, Server};
pub use transport::{Transport, TransportError, TransportErrorKind};
pub use wait::{JobEnd, WaitError, WaitPolicy};
