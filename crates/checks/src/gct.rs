//! The header of a GCT file.

mod displaced;
mod lacking;
mod old;

use std::ops::Range;
use std::sync::Arc;

use odmkit_columns::cell::{self, Cell};
use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::gct::{Header, Version};
use odmkit_formats::{HeaderLine, Name, fields};

pub use self::old::is_gct_1_2_but_for_its_version;

use self::lacking::{WithUnnamed, with_first_names};
use crate::matrix::{GctFacts, MatrixKind, MatrixLayout, Second, Stray, sample};
use crate::names::{self, pad};
use crate::rules::{
    f008_not_this_kind, g001_bad_version, g002_bad_dimensions, g003_row_count_mismatch,
    g004_column_count_mismatch, g005_bad_name_header, g006_bad_description_header, g007_duplicate_sample,
    g008_space_in_sample, g014_no_version_line, t001_ragged_row, t003_unnamed_column, t005_blank_line,
    t006_padded_text, t008_no_rows, t012_quoted_field,
};
use crate::text;

/// Judges the header; `rows` is some text below it. Gives the layout of the rows, or `None` where there is no header to
/// read them by.
pub fn check_header(
    path: &Arc<str>,
    header: &Header,
    rows: &[u8],
    sink: &mut dyn Sink,
) -> Option<MatrixLayout> {
    let Some(names) = &header.names else {
        check_blanks(path, header, sink);
        // The file was cut off. What was to be in its last line cannot be told.
        let last = header.dimensions_line.as_ref().or(header.version_line.as_ref());
        let last = last.map_or(Position::START, HeaderLine::start);
        sink.push(t008_no_rows::without_header(path, last));
        return None;
    };
    if let Some(separator) = separator(names) {
        // Without tabs no line is what it is to be: that is one cause, and nothing more can be read.
        let is_alone = sample::rows(rows)
            .next()
            .is_some_and(|line| line.text.contains(&b'\t'));
        sink.push(if is_alone {
            g005_bad_name_header::separated(path, names.position(0), separator.each)
        } else {
            f008_not_this_kind::finding(path, separator.table, separator.help)
        });
        return None;
    }
    if displaced::check_top_lines(path, header, rows, sink) {
        return None;
    }
    check_blanks(path, header, sink);
    for comment in &header.comments {
        sink.push(t001_ragged_row::stray(path, comment.start(), Stray::Comment));
    }
    check_version(path, header, sink);
    old::check_version(path, header, sink);
    if !is_laid_out(path, header, sink) {
        return None;
    }
    let old = header.version == Some(Version::V13);
    let declared_samples = header.dimensions.map(|figures| figures.samples);
    let quoted = unquoted(path, header, sink);
    let mut facts = GctFacts {
        quoted: quoted.is_some(),
        ..GctFacts::default()
    };
    let names = quoted.as_ref().unwrap_or(names);
    if !old && let Some(finding) = displaced::misplaced_names(path, names, rows, header.body) {
        sink.push(finding);
        return None;
    }
    let with_first = with_first_names(names, header, old, rows);
    if let Some(with_first) = &with_first {
        facts.lacking = with_first.lacking;
        sink.push(with_first.finding(path, names));
    }
    let names = with_first.as_ref().map_or(names, |with_first| &with_first.names);
    if old {
        facts.attributes = old::check_attributes(path, header, names, rows, sink)?;
    }
    let features = if old {
        let declared = header.dimensions.map_or(0, |figures| figures.row_attributes);
        // With more of them than there are columns no row can be read.
        let attributes = usize::try_from(declared).unwrap_or(usize::MAX);
        facts.second = Second::Unclear;
        1 + attributes.min(names.fields.len())
    } else {
        facts.second = check_first_names(path, names, declared_samples, rows, sink);
        if facts.second == Second::Sample { 1 } else { 2 }
    };
    if displaced::check_surplus(path, names, features, declared_samples, rows, sink) {
        return None;
    }
    let named = names.fields.len().saturating_sub(features) as u64;
    let with_unnamed = WithUnnamed::of(names, features, declared_samples, rows);
    let found = with_unnamed.found();
    let names = &with_unnamed.names;
    let samples = names.fields.len().saturating_sub(features) as u64;
    let joined = with_unnamed.joined(features);
    if with_unnamed.lacking > 0 {
        let header = t003_unnamed_column::ShortHeader {
            lacking: with_unnamed.lacking,
            found: found as u64,
            samples,
            declared: declared_samples.zip(header.dimensions_line.as_ref().map(|line| line.line)),
            joined,
        };
        let end = names.start();
        sink.push(t003_unnamed_column::short_header(path, end, &header));
    } else {
        pad(path, names, sink);
    }
    let width = names.fields.len();
    let texts = sample::Texts::of(rows, features, width);
    check_samples(path, names, features..found, &texts.columns, joined, sink);

    // A column without a name, or of text, is told of: what becomes of it settles the figure.
    let of_numbers = samples - texts.columns.len() as u64;
    facts.wrong_samples = header
        .dimensions_line
        .as_ref()
        .zip(declared_samples)
        .filter(|(_, declared)| ![samples, named, of_numbers].contains(declared))
        .map(|(line, declared)| (declared, line.position(1)));
    let declared_rows = header
        .dimensions_line
        .as_ref()
        .zip(header.dimensions)
        .map(|(line, figures)| (figures.rows, line.position(0)));
    if names.fields.len() < features {
        if let Some((declared, position)) = facts.wrong_samples {
            sink.push(g004_column_count_mismatch::finding(
                path,
                position,
                declared,
                samples,
                features as u64,
            ));
        }
        return None;
    }
    Some(MatrixLayout {
        path: Arc::clone(path),
        kind: MatrixKind::Gct,
        names: names.clone(),
        features,
        described: !old && features == 2,
        text_columns: texts.columns,
        doubtful_until: None,
        mixed_columns: texts.mixed,
        seeming_features: None,
        second_header: sample::second_header(rows, features, width)
            .map(|lines| header.body.line.advanced(lines)),
        has_row_names: false,
        returns_cut: text::returns_cut(rows),
        declared_rows,
        gct: facts,
    })
}

