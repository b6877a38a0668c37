//! Names and figures of a GCT file that stand elsewhere than ODM looks for them. What is a row and what a column cannot be
//! relied on then: that is told, and nothing of the rows.

use std::sync::Arc;

use odmkit_columns::cell::{self, Cell};
use odmkit_columns::number;
use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::gct::{Header, Version};
use odmkit_formats::{HeaderLine, Line, fields};

use crate::matrix::{Stray, is_quoted_number, sample};
use crate::rules::{
    g001_bad_version, g002_bad_dimensions, g005_bad_name_header, g006_bad_description_header,
    t001_ragged_row, t013_misplaced_names,
};
use crate::values::NotANumber;

/// How many lines below their place the names may stand with a title above them.
const ROWS_ABOVE_NAMES: u64 = 5;

/// Tells where the version line stands below the figures, or the figures below the names.
pub(super) fn check_top_lines(path: &Arc<str>, header: &Header, rows: &[u8], sink: &mut dyn Sink) -> bool {
    let (figures, names) = (header.dimensions_line.as_ref(), header.names.as_ref());
    let version = header
        .comments
        .iter()
        .find(|line| matches!(line.text(0), "#1.2" | "#1.3"));
    let finding = match (&header.version_line, figures) {
        (None, Some(figures)) => version.map(|version| {
            let first = figures.start();
            g001_bad_version::under_figures(path, first, figures.text(0), version.line)
        }),
        (Some(_), None) => names
            .filter(|names| is_first(names, 0) && begins_with_figures(rows))
            .map(|names| g002_bad_dimensions::under_names(path, names.start(), names.line)),
        _ => None,
    };
    let found = finding.is_some();
    if let Some(finding) = finding {
        sink.push(finding);
    }
    found
}

fn begins_with_figures(rows: &[u8]) -> bool {
    sample::rows(rows)
        .next()
        .is_some_and(|line| Stray::is_figures(line.text))
}

/// What is wrong with the place of the names, if anything is.
pub(super) fn misplaced_names(
    path: &Arc<str>,
    header: &Header,
    names: &HeaderLine,
    rows: &[u8],
) -> Option<Diagnostic> {
    let body = header.body;
    if header.version == Some(Version::V13) {
        let figures = header.dimensions?;
        let features = usize::try_from(figures.row_attributes.checked_add(1)?).ok()?;
        let counted = figures.samples.checked_add(features as u64);
        let is_whole = counted == Some(names.fields.len() as u64);
        let mut attributes = header.sample_attributes.iter();
        if let Some(below) = attributes.find(|line| line.text(0).eq_ignore_ascii_case("id"))
            && names.fields.len() == 1
        {
            return Some(t013_misplaced_names::below(path, names.start(), below.line));
        }
        return match names_below(rows, |fields| is(fields, 0, "id")) {
            Some(below) if is_row(names, features) => {
                let names_line = body.line.advanced(below);
                Some(t013_misplaced_names::among_rows(
                    path,
                    names.start(),
                    names_line,
                    true,
                ))
            }
            _ => (is_whole && has_row_names(header, names, features, rows))
                .then(|| t001_ragged_row::numbered(path, body)),
        };
    }
    let name = (0..names.fields.len()).find(|column| is_first(names, *column));
    let description = (0..names.fields.len()).find(|column| is_second(names, *column));
    match (name, description) {
        (Some(0), Some(1)) if has_row_names(header, names, 2, rows) => {
            Some(t001_ragged_row::numbered(path, body))
        }
        (Some(0), Some(1)) => no_descriptions(path, names, rows, body),
        (Some(1), Some(0)) => Some(g005_bad_name_header::swapped(path, names.position(0))),
        (Some(at), Some(second)) if at > 0 && second == at + 1 => Some(g005_bad_name_header::behind(
            path,
            names.position(0),
            names.text(0),
            at as u64,
        )),
        (Some(at), Some(_)) if at > 0 => {
            let (first, found) = (names.position(0), names.text(0));
            Some(g005_bad_name_header::elsewhere(path, first, found, at as u64 + 1))
        }
        (Some(0), Some(at)) => Some(g006_bad_description_header::elsewhere(
            path,
            names.position(1),
            names.text(1),
            at as u64 + 1,
        )),
        (Some(0), None) if begins_with_description(rows) => {
            Some(t013_misplaced_names::on_its_side(path, names.position(0)))
        }
        (None, None) => nameless(path, header, names, rows, body),
        _ => None,
    }
}

/// What is said of a line in the place of the names that has neither of the first two.
fn nameless(
    path: &Arc<str>,
    header: &Header,
    names: &HeaderLine,
    rows: &[u8],
    body: Position,
) -> Option<Diagnostic> {
    let beside = |fields: &[&[u8]]| is(fields, 0, "name") && is(fields, 1, "description");
    let anywhere = |fields: &[&[u8]]| {
        let has = |usual: &str| (0..fields.len()).any(|field| is(fields, field, usual));
        has("name") && has("description")
    };
    let below = names_below(rows, anywhere);
    if let Some(below) = below.filter(|_| is_mostly_numbers(names)) {
        let names_line = body.line.advanced(below);
        return Some(t013_misplaced_names::among_rows(
            path,
            names.start(),
            names_line,
            false,
        ));
    }
    match names_below(rows, beside).filter(|below| *below < ROWS_ABOVE_NAMES) {
        Some(below) => {
            let names_line = body.line.advanced(below);
            Some(t013_misplaced_names::below(path, names.start(), names_line))
        }
        None => (is_row(names, 2) || is_counted_as_row(header, names, rows))
            .then(|| g005_bad_name_header::no_names(path, names.position(0))),
    }
}

