//! `odmkit inspect`: what a file is, and what its columns hold.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};
use odmkit_core::{Compression, FileKind};
use odmkit_engine::inspect::{ColumnSummary, InspectRequest, Inspection, inspect};
use odmkit_report::{clip_quoted, wrap};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::progress::Bars;
use crate::table::{Table, WIDTH, bytes, clip, counted};
use crate::what::{What, shell_word};

/// Says what a file is: kind, dimensions, likely structure, and a summary of each column of values
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: InspectFormat,

    #[command(flatten)]
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum InspectFormat {
    /// For people; with more than 20 columns of values, --verbose shows them all
    Human,
    /// One JSON object (odmkit.inspection/1)
    Json,
}

/// Columns that are shown to people who did not ask for all.
const SHOWN: usize = 20;

/// Columns of a terminal that one of several names takes at the most.
const LONGEST_NAME: usize = 60;

impl InspectArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        let request = InspectRequest {
            path: self.file.clone(),
            options: self.what.options(),
            resources: global.resources(),
        };
        let found = inspect(&request, &Bars::new(global))?;
        match &found.first_error {
            Some(finding) if finding.rule.code.as_str() == "F001" => {
                bail!("{}: {}", self.file.display(), finding.message);
            }
            _ => {}
        }
        Output::stdout().with(|out| match self.format {
            InspectFormat::Human => self.human(&found, global.verbose > 0, out),
            InspectFormat::Json => {
                serde_json::to_writer_pretty(&mut *out, &as_json(&found))?;
                writeln!(out)
            }
        })?;
        Ok(Exit::Success)
    }

    fn human(&self, found: &Inspection, all: bool, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::default();
        for (label, fact) in facts(found) {
            table.row([label.to_owned(), fact]);
        }
        table.write_wrapped(out)?;
        if !found.columns.is_empty() {
            writeln!(out)?;
            let shown = if all { found.columns.len() } else { SHOWN };
            let mut table = Table::default();
            table.row(["column", "missing", "zeros", "min", "median", "max", "mean"].map(str::to_owned));
            for column in found.columns.iter().take(shown) {
                table.row(cells(column));
            }
            table.write_clipped(out)?;
            let more = found.columns.len().saturating_sub(shown);
            if more > 0 {
                let columns = counted(more as u64, "more column");
                writeln!(out, "and {columns}: --verbose or --format json shows them")?;
            }
        }
        if let Some(finding) = &found.first_error {
            let last = format!(
                "{} in it, the first: {}. Next: `odmkit check {}{}`",
                counted(found.check.errors, "error"),
                odmkit_report::escape(&clip_quoted(&finding.message, LONGEST_NAME)),
                shell_word(&self.file),
                self.what.typed()
            );
            writeln!(out, "\n{}", wrap(&last, 0, WIDTH).join("\n"))?;
        }
        Ok(())
    }
}

/// What there is to say of the file as a whole.
fn facts(found: &Inspection) -> Vec<(&'static str, String)> {
    let report = &found.file.report;
    let mut facts = vec![(
        "kind",
        match report.kind {
            Some(kind) => format!("{kind} ({})", found.because),
            None => format!("unknown: {}", found.because),
        },
    )];
    let mut format = report
        .format
        .map_or_else(Vec::new, |format| vec![format.to_string()]);
    if report.compression != Compression::None {
        format.push(report.compression.to_string());
    }
    format.push(bytes(report.bytes));
    facts.push(("format", format.join(", ")));
    if let Some(matrix) = &found.file.matrix {
        let names: Vec<&str> = feature_names(found);
        let mut size = format!(
            "{}, {}",
            counted(report.features, "feature"),
            counted(report.samples, "sample")
        );
        if !matrix.measurements.is_empty() {
            size = format!(
                "{size}, {}",
                counted(matrix.measurements.len() as u64, "measurement")
            );
            facts.push(("measurements", matrix.measurements.join(", ")));
        }
        facts.push(("size", size));
        let named: Vec<String> = names.iter().enumerate().map(called).collect();
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        facts.push(("feature columns", listed(&named)));
        facts.push(("missing", counted(report.missing, "value")));
    } else if report.kind.is_some() && report.columns == 0 {
        facts.push((
            "size",
            "not known: the file was not read further than its error".to_owned(),
        ));
    } else if report.kind.is_some() {
        let mut size = format!(
            "{}, {}",
            counted(report.rows, "row"),
            counted(report.columns, "column")
        );
        if report.kind == Some(FileKind::Variant) {
            size = format!("{size}, {}", counted(report.samples, "sample"));
        }
        facts.push(("size", size));
    }
    if let Some(table) = &found.file.shape {
        let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
        facts.push(("columns", listed(&names)));
    }
    if let Some(hint) = &found.hints.feature_attributes {
        let flag = format!("--feature-attributes {}: {}", hint.count, hint.because);
        facts.push(("likely", flag));
    }
    if let Some(hint) = &found.hints.separator {
        let flag = format!("--measurement-separator '{}': {}", hint.separator, hint.because);
        facts.push(("likely", flag));
    }
    facts
}

