//! Files that are read as text only: variants, flow cytometry, mappings. Of a VCF the sample names are read, so
//! that samples with variants count as samples with data.

use std::sync::Arc;

use odmkit_checks::links::DataColumns;
use odmkit_checks::text;
use odmkit_core::{ByteOffset, FileKind, LineNumber, Position};
use odmkit_diagnostics::Sink;
use odmkit_formats::{HeadLines, HeaderLine, Lines};
use odmkit_input::{Input, InputError};

use super::file::Subject;
use super::run::{Body, run};

/// Columns of a VCF before the first sample.
const FIXED: usize = 9;

pub(super) fn check(
    subject: &mut Subject<'_>,
    kind: FileKind,
    mut input: Input,
    sink: &mut dyn Sink,
) -> Result<(), InputError> {
    if kind == FileKind::Variant
        && let Some(header) = subject.header(&mut input, column_line)?
    {
        let columns: Vec<(String, Position)> = (FIXED..header.fields.len())
            .map(|index| (header.text(index).to_owned(), header.position(index)))
            .collect();
        subject.checked.report.samples = columns.len() as u64;
        subject.checked.report.columns = header.fields.len() as u64;
        subject.checked.columns = Some(DataColumns {
            path: Arc::clone(&subject.path),
            kind,
            columns,
            separator: None,
            link_to: subject.entity.and_then(|entity| entity.link_to),
            link_attribute: subject.link_attribute(),
        });
    }
    let start = Position::line(LineNumber::FIRST, ByteOffset(0));
    let mut rows = 0;
    let (as_text, outcome) = run(
        input,
        &Body { head: b"", start },
        &subject.request.resources,
        subject.progress,
        || (),
        |(), block| {
            let lines = Lines::new(block);
            let rows = lines
                .filter(|line| !line.is_blank() && !line.text.starts_with(b"#"))
                .count();
            (rows, text::scan(block))
        },
        |count, _| rows += count as u64,
    );
    as_text.finish(&subject.path, sink);
    // The other two have a header line.
    subject.checked.report.rows = if kind == FileKind::Variant {
        rows
    } else {
        rows.saturating_sub(1)
    };
    outcome
}

/// The line of a VCF that names its columns; `None` where there is none.
fn column_line(head: &[u8], complete: bool) -> Result<Option<HeaderLine>, odmkit_formats::NeedMore> {
    let mut lines = HeadLines::new(head, complete);
    while let Some((text, line, byte)) = lines.next_line()? {
        if text.starts_with(b"#CHROM") {
            return Ok(Some(HeaderLine::read(text, line, byte)));
        }
        if !text.starts_with(b"##") {
            return Ok(None);
        }
    }
    Ok(None)
}
