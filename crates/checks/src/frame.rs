//! The header of a data frame: feature columns, then one column per sample or per sample and measurement.

mod misplaced;
mod uneven;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use odmkit_core::{DataClass, LineNumber, Position};
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::HeaderLine;
use odmkit_formats::table::TableHeader;
use odmkit_study::FrameHints;
use odmkit_study::frame::Lacking;

use crate::matrix::{GctFacts, MatrixKind, MatrixLayout, sample};
use crate::names::{self, pad, unnamed, with_first, with_last, with_unnamed};
use crate::rules::{
    d001_feature_attributes_missing, d002_feature_attributes_range, d003_feature_attributes_suspect,
    d005_separator_absent, d007_bad_separator, d008_unknown_data_class, d011_separator_suspect,
    t002_duplicate_column, t003_unnamed_column, t005_blank_line, t006_padded_text, t013_misplaced_names,
};
use crate::text;

/// What the user says of a data frame, and what its beginning looks like.
#[derive(Debug, Clone, Default)]
pub struct FrameOptions {
    /// How many columns describe the feature, if that was said.
    pub feature_attributes: Option<u64>,
    /// What stands between sample and measurement, if that was said.
    pub separator: Option<String>,
    /// What its beginning makes likely.
    pub hints: FrameHints,
}

/// A data frame as its header has it.
#[derive(Debug, Clone)]
pub struct FrameHeader {
    /// The layout of the rows.
    pub layout: MatrixLayout,
    /// The samples in the order of their first columns, each with the place of that column.
    pub samples: Vec<(String, Position)>,
    /// The measurements in the order in which they are first met; empty without a separator.
    pub measurements: Vec<String>,
    /// Where the columns begin that name samples: beyond the feature columns, or before their end, where their number is
    /// doubtful.
    pub values_from: usize,
    /// Whether it is known what the samples are: not where the names cannot be cut at the separator that was given.
    pub cut: bool,
}

/// Judges the header; `rows` is some text below it. `None` where there is nothing to read the rows by.
pub fn check_header(
    path: &Arc<str>,
    header: &TableHeader,
    rows: &[u8],
    options: &FrameOptions,
    sink: &mut dyn Sink,
) -> Option<FrameHeader> {
    for blank in &header.blanks {
        sink.push(t005_blank_line::finding(path, *blank));
    }
    let shape = &options.hints.header;
    let names = header.names.as_ref()?;
    let names = &match shape.lacking {
        Some(Lacking::First) => with_first(names, ""),
        Some(Lacking::Last(count)) => with_last(names, count),
        None => with_unnamed(names, unnamed(names, rows)),
    };
    let width = names.fields.len();
    let given = options
        .feature_attributes
        .and_then(|given| usize::try_from(given).ok());
    let second_header = sample::second_header(rows, given.filter(|given| *given < width).unwrap_or(1), width);
    let second_header = second_header.map(|lines| header.body.line.advanced(lines));
    if let Some(finding) = misplaced::finding(path, names, rows, header.body, second_header, shape) {
        sink.push(finding);
        return None;
    }
    pad(path, names, sink);
    let mut found = Vec::new();
    names::check(
        path,
        names,
        with_a_name_of_their_own(path, names, options, sink),
        "column name",
        &mut found,
        |position, name, first| t002_duplicate_column::finding(path, position, name, first),
    );
    // Names that are alike are told apart by the second line of them: that is what is told of.
    let told = |finding: &Diagnostic| {
        second_header.is_some() && finding.rule.code == t002_duplicate_column::RULE.code
    };
    found
        .into_iter()
        .filter(|finding| !told(finding))
        .for_each(|finding| sink.push(finding));

    if let Some(rows) = shape.sample_rows {
        let name = names.text(rows.column);
        let position = names.position(rows.column);
        sink.push(t013_misplaced_names::maybe_in_rows(path, position, name));
    }
    let features = feature_attributes(path, names, options, second_header, sink)?;
    // Where fields do not stand under their names, these say nothing of what is in them.
    let has_row_names = sample::has_row_names(rows, width);
    let judged = if has_row_names { &b""[..] } else { rows };
    let texts = sample::Texts::of(judged, features, width);
    let text_columns = texts.columns;
    let guessed = options.feature_attributes != Some(features as u64);
    let likely = enough(&text_columns, features, options).filter(|number| *number < width);
    let seeming = seeming(options, width);
    let by_names = seeming.filter(|(number, _)| by_names(options) && *number != features && !has_row_names);
    if let (Some(likely), Some(&first)) = (likely, text_columns.first()) {
        sink.push(d003_feature_attributes_suspect::text_among_values(
            path,
            names.position(first),
            features as u64,
            likely as u64,
            names.text(first),
        ));
    } else if let Some((number, reason)) = by_names {
        let first = number.min(features);
        sink.push(d003_feature_attributes_suspect::by_names(
            path,
            names.position(first),
            (features as u64, number as u64),
            names.text(first),
            reason,
        ));
    }
    // What is judged from here on are the columns that seem to be meant. What follows from a wrong number is not told.
    let doubted = likely.or(by_names.map(|(number, _)| number));
    let values_from = doubted.unwrap_or(features);
    let mut found: Vec<Diagnostic> = Vec::new();
    let (mut samples, mut measurements) = cut(path, names, values_from, options, &mut found);
    let is_cut = options.separator.is_none() || !measurements.is_empty();
    if values_from != features {
        (samples, measurements) = cut(path, names, features, options, &mut Vec::new());
    }
    for finding in found {
        // Names are mended where all of them can be cut, from the column on that was given.
        let mendable = !measurements.is_empty();
        sink.push(if mendable { finding } else { finding.without_fix() });
    }
    let layout = MatrixLayout {
        path: Arc::clone(path),
        kind: MatrixKind::Frame,
        names: names.clone(),
        features,
        described: false,
        text_columns,
        mixed_columns: texts.mixed,
        doubtful_until: doubted
            .map(|from| from.max(features))
            .or(guessed.then_some(features)),
        seeming_features: seeming.map(|(number, _)| number),
        second_header,
        returns_cut: text::returns_cut(rows),
        has_row_names,
        declared_rows: None,
        gct: GctFacts::default(),
    };
    Some(FrameHeader {
        layout,
        samples,
        measurements,
        values_from,
        cut: is_cut,
    })
}