/// Tells of blank lines. Below a version line ODM reads the figures and the names from the lines where they belong.
fn check_blanks(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) {
    let above = header.above.first().map(|line| line.line);
    // Where the figures are missing, a blank line stands for them: that is told of as what it is.
    let figures = blank_for_figures(header);
    let is_told = |blank: &Position| figures.is_some_and(|figures| blank.line >= figures.line);
    for blank in header
        .blanks
        .iter()
        .filter(|blank| above.is_none_or(|above| blank.line < above) && !is_told(blank))
    {
        sink.push(if header.version_line.is_some() {
            t005_blank_line::in_header(path, *blank)
        } else {
            t005_blank_line::finding(path, *blank)
        });
    }
}

/// The blank line that stands where the figures should, below the version line and above the names.
fn blank_for_figures(header: &Header) -> Option<Position> {
    let version = header
        .version_line
        .as_ref()
        .filter(|_| header.dimensions_line.is_none())?;
    let names = header.names.as_ref()?;
    let between = |blank: &&Position| blank.line > version.line && blank.line < names.line;
    header.blanks.iter().find(between).copied()
}

/// What separates the columns of a header without tabs.
struct Separator {
    text: &'static str,
    each: &'static str,
    table: &'static str,
    help: &'static str,
}

static SEPARATORS: [Separator; 4] = [
    Separator {
        text: "\\t",
        each: "`\\t`, written out,",
        table: "a table with `\\t` written out between its fields",
        help: "save it with tabs between the fields, and not with a backslash and a t",
    },
    Separator {
        text: ",",
        each: "commas",
        table: "a comma-separated table",
        help: "save it with tabs between the fields instead of commas",
    },
    Separator {
        text: ";",
        each: "semicolons",
        table: "a semicolon-separated table",
        help: "save it with tabs between the fields instead of semicolons",
    },
    Separator {
        text: " ",
        each: "blanks",
        table: "a table with blanks between its fields",
        help: "save it with tabs between the fields instead of blanks",
    },
];

fn separator(names: &HeaderLine) -> Option<&'static Separator> {
    if names.fields.len() > 1 || names.padding > 0 {
        return None;
    }
    SEPARATORS.iter().find(|separator| {
        let text = names.text(0).split(separator.text);
        let mut fields = text.map(|field| field.trim().trim_matches('"'));
        let first = fields.next().unwrap_or_default();
        let is_usual = ["name", "id"]
            .iter()
            .any(|usual| first.eq_ignore_ascii_case(usual));
        is_usual && fields.any(|field| !field.is_empty())
    })
}

/// Whether it is known which columns the lines below the header have; says what is in the way.
fn is_laid_out(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) -> bool {
    if header.version_line.is_none()
        && header.dimensions_line.is_none()
        && !is_gct_header(header.names.as_ref())
    {
        // Nothing here is GCT but perhaps the name of the file: more findings would be noise.
        return false;
    }
    if old::has_four_figures(header) {
        // The figures are those of another version, and so is what follows.
        return false;
    }
    check_dimensions(path, header, sink);
    if header.version != Some(Version::V13) {
        return true;
    }
    let Some(figures) = header.dimensions else {
        // Which columns hold values, and which lines attributes, only the figures tell.
        return false;
    };
    let lines = header.sample_attributes.len() as u64;
    if let Some(line) = header
        .dimensions_line
        .as_ref()
        .filter(|_| old::lacks_attributes(header))
    {
        sink.push(g003_row_count_mismatch::attributes(
            path,
            line.position(3),
            figures.sample_attributes,
            figures.rows,
            lines,
        ));
        return false;
    }
    true
}