/// How a column is called: by its name, or by its place where it has none.
fn called((column, name): (usize, &&str)) -> String {
    if name.is_empty() {
        format!("(column {})", column + 1)
    } else {
        (*name).to_owned()
    }
}

/// Names in one text, none of them longer than a line.
fn listed(names: &[&str]) -> String {
    let short: Vec<String> = names.iter().map(|name| clip(name, LONGEST_NAME)).collect();
    short.join(", ")
}

fn feature_names(found: &Inspection) -> Vec<&str> {
    found.file.matrix.as_ref().map_or_else(Vec::new, |matrix| {
        (0..matrix.layout.features)
            .map(|column| matrix.layout.name(column))
            .collect()
    })
}

fn cells(column: &ColumnSummary) -> [String; 7] {
    let figure = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), short);
    [
        column.name.clone(),
        column.missing.to_string(),
        column.zeros.to_string(),
        figure(column.min),
        figure(column.median),
        figure(column.max),
        figure(column.mean),
    ]
}

/// A number as it is, where that is short; else six digits of it.
fn short(value: f64) -> String {
    let size = value.abs();
    let plain = |value: f64| {
        if size != 0.0 && !(1e-5..1e15).contains(&size) {
            format!("{value:e}")
        } else {
            format!("{value}")
        }
    };
    let whole = plain(value);
    if whole.len() <= 10 {
        return whole;
    }
    // A number that ends in zeros which were never there would pass for an exact one.
    let rounded = format!("{value:.5e}");
    match rounded.parse::<f64>() {
        Ok(number) if number.abs() < 1e6 => plain(number),
        _ => rounded,
    }
}

fn as_json(found: &Inspection) -> Value {
    let matrix = found.file.matrix.as_ref();
    let table = found.file.shape.as_ref();
    json!({
        "schema": "odmkit.inspection/1",
        "file": found.file.report,
        "because": found.because,
        "feature_columns": matrix.map(|_| feature_names(found)),
        "samples": matrix.map(|matrix| &matrix.samples),
        "table_columns": table.map(|table| table.columns.iter().map(|(name, _)| name).collect::<Vec<_>>()),
        "likely": {
            "feature_attributes": found.hints.feature_attributes.as_ref()
                .map(|hint| json!({"value": hint.count, "because": hint.because})),
            "measurement_separator": found.hints.separator.as_ref()
                .map(|hint| json!({"value": hint.separator, "because": hint.because})),
        },
        "value_columns": found.columns.iter().map(column_json).collect::<Vec<_>>(),
        "check": found.check,
    })
}

fn column_json(column: &ColumnSummary) -> Value {
    json!({
        "name": column.name,
        "missing": column.missing,
        "infinite": column.infinite,
        "zeros": column.zeros,
        "min": column.min,
        "median": column.median,
        "max": column.max,
        "mean": column.mean,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (-1.5, "-1.5"),
            (123_456_789.0, "123456789"),
            (1.0 / 3.0, "0.333333"),
            (2e-300, "2e-300"),
            (1_234_567.5, "1234567.5"),
            (7_654_321.25, "7654321.25"),
            (76_543_210.123, "7.65432e7"),
            (1e22 / 3.0, "3.33333e21"),
            (f64::MAX, "1.79769e308"),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
