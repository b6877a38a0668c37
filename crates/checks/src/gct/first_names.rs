//! The first two names of GCT 1.2: what they are called, and what the second column is.

use std::sync::Arc;

use odmkit_columns::cell::{self, Cell};
use odmkit_diagnostics::Sink;
use odmkit_formats::{HeaderLine, fields};

use crate::matrix::{Second, sample};
use crate::rules::{g005_bad_name_header, g006_bad_description_header};

/// Judges the first two names of GCT 1.2; tells what the second column is.
pub(super) fn check(
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
