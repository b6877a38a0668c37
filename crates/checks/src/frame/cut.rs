//! The names of value columns, cut into samples and measurements.

use std::collections::HashMap;
use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::Sink;
use odmkit_formats::HeaderLine;

use super::{FrameOptions, uneven};
use crate::rules::{d005_separator_absent, d007_bad_separator, d011_separator_suspect, t006_padded_text};

/// What the names of the value columns are.
pub(super) struct Cut {
    /// The samples in the order of their first columns, each with the place of that column.
    pub(super) samples: Vec<(String, Position)>,
    /// The measurements in the order in which they are first met; empty without a separator.
    pub(super) measurements: Vec<String>,
    /// Whether it is known what the samples are.
    pub(super) is_known: bool,
}

impl Cut {
    /// Cuts the names behind the number of `features` that was given, and judges those from the likelier column on. Of the
    /// columns `told` it is told already why they are not what they should be.
    pub(super) fn read(
        path: &Arc<str>,
        names: &HeaderLine,
        (features, likely): (usize, usize),
        (options, told): (&FrameOptions, &[usize]),
        sink: &mut dyn Sink,
    ) -> Self {
        let mut found = Vec::new();
        let (mut samples, mut measurements) = cut(path, names, likely, (options, told), &mut found);
        let is_known = options.separator.is_none() || !measurements.is_empty();
        if likely != features {
            (samples, measurements) = cut(path, names, features, (options, told), &mut Vec::new());
        }
        for finding in found {
            // Names are mended where all of them can be cut, from the column on that was given.
            let mendable = !measurements.is_empty();
            sink.push(if mendable { finding } else { finding.without_fix() });
        }
        Self {
            samples,
            measurements,
            is_known,
        }
    }
}

type Samples = (Vec<(String, Position)>, Vec<String>);

/// Sample and measurement of a name: ODM cuts it at the first separator.
pub(super) fn parts<'n>(name: &'n str, separator: &str) -> Option<(&'n str, &'n str)> {
    let (sample, measurement) = name.split_once(separator)?;
    let (sample, measurement) = (sample.trim(), measurement.trim());
    (!sample.is_empty() && !measurement.is_empty()).then_some((sample, measurement))
}

/// Cuts the names of the value columns, which begin after `features` others, into samples and measurements.
fn cut(
    path: &Arc<str>,
    names: &HeaderLine,
    features: usize,
    (options, told): (&FrameOptions, &[usize]),
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
                if told.iter().any(|column| names.position(*column) == position) {
                    continue;
                }
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
    // A header that lacks names is told, and so is one that is not UTF-8: either says little of what its columns are.
    if options.hints.header.lacking.is_none() && names.is_utf8 {
        uneven::check(path, &samples, &measurements, &grid, nameless + repeated, sink);
    }
    (samples, measurements)
}
