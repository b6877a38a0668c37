//! Checking matrices: GCT files and data frames.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use odmkit_checks::BlockStart;
use odmkit_checks::frame::{self, FrameOptions};
use odmkit_checks::gct;
use odmkit_checks::header_line;
use odmkit_checks::known::{Keyed, KnownNames};
use odmkit_checks::links::DataColumns;
use odmkit_checks::matrix::{MatrixLayout, MatrixState, MatrixSummary, RowWatch, ScanBuffers};
use odmkit_checks::rules::{
    d013_ignored_for_gct as d013, d014_no_data_class as d014, t010_spreadsheet_damage as t010,
};
use odmkit_columns::kernel::Kernel;
use odmkit_core::{DataClass, DataFormat, FileKind, Position};
use odmkit_diagnostics::Sink;
use odmkit_formats::gct::Version;
use odmkit_formats::{HeaderLine, Lines};
use odmkit_input::{Input, InputError};
use odmkit_study::detect::Table;
use odmkit_study::detect::table::bare;
use odmkit_study::frame::{Known, Lacking, id_in, lacking};
use odmkit_study::{FrameFacts, FrameHints};

use super::awaiting::Awaiting;
use super::file::{CheckedMatrix, Subject};
use super::rider::{Along, Ride};
use super::run::run;
use crate::inspect::values::{self, Values};
use crate::resources::to_usize;
use crate::{EngineError, RowFacts};

/// Text below a header that is looked at to tell columns of text from columns of numbers.
const SAMPLE: usize = 64 << 10;

pub(super) fn check_gct(
    subject: &mut Subject<'_>,
    mut input: Input,
    sink: &mut dyn Sink,
) -> Result<(), InputError> {
    let header = subject.header(&mut input, odmkit_formats::gct::read)?;
    let rows = first_lines(&mut input, header.body)?;
    let old = header.version == Some(Version::V13);
    subject.checked.report.format = Some(if old { DataFormat::Gct13 } else { DataFormat::Gct12 });
    let data_class = gct_data_class(subject);
    frame::check_data_class(&subject.path, data_class.as_deref(), true, sink);
    ignored_for_gct(subject, sink);
    if is_torn(subject, header.names.as_ref(), &mut input, true, sink)? {
        return Ok(());
    }
    let mut awaiting = Awaiting::new(sink, false);
    let layout = gct::check_header(&subject.path, &header, &rows, &mut awaiting);
    let columns: Vec<(String, Position)> = layout.as_ref().map_or_else(Vec::new, value_columns);
    let names = columns.iter().map(|(name, position)| (name.as_str(), *position));
    damaged(&subject.path, names, &mut awaiting);
    subject.checked.awaiting = awaiting.kept();
    let Some(layout) = layout else {
        subject.checked.truncated = true;
        if header.version_line.is_none() && header.dimensions_line.is_none() {
            // But for its name it is none.
            subject.checked.report.format = None;
        }
        return Ok(());
    };
    let named = data_columns(subject, columns.clone(), None);
    subject.checked.columns = Some(named.without_unread(&layout.names));
    let sample_attributes = header
        .sample_attributes
        .iter()
        .map(|line| (line.text(0).to_owned(), values_of(line, &layout)))
        .collect();
    let matrix = Matrix {
        layout,
        samples: columns.into_iter().map(|(name, _)| name).collect(),
        measurements: Vec::new(),
        separator: None,
        data_class: Some(data_class.unwrap_or_else(|| DataClass::BULK_TRANSCRIPTOMICS.to_owned())),
        sample_attributes,
    };
    check_rows(subject, input, matrix, header.body, sink)
}

