//! Samples that have not the measurements of the others.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::Sink;

use crate::names::{is_plain, loose};
use crate::rules::d006_uneven_measurements as d006;

/// Tells of samples that have not the measurements of the others. What most have is what all should have: where few have
/// a measurement, it is they that are told of. So many columns are `nameless`, or have a name that another has: what is
/// lacking may be what they hold.
pub(super) fn check(
    path: &Arc<str>,
    samples: &[(String, Position)],
    measurements: &[String],
    grid: &HashMap<&str, HashMap<&str, Position>>,
    nameless: usize,
    sink: &mut dyn Sink,
) {
    let full = grid.values().all(|measured| measured.len() == measurements.len());
    if full {
        return;
    }
    let mut having: HashMap<&str, usize> = HashMap::new();
    for name in grid.values().flat_map(HashMap::keys) {
        *having.entry(name).or_default() += 1;
    }
    let is_common = |name: &str| having.get(name).is_none_or(|count| count * 2 >= samples.len());
    let common = measurements.iter().filter(|name| is_common(name));
    let holes: usize = common.map(|name| samples.len() - having[name.as_str()]).sum();
    let spelt = Spelt::among(samples, grid);
    for (sample, position) in samples {
        let measured = &grid[sample.as_str()];
        let names = || measurements.iter().map(String::as_str);
        let odd: Vec<&str> = names()
            .filter(|name| !is_common(name) && measured.contains_key(name))
            .collect();
        if let Some(other) = spelt.other(sample) {
            // What is wrong with the characters of a name is told by itself.
            if is_plain(sample.as_bytes()) && !sample.contains('"') {
                sink.push(d006::misspelt(path, *position, sample, other));
            }
            continue;
        }
        let is_there = |wanted: &str| {
            let columns = spelt.columns(sample).chain(measured.keys().copied());
            columns.map(loose).any(|name| name == loose(wanted))
        };
        let lacking: Vec<&str> = names()
            .filter(|name| is_common(name) && !measured.contains_key(name))
            .collect();
        if let ([wanted], [found]) = (&lacking[..], &odd[..]) {
            // One that the sample lacks and one that the others lack are one, spelt in two ways.
            if is_plain(found.as_bytes()) && !found.contains('"') {
                sink.push(d006::misnamed(path, measured[found], (sample, found), wanted));
            }
            continue;
        }
        let lacking: Vec<&str> = lacking.into_iter().filter(|wanted| !is_there(wanted)).collect();
        if !lacking.is_empty() && holes > nameless {
            sink.push(d006::lacking(path, *position, sample, &lacking));
        }
        for name in odd {
            let few = (having[name], samples.len());
            sink.push(d006::odd(path, measured[name], (sample, name), few));
        }
    }
}

/// Samples that are others, spelt in two ways: the columns of each are what the other lacks.
struct Spelt<'a> {
    /// The columns by the name without what may be a slip; the sample with most of them first.
    alike: HashMap<String, Vec<(&'a str, Vec<&'a str>)>>,
}

impl<'a> Spelt<'a> {
    fn among(samples: &'a [(String, Position)], grid: &HashMap<&str, HashMap<&'a str, Position>>) -> Self {
        let mut alike: HashMap<String, Vec<(&str, Vec<&str>)>> = HashMap::new();
        for (sample, _) in samples {
            let columns = grid[sample.as_str()].keys().copied().collect();
            alike.entry(loose(sample)).or_default().push((sample, columns));
        }
        // Two that measure the same are two.
        let is_one = |all: &Vec<(&str, Vec<&str>)>| {
            let mut seen = HashSet::new();
            all.len() > 1
                && all
                    .iter()
                    .flat_map(|(_, columns)| columns)
                    .all(|name| seen.insert(loose(name)))
        };
        alike.retain(|_, all| is_one(all));
        for all in alike.values_mut() {
            all.sort_by_key(|(_, columns)| Reverse(columns.len()));
        }
        Self { alike }
    }

    /// The sample that this one is, where it is one misspelt.
    fn other(&self, sample: &str) -> Option<&'a str> {
        let (first, _) = self.alike.get(&loose(sample))?.first()?;
        (*first != sample).then_some(*first)
    }

    /// The columns of all that are this sample.
    fn columns(&self, sample: &str) -> impl Iterator<Item = &'a str> {
        let all = self.alike.get(&loose(sample));
        all.into_iter()
            .flatten()
            .flat_map(|(_, columns)| columns.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use odmkit_core::{ByteOffset, LineNumber};
    use odmkit_diagnostics::Diagnostic;

    use super::*;

    /// What is said of columns with a colon between sample and measurement.
    fn said(columns: &str) -> Vec<String> {
        let at = Position::line(LineNumber::FIRST, ByteOffset(0));
        let (mut samples, mut measurements) = (Vec::new(), Vec::new());
        let mut grid: HashMap<&str, HashMap<&str, Position>> = HashMap::new();
        for column in columns.split(' ') {
            let (sample, measurement) = column.split_once(':').unwrap();
            if !measurements.iter().any(|known| known == measurement) {
                measurements.push(measurement.to_owned());
            }
            let measured = grid.entry(sample).or_insert_with(|| {
                samples.push((sample.to_owned(), at));
                HashMap::new()
            });
            measured.insert(measurement, at);
        }
        let mut found: Vec<Diagnostic> = Vec::new();
        check(&Arc::from("f.tsv"), &samples, &measurements, &grid, 0, &mut found);
        found.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_sample_that_is_spelt_in_two_ways_is_one_finding() {
        let misspelt = "the sample `s-2` is probably `S-2`, which has the other measurements";
        for columns in [
            "S-1:a S-1:b S-2:a s-2:b S-3:a S-3:b",
            "S-1:a S-1:b S-2:a s-2:B S-3:a S-3:b",
        ] {
            assert_eq!(said(columns), [misspelt], "{columns}");
        }
        // Quotes and what cannot be seen are told by themselves.
        for columns in [
            "S-1:a S-1:b S-2:a \"S-2:b\" S-3:a S-3:b",
            "S-1:a S-1:b S-2:a S\u{200b}-2:b S-3:a S-3:b",
        ] {
            assert!(said(columns).is_empty(), "{columns}");
        }
    }

    #[test]
    fn samples_that_differ_in_case_and_measure_the_same_are_two() {
        let found = said("s1:a s1:b S1:a S1:b S2:a");
        assert_eq!(
            found,
            ["the sample `S2` has no column for `b`, which other samples have"]
        );
    }
}
