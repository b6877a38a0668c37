//! What stands on the first line of a data frame in place of the names of its columns.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::Diagnostic;
use odmkit_formats::{HeaderLine, Line, Lines, fields};

use super::{FrameOptions, cut};
use crate::matrix::sample;
use crate::rules::t013_misplaced_names as t013;

/// Why nothing can be read by the `names`, where they are no names of columns.
pub(super) fn finding(
    path: &Arc<str>,
    names: &HeaderLine,
    rows: &[u8],
    body: Position,
    second_header: Option<LineNumber>,
    options: &FrameOptions,
) -> Option<Diagnostic> {
    let shape = &options.hints.header;
    if shape.absent {
        return Some(t013::absent(path, names.start()));
    }
    if !shape.known {
        let title = title(names, rows).map(|lines| body.line.advanced(lines));
        let below = title.or_else(|| {
            let line = second_header?;
            is_better(names, first_row(rows)?).then_some(line)
        });
        if let Some(line) = below {
            return Some(t013::below(path, names.start(), line));
        }
    }
    if !shape.known
        && options
            .separator
            .as_deref()
            .is_some_and(|separator| is_turned(names, rows, separator))
    {
        return Some(t013::in_rows(path, names.start(), names.text(0), false));
    }
    let samples = shape.sample_rows.filter(|rows| rows.known)?;
    let (position, name) = (names.position(samples.column), names.text(samples.column));
    Some(t013::in_rows(path, position, name, samples.long))
}

/// Whether samples and their measurements are the names of rows, and not those of columns: cut at the separator, most name each
/// sample and each measurement several times.
fn is_turned(names: &HeaderLine, rows: &[u8], separator: &str) -> bool {
    if separator.is_empty() || names.fields.iter().any(|name| name.text().contains(separator)) {
        return false;
    }
    let (mut all, mut cut) = (0, 0);
    let (mut samples, mut measurements) = (HashSet::new(), HashSet::new());
    for line in sample::rows(rows) {
        all += 1;
        let first = fields(line.text)
            .next()
            .and_then(|(_, first)| std::str::from_utf8(first).ok());
        let Some((sample, measurement)) = first.and_then(|first| cut::parts(first, separator)) else {
            continue;
        };
        // Figures tell versions and transcripts of features apart.
        if measurement.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            cut += 1;
            samples.insert(sample);
            measurements.insert(measurement);
        }
    }
    let repeats = |distinct: usize| distinct > 1 && distinct * 2 <= cut;
    cut * 2 > all && repeats(samples.len()) && repeats(measurements.len())
}

/// How many lines below the first one the names stand, where that is a title: it has one field, and those below have more.
fn title(names: &HeaderLine, rows: &[u8]) -> Option<u64> {
    let named = names.fields.iter().filter(|name| !name.text().is_empty());
    if named.count() > 1 {
        return None;
    }
    let mut widths: HashMap<usize, usize> = HashMap::new();
    for line in sample::rows(rows) {
        *widths.entry(width(&line)).or_default() += 1;
    }
    let (common, _) = widths.into_iter().max_by_key(|(width, count)| (*count, *width))?;
    let mut lines = (0_u64..).zip(Lines::new(rows));
    let (number, line) = lines.find(|(_, line)| width(line) >= common)?;
    let is_row = fields(line.text).any(|(_, field)| sample::is_number(field));
    (common > 1 && !is_row).then_some(number)
}

/// The fields of a line up to the last one with something in it.
fn width(line: &Line<'_>) -> usize {
    let all = fields(line.text).enumerate();
    let used = all.filter(|(_, (_, field))| !field.trim_ascii().is_empty());
    used.last().map_or(0, |(last, _)| last + 1)
}

fn first_row(rows: &[u8]) -> Option<Line<'_>> {
    Lines::new(rows).find(|line| !line.is_blank())
}

/// Whether the second of two lines of names is the one that names columns: each has a name of its own there, and not in the
/// first, which has groups of them, or a title.
fn is_better(names: &HeaderLine, second: Line<'_>) -> bool {
    let tells_apart = |texts: &[&[u8]]| {
        let mut seen = HashSet::new();
        texts.iter().all(|text| !text.is_empty() && seen.insert(*text))
    };
    let first: Vec<&[u8]> = names.fields.iter().map(|name| name.text().as_bytes()).collect();
    let second: Vec<&[u8]> = fields(second.text)
        .map(|(_, field)| field.trim_ascii())
        .take(width(&second))
        .collect();
    tells_apart(&second) && (!tells_apart(&first) || first.len() < second.len())
}
