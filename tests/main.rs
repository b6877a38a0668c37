//! Integration tests: one binary, one module per concern.

mod commands;
mod dependencies;
mod documents;
mod large_files;
mod layering;
mod real_files;
mod rule_fixtures;
mod rules;
mod support;
