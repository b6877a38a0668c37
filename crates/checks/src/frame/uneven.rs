//! Samples that have not the measurements of the others.

use std::collections::HashMap;
use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::Sink;

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
    for (sample, position) in samples {
        let measured = &grid[sample.as_str()];
        let names = || measurements.iter().map(String::as_str);
        let lacking: Vec<&str> = names()
            .filter(|name| is_common(name) && !measured.contains_key(name))
            .collect();
        let odd: Vec<&str> = names()
            .filter(|name| !is_common(name) && measured.contains_key(name))
            .collect();
        if let ([wanted], [found]) = (&lacking[..], &odd[..]) {
            // One that the sample lacks and one that the others lack are one, spelt in two ways.
            sink.push(d006::misnamed(path, measured[found], (sample, found), wanted));
            continue;
        }
        if !lacking.is_empty() && holes > nameless {
            sink.push(d006::lacking(path, *position, sample, &lacking));
        }
        for name in odd {
            let few = (having[name], samples.len());
            sink.push(d006::odd(path, measured[name], (sample, name), few));
        }
    }
}
