//! Tabs that stand twice: fields that the rows have, and the header has no names for, with nothing in them.

use std::sync::Arc;

use odmkit_columns::cell::{self, Cell};
use odmkit_core::{ByteOffset, FieldNumber, Position};
use odmkit_diagnostics::Diagnostic;
use odmkit_formats::gct::Header;
use odmkit_formats::{HeaderLine, Line, Lines, fields};

use crate::matrix::sample;
use crate::rules::t001_ragged_row;

/// Whether every second field is empty, in the header and below.
pub(super) fn throughout(path: &Arc<str>, names: &HeaderLine, rows: &[u8]) -> Option<Diagnostic> {
    let width = names.fields.len();
    let is_doubled =
        |is_empty: &dyn Fn(usize) -> bool| (0..width).all(|field| is_empty(field) == (field % 2 == 1));
    let of_row = |line: Line<'_>| {
        let fields: Vec<&[u8]> = fields(line.text).map(|(_, field)| field.trim_ascii()).collect();
        (1..width)
            .step_by(2)
            .all(|field| fields.get(field).is_some_and(|field| field.is_empty()))
    };
    let found = width > 3
        && is_doubled(&|field| names.text(field).is_empty())
        && sample::rows(rows).next().is_some()
        && sample::rows(rows).all(of_row);
    found.then(|| t001_ragged_row::doubled_tabs(path, names.position(1)))
}

/// Whether the rows have fields more than the header, and as many columns of them are empty throughout: without these the
/// rows fit the header.
pub(super) fn in_rows(
    path: &Arc<str>,
    names: &HeaderLine,
    features: usize,
    header: &Header,
    rows: &[u8],
) -> Option<Diagnostic> {
    let width = names.fields.len();
    let widths = sample::Widths::of(rows)?;
    let surplus = widths.used.checked_sub(width).filter(|surplus| *surplus > 0)?;
    let counted = header.dimensions.map(|figures| figures.samples);
    let is_counted =
        counted.and_then(|samples| samples.checked_add(features as u64)) == Some(widths.used as u64);
    if is_counted || !widths.fits(names, header) {
        return None;
    }
    let lines: Vec<Vec<&[u8]>> = widths
        .of_them(rows)
        .map(|line| fields(line.text).map(|(_, field)| field.trim_ascii()).collect())
        .collect();
    let is_empty = |column: &usize| lines.iter().all(|row| row[*column].is_empty());
    let empty: Vec<usize> = (0..widths.used).filter(is_empty).collect();
    let fit = |row: &Vec<&[u8]>| {
        let left = (0..widths.used).filter(|column| !empty.contains(column));
        let is_number = |column: usize| cell::judge(row[column]) != Cell::Text;
        // What describes a row is no number, and a value no text.
        left.skip(1)
            .zip(1..)
            .all(|(column, meant)| is_number(column) == (meant >= features) || row[column].is_empty())
    };
    let found = lines.len() > 1 && empty.len() == surplus && lines.iter().any(fit);
    let first = *empty.first().filter(|_| found)?;
    let (line, above) = Lines::new(rows)
        .zip(0..)
        .find(|(line, _)| !line.is_blank() && fields(line.text).count() == widths.all)?;
    let (start, _) = fields(line.text).nth(first)?;
    let position = Position {
        line: header.body.line.advanced(above),
        field: Some(FieldNumber::from_index(first)),
        byte: ByteOffset(header.body.byte.0 + (line.start + start) as u64),
    };
    Some(t001_ragged_row::empty_fields(path, position, surplus as u64))
}
