//! Checking flow cytometry tables.

use std::sync::Arc;

use odmkit_checks::facs::{FacsState, check_header};
use odmkit_checks::links::DataColumns;
use odmkit_checks::text;
use odmkit_core::FileKind;
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
    let header = subject.header(&mut input, odmkit_formats::table::read)?;
    let rows = first_lines(&mut input, header.body)?;
    if is_torn(subject, header.names.as_ref(), &mut input, false, sink)? {
        return Ok(());
    }
    let Some(layout) = check_header(&subject.path, &header, &rows, sink) else {
        subject.checked.truncated = true;
        return Ok(());
    };
    let body = header.body;
    let mut state = FacsState::default();
    let outcome = run(
        subject,
        input,
        body,
        sink,
        || (),
        |(), block| (layout.scan(block), text::scan(block)),
        |partial, start, sink| state.absorb(&layout, partial, start, sink),
    );
    let summary = if outcome.is_ok() {
        state.finish(&layout, sink)
    } else {
        state.finish(&layout, &mut Vec::new())
    };
    let mut awaiting = Awaiting::new(sink, false);
    let samples = summary.samples.iter();
    let samples = samples.map(|(name, position)| (name.as_str(), *position));
    damaged(&subject.path, samples, &mut awaiting);
    subject.checked.awaiting = awaiting.kept();
    let report = &mut subject.checked.report;
    report.rows = summary.rows;
    report.columns = layout.width() as u64;
    report.samples = summary.samples.len() as u64;
    if outcome.is_ok() {
        subject.checked.plain = Some(CheckedPlain {
            body,
            wrappings: layout.wrappings(),
        });
    }
    // What a table that ends early, or has no samples' column, would name is not known.
    if outcome.is_ok() && layout.has_samples() {
        subject.checked.columns = Some(DataColumns {
            path: Arc::clone(&subject.path),
            kind: FileKind::FlowCytometry,
            columns: summary.samples,
            unread: 0,
            separator: None,
            likely_separator: None,
            link_to: subject.entity.and_then(|entity| entity.link_to),
            link_attribute: subject.link_attribute(),
        });
    }
    outcome
}