pub(super) fn check_frame(
    subject: &mut Subject<'_>,
    mut input: Input,
    sink: &mut dyn Sink,
) -> Result<(), InputError> {
    let header = subject.header(&mut input, odmkit_formats::table::read)?;
    let body = to_usize(header.body.byte.0);
    let head = input.head(body + SAMPLE)?;
    let rows = whole_lines(head.text, body, head.complete).to_vec();
    let separator = separator(subject);
    let table = Table::read(head.text, head.complete);
    let ids = header.names.iter().flat_map(|names| &names.fields);
    let ids = ids.map(|name| id_in(bare(name.text()), separator.as_deref()));
    // The first name is no sample's, but where it is that of the second column.
    let lacks_first = table.as_ref().and_then(lacking) == Some(Lacking::First);
    let ids: Vec<&str> = lacks_first.then_some("").into_iter().chain(ids).collect();
    let attribute = subject.link_attribute();
    let tables = subject.before.iter().filter_map(|file| file.table.as_ref());
    let tables: Vec<_> = tables
        .map(|table| Keyed {
            table,
            attribute: attribute.as_deref(),
        })
        .collect();
    let names = KnownNames::find(&ids, &tables);
    let cells = table.as_ref().map(Table::first_cells).unwrap_or_default();
    let known_cells = Known::among(cells, &tables);
    let facts = FrameFacts {
        separator: separator.as_deref(),
        known: Some(&names.known),
        nearly: Some(&names.nearly),
        known_cells: Some(&known_cells.names),
    };
    let hints = table
        .as_ref()
        .map_or_else(FrameHints::default, |table| FrameHints::of(table, &facts));
    subject.checked.hints = Some(hints.clone());
    let options = FrameOptions {
        feature_attributes: feature_attributes(subject),
        separator,
        hints,
    };
    let is_known = options.hints.header.known;
    if is_torn(subject, header.names.as_ref(), &mut input, is_known, sink)? {
        return Ok(());
    }
    let data_class = data_class(subject);
    frame::check_data_class(&subject.path, data_class.as_deref(), false, sink);
    no_data_class(subject, data_class.as_deref(), sink);
    // Who takes the rows along wants to know of errors before the links are judged.
    let mut awaiting = Awaiting::new(sink, !matches!(subject.along, Along::Rows(_)));
    let frame = frame::check_header(&subject.path, &header, &rows, &options, &mut awaiting);
    if let Some(frame) = &frame {
        let samples = frame.samples.iter();
        damaged(
            &subject.path,
            samples.map(|(name, position)| (name.as_str(), *position)),
            &mut awaiting,
        );
    }
    subject.checked.awaiting = awaiting.kept();
    let Some(frame) = frame else {
        subject.checked.truncated = true;
        return Ok(());
    };
    let mut columns = columns_from(&frame.layout, frame.values_from);
    // A column of text that names no record is told of for its text.
    let texts = &frame.layout.text_columns;
    let texts: HashSet<Position> = texts
        .iter()
        .map(|text| frame.layout.names.position(*text))
        .collect();
    let all_text = frame.layout.is_all_text();
    let is_known = |name: &str| {
        let id = id_in(bare(name), options.separator.as_deref());
        names.known.names.contains(id)
    };
    columns.retain(|(name, position)| all_text || !texts.contains(position) || is_known(name));
    if frame.cut {
        let named = DataColumns {
            likely_separator: options
                .hints
                .separator
                .as_ref()
                .map(|likely| likely.separator.to_owned()),
            ..data_columns(subject, columns, options.separator.clone())
        };
        subject.checked.columns = Some(named.without_unread(&frame.layout.names));
    }
    let matrix = Matrix {
        layout: frame.layout,
        samples: frame.samples.into_iter().map(|(name, _)| name).collect(),
        measurements: frame.measurements,
        separator: options.separator,
        data_class,
        sample_attributes: Vec::new(),
    };
    check_rows(subject, input, matrix, header.body, sink)
}

/// Whether the line of names is none that columns could be read by, for line breaks or doubled tabs in it, which is told:
/// nothing under it can be trusted then.
pub(super) fn is_torn(
    subject: &mut Subject<'_>,
    names: Option<&HeaderLine>,
    input: &mut Input,
    is_surely_names: bool,
    sink: &mut dyn Sink,
) -> Result<bool, InputError> {
    let Some(names) = names else { return Ok(false) };
    let above = to_usize(names.byte.0);
    let head = input.head(above + SAMPLE)?;
    let lines = Lines::new(whole_lines(head.text, above, head.complete));
    let lines: Vec<&[u8]> = lines
        .filter(|line| !line.is_blank())
        .map(|line| line.text)
        .take(header_line::LOOKED_AT)
        .collect();
    let known = header_line::Known::of_names(is_surely_names);
    let finding = header_line::torn(&subject.path, names.start(), &lines, known);
    subject.checked.truncated |= finding.is_some();
    Ok(finding.map(|finding| sink.push(finding)).is_some())
}

/// Suspects the names of samples that look as if a spreadsheet had rewritten them.
pub(super) fn damaged<'n>(
    path: &Arc<str>,
    names: impl Iterator<Item = (&'n str, Position)>,
    sink: &mut dyn Sink,
) {
    const WHERE: &str = "the names of samples";
    for (name, position) in names {
        if let Some(damage) = t010::judge(name) {
            sink.push(t010::finding(path, position, WHERE, name, damage));
        }
    }
}

/// A matrix whose header has been read.
struct Matrix {
    layout: MatrixLayout,
    samples: Vec<String>,
    measurements: Vec<String>,
    separator: Option<String>,
    data_class: Option<String>,
    sample_attributes: Vec<(String, Vec<String>)>,
}

