//! The header of a data frame: feature columns, then one column per sample or per sample and measurement.

mod cut;
mod misplaced;
mod twice;
mod uneven;

use std::ops::Range;
use std::sync::Arc;

use odmkit_core::{DataClass, LineNumber, Position};
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::HeaderLine;
use odmkit_formats::table::TableHeader;
use odmkit_study::FrameHints;
use odmkit_study::frame::Lacking;

use self::cut::Cut;
use crate::matrix::{GctFacts, HeaderAgain, MatrixKind, MatrixLayout, sample};
use crate::names::{self, pad, unnamed, with_first, with_last, with_unnamed};
use crate::rules::{
    d001_feature_attributes_missing, d002_feature_attributes_range, d003_feature_attributes_suspect,
    d008_unknown_data_class, t002_duplicate_column, t003_unnamed_column, t005_blank_line,
    t013_misplaced_names,
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
    let names = &completed(header.names.as_ref()?, rows, shape.lacking);
    let width = names.fields.len();
    let given = options
        .feature_attributes
        .and_then(|given| usize::try_from(given).ok());
    let second_header = sample::second_header(rows, given.filter(|given| *given < width).unwrap_or(1), width);
    let second_header = second_header.map(|lines| header.body.line.advanced(lines));
    if let Some(finding) = misplaced::finding(path, names, rows, header.body, second_header, options) {
        sink.push(finding);
        return None;
    }
    check_names(path, names, options, second_header.is_some(), sink);
    let features = feature_attributes(path, names, options, second_header, sink)?;
    // Where fields do not stand under their names, these say nothing of what is in them.
    let has_row_names = sample::has_row_names(rows, width);
    let judged = if has_row_names { &b""[..] } else { rows };
    let texts = sample::Texts::of(judged, features, width);
    let guessed = options.feature_attributes != Some(features as u64);
    // What is judged from here on are the columns that seem to be meant. What follows from a wrong number is not told.
    let mut repeated = twice::repeated(names, features);
    repeated.retain(|_| second_header.is_none());
    let doubted = doubt(
        path,
        names,
        options,
        (features, &texts.columns),
        rows,
        (has_row_names, &repeated),
        sink,
    );
    let values_from = doubted.unwrap_or(features);
    let copies = twice::copies(names, &repeated, &texts.columns, judged);
    // Of these it is told what else is wrong with them.
    let mut told = repeated;
    if texts.columns.len() < width - features {
        told.extend(&texts.columns);
    }
    let cut = Cut::read(path, names, (features, values_from), (options, &told), sink);
    let layout = MatrixLayout {
        path: Arc::clone(path),
        kind: MatrixKind::Frame,
        names: names.clone(),
        features,
        described: false,
        text_columns: texts.columns,
        copies,
        mixed_columns: texts.mixed,
        doubtful_until: doubted
            .map(|from| from.max(features))
            .or(guessed.then_some(features)),
        seeming_features: seeming(options, width).map(|(number, _)| number),
        second_header,
        returns_cut: text::returns_cut(rows),
        has_row_names,
        header_again: HeaderAgain::of(names, features),
        declared_rows: None,
        gct: GctFacts::default(),
    };
    Some(FrameHeader {
        layout,
        samples: cut.samples,
        measurements: cut.measurements,
        values_from,
        cut: cut.is_known,
    })
}

/// The header with a blank name for each column that has none.
fn completed(names: &HeaderLine, rows: &[u8], lacking: Option<Lacking>) -> HeaderLine {
    match lacking {
        Some(Lacking::First) => with_first(names, ""),
        Some(Lacking::Last(count)) => with_last(names, count),
        None => with_unnamed(names, unnamed(names, rows)),
    }
}

/// Judges the names by themselves.
fn check_names(
    path: &Arc<str>,
    names: &HeaderLine,
    options: &FrameOptions,
    has_second_header: bool,
    sink: &mut dyn Sink,
) {
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
    found.retain(|finding: &Diagnostic| {
        !has_second_header || finding.rule.code != t002_duplicate_column::RULE.code
    });
    for finding in found {
        sink.push(finding);
    }
    if let Some(rows) = options.hints.header.sample_rows {
        let name = names.text(rows.column);
        let position = names.position(rows.column);
        sink.push(t013_misplaced_names::maybe_in_rows(path, position, name));
    }
}

/// Tells where another number of `features` is likelier: that of the columns of text behind them, or that by the names. With the
/// likelier number.
fn doubt(
    path: &Arc<str>,
    names: &HeaderLine,
    options: &FrameOptions,
    (features, text_columns): (usize, &[usize]),
    rows: &[u8],
    (has_row_names, repeated): (bool, &[usize]),
    sink: &mut dyn Sink,
) -> Option<usize> {
    let width = names.fields.len();
    let enough = enough(text_columns, features, options).filter(|number| *number < width);
    // Columns without names and with nothing in them, of which is told, have moved those behind them.
    let is_moved = |number: usize| {
        let blank = sample::blank_columns(rows, number);
        let nameless = blank.iter().filter(|column| names.text(**column).is_empty());
        number - nameless.count() == features
    };
    if let (Some(likely), Some(&first)) = (enough, text_columns.first()) {
        if likely > features && is_moved(likely) {
            return Some(likely);
        }
        sink.push(d003_feature_attributes_suspect::text_among_values(
            path,
            names.position(first),
            features as u64,
            likely as u64,
            names.text(first),
        ));
        return Some(likely);
    }
    let is_other = |number: usize| by_names(options) && number != features && !has_row_names;
    let (number, reason) = seeming(options, width).filter(|(number, _)| is_other(*number))?;
    if number > features && is_moved(number) {
        return Some(number);
    }
    // Names that stand there twice say nothing of the number; and where as many columns of text stand behind the values as
    // are lacking before them, these are told to be out of place.
    let is_told = (features..number.max(features + 1)).all(|column| repeated.contains(&column));
    if is_told || number + text_columns.len() == features {
        return None;
    }
    let first = number.min(features);
    sink.push(d003_feature_attributes_suspect::by_names(
        path,
        names.position(first),
        (features as u64, number as u64),
        names.text(first),
        reason,
    ));
    Some(number)
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
                attribute: None,
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
