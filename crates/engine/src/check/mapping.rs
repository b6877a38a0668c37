//! Checking cross-references between transcripts and genes.

use odmkit_checks::mapping::{MappingState, check_header};
use odmkit_checks::text;
use odmkit_diagnostics::Sink;
use odmkit_input::{Input, InputError};

use super::file::{CheckedPlain, Subject};
use super::matrix::{first_lines, is_torn};
use super::run::run;

pub(super) fn check(
    subject: &mut Subject<'_>,
    mut input: Input,
    sink: &mut dyn Sink,
) -> Result<(), InputError> {
    let header = subject.header(&mut input, odmkit_formats::table::read)?;
    let rows = first_lines(&mut input, header.body)?;
    if is_torn(subject, header.names.as_ref(), &mut input, true, sink)? {
        return Ok(());
    }
    let Some(layout) = check_header(&subject.path, &header, &rows, sink) else {
        subject.checked.truncated = true;
        return Ok(());
    };
    let body = header.body;
    let mut state = MappingState::default();
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
    subject.checked.report.rows = summary.rows;
    subject.checked.report.columns = layout.width() as u64;
    if outcome.is_ok() {
        subject.checked.plain = Some(CheckedPlain {
            body,
            wrappings: layout.wrappings(),
        });
    }
    outcome
}