fn check_rows(
    subject: &mut Subject<'_>,
    mut input: Input,
    matrix: Matrix,
    body: Position,
    sink: &mut dyn Sink,
) -> Result<(), InputError> {
    let layout = Arc::new(matrix.layout);
    let resources = subject.resources;
    let kernel = resources.kernel;
    let mut checked = CheckedMatrix {
        summary: MatrixSummary::default(),
        layout: Arc::clone(&layout),
        body,
        samples: matrix.samples,
        measurements: matrix.measurements,
        separator: matrix.separator,
        data_class: matrix.data_class,
        sample_attributes: matrix.sample_attributes,
        facts: RowFacts::default(),
    };
    let room = resources.has_room_for_both();
    let ride = match subject.along {
        Along::Rows(rider) if room => {
            checked.summary = first_rows(&layout, &mut input, body, kernel)?;
            Ride::begin(rider, &subject.checked, &checked)
        }
        Along::Rows(_) | Along::Values | Along::Nothing => None,
    };
    let reader = ride.as_ref().map(Ride::reader);
    let summing = matches!(subject.along, Along::Values).then(|| values::Reader::new(&layout, kernel));
    if room && (ride.is_some() || summing.is_some()) {
        subject.block_bytes = resources.convert_block_bytes();
    }
    if let Some(reader) = summing.as_ref().filter(|_| room) {
        reader.look_ahead(&mut input, body, &resources);
    }
    let mut state = MatrixState::new(&layout, resources.name_bytes());
    let mut temporary = Ok(());
    let mut values = summing
        .as_ref()
        .map(|reader| Values::new(reader.value_columns(), &resources));
    let mut facts = RowFacts::default();
    let columns = layout.value_columns().len() as u64;
    let outcome = run(
        subject,
        input,
        body,
        sink,
        <(ScanBuffers, Vec<u32>, values::Buffers)>::default,
        |(buffers, ends, summed), block| {
            let mut watch = RowWatch::new(&layout, buffers);
            let rows = reader.and_then(|reader| reader.read(kernel, block, ends, &mut watch));
            let seen = summing
                .as_ref()
                .map(|reader| reader.read(block, summed, &mut watch));
            let (partial, text) = watch.finish(kernel, block);
            ((partial, rows, seen, block.len()), text)
        },
        |(partial, rows, seen, bytes), start, sink| {
            facts.see(bytes, partial.rows * columns, partial.missing);
            if let Some(ride) = &ride {
                ride.take(rows);
            }
            if let (Some(values), Some(seen), Some(reader)) = (&mut values, seen, &summing) {
                values.take(seen, reader);
            }
            let absorbed = state.absorb(&layout, partial, start, sink);
            if temporary.is_ok() {
                temporary = absorbed;
            }
        },
    );
    if let Some(ride) = ride {
        ride.end(outcome.is_ok());
    }
    if temporary.is_ok() {
        temporary = state.find_repeated(&layout, sink);
    }
    if let Err(source) = temporary {
        subject.failed = Some(EngineError::Temporary { source });
    }
    // Of a file that could not be read to its end nothing can be said that only the whole file shows.
    checked.summary = if outcome.is_ok() {
        state.finish(&layout, sink)
    } else {
        state.finish(&layout, &mut Vec::new())
    };
    checked.facts = facts;
    fill_report(subject, &checked);
    subject.checked.values = values.zip(summing);
    subject.checked.matrix = Some(checked);
    outcome
}

/// What the first rows are: what all of them are, as far as can be foreseen.
fn first_rows(
    layout: &MatrixLayout,
    input: &mut Input,
    body: Position,
    kernel: Kernel,
) -> Result<MatrixSummary, InputError> {
    let above = to_usize(body.byte.0);
    let head = input.head(above + SAMPLE)?;
    let rows = whole_lines(head.text, above, head.complete);
    let mut state = MatrixState::new(layout, SAMPLE);
    let (partial, _) = layout.scan_fast(kernel, rows, &mut ScanBuffers::default());
    let start = BlockStart {
        line: body.line,
        byte: body.byte,
    };
    // A few names fit in memory, and if they did not: this is no more than a guess.
    let _ = state.absorb(layout, partial, &start, &mut Vec::new());
    Ok(state.finish(layout, &mut Vec::new()))
}

/// Some whole lines below a header.
pub(super) fn first_lines(input: &mut Input, body: Position) -> Result<Vec<u8>, InputError> {
    let above = to_usize(body.byte.0);
    let head = input.head(above + SAMPLE)?;
    Ok(whole_lines(head.text, above, head.complete).to_vec())
}

