//! Integration tests: one binary, one module per concern.

mod bench;
mod commands;
mod conversion;
mod dependencies;
mod determinism;
mod documents;
mod faults;
mod fixing;
mod flags;
mod killed;
mod large_files;
mod layering;
mod output;
mod real_files;
mod rule_fixtures;
mod rules;
mod starting;
mod submission;
mod support;
