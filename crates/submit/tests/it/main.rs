//! Submission runs against the sandbox, over real HTTP.

mod at_once;
mod cut;
mod durable;
mod edges;
mod faults;
mod resume;
mod setup;
mod whole;