/// The columns that have, or should have, names of their own. What is wrong with those at the ends is told here.
fn with_a_name_of_their_own(
    path: &Arc<str>,
    names: &HeaderLine,
    options: &FrameOptions,
    sink: &mut dyn Sink,
) -> Range<usize> {
    let shape = &options.hints.header;
    let width = names.fields.len();
    match shape.lacking {
        Some(Lacking::First) if shape.row_numbers => {
            sink.push(t003_unnamed_column::lacks_row_names(path, names.start()));
            return 1..width;
        }
        Some(Lacking::First) => {
            let found = width as u64 - 1;
            sink.push(t003_unnamed_column::lacks_first(path, names.start(), found));
            return 1..width;
        }
        Some(Lacking::Last(count)) => {
            let found = width - count;
            let header = t003_unnamed_column::ShortHeader {
                lacking: count as u64,
                found: found as u64,
                samples: 0,
                declared: None,
                joined: None,
            };
            let last = names.position(found - 1);
            sink.push(t003_unnamed_column::short_header(path, last, &header));
            return 0..found;
        }
        None => {}
    }
    if !shape.row_numbers {
        return 0..width;
    }
    let first = names.text(0).trim_matches('"');
    let seeming = seeming(options, width).map(|(number, _)| number as u64);
    let uncounted = seeming.is_some_and(|number| options.feature_attributes == Some(number - 1));
    sink.push(t003_unnamed_column::row_numbers(
        path,
        names.position(0),
        first,
        uncounted,
    ));
    usize::from(first.is_empty())..width
}

/// Judges the data class that the user gave.
pub fn check_data_class(path: &Arc<str>, data_class: Option<&str>, is_gct: bool, sink: &mut dyn Sink) {
    let Some(given) = data_class else { return };
    match DataClass::find(given) {
        None => sink.push(d008_unknown_data_class::finding(path, given)),
        Some(class) if is_gct && class.name != DataClass::BULK_TRANSCRIPTOMICS => {
            sink.push(d008_unknown_data_class::not_for_gct(path, given));
        }
        Some(_) => {}
    }
}

/// The number of feature columns: as given, or as it looks where none was given or the one given cannot be.
fn feature_attributes(
    path: &Arc<str>,
    names: &HeaderLine,
    options: &FrameOptions,
    second_header: Option<LineNumber>,
    sink: &mut dyn Sink,
) -> Option<usize> {
    let width = names.fields.len() as u64;
    let likely = seeming(options, names.fields.len());
    let to_give = likely.and_then(|_| options.hints.to_give());
    let said = to_give
        .as_ref()
        .map(|(number, reason)| (*number as u64, reason.as_ref()));
    let is_numbered = options.hints.header.row_numbers;
    match options.feature_attributes {
        Some(given) if is_numbered && said.is_some_and(|(number, _)| number == given) => {}
        Some(given) if (1..width).contains(&given) => return usize::try_from(given).ok(),
        Some(given) => {
            sink.push(d002_feature_attributes_range::finding(
                path,
                names.start(),
                given,
                width,
                said,
            ));
        }
        None => {
            sink.push(d001_feature_attributes_missing::finding(
                path,
                names.start(),
                said,
                second_header
                    .map(spread_header)
                    .or(options.hints.unfit.clone())
                    .as_deref(),
            ));
        }
    }
    likely.map(|(number, _)| number)
}

