//! `odmkit check`: everything that ODM would reject or flag, before the upload.

use std::path::{Path, PathBuf};

use clap::Args;
use odmkit_core::FileKind;
use odmkit_diagnostics::{Code, Diagnostic, Saying, Severity};
use odmkit_engine::check::{CheckOutcome, CheckRequest, check};
use odmkit_report::{Report, Verdict};

use crate::exit::Exit;
use crate::global::Global;
use crate::progress::Bars;
use crate::reporting::{self, Reporting, Severities};
use crate::what::{What, shell_word, shell_words};

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
        super::tell_unencrypted(&self.paths, "read", global)?;
        let output = self.reporting.open(&self.paths)?;
        let overrides = self.severities.overrides()?;
        let request = CheckRequest {
            inputs: self.paths.clone(),
            options: self.what.options(),
            overrides,
            max_per_rule: self.reporting.max_per_rule,
            resources: global.resources(),
        };
        let outcome = check(&request, &Bars::new(global))?;
        let files = outcome.report.files.iter();
        self.reporting.keep(files.map(|file| Path::new(&*file.path)))?;
        let next = self.next(&outcome);
        self.reporting.write(&outcome.report, output, next, global)?;
        Ok(reporting::exit(&outcome.report))
    }

    /// What one does next: mend what can be mended, say what is missing, submit a study, convert a matrix, or look at
    /// a file. With errors of another sort the report names the rule to read.
    fn next(&self, outcome: &CheckOutcome) -> Option<String> {
        let mending = mend(outcome, &self.paths, &self.what);
        let Report {
            files,
            diagnostics,
            summary,
            ..
        } = &outcome.report;
        if mending.is_some() || summary.verdict == Verdict::Rejected {
            return mending;
        }
        let paths = shell_words(&self.paths);
        let flags = self.what.typed();
        let mut studies = outcome.studies.iter();
        if studies.any(|study| study.of(FileKind::Study).next().is_some()) {
            return Some(format!("odmkit submit {paths} --sandbox{flags}"));
        }
        let Some(matrix) = files.iter().find(|file| file.features > 0) else {
            let file = files.first().filter(|file| *file.path != *"-")?;
            // What is flagged is not mended by looking at the columns.
            if summary.verdict == Verdict::Flagged {
                return flagged(diagnostics).map(|code| format!("odmkit rules {code}"));
            }
            return Some(format!(
                "odmkit inspect {}{flags}",
                shell_word(Path::new(&*file.path))
            ));
        };
        let path = Path::new(matrix.path.as_ref());
        let stem = odmkit_engine::convert::stem(path.file_name()?.to_str()?);
        let target = path.with_file_name(format!("{stem}.parquet"));
        Some(format!(
            "odmkit convert {} -o {}{flags}",
            shell_word(path),
            shell_word(&target)
        ))
    }
}

/// How what was found is mended: by a flag that settles it, or by `fix`.
pub(super) fn mend(outcome: &CheckOutcome, inputs: &[PathBuf], what: &What) -> Option<String> {
    let Report { diagnostics, .. } = &outcome.report;
    let paths = shell_words(inputs);
    let local = |path: &PathBuf| path.as_os_str() != "-" && !path.to_string_lossy().contains("://");
    // What is wrong in a file can be told only when it is known how to read it.
    let told = || {
        diagnostics
            .iter()
            .filter(|finding| finding.severity > Severity::Info)
    };
    let mut places = told().filter_map(|finding| Some(finding.advice.as_ref()?.place));
    if places.any(|place| place == Saying::NewManifest) {
        return Some(format!("odmkit init {paths}"));
    }
    let mut said = told()
        .filter_map(|finding| finding.advice.as_ref()?.flag())
        .peekable();
    if said.peek().is_some() {
        return Some(format!("odmkit check {paths}{}", what.with_flags(said).typed()));
    }
    let mendable = |finding: &Diagnostic| {
        finding.severity > Severity::Info && finding.fix.as_ref().is_some_and(|fix| fix.safe)
    };
    (diagnostics.iter().any(mendable) && inputs.iter().all(local))
        .then(|| format!("odmkit fix {paths}{}", what.typed()))
}

/// The rule of the first warning.
fn flagged(diagnostics: &[Diagnostic]) -> Option<Code> {
    diagnostics
        .iter()
        .find(|finding| finding.severity > Severity::Info)
        .map(|finding| finding.rule.code)
}
