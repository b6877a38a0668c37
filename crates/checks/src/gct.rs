//! The header of a GCT file.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::Sink;
use odmkit_formats::gct::{Header, Version};
use odmkit_formats::{HeaderLine, Name};

use crate::matrix::{MatrixKind, MatrixLayout};
use crate::names::{self, pad, unnamed, with_unnamed};
use crate::rules::{
    g001_bad_version, g002_bad_dimensions, g004_column_count_mismatch, g005_bad_name_header,
    g006_bad_description_header, g007_duplicate_sample, g008_space_in_sample, g013_gct_1_3,
    g014_no_version_line, t005_blank_line, t006_padded_text, t008_no_rows, t012_quoted_field,
};

/// Judges the header; `rows` is some text below it. Gives the layout of the rows, or `None` where there is no header to
/// read them by.
pub fn check_header(
    path: &Arc<str>,
    header: &Header,
    rows: &[u8],
    sink: &mut dyn Sink,
) -> Option<MatrixLayout> {
    for blank in &header.blanks {
        sink.push(t005_blank_line::finding(path, *blank));
    }
    if header.names.is_none() {
        // The file was cut off. What was to be in its last line cannot be told.
        let last = header.dimensions_line.as_ref().or(header.version_line.as_ref());
        let last = last.map_or(Position::START, HeaderLine::start);
        sink.push(t008_no_rows::without_header(path, last));
        return None;
    }
    check_version(path, header, sink);
    check_dimensions(path, header, sink);

    if header.version_line.is_none()
        && header.dimensions_line.is_none()
        && !is_gct_header(header.names.as_ref())
    {
        // Nothing here is GCT but perhaps the name of the file: more findings would be noise.
        return None;
    }
    let names = header.names.as_ref()?;
    let old = header.version == Some(Version::V13);
    let declared_samples = header.dimensions.map(|figures| figures.samples);
    let (features, described) = if old {
        let declared = header.dimensions.map_or(0, |figures| figures.row_attributes);
        // With more of them than there are columns no row can be read.
        let attributes = usize::try_from(declared).unwrap_or(usize::MAX);
        (1 + attributes.min(names.fields.len()), false)
    } else {
        check_first_names(path, names, declared_samples, sink)
    };
    let named = names.fields.len().saturating_sub(features) as u64;
    let names = with_unnamed_samples(names, features, declared_samples, rows);
    pad(path, &names, sink);
    check_samples(path, &names, features, sink);

    let samples = names.fields.len().saturating_sub(features) as u64;
    if let (Some(line), Some(declared)) = (&header.dimensions_line, declared_samples)
        && declared != samples
        // A column without a name has been told of: what becomes of it settles the figure.
        && declared != named
    {
        let position = line.position(1);
        sink.push(g004_column_count_mismatch::finding(
            path,
            position,
            declared,
            samples,
            features as u64,
        ));
    }
    let declared_rows = header
        .dimensions_line
        .as_ref()
        .zip(header.dimensions)
        .map(|(line, figures)| (figures.rows, line.position(0)));
    if names.fields.len() < features {
        return None;
    }
    Some(MatrixLayout {
        path: Arc::clone(path),
        kind: MatrixKind::Gct,
        names,
        features,
        described,
        text_columns: Vec::new(),
        doubtful_until: None,
        mixed_columns: Vec::new(),
        seeming_features: None,
        second_header: None,
        declared_rows,
    })
}

/// Whether a line without a version above it begins as the header of a GCT file does.
fn is_gct_header(names: Option<&HeaderLine>) -> bool {
    names.is_some_and(|names| {
        names.text(0).eq_ignore_ascii_case("name") || names.text(1).eq_ignore_ascii_case("description")
    })
}

fn check_version(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) {
    let Some(line) = &header.version_line else {
        let figures = header.dimensions_line.as_ref();
        let begins = match figures {
            Some(_) => g014_no_version_line::Begins::WithFigures,
            None if is_gct_header(header.names.as_ref()) => g014_no_version_line::Begins::WithHeader,
            None => g014_no_version_line::Begins::Otherwise,
        };
        if let Some(first) = figures.or(header.names.as_ref()) {
            sink.push(g014_no_version_line::finding(path, first.start(), begins));
        }
        return;
    };
    pad(path, line, sink);
    if header.version.is_none() || line.fields.len() > 1 {
        sink.push(g001_bad_version::finding(path, line.position(0), &joined(line)));
    } else if line.fields[0].is_padded() {
        sink.push(t006_padded_text::in_name(
            path,
            line.position(0),
            &line.fields[0].raw,
        ));
    }
    if is_gct_1_2_but_for_its_version(header) {
        sink.push(g013_gct_1_3::only_by_name(path, line.position(0)));
    } else if header.version == Some(Version::V13) {
        sink.push(g013_gct_1_3::finding(path, line.position(0)));
    }
}

