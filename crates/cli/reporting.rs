//! The flags that say which findings are shown, how gravely, and in which form; and the writing of a report.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum};
use odmkit_checks::rules::RULES;
use odmkit_diagnostics::{Overrides, Selector, Severity};
use odmkit_report::{Human, Report, Verdict, write_github, write_html, write_json, write_jsonl, write_sarif};

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::snippets::FileSnippets;

/// In which form a report is written, and where to.
#[derive(Debug, Clone, Args)]
pub(crate) struct Reporting {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ReportFormat,

    /// Write the report to FILE [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Show at most N findings of a rule in a file; all are counted
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) max_per_rule: usize,
}

/// Which findings count how much.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Severities")]
pub(crate) struct Severities {
    /// Make errors of these: a code (G003), the beginning of one (G00, M), or `warnings`
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    deny: Vec<Selector>,

    /// Make warnings of these
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    warn: Vec<Selector>,

    /// Silence these
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    allow: Vec<Selector>,

    /// Make errors of what ODM would take and mark as invalid
    #[arg(long)]
    strict: bool,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Human,
    /// One JSON object (odmkit.report/1)
    Json,
    /// A JSON object per line: files, links, findings, the summary last
    Jsonl,
    /// SARIF 2.1.0, for code-scanning services
    Sarif,
    /// GitHub workflow commands
    Github,
    /// A self-contained page
    Html,
}

impl Severities {
    /// The overrides that these flags ask for.
    ///
    /// # Errors
    ///
    /// Where one of them names no rule.
    pub(crate) fn overrides(&self) -> anyhow::Result<Overrides> {
        for selector in self.deny.iter().chain(&self.warn).chain(&self.allow) {
            if !RULES.iter().any(|rule| selector.may_mean(rule)) {
                bail!("no rule's code is or begins with `{selector}`: `odmkit rules` lists them all");
            }
        }
        let overrides = Overrides::new().strict(self.strict);
        let overrides = self.deny.iter().cloned().fold(overrides, Overrides::deny);
        let overrides = self.warn.iter().cloned().fold(overrides, Overrides::warn);
        Ok(self.allow.iter().cloned().fold(overrides, Overrides::allow))
    }
}

impl Reporting {
    /// Opens the place that the report goes to.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, or is one of the files that the report is about.
    pub(crate) fn open(&self, inputs: &[PathBuf]) -> anyhow::Result<Output> {
        self.keep(inputs.iter().map(PathBuf::as_path))?;
        Output::open(self.output.as_deref())
    }

    /// Makes sure that the report does not take the place of one of these files.
    ///
    /// # Errors
    ///
    /// Where it would.
    pub(crate) fn keep<'p>(&self, inputs: impl IntoIterator<Item = &'p Path>) -> anyhow::Result<()> {
        let Some(Ok(output)) = self.output.as_deref().map(std::fs::canonicalize) else {
            return Ok(());
        };
        for input in inputs {
            if output.is_file() && std::fs::canonicalize(input).is_ok_and(|input| input == output) {
                bail!(
                    "{} is one of the files that are checked: write the report to another one",
                    input.display()
                );
            }
        }
        Ok(())
    }

    /// Writes the report. `next` is the command to type; without it, and with errors, it is
    /// the one that explains the first of them.
    pub(crate) fn write(
        &self,
        report: &Report,
        output: Output,
        next: Option<String>,
        global: &Global,
    ) -> anyhow::Result<()> {
        let color = global.color(output.is_terminal());
        let mut snippets = FileSnippets::default();
        output.with(|out| match self.format {
            ReportFormat::Human => human(report, next, global, color).write(report, &mut snippets, out),
            ReportFormat::Json => write_json(report, out),
            ReportFormat::Jsonl => write_jsonl(report, out),
            ReportFormat::Sarif => write_sarif(report, out),
            ReportFormat::Github => write_github(report, out),
            ReportFormat::Html => write_html(report, &mut snippets, out),
        })
    }
}

/// What the verdict means for the exit code.
pub(crate) const fn exit(report: &Report) -> Exit {
    match report.summary.verdict {
        Verdict::Clean | Verdict::Flagged => Exit::Success,
        Verdict::Rejected => Exit::Found,
    }
}

/// How a report for people is written. It ends with the command to type next: with errors and none given, the one that
/// explains the first.
pub(crate) fn human(report: &Report, next: Option<String>, global: &Global, color: bool) -> Human {
    let errors = || {
        let all = report.diagnostics.iter();
        all.filter(|finding| finding.severity == Severity::Error)
    };
    // GCT 1.3 is converted once the rest of the file is mended.
    let waits = |finding: &&odmkit_diagnostics::Diagnostic| finding.rule.code.as_str() == "G013";
    let first = errors()
        .find(|finding| !waits(finding))
        .or_else(|| errors().next());
    let explained = first.map(|finding| format!("odmkit rules {}", finding.rule.code));
    let next = next.or(explained);
    Human {
        color,
        detail: global.detail(),
        next,
        ..Human::default()
    }
}