/// Why no number fits a table with two header lines.
fn spread_header(second: LineNumber) -> String {
    format!(
        "line {second} looks like a second header line; ODM takes one: put what tells the columns apart into their names, and delete it"
    )
}

/// The number of feature columns as it looks, and why, where it fits the table.
fn seeming(options: &FrameOptions, width: usize) -> Option<(usize, &str)> {
    let hint = options.hints.feature_attributes.as_ref()?;
    (1..width)
        .contains(&hint.count)
        .then_some((hint.count, hint.because.as_str()))
}

/// Whether the names of the columns say what their number is: then another is doubted.
fn by_names(options: &FrameOptions) -> bool {
    let hint = options.hints.feature_attributes.as_ref();
    hint.is_some_and(|hint| hint.by_names)
}

/// How many feature columns would take in text that the given number leaves among the values: as many as there seem to
/// be, or else those next to the feature columns. `None` where no number would.
fn enough(text_columns: &[usize], features: usize, options: &FrameOptions) -> Option<usize> {
    let first = *text_columns.first()?;
    // Where the names say that the values begin here, a column of text is one of them.
    if by_names(options) && seeming(options, usize::MAX).is_some_and(|(number, _)| number == features) {
        return None;
    }
    let seeming = options.hints.feature_attributes.as_ref().map(|hint| hint.count);
    let next_to = (features..)
        .zip(text_columns)
        .take_while(|(next, column)| next == *column)
        .count();
    seeming
        .filter(|number| first < *number)
        .or((next_to > 0).then_some(features + next_to))
}

type Samples = (Vec<(String, Position)>, Vec<String>);

/// Sample and measurement of a name: ODM cuts it at the first separator.
fn parts<'n>(name: &'n str, separator: &str) -> Option<(&'n str, &'n str)> {
    let (sample, measurement) = name.split_once(separator)?;
    let (sample, measurement) = (sample.trim(), measurement.trim());
    (!sample.is_empty() && !measurement.is_empty()).then_some((sample, measurement))
}

/// Cuts the names of the value columns, which begin after `features` others, into samples and measurements.
fn cut(
    path: &Arc<str>,
    names: &HeaderLine,
    features: usize,
    options: &FrameOptions,
    sink: &mut dyn Sink,
) -> Samples {
    let columns = || (features..names.fields.len()).map(|index| (names.text(index), names.position(index)));
    let whole = || {
        columns()
            .map(|(name, position)| (name.to_owned(), position))
            .collect()
    };
    let likely = options
        .hints
        .separator
        .as_ref()
        .map(|hint| (hint.separator, hint.because.as_str()));
    let Some(separator) = options.separator.as_deref() else {
        if let Some((separator, reason)) = likely {
            let position = names.position(features);
            sink.push(d011_separator_suspect::finding(path, position, separator, reason));
        }
        return (whole(), Vec::new());
    };
    if !d007_bad_separator::is_supported(separator) {
        sink.push(d007_bad_separator::finding(
            path,
            names.start(),
            separator,
            likely,
        ));
        return (whole(), Vec::new());
    }

    let mut samples: Vec<(String, Position)> = Vec::new();
    let mut measurements: Vec<String> = Vec::new();
    let mut grid: HashMap<&str, HashMap<&str, Position>> = HashMap::new();
    let mut uncut = false;
    let none = columns().all(|(name, _)| !name.contains(separator));
    for (name, position) in columns() {
        match parts(name, separator) {
            Some((sample, measurement)) => {
                if name.len() > sample.len() + separator.len() + measurement.len() {
                    sink.push(t006_padded_text::beside_separator(
                        path, position, name, separator,
                    ));
                }
                if !measurements.iter().any(|known| known == measurement) {
                    measurements.push(measurement.to_owned());
                }
                let measured = grid.entry(sample).or_insert_with(|| {
                    samples.push((sample.to_owned(), position));
                    HashMap::new()
                });
                measured.insert(measurement, position);
            }
            None if name.is_empty() => {}
            None => {
                uncut = true;
                sink.push(d005_separator_absent::finding(
                    path,
                    position,
                    name,
                    (separator, none),
                    likely,
                ));
            }
        }
    }
    if uncut {
        return (whole(), Vec::new());
    }
    let doubled = measurements.iter().all(|name| name.starts_with(separator));
    if let Some((_, position)) = samples.first().filter(|_| doubled) {
        sink.push(d011_separator_suspect::doubled(path, *position, separator));
    }
    let nameless = (features..names.fields.len())
        .filter(|column| names.text(*column).is_empty())
        .count();
    let repeated = names.fields.len() - features - nameless - grid.values().map(HashMap::len).sum::<usize>();
    uneven::check(path, &samples, &measurements, &grid, nameless + repeated, sink);
    (samples, measurements)
}
