//! Names and figures of a GCT file that stand elsewhere than ODM looks for them. What is a row and what a column cannot be
//! relied on then: that is told, and nothing of the rows.

use std::sync::Arc;

use odmkit_columns::cell::{self, Cell};
use odmkit_columns::number;
use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::gct::Header;
use odmkit_formats::{HeaderLine, Line, fields};

use crate::matrix::{Stray, is_quoted_number, sample};
use crate::rules::{
    g001_bad_version, g002_bad_dimensions, g005_bad_name_header, g006_bad_description_header,
    t001_ragged_row, t013_misplaced_names,
};
use crate::values::NotANumber;

/// The rows below the header in which its names are looked for.
const ROWS_ABOVE_NAMES: usize = 5;

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

/// What is wrong with the place of `Name` and `Description`, if anything is; `body` is the place of the first line below the header.
pub(super) fn misplaced_names(
    path: &Arc<str>,
    names: &HeaderLine,
    rows: &[u8],
    body: Position,
) -> Option<Diagnostic> {
    let name = (0..names.fields.len()).find(|column| is_first(names, *column));
    let description = (0..names.fields.len()).find(|column| is_second(names, *column));
    match (name, description) {
        (Some(0), Some(1)) => {
            let width = names.fields.len() + usize::try_from(names.padding).ok()?;
            has_row_names(width, rows).then(|| t001_ragged_row::numbered(path, body))
        }
        (Some(1), Some(0)) => Some(g005_bad_name_header::swapped(path, names.position(0))),
        (Some(at), Some(second)) if at > 0 && second == at + 1 => Some(g005_bad_name_header::behind(
            path,
            names.position(0),
            names.text(0),
            at as u64,
        )),
        (Some(0), Some(at)) => Some(g006_bad_description_header::elsewhere(
            path,
            names.position(1),
            names.text(1),
            at as u64 + 1,
        )),
        (Some(0), None) if begins_with_description(rows) => {
            Some(t013_misplaced_names::on_its_side(path, names.position(0)))
        }
        (None, None) => names_below(rows).map_or_else(
            || is_row(names).then(|| g005_bad_name_header::no_names(path, names.position(0))),
            |below| {
                let names_line = body.line.advanced(below);
                Some(t013_misplaced_names::below(path, names.start(), names_line))
            },
        ),
        _ => None,
    }
}

/// Whether every row has one field more than the header, and it is the first: the description stands under the first sample.
fn has_row_names(width: usize, rows: &[u8]) -> bool {
    let third_is_text = |line: Line<'_>| fields(line.text).nth(2).is_some_and(|(_, field)| is_text(field));
    sample::has_row_names(rows, width) && sample::rows(rows).all(third_is_text)
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

/// How many lines below the header the names stand, if they do: a title or labels of groups stand above them.
fn names_below(rows: &[u8]) -> Option<u64> {
    let lines = odmkit_formats::Lines::new(rows);
    lines.take(ROWS_ABOVE_NAMES).zip(0..).find_map(|(line, number)| {
        let mut fields = fields(line.text).map(|(_, field)| field.trim_ascii());
        let mut is = |usual: &[u8]| {
            fields
                .next()
                .is_some_and(|field| field.eq_ignore_ascii_case(usual))
        };
        (is(b"name") && is(b"description")).then_some(number)
    })
}

/// Whether the line of names is a row: it has values in place of samples. Whole numbers may be names of samples, unless one
/// stands twice.
fn is_row(names: &HeaderLine) -> bool {
    let values: Vec<&str> = (2..names.fields.len()).map(|column| names.text(column)).collect();
    let is_number = |value: &&str| number::is_number(value.as_bytes());
    let is_whole = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    let mut sorted = values.clone();
    sorted.sort_unstable();
    let repeats = sorted.windows(2).any(|pair| pair[0] == pair[1]);
    values.len() > 1
        && values.iter().all(is_number)
        && (repeats || values.iter().any(|value| !is_whole(value)))
}

/// Tells of a header that names more columns than every row has, and than line 2 counts.
pub(super) fn check_surplus(
    path: &Arc<str>,
    names: &HeaderLine,
    features: usize,
    declared_samples: Option<u64>,
    rows: &[u8],
    sink: &mut dyn Sink,
) -> bool {
    let Some(counted) = declared_samples.and_then(|samples| samples.checked_add(features as u64)) else {
        return false;
    };
    let header = names.fields.len() as u64 + names.padding;
    let mut sampled = sample::rows(rows).peekable();
    let all_narrow = sampled.peek().is_some()
        && counted < names.fields.len() as u64
        && sampled.all(|line| fields(line.text).count() as u64 == counted);
    if all_narrow {
        sink.push(t001_ragged_row::long_header(path, names.start(), header, counted));
    }
    all_narrow
}
