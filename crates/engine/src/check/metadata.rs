//! Checking metadata tables.

use std::sync::Arc;

use odmkit_checks::links::{EntityTable, KeptColumn, parent_attribute};
use odmkit_checks::metadata::{MetadataInput, MetadataPlan, MetadataState, MetadataSummary, layout};
use odmkit_checks::rules::t005_blank_line;
use odmkit_checks::text;
use odmkit_core::{ByteOffset, FileKind, LineNumber, Position};
use odmkit_diagnostics::Sink;
use odmkit_formats::{HeadLines, Lines};
use odmkit_input::{Input, InputError};
use odmkit_template::{DataType, ValueType};

use super::awaiting::Awaiting;
use super::file::{CheckedTable, Subject};
use super::run::run;
use crate::resources::to_usize;
use crate::{EngineError, Need};

/// Samples tables of up to so many records keep every column, so that a link that fails can say in which column
/// the names do stand.
const SMALL: u64 = 5_000;

pub(super) fn check(
    subject: &mut Subject<'_>,
    kind: FileKind,
    mut input: Input,
    sink: &mut dyn Sink,
) -> Result<(), InputError> {
    let (header, at, body, blanks, lines, whole) = subject.header(&mut input, |head, complete| {
        let mut lines = HeadLines::new(head, complete);
        // A file of blank lines has been told apart before.
        let (text, line, byte) = lines
            .next_line()?
            .unwrap_or((b"", LineNumber::FIRST, ByteOffset(0)));
        let (body, at) = (lines.rest(), Position::line(line, byte));
        let first = first_lines(head, complete, at);
        Ok((text.to_vec(), at, body, lines.blanks(), first, complete))
    })?;
    for blank in blanks {
        sink.push(t005_blank_line::finding(&subject.path, blank));
    }
    let mut names = names_of(&header, at);
    let keep = columns_to_keep(subject);
    let plan_input = MetadataInput {
        path: &subject.path,
        kind,
        describes: subject
            .entity
            .map(|entity| entity.kind)
            .filter(|kind| kind.is_data()),
        template: &subject.judge.template,
        dictionaries: &subject.judge.dictionaries,
        keep: &keep,
        keep_all_up_to: if kind == FileKind::Samples { SMALL } else { 0 },
    };
    if let Some(finding) = layout::misplaced(&plan_input, &lines, whole) {
        // Nothing under such a header can be trusted.
        subject.checked.truncated = true;
        sink.push(finding);
        return Ok(());
    }
    let plan = MetadataPlan::new(&plan_input, &header, at, sink);
    let mut state = MetadataState::new(&plan);
    let (room, mut kept) = (subject.resources.kept_bytes(), 0);
    let outcome = run(
        subject,
        input,
        body,
        sink,
        || plan.scratch(subject.request.resources.kernel),
        |scratch, block| (plan.scan(scratch, block), text::scan(block)),
        |partial, start, _| {
            state.absorb(&plan, partial, start);
            kept = state.keep_within(room);
        },
    );
    let summary = if outcome.is_ok() {
        let ids: Vec<&str> = kind
            .key_attribute()
            .into_iter()
            .chain(parent_attribute(kind))
            .collect();
        let mut awaiting = Awaiting::of_ids(sink, &ids);
        let summary = state.finish(&plan, &mut awaiting);
        subject.checked.awaiting = awaiting.kept();
        summary
    } else {
        state.finish(&plan, &mut Vec::new())
    };
    if kept > room {
        let resources = subject.resources;
        subject.failed = Some(EngineError::Memory {
            path: Arc::clone(&subject.path),
            need: Need::Records(summary.rows),
            limit: resources.memory_limit,
            least: resources.least(|more| more.kept_bytes() >= kept),
        });
    }
    // Names with nothing between their quotes, after the last one with something, are no columns.
    names.truncate(summary.columns);
    let report = &mut subject.checked.report;
    report.rows = summary.rows;
    report.columns = summary.columns as u64;
    report.samples = if kind == FileKind::Samples {
        summary.rows
    } else {
        0
    };
    report.missing = summary.missing;
    if outcome.is_ok() {
        subject.checked.shape = Some(CheckedTable {
            body,
            columns: typed(subject, kind, &names),
            open_dates: summary.open_dates.clone(),
        });
    }
    if kind.key_attribute().is_some() && outcome.is_ok() && summary.in_place {
        subject.checked.table = Some(table(&subject.path, kind, names, &summary));
    }
    outcome
}

/// The first lines of a text that are not blank, from the one at `at` on, as far as they are at hand.
fn first_lines(head: &[u8], complete: bool, at: Position) -> Vec<(Position, Vec<u8>)> {
    let from = to_usize(at.byte.0).min(head.len());
    Lines::new(&head[from..])
        .zip(at.line.get()..)
        .filter(|(line, _)| !line.is_blank() && (complete || !line.terminator.is_empty()))
        .map(|(line, number)| {
            let byte = at.byte.advanced(line.start);
            (Position::line(LineNumber::new(number), byte), line.text.to_vec())
        })
        .take(layout::SEARCHED)
        .collect()
}

/// Every named column and its place.
fn names_of(header: &[u8], at: Position) -> Vec<(String, Position)> {
    let line = odmkit_formats::HeaderLine::read(header, at.line, at.byte);
    (0..line.fields.len())
        .map(|index| (line.text(index).to_owned(), line.position(index)))
        .collect()
}

/// The columns with the types that the template gives them.
fn typed(subject: &Subject<'_>, kind: FileKind, names: &[(String, Position)]) -> Vec<(String, ValueType)> {
    let describes = subject
        .entity
        .map(|entity| entity.kind)
        .filter(|kind| kind.is_data());
    let data_type = DataType::judging(kind, describes);
    let value_type = |name: &str| {
        let attribute = data_type.and_then(|data_type| subject.judge.template.find(data_type, name));
        attribute.map_or(ValueType::String, |attribute| attribute.value_type)
    };
    names
        .iter()
        .map(|(name, _)| (name.clone(), value_type(name)))
        .collect()
}

/// The columns that links need.
fn columns_to_keep(subject: &Subject<'_>) -> Vec<String> {
    let mut keep: Vec<String> = ["Sample Source ID", "batch"].map(str::to_owned).into();
    keep.extend(subject.request.options.link_attribute.clone());
    keep.extend(subject.link_attributes.iter().cloned());
    keep
}

fn table(
    path: &Arc<str>,
    kind: FileKind,
    columns: Vec<(String, Position)>,
    summary: &MetadataSummary,
) -> EntityTable {
    let kept = summary.kept.iter().map(|column| KeptColumn {
        name: column.name.clone(),
        values: column
            .iter()
            .map(|(value, position)| (value.to_owned(), position))
            .collect(),
    });
    EntityTable {
        path: Arc::clone(path),
        kind,
        columns,
        kept: kept.collect(),
    }
}
