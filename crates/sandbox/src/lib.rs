//! A local stand-in for ODM's import API, over real HTTP on loopback.
//!
//! It serves the job, link and read endpoints in both path families, fetches links as ODM would, keeps what it
//! receives under its data folder, and writes a line for every request to `journal.jsonl`. What an import is worth is
//! said by a [`Judge`]. What it holds outlives it: a sandbox that is started again on the same folder knows its jobs,
//! objects and links. A [`Fault`] makes it fail on purpose.

mod access;
pub mod config;
mod digest;
mod disk;
pub mod fault;
mod faults;
mod fetch;
pub mod file_server;
mod imports;
mod jobs;
mod journal;
pub mod judge;
mod kind;
mod link_key;
mod links;
mod mappings;
mod matching;
mod query;
mod reads;
mod reply;
mod routes;
pub mod sandbox;
mod state;
mod time;
mod upload;
mod wire;
mod world;

pub use config::SandboxConfig;
pub use fault::{Fault, FaultError};
pub use file_server::{FileServer, FileServerError, Listen, ServedFiles};
pub use judge::{Accepted, Judge, JudgedError, Parameters, ReceivedImport, Table};
pub use kind::ImportKind;
pub use link_key::LinkKey;
pub use sandbox::{Sandbox, StartError};
