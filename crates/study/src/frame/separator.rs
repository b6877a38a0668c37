//! What stands between sample and measurement in the names of columns.

use std::collections::{BTreeMap, BTreeSet};

use super::plain;

/// What is likely to separate sample and measurement in the column names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeparatorHint {
    /// The separator.
    pub separator: &'static str,
    /// How many samples that makes.
    pub samples: usize,
    /// The measurements that each of them has.
    pub measurements: Vec<String>,
    /// What says so, as half a sentence.
    pub because: String,
}

/// Separators that ODM knows, the longer and the rarer first: they seldom stand in a name by chance.
const SEPARATORS: [&str; 14] = [
    "::", "__", "--", "||", "//", "..", ":", "|", ";", "/", "\\", ",", "_", ".",
];
const WEAK_SEPARATORS: [&str; 3] = ["_", ".", "-"];

/// Words that name a measurement.
const MEASUREMENTS: [&str; 59] = [
    "abundance",
    "adjpvalue",
    "area",
    "auc",
    "average",
    "basemean",
    "beta",
    "call",
    "conc",
    "concentration",
    "count",
    "counts",
    "cpm",
    "cv",
    "detection",
    "expected",
    "fc",
    "fdr",
    "foldchange",
    "fpkm",
    "intensity",
    "lfc",
    "lfq",
    "log2fc",
    "log2foldchange",
    "logfc",
    "m",
    "max",
    "mean",
    "median",
    "min",
    "n",
    "norm",
    "normalised",
    "normalized",
    "od",
    "padj",
    "pct",
    "percent",
    "percentage",
    "pval",
    "pvalue",
    "quantity",
    "qvalue",
    "ratio",
    "raw",
    "rpkm",
    "score",
    "sd",
    "se",
    "signal",
    "spectralcount",
    "stat",
    "std",
    "stderr",
    "stdev",
    "tpm",
    "value",
    "zscore",
];

/// The part of a name before the separator: ODM cuts at the first.
pub fn id_in<'n>(name: &'n str, separator: Option<&str>) -> &'n str {
    match separator {
        Some(separator) if !separator.is_empty() => {
            name.split_once(separator).map_or(name, |(id, _)| id.trim())
        }
        _ => name,
    }
}

/// Whether a name has something on both sides of the separator.
pub(super) fn is_cut_at(name: &str, separator: &str) -> bool {
    let parts = name.split_once(separator).filter(|_| !separator.is_empty());
    parts.is_some_and(|(sample, measurement)| !sample.trim().is_empty() && !measurement.trim().is_empty())
}

/// What is likely to separate sample and measurement, where every value column's name has it and the parts form a
/// full grid of at least two samples and two measurements.
pub fn likely_separator(columns: &[&str]) -> Option<SeparatorHint> {
    SEPARATORS
        .into_iter()
        .chain(["-"])
        .find_map(|separator| grid(columns, separator))
}

fn grid(columns: &[&str], separator: &'static str) -> Option<SeparatorHint> {
    if columns.len() < 4 {
        return None;
    }
    let mut samples: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for name in columns {
        let (sample, measurement) = name.split_once(separator)?;
        let (sample, measurement) = (sample.trim(), measurement.trim());
        if sample.is_empty()
            || measurement.is_empty()
            || !samples.entry(sample).or_default().insert(measurement)
        {
            return None;
        }
        if !order.contains(&measurement) {
            // More measurements than this are not measurements but parts of names.
            if order.len() == 64 {
                return None;
            }
            order.push(measurement);
        }
    }
    let full = samples
        .values()
        .all(|measurements| measurements.len() == order.len());
    if samples.len() < 2 || order.len() < 2 || !full || order.iter().any(|name| looks_like_replicate(name)) {
        return None;
    }
    if WEAK_SEPARATORS.contains(&separator) && !order.iter().all(|name| is_measurement(name)) {
        return None;
    }
    let because = format!(
        "each of {} samples has {} columns: {}",
        samples.len(),
        order.len(),
        order
            .iter()
            .take(4)
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    Some(SeparatorHint {
        separator,
        samples: samples.len(),
        measurements: order.into_iter().map(str::to_owned).collect(),
        because,
    })
}

/// `1`, `rep2`, `R3`, `b`: replicates, not measurements.
fn looks_like_replicate(name: &str) -> bool {
    let plain = plain(name);
    let letters = plain.trim_end_matches(|character: char| character.is_ascii_digit());
    let numbered = letters.len() < plain.len();
    plain.parse::<f64>().is_ok()
        || (numbered
            && matches!(
                letters,
                "" | "rep" | "r" | "replicate" | "s" | "sample" | "t" | "lane" | "l" | "run" | "d" | "day"
            ))
}

fn is_measurement(name: &str) -> bool {
    let whole = plain(name);
    let known = |word: &str| MEASUREMENTS.contains(&word);
    known(&whole)
        || name
            .split(['_', '.', '-', ' '])
            .any(|word| word.len() > 1 && known(&plain(word)))
}