/// Whether the first line says 1.3, and the two lines below it are those of GCT 1.2.
#[must_use]
pub fn is_gct_1_2_but_for_its_version(header: &Header) -> bool {
    let two_figures = header.dimensions_line.as_ref().is_some_and(|line| {
        line.fields.len() == 2 && (0..2).all(|index| line.text(index).parse::<u64>().is_ok())
    });
    let named = header.names.as_ref().is_some_and(|names| {
        names.text(0).eq_ignore_ascii_case("name") && names.text(1).eq_ignore_ascii_case("description")
    });
    header.version == Some(Version::V13) && two_figures && named
}

fn check_dimensions(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) {
    let wanted = if header.version == Some(Version::V13) {
        4
    } else {
        2
    };
    match (&header.dimensions_line, header.dimensions) {
        (Some(line), figures) => {
            pad(path, line, sink);
            let told = is_gct_1_2_but_for_its_version(header);
            if !told && (figures.is_none() || line.fields.len() != wanted) {
                sink.push(g002_bad_dimensions::finding(
                    path,
                    line.position(0),
                    Some(&joined(line)),
                    wanted,
                ));
            }
        }
        (None, _) if header.version_line.is_some() && header.names.is_some() => {
            let position = header.names.as_ref().map_or(Position::START, HeaderLine::start);
            sink.push(g002_bad_dimensions::finding(path, position, None, wanted));
        }
        (None, _) => {}
    }
}

/// Judges the first two names of GCT 1.2; gives how many columns describe the feature, and whether the second
/// of them is the description.
fn check_first_names(
    path: &Arc<str>,
    names: &HeaderLine,
    declared_samples: Option<u64>,
    sink: &mut dyn Sink,
) -> (usize, bool) {
    let (first, second) = (names.text(0), names.text(1));
    if !first.eq_ignore_ascii_case("name") {
        sink.push(g005_bad_name_header::finding(path, names.position(0), first));
    }
    if second.eq_ignore_ascii_case("description") {
        return (2, true);
    }
    // With the figures at hand it can be told whether the second column is a sample already.
    if !second.is_empty() && declared_samples == Some(names.fields.len() as u64 - 1) {
        sink.push(g006_bad_description_header::absent(
            path,
            names.position(1),
            second,
        ));
        return (1, false);
    }
    sink.push(g006_bad_description_header::misnamed(
        path,
        names.position(1),
        second,
    ));
    (2, true)
}

/// Blank names at the end of the header are samples without a name where the figures say so, or values stand under them;
/// else padding.
fn with_unnamed_samples(
    names: &HeaderLine,
    features: usize,
    declared_samples: Option<u64>,
    rows: &[u8],
) -> HeaderLine {
    let width = names.fields.len() as u64 + names.padding;
    let declared = declared_samples.is_some_and(|declared| declared + features as u64 == width);
    let count = if declared {
        names.padding
    } else {
        unnamed(names, rows)
    };
    with_unnamed(names, count)
}

fn check_samples(path: &Arc<str>, names: &HeaderLine, features: usize, sink: &mut dyn Sink) {
    let width = names.fields.len();
    for index in 0..features.min(width) {
        names::padded(path, names, index, sink);
    }
    names::check(
        path,
        names,
        features..width,
        "sample name",
        sink,
        |position, name, first| g007_duplicate_sample::finding(path, position, name, first),
    );
    for index in features..width {
        let text = names.text(index);
        if text.contains(char::is_whitespace) && !t012_quoted_field::is_quoted(text.as_bytes()) {
            sink.push(g008_space_in_sample::finding(path, names.position(index), text));
        }
    }
}

fn joined(line: &HeaderLine) -> String {
    line.fields.iter().map(Name::text).collect::<Vec<_>>().join(" ")
}