/// The header without the quotes that stand around its names, where they stand around the version or the first name:
/// the file was written so throughout.
fn unquoted(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) -> Option<HeaderLine> {
    let names = header.names.as_ref()?;
    let is = |line: &&HeaderLine| t012_quoted_field::is_wrapped(line.text(0).as_bytes());
    let lines = [
        header.version_line.as_ref(),
        header.dimensions_line.as_ref(),
        Some(names),
    ];
    let first = lines.into_iter().flatten().find(is)?;
    sink.push(t012_quoted_field::whole_file(
        path,
        first.position(0),
        first.text(0),
    ));
    Some(names::without_quotes(names))
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
            Some(_) if old::has_four_figures(header) => g014_no_version_line::Begins::WithFourFigures,
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
    if let Some(first) = header.above.first() {
        sink.push(g001_bad_version::below(
            path,
            first.start(),
            first.text(0),
            line.line,
        ));
    }
    if header.version.is_none() || line.fields.len() > 1 {
        let four = old::has_four_figures(header);
        sink.push(g001_bad_version::finding(
            path,
            line.position(0),
            &joined(line),
            four,
        ));
    } else if line.fields[0].is_padded() {
        sink.push(t006_padded_text::in_version_line(
            path,
            line.position(0),
            &line.fields[0].raw,
        ));
    }
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
                let finding =
                    g002_bad_dimensions::finding(path, line.position(0), Some(&joined(line)), wanted);
                sink.push(mendable(header, finding));
            }
        }
        (None, _) if header.version_line.is_some() && header.names.is_some() => {
            let position = header.names.as_ref().map_or(Position::START, HeaderLine::start);
            let finding = match blank_for_figures(header) {
                Some(blank) => g002_bad_dimensions::blank(path, blank, wanted),
                None => g002_bad_dimensions::finding(path, position, None, wanted),
            };
            sink.push(mendable(header, finding));
        }
        (None, _) => {}
    }
}

/// The finding about the figures, with a mend only where what they are to be can be counted: in GCT 1.3 they tell what there
/// is to count.
fn mendable(header: &Header, mut finding: Diagnostic) -> Diagnostic {
    if header.version == Some(Version::V13) && header.dimensions.is_none() {
        finding.fix = None;
    }
    finding
}

/// Judges the first two names of GCT 1.2; tells what the second column is.
fn check_first_names(
    path: &Arc<str>,
    names: &HeaderLine,
    declared_samples: Option<u64>,
    rows: &[u8],
    sink: &mut dyn Sink,
) -> Second {
    let (first, second) = (names.text(0), names.text(1));
    if !first.eq_ignore_ascii_case("name") {
        sink.push(g005_bad_name_header::finding(path, names.position(0), first));
    }
    let is = second_column(names, declared_samples, rows);
    let position = names.position(1);
    if !second.eq_ignore_ascii_case("description") {
        sink.push(match is {
            Second::Sample => g006_bad_description_header::absent(path, position, second),
            Second::Description => g006_bad_description_header::misnamed(path, position, second),
            Second::Unclear => g006_bad_description_header::unclear(path, position, second),
        });
    }
    is
}

/// What the second column is: the description where it is called so or nearly so, or has no name, or holds text, or at least
/// no numbers where the figures do not count it as a sample. It is a sample where the figures count it as one, or where it
/// holds numbers and nobody counts, or fractions and the figures count neither.
fn second_column(names: &HeaderLine, declared_samples: Option<u64>, rows: &[u8]) -> Second {
    let name = names.text(1);
    if name.is_empty() || name.eq_ignore_ascii_case("description") {
        return Second::Description;
    }
    let width = names.fields.len() as u64;
    if declared_samples == Some(width - 1) {
        return Second::Sample;
    }
    if name.to_ascii_lowercase().contains("desc") {
        return Second::Description;
    }
    let (mut text, mut numbers, mut fractions) = (0, 0, 0);
    for (_, field) in sample::rows(rows).filter_map(|line| fields(line.text).nth(1)) {
        match cell::judge(field) {
            Cell::Text => text += 1,
            Cell::Missing(_) => {}
            Cell::Number | Cell::OutOfRange(_) | Cell::Padded => {
                numbers += 1;
                // Whole numbers may be identifiers.
                fractions += u32::from(field.contains(&b'.'));
            }
        }
    }
    let not_a_sample = declared_samples.is_some() && declared_samples == width.checked_sub(2);
    if numbers == 0 && (text > 0 || not_a_sample) {
        Second::Description
    } else if numbers > 0 && text == 0 && (declared_samples.is_none() || (fractions > 0 && !not_a_sample)) {
        Second::Sample
    } else {
        Second::Unclear
    }
}

fn check_samples(
    path: &Arc<str>,
    names: &HeaderLine,
    samples: Range<usize>,
    texts: &[usize],
    joined: Option<&str>,
    sink: &mut dyn Sink,
) {
    let (features, width) = (samples.start, samples.end);
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
    // The name of a column of text is no sample's, and of names that stand in one field it is told already.
    let told = |index: &usize| texts.contains(index) || joined == Some(names.text(*index));
    for index in (features..width).filter(|index| !told(index)) {
        let text = names.text(index);
        if text.contains(char::is_whitespace) && !t012_quoted_field::is_quoted(text.as_bytes()) {
            sink.push(g008_space_in_sample::finding(path, names.position(index), text));
        }
    }
}

fn joined(line: &HeaderLine) -> String {
    line.fields.iter().map(Name::text).collect::<Vec<_>>().join(" ")
}
