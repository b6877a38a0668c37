//! Integration tests: one binary, one module per concern.

mod batches;
mod bench;
mod blank_lines;
mod blank_tables;
#[cfg(target_os = "linux")]
mod bombs;
mod commands;
mod conversion;
mod dependencies;
mod determinism;
mod documents;
mod examples;
mod faults;
mod fixing;
mod flags;
mod global_flags;
#[path = "../crates/odm-api/examples/import_by_link.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod import_by_link;
mod inspecting;
mod killed;
mod large_files;
mod layering;
mod layout;
mod next_step;
mod old_gct;
mod one_slip;
mod output;
mod packed;
mod positions;
mod real_files;
mod real_verdicts;
mod reference;
mod remote;
mod report_schema;
mod rule_fixtures;
mod rules;
mod sandbox;
mod sarif;
mod secrets;
mod serving;
mod special_cases;
mod starting;
mod submission;
mod support;
