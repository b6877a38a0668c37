//! Checking variant calls.

use std::sync::Arc;

use odmkit_checks::links::DataColumns;
use odmkit_checks::text;
use odmkit_checks::vcf::{VcfLayout, VcfState, check_header};
use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::Sink;
use odmkit_input::{Input, InputError};

use super::awaiting::Awaiting;
use super::file::{CheckedPlain, Subject};
use super::matrix::{damaged, first_lines, is_torn};
use super::run::run;

pub(super) fn check(
    subject: &mut Subject<'_>,
    mut input: Input,
    sink: &mut dyn Sink,
) -> Result<(), InputError> {
    let header = subject.header(&mut input, odmkit_formats::vcf::read)?;
    let records = first_lines(&mut input, header.body)?;
    if is_torn(subject, header.columns.as_ref(), &mut input, true, sink)? {
        return Ok(());
    }
    let mut awaiting = Awaiting::new(sink, false);
    let layout = check_header(&subject.path, &header, &records, &mut awaiting);
    if let Some(layout) = &layout {
        damaged(&subject.path, layout.samples(), &mut awaiting);
    }
    subject.checked.awaiting = awaiting.kept();
    let Some(layout) = layout else {
        subject.checked.truncated = true;
        return Ok(());
    };
    let columns: Vec<(String, Position)> = layout
        .samples()
        .map(|(name, position)| (name.to_owned(), position))
        .collect();
    subject.checked.report.columns = layout.width() as u64;
    subject.checked.report.samples = columns.len() as u64;
    let columns = DataColumns {
        path: Arc::clone(&subject.path),
        kind: FileKind::Variant,
        columns,
        unread: 0,
        separator: None,
        likely_separator: None,
        link_to: subject.entity.and_then(|entity| entity.link_to),
        link_attribute: subject.link_attribute(),
    };
    subject.checked.columns = Some(columns.without_unread(layout.names()));
    check_records(subject, input, &layout, header.body, sink)
}

fn check_records(
    subject: &mut Subject<'_>,
    input: Input,
    layout: &VcfLayout,
    body: Position,
    sink: &mut dyn Sink,
) -> Result<(), InputError> {
    let mut state = VcfState::default();
    let outcome = run(
        subject,
        input,
        body,
        sink,
        || (),
        |(), block| (layout.scan(block), text::scan(block)),
        |partial, start, sink| state.absorb(layout, partial, start, sink),
    );
    let summary = if outcome.is_ok() {
        state.finish(layout, sink)
    } else {
        state.finish(layout, &mut Vec::new())
    };
    subject.checked.report.rows = summary.rows;
    if outcome.is_ok() {
        subject.checked.plain = Some(CheckedPlain {
            body,
            wrappings: layout.wrappings(),
        });
    }
    outcome
}