/// What is said of rows without descriptions, and with one field less than the header for that: a number stands in place of
/// each. A spreadsheet pads them, so that nothing else shows it.
fn no_descriptions(path: &Arc<str>, names: &HeaderLine, rows: &[u8], body: Position) -> Option<Diagnostic> {
    let widths = sample::Widths::of(rows)?;
    let second_is_number = |line: Line<'_>| {
        let field = fields(line.text).nth(1);
        field.is_some_and(|(_, field)| number::is_number(field.trim_ascii()))
    };
    let found = widths.used + 1 == names.fields.len()
        && widths.rows > 1
        && widths.of_them(rows).all(second_is_number)
        && widths.of_them(rows).any(|line| {
            fields(line.text)
                .nth(1)
                .is_some_and(|(_, field)| field.contains(&b'.'))
        });
    found.then(|| t001_ragged_row::no_descriptions(path, body, names.text(2)))
}

/// Whether every row has one field more than the header, and it is the first: text that describes a row stands under the first
/// sample.
fn has_row_names(header: &Header, names: &HeaderLine, features: usize, rows: &[u8]) -> bool {
    let Some(widths) = sample::Widths::of(rows) else {
        return false;
    };
    let firsts = || {
        let field = |line: Line<'_>| fields(line.text).nth(features).map(|(_, field)| field.to_vec());
        widths.of_them(rows).filter_map(field)
    };
    let nothing = |field: &[u8]| !matches!(cell::judge(field), Cell::Text);
    widths.used == names.fields.len() + 1
        && widths.fits(names, header)
        && widths.rows > 1
        && firsts().all(|field| is_text(&field) || (nothing(&field) && !number::is_number(&field)))
        && firsts().any(|field| is_text(&field))
}

fn is_text(field: &[u8]) -> bool {
    let text = String::from_utf8_lossy(field);
    cell::judge(field) == Cell::Text
        && matches!(NotANumber::judge(&text), NotANumber::Text | NotANumber::Quoted)
        && !is_quoted_number(field)
}

fn is_first(names: &HeaderLine, column: usize) -> bool {
    names.text(column).eq_ignore_ascii_case("name")
}

fn is_second(names: &HeaderLine, column: usize) -> bool {
    names.text(column).eq_ignore_ascii_case("description")
}

/// Whether the first row is that of the descriptions: rows and columns have changed places.
fn begins_with_description(rows: &[u8]) -> bool {
    let first = sample::rows(rows).next();
    let field = first.and_then(|line| fields(line.text).next());
    field.is_some_and(|(_, field)| field.trim_ascii().eq_ignore_ascii_case(b"description"))
}

/// How many lines below the header the first stands whose fields are names.
fn names_below(rows: &[u8], is_names: impl Fn(&[&[u8]]) -> bool) -> Option<u64> {
    odmkit_formats::Lines::new(rows)
        .zip(0..)
        .find_map(|(line, number)| {
            let fields: Vec<&[u8]> = fields(line.text).map(|(_, field)| field.trim_ascii()).collect();
            is_names(&fields).then_some(number)
        })
}

fn is(fields: &[&[u8]], field: usize, usual: &str) -> bool {
    fields
        .get(field)
        .is_some_and(|field| field.eq_ignore_ascii_case(usual.as_bytes()))
}

/// Whether the line of names is a row: it has values in place of samples. Whole numbers may be names of samples, unless one
/// stands twice.
fn is_row(names: &HeaderLine, features: usize) -> bool {
    let values: Vec<&str> = (features..names.fields.len())
        .map(|column| names.text(column))
        .collect();
    let is_number = |value: &&str| number::is_number(value.as_bytes());
    let is_whole = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    let mut sorted = values.clone();
    sorted.sort_unstable();
    let repeats = sorted.windows(2).any(|pair| pair[0] == pair[1]);
    values.len() > 1
        && values.iter().all(is_number)
        && (repeats || values.iter().any(|value| !is_whole(value)))
}

/// Whether line 2 counts the line of names as a row, which has whole numbers in place of samples.
fn is_counted_as_row(header: &Header, names: &HeaderLine, rows: &[u8]) -> bool {
    let declared = header.dimensions.map(|figures| figures.rows);
    let found = sample::rows(rows).count() as u64;
    let is_number = |column: usize| number::is_number(names.text(column).as_bytes());
    let width = names.fields.len();
    width > 2 && (2..width).all(is_number) && !is_number(0) && declared == Some(found + 1)
}

/// Whether most of the names are numbers.
fn is_mostly_numbers(names: &HeaderLine) -> bool {
    let others = names.fields.iter().skip(1);
    let numbers = others
        .filter(|name| number::is_number(name.text().as_bytes()))
        .count();
    numbers > 1 && numbers * 2 > names.fields.len() - 1
}

/// What is said of a header that names more columns than every row has, and than line 2 counts.
pub(super) fn surplus(
    path: &Arc<str>,
    header: &Header,
    names: &HeaderLine,
    features: usize,
    rows: &[u8],
) -> Option<Diagnostic> {
    let counted = header.dimensions?.samples.checked_add(features as u64)?;
    let named = names.fields.len() as u64;
    let widths = sample::Widths::of(rows)?;
    let is_padded = header.is_rectangle() && widths.ends_with(names);
    let all_narrow =
        counted < named && (widths.all as u64 == counted || (is_padded && widths.used as u64 == counted));
    let width = named + if is_padded { 0 } else { names.padding };
    all_narrow.then(|| t001_ragged_row::long_header(path, names.start(), width, counted))
}