/// The lines from `above` on, without the last where it may go on.
fn whole_lines(text: &[u8], above: usize, complete: bool) -> &[u8] {
    let end = if complete {
        text.len()
    } else {
        memchr::memrchr2(b'\n', b'\r', text).map_or(above, |at| at + 1)
    };
    text.get(above..end).unwrap_or_default()
}

fn fill_report(subject: &mut Subject<'_>, matrix: &CheckedMatrix) {
    let report = &mut subject.checked.report;
    report.rows = matrix.summary.rows;
    report.columns = matrix.layout.width() as u64;
    report.features = matrix.summary.rows;
    report.samples = matrix.samples.len() as u64;
    report.feature_attributes = Some(matrix.layout.features as u64);
    report.measurements.clone_from(&matrix.measurements);
    report.missing = matrix.summary.missing;
}

fn value_columns(layout: &MatrixLayout) -> Vec<(String, Position)> {
    columns_from(layout, layout.features)
}

fn columns_from(layout: &MatrixLayout, first: usize) -> Vec<(String, Position)> {
    (first..layout.width())
        .map(|column| (layout.name(column).to_owned(), layout.names.position(column)))
        .collect()
}

fn values_of(line: &HeaderLine, layout: &MatrixLayout) -> Vec<String> {
    (layout.features..layout.width())
        .map(|column| line.text(column).to_owned())
        .collect()
}

fn data_columns(
    subject: &Subject<'_>,
    columns: Vec<(String, Position)>,
    separator: Option<String>,
) -> DataColumns {
    let entity = subject.entity;
    DataColumns {
        path: Arc::clone(&subject.path),
        kind: FileKind::Expression,
        columns,
        unread: 0,
        separator,
        likely_separator: None,
        link_to: entity.and_then(|entity| entity.link_to),
        link_attribute: subject.link_attribute(),
    }
}

/// The manifest's word goes before the flag's: a flag is for what the manifest leaves open.
fn feature_attributes(subject: &Subject<'_>) -> Option<u64> {
    let stated = subject
        .entity
        .and_then(|entity| entity.feature_attributes)
        .map(u64::from);
    stated.or(subject.request.options.feature_attributes)
}

fn separator(subject: &Subject<'_>) -> Option<String> {
    let stated = subject
        .entity
        .and_then(|entity| entity.measurement_separator.clone());
    stated.or_else(|| subject.request.options.measurement_separator.clone())
}

fn data_class(subject: &Subject<'_>) -> Option<String> {
    let stated = subject.entity.and_then(|entity| entity.data_class.clone());
    stated.or_else(|| subject.request.options.data_class.clone())
}

/// Tells of a data frame that ODM will not index. Who checks a file by itself need not have said what it measures yet;
/// what a manifest leaves out is left out of the import.
fn no_data_class(subject: &Subject<'_>, given: Option<&str>, sink: &mut dyn Sink) {
    let is_in_manifest = subject.entity.is_some_and(|entity| entity.place.is_some());
    match given {
        None if is_in_manifest => sink.push(d014::absent(&subject.path)),
        Some(name) if DataClass::find(name).is_some_and(|class| !class.indexed) => {
            sink.push(d014::not_indexed(&subject.path, name));
        }
        _ => {}
    }
}

/// Tells of what is given for a GCT file and is for data frames only: by the manifest, or by a flag that can be meant for
/// this file alone.
fn ignored_for_gct(subject: &Subject<'_>, sink: &mut dyn Sink) {
    let entity = subject.entity;
    let options = is_alone(subject).then_some(&subject.request.options);
    let number = entity.and_then(|entity| entity.feature_attributes).map(u64::from);
    let separator = entity.and_then(|entity| entity.measurement_separator.as_deref());
    if let Some(number) = number.or(options.and_then(|options| options.feature_attributes)) {
        sink.push(d013::finding(
            &subject.path,
            d013::Given::FeatureAttributes(number),
        ));
    }
    if let Some(separator) =
        separator.or(options.and_then(|options| options.measurement_separator.as_deref()))
    {
        sink.push(d013::finding(&subject.path, d013::Given::Separator(separator)));
    }
}

/// Whether this file alone is checked, so that a flag can only be meant for it.
fn is_alone(subject: &Subject<'_>) -> bool {
    matches!(subject.request.inputs.as_slice(), [only] if *only == *Path::new(&*subject.path))
}

/// Every GCT file has one data class. The flag is judged only where it can be meant for this file, and not for the
/// data frames beside it.
fn gct_data_class(subject: &Subject<'_>) -> Option<String> {
    let flag = subject
        .request
        .options
        .data_class
        .clone()
        .filter(|_| is_alone(subject));
    flag.or_else(|| data_class(subject))
}
