//! `odmkit check`: everything that ODM would reject or flag, before the upload.

use std::path::{Path, PathBuf};

use clap::Args;
use odmkit_core::FileKind;
use odmkit_engine::check::{CheckOutcome, CheckRequest, check};

use crate::exit::Exit;
use crate::global::Global;
use crate::progress::Bars;
use crate::reporting::{self, Reporting, Severities};
use crate::what::{What, shell_word};

/// Checks files, a directory or a study.toml, alone and together, and says what ODM would reject or flag
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files, directories, patterns, a study.toml, addresses (https://, s3://, gs://, az://), or - for the standard
    /// input
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
        super::tell_unencrypted(&self.paths, global)?;
        let output = self.reporting.open()?;
        let request = CheckRequest {
            inputs: self.paths.clone(),
            options: self.what.options(),
            overrides: self.severities.overrides(),
            max_per_rule: self.reporting.max_per_rule,
            resources: global.resources(),
        };
        let outcome = check(&request, &Bars::new(global))?;
        let next = self.next(&outcome);
        self.reporting.write(&outcome.report, output, next, global)?;
        Ok(reporting::exit(&outcome.report))
    }

    /// What one does with files that ODM would take: submit a study, convert a matrix.
    fn next(&self, outcome: &CheckOutcome) -> Option<String> {
        let files = &outcome.report.files;
        if outcome
            .studies
            .iter()
            .any(|study| study.of(FileKind::Study).next().is_some())
        {
            let paths: Vec<String> = self.paths.iter().map(|path| shell_word(path)).collect();
            return Some(format!("odmkit submit {} --sandbox", paths.join(" ")));
        }
        let matrix = files.iter().find(|file| file.features > 0)?;
        let path = Path::new(matrix.path.as_ref());
        let stem = path.file_name()?.to_str()?.split('.').next()?;
        let target = path.with_file_name(format!("{stem}.parquet"));
        Some(format!(
            "odmkit convert {} -o {}",
            shell_word(path),
            shell_word(&target)
        ))
    }
}
