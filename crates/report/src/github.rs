//! GitHub workflow commands: findings as annotations on the changed files.

use std::fmt::Write as _;
use std::io::{self, Write};

use odmkit_diagnostics::{Diagnostic, Severity};

use crate::{Report, link, verdict};

/// Writes one workflow command per finding and per link, and the verdict as plain text.
///
/// A column is left out: GitHub counts characters and the report counts fields.
pub fn write_github(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for finding in &report.diagnostics {
        command(finding, out)?;
    }
    for link in &report.links {
        let (state, _) = link::state(report, link);
        let text = message(&link::sentence(link));
        writeln!(
            out,
            "::notice file={},title={state}::{text}",
            property(&link.from)
        )?;
    }
    writeln!(out, "{}", verdict::sentence(report))
}

fn command(finding: &Diagnostic, out: &mut impl Write) -> io::Result<()> {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    write!(out, "::{level} file={}", property(&finding.path))?;
    if let Some(line) = finding.line {
        write!(out, ",line={line}")?;
    }
    write!(
        out,
        ",title={}::",
        property(&format!("{} {}", finding.rule.code, finding.rule.name))
    )?;
    let mut text = finding.message.clone();
    if let Some(help) = &finding.help {
        text.push('\n');
        text.push_str(help);
    }
    if finding.count > 1 {
        let _ = write!(text, "\n{} times in this file", finding.count);
    }
    writeln!(out, "{}", message(&text))
}

fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
