//! The report's JSON form, shared by the renderers that write JSON. Field names and their order are a contract.

use std::borrow::Cow;

use odmkit_core::{ByteOffset, FieldNumber, LineNumber};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Severity};
use serde::{Serialize, Serializer};

use crate::{FileReport, LinkReport, Report, Summary};

/// The name of the schema.
pub const SCHEMA: &str = "odmkit.report/1";

/// Which program wrote the report.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// This program.
pub const TOOL: Tool = Tool {
    name: "odmkit",
    version: env!("CARGO_PKG_VERSION"),
};

/// A report as one JSON object. Serialising it holds one finding at a time.
#[derive(Serialize)]
pub(crate) struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    files: &'a [FileReport],
    links: &'a [LinkReport],
    diagnostics: Findings<'a>,
    summary: &'a Summary,
}

impl<'a> Document<'a> {
    pub(crate) fn new(report: &'a Report) -> Self {
        Self {
            schema: SCHEMA,
            tool: TOOL,
            files: &report.files,
            links: &report.links,
            diagnostics: Findings(&report.diagnostics),
            summary: &report.summary,
        }
    }
}

struct Findings<'a>(&'a [Diagnostic]);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Finding::from))
    }
}

/// One finding.
#[derive(Serialize)]
pub(crate) struct Finding<'a> {
    code: Code,
    name: &'static str,
    severity: Severity,
    effect: Effect,
    message: &'a str,
    help: Option<&'a str>,
    path: &'a str,
    line: Option<LineNumber>,
    column: Option<FieldNumber>,
    byte: Option<ByteOffset>,
    field: Option<&'a str>,
    value: Option<&'a str>,
    count: u64,
    odm_error: Option<&'static str>,
    fix: Option<Mend<'a>>,
    related: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Mend<'a> {
    safe: bool,
    title: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: Option<LineNumber>,
    message: Cow<'a, str>,
}

impl<'a> From<&'a Diagnostic> for Finding<'a> {
    fn from(finding: &'a Diagnostic) -> Self {
        Self {
            code: finding.rule.code,
            name: finding.rule.name,
            severity: finding.severity,
            effect: finding.effect,
            message: &finding.message,
            help: finding.help.as_deref(),
            path: &finding.path,
            line: finding.line,
            column: finding.column,
            byte: finding.byte,
            field: finding.field.as_deref(),
            value: finding.value.as_deref(),
            count: finding.count,
            odm_error: finding.odm_error,
            fix: finding.fix.as_ref().map(|fix| Mend {
                safe: fix.safe,
                title: &fix.title,
            }),
            related: finding
                .related
                .iter()
                .map(|place| Place {
                    path: &place.path,
                    line: place.line,
                    message: Cow::Borrowed(place.message.as_str()),
                })
                .chain(finding.also.iter().map(|place| Place {
                    path: &finding.path,
                    line: Some(place.line),
                    message: Cow::Owned(place.message()),
                }))
                .collect(),
        }
    }
}
