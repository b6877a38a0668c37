//! SARIF 2.1.0, for code-scanning services and editors.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use odmkit_core::LineNumber;
use odmkit_diagnostics::{Code, Diagnostic, Rule, Severity};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::Report;
use crate::wire::TOOL;

/// Writes the report as one SARIF log with one run.
pub fn write_sarif(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: json!({"driver": {
                "name": TOOL.name,
                "version": TOOL.version,
                "rules": rules(report),
            }}),
            // Fields are counted in the report and characters in SARIF, so regions are whole lines.
            column_kind: "unicodeCodePoints",
            results: Results(&report.diagnostics),
            properties: json!({
                "verdict": report.summary.verdict,
                "errors": report.summary.errors,
                "warnings": report.summary.warnings,
                "infos": report.summary.infos,
                "by_code": report.summary.by_code,
                "truncated": report.summary.truncated,
                "links": report.links,
            }),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    column_kind: &'static str,
    results: Results<'a>,
    properties: Value,
}

struct Results<'a>(&'a [Diagnostic]);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(result))
    }
}

/// The rules that occur, each once, by code.
fn rules(report: &Report) -> Vec<Value> {
    let met: BTreeMap<Code, &Rule> = report
        .diagnostics
        .iter()
        .map(|finding| (finding.rule.code, finding.rule))
        .collect();
    met.into_values()
        .map(|rule| {
            json!({
                "id": rule.code,
                "name": rule.name,
                "shortDescription": {"text": rule.what},
                "fullDescription": {"text": rule.why},
                "help": {"text": rule.mend},
                "defaultConfiguration": {"level": level(rule.severity)},
            })
        })
        .collect()
}

fn result(finding: &Diagnostic) -> Value {
    let mut text = finding.message.clone();
    if let Some(help) = &finding.help {
        text.push('\n');
        text.push_str(help);
    }
    json!({
        "ruleId": finding.rule.code,
        "level": level(finding.severity),
        "message": {"text": text},
        "occurrenceCount": finding.count,
        "locations": [location(&finding.path, finding.line, None)],
        "relatedLocations": finding.related.iter()
            .map(|place| location(&place.path, place.line, Some(&place.message)))
            .chain(finding.also.iter().map(|place| location(&finding.path, Some(place.line), Some(&place.message()))))
            .collect::<Vec<_>>(),
        "properties": {
            "effect": finding.effect,
            "column": finding.column,
            "byte": finding.byte,
            "field": finding.field,
            "value": finding.value,
            "odm_error": finding.odm_error,
        },
    })
}

fn location(path: &str, line: Option<LineNumber>, message: Option<&str>) -> Value {
    let mut place = json!({"artifactLocation": {"uri": uri(path)}});
    if let Some(line) = line {
        place["region"] = json!({"startLine": line});
    }
    let mut location = json!({"physicalLocation": place});
    if let Some(message) = message {
        location["message"] = json!({"text": message});
    }
    location
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A path as a URI reference: relative paths stay relative, URLs stay as they are.
fn uri(path: &str) -> String {
    if path.contains("://") {
        return path.to_owned();
    }
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for &byte in path.as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("a b/ü:1.gct"), "a%20b/%C3%BC%3A1.gct");
        assert_eq!(uri("/data/x.tsv"), "file:///data/x.tsv");
        assert_eq!(uri("https://host/x.tsv"), "https://host/x.tsv");
    }
}
