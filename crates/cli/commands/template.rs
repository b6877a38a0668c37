//! `odmkit template`: the attributes that ODM judges metadata by.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use odmkit_checks::rules::p001_bad_template;
use odmkit_core::FileKind;
use odmkit_diagnostics::{Collector, Overrides, Sink as _};
use odmkit_report::{FileReport, Report};
use odmkit_template::Template;

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::reporting::Reporting;

/// Checks a template, writes an empty table for an entity, or prints the bundled default
#[derive(Debug, Args)]
pub(crate) struct TemplateArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Checks a template JSON by ODM's schema
    Check {
        /// The template
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        reporting: Reporting,
    },
    /// Writes a table with the template's columns and no rows
    Blank {
        /// What the table is for
        #[arg(value_name = "KIND", value_parser = crate::what::metadata_kinds())]
        kind: FileKind,
        /// The template [default: a bundled one with ODM's default attributes]
        #[arg(long, value_name = "FILE")]
        template: Option<PathBuf>,
        /// What the described data is; for expression-metadata
        #[arg(long, value_name = "KIND", value_parser = crate::what::data_kinds(), default_value = "expression")]
        describes: FileKind,
        /// Write to FILE [default: standard output]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Prints the bundled default template as JSON
    Default,
}

impl TemplateArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Check { file, reporting } => check(file, reporting, global),
            Action::Blank { kind, template, describes, output } => {
                blank(*kind, template.as_deref(), *describes, output.as_deref())
            }
            Action::Default => {
                Output::stdout().with(|out| out.write_all(Template::bundled().to_json().as_bytes()))?;
                Ok(Exit::Success)
            }
        }
    }
}
