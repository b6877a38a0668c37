//! Integration tests: one binary, one module per concern.

mod batches;
mod bench;
mod commands;
mod conversion;
mod dependencies;
mod determinism;
mod documents;
mod examples;
mod faults;
mod fixing;
mod flags;
mod killed;
mod large_files;
mod layering;
mod output;
mod positions;
mod real_files;
mod reference;
mod remote;
mod report_schema;
mod rule_fixtures;
mod rules;
mod starting;
mod submission;
mod support;
