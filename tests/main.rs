//! Integration tests: one binary, one module per concern.

mod commands;
mod dependencies;
mod documents;
mod layering;
mod rule_fixtures;
mod rules;
mod support;
