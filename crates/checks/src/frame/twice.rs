//! Columns whose names stand there twice.

use std::collections::HashMap;

use odmkit_formats::{HeaderLine, fields};

use crate::matrix::sample;

/// The value columns behind so many `features` that have the name of a column before them.
pub(super) fn repeated(names: &HeaderLine, features: usize) -> Vec<usize> {
    let mut seen = HashMap::new();
    let width = names.fields.len();
    let is_repeated = |column: &usize| {
        let name = names.text(*column);
        !name.is_empty() && *seen.entry(name).or_insert(*column) != *column
    };
    let all: Vec<usize> = (0..width).filter(is_repeated).collect();
    all.into_iter().filter(|column| *column >= features).collect()
}

/// Those of the `repeated` columns that hold text, the same in each of the first rows as the column whose name they have.
pub(super) fn copies(names: &HeaderLine, repeated: &[usize], texts: &[usize], rows: &[u8]) -> Vec<usize> {
    let is_text = |column: &&usize| texts.contains(column);
    let is_copy = |column: &usize| {
        let first = (0..*column).find(|first| names.text(*first) == names.text(*column));
        let cell = |line, column| fields(line).nth(column).map(|(_, field)| field);
        first.is_some_and(|first| {
            sample::rows(rows).all(|line| cell(line.text, first) == cell(line.text, *column))
        })
    };
    repeated.iter().filter(is_text).copied().filter(is_copy).collect()
}
