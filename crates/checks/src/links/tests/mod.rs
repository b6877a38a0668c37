//! Small studies, and what is said of their links.

mod attribute;
mod damaged;
mod kinds;
mod near;
mod separator;
mod whole;

use odmkit_core::{ByteOffset, FieldNumber, LineNumber};
use odmkit_diagnostics::Diagnostic;

use super::*;

fn at(line: usize, field: usize) -> Position {
    Position::field(
        LineNumber::new(line as u64),
        FieldNumber::from_index(field),
        ByteOffset(0),
    )
}

/// A table from tab-separated text; every column is kept.
fn table(path: &str, kind: FileKind, text: &str) -> EntityTable {
    let mut lines = text.lines();
    let names: Vec<String> = lines
        .next()
        .unwrap_or_default()
        .split('\t')
        .map(str::to_owned)
        .collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
    let kept = names
        .iter()
        .enumerate()
        .map(|(field, name)| KeptColumn {
            name: name.clone(),
            values: rows
                .iter()
                .enumerate()
                .map(|(row, cells)| (cells[field].to_owned(), at(row + 2, field)))
                .collect(),
        })
        .collect();
    let columns = names
        .into_iter()
        .enumerate()
        .map(|(field, name)| (name, at(1, field)))
        .collect();
    EntityTable {
        path: path.into(),
        kind,
        columns,
        kept,
    }
}

fn samples(ids: &str) -> EntityTable {
    table(
        "samples.tsv",
        FileKind::Samples,
        &format!("Sample Source ID\n{}", ids.replace(' ', "\n")),
    )
}

fn data(path: &str, columns: &str) -> DataColumns {
    let columns = columns
        .split(' ')
        .enumerate()
        .map(|(index, name)| (name.to_owned(), at(3, index + 2)))
        .collect();
    DataColumns {
        path: path.into(),
        kind: FileKind::Expression,
        columns,
        unread: 0,
        separator: None,
        likely_separator: None,
        link_to: None,
        link_attribute: None,
    }
}

fn run(links: &Links<'_>) -> (Vec<Diagnostic>, Vec<LinkSummary>) {
    let mut found: Vec<Diagnostic> = Vec::new();
    let summaries = links.check(&mut found);
    (found, summaries)
}

/// `CODE path line:column xCOUNT message`.
fn said(links: &Links<'_>) -> Vec<String> {
    run(links).0.iter().map(line).collect()
}

fn line(found: &Diagnostic) -> String {
    let place = match (found.line, found.column) {
        (Some(line), Some(column)) => format!(" {line}:{column}"),
        (Some(line), None) => format!(" {line}"),
        _ => String::new(),
    };
    let count = if found.count == 1 {
        String::new()
    } else {
        format!(" x{}", found.count)
    };
    format!(
        "{} {}{place}{count} {}",
        found.rule.code, found.path, found.message
    )
}

fn of<'a>(tables: &'a [EntityTable], data: &'a [DataColumns]) -> Links<'a> {
    Links {
        tables,
        data,
        ..Links::default()
    }
}
