//! The report as one JSON object, and as JSON lines.

use std::io::{self, Write};

use serde::Serialize;

use crate::wire::{Document, Finding, SCHEMA, TOOL, Tool};
use crate::{FileReport, LinkReport, Report, Summary};

/// Writes the report as one JSON object (`odmkit.report/1`).
pub fn write_json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::new(report))?;
    out.write_all(b"\n")
}

/// Writes the report as JSON lines: an object per file, per link, per finding, and the summary last. The key `type` says
/// which it is; the other keys are those of the JSON report.
pub fn write_jsonl(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for file in &report.files {
        line(out, &Line::File(file))?;
    }
    for link in &report.links {
        line(out, &Line::Link(link))?;
    }
    for finding in &report.diagnostics {
        line(out, &Line::Diagnostic(Finding::from(finding)))?;
    }
    line(
        out,
        &Line::Summary {
            schema: SCHEMA,
            tool: TOOL,
            summary: &report.summary,
        },
    )
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    File(&'a FileReport),
    Link(&'a LinkReport),
    Diagnostic(Finding<'a>),
    Summary {
        schema: &'static str,
        tool: Tool,
        #[serde(flatten)]
        summary: &'a Summary,
    },
}

fn line(out: &mut impl Write, value: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
