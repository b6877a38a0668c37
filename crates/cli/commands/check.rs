//! `odmkit check`: everything that ODM would reject or flag, before the upload.

use std::path::PathBuf;

use clap::Args;
use odmkit_engine::check::{CheckRequest, check};

use crate::exit::Exit;
use crate::global::Global;
use crate::progress::Bars;
use crate::reporting::{self, Reporting, Severities};
use crate::what::What;

/// Checks files, a directory or a study.toml, alone and together, and says what ODM would reject or flag
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files, directories, or a study.toml
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    severities: Severities,

    #[command(flatten)]
    what: What,
}

impl CheckArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        let output = self.reporting.open()?;
        let request = CheckRequest {
            inputs: self.paths.clone(),
            options: self.what.options(),
            overrides: self.severities.overrides(),
            max_per_rule: self.reporting.max_per_rule,
            threads: global.threads(),
            memory_limit: global.memory_limit(),
        };
        let outcome = check(&request, &Bars::new(global))?;
        self.reporting.write(&outcome.report, output, "", global)?;
        Ok(reporting::exit(&outcome.report))
    }
}
