//! What the first rows of a data frame make likely: where its values begin, and what its column names hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::detect::Table;

/// What is likely of a data frame.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrameHints {
    /// How many feature columns lead.
    pub feature_attributes: Option<FeatureHint>,
    /// Why no number of feature columns fits, as half a sentence, where that can be told.
    pub unfit: Option<String>,
    /// What separates sample and measurement in the column names.
    pub separator: Option<SeparatorHint>,
}

/// How many feature columns a data frame is likely to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureHint {
    /// The number of leading columns.
    pub count: usize,
    /// What says so, as half a sentence.
    pub because: String,
}

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

/// What a cell of a data frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    Number,
    Missing,
    Text,
}

/// Separators that ODM knows, the longer and the rarer first: they seldom stand in a name by chance.
const SEPARATORS: [&str; 14] = [
    "::", "__", "--", "||", "//", "..", ":", "|", ";", "/", "\\", ",", "_", ".",
];
const WEAK_SEPARATORS: [&str; 3] = ["_", ".", "-"];

/// Words that name a measurement.
const MEASUREMENTS: [&str; 47] = [
    "abundance",
    "area",
    "auc",
    "average",
    "basemean",
    "beta",
    "call",
    "concentration",
    "conc",
    "counts",
    "count",
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
    "normalized",
    "normalised",
    "od",
    "padj",
    "pct",
    "percent",
    "percentage",
    "pval",
    "pvalue",
    "qvalue",
    "ratio",
    "raw",
    "rpkm",
    "sd",
    "se",
    "tpm",
];
const MORE_MEASUREMENTS: [&str; 12] = [
    "score",
    "stat",
    "stdev",
    "std",
    "stderr",
    "value",
    "zscore",
    "adjpvalue",
    "quantity",
    "spectralcount",
    "signal",
    "lfq",
];

/// Features may be described by numbers and text by turns, but not many times over: that is a table whose every sample
/// has columns of both, and no number of leading columns parts features from values.
const MIXED: usize = 3;

/// Leading columns that hold numbers and yet describe the feature.
const NUMERIC_FEATURES: [&str; 22] = [
    "start",
    "end",
    "stop",
    "length",
    "width",
    "position",
    "pos",
    "chrom",
    "chr",
    "chromosome",
    "strand",
    "mz",
    "rt",
    "retentiontime",
    "mass",
    "charge",
    "entrez",
    "entrezid",
    "entrezgeneid",
    "geneid",
    "exoncount",
    "gc",
];

impl FrameHints {
    /// What the first bytes of a data frame make likely.
    pub fn read(bytes: &[u8], whole: bool) -> Self {
        Table::read(bytes, whole).map_or_else(Self::default, |table| Self::of(&table))
    }

    /// What a header and its first rows make likely.
    pub fn of(table: &Table) -> Self {
        let feature_attributes = likely_feature_attributes(table);
        let from = feature_attributes
            .as_ref()
            .map_or(1, |hint| hint.count)
            .min(table.header.len());
        let names: Vec<&str> = table.header[from..].iter().map(String::as_str).collect();
        let unfit = if feature_attributes.is_none() {
            unfit(table)
        } else {
            None
        };
        Self {
            feature_attributes,
            unfit,
            separator: likely_separator(&names),
        }
    }
}

/// How many leading columns are likely to describe the feature: up to the last column of text, and the leading
/// columns of numbers that are named like a feature's or do not share the form of the value columns' names.
pub fn likely_feature_attributes(table: &Table) -> Option<FeatureHint> {
    let columns = table.header.len();
    if columns < 2 || table.header_cut || table.rows.is_empty() {
        return None;
    }
    let values = trailing_numeric(table);
    if values == 0 {
        return None;
    }
    let text = columns - values;
    if text == 0 {
        return Some(FeatureHint {
            count: 1,
            because: format!(
                "all columns hold numbers, and the first, `{}`, names the feature",
                table.header[0]
            ),
        });
    }
    if let Some(from) = grid_over_text(table, text) {
        return Some(FeatureHint {
            count: from,
            because: format!(
                "from `{}` on the names are those of samples and measurements",
                table.header[from]
            ),
        });
    }
    if unfit(table).is_some() {
        return None;
    }
    let last_text = &table.header[text - 1];
    let named = table.header[text..columns - 1]
        .iter()
        .take_while(|name| NUMERIC_FEATURES.contains(&plain(name).as_str()))
        .count();
    let before_grid = (text..columns.saturating_sub(3).min(text + 8))
        .find(|&from| likely_separator(&names(table, from)).is_some())
        .map_or(0, |from| from - text);
    let extra = named.max(before_grid);
    let because = if extra > 0 {
        format!(
            "`{}` and the columns before it describe the feature",
            table.header[text + extra - 1]
        )
    } else if text == 1 {
        format!("only the first column, `{last_text}`, holds text")
    } else {
        format!("`{last_text}` is the last column with text, and numbers follow it")
    };
    Some(FeatureHint {
        count: text + extra,
        because,
    })
}

/// What is likely to separate sample and measurement, where every value column's name has it and the parts form a
/// full grid of at least two samples and two measurements.
pub fn likely_separator(columns: &[&str]) -> Option<SeparatorHint> {
    SEPARATORS
        .into_iter()
        .chain(["-"])
        .find_map(|separator| grid(columns, separator))
}

/// How many columns, counted from the last one backwards, hold numbers.
pub(crate) fn trailing_numeric(table: &Table) -> usize {
    let from = usize::from(has_second_header(table));
    (0..table.header.len())
        .rev()
        .take_while(|&column| is_numeric(table, column, from))
        .count()
}

/// Whether the first row is a second line of names: it holds text, and no numbers, over several columns of numbers.
pub(crate) fn has_second_header(table: &Table) -> bool {
    if table.rows.len() < 3 {
        return false;
    }
    let mut texts = 0;
    for column in (1..table.header.len()).filter(|&column| is_numeric(table, column, 1)) {
        match Cell::of(table.cell(0, column)) {
            Cell::Text => texts += 1,
            Cell::Missing => {}
            Cell::Number => return false,
        }
    }
    texts > 1
}

impl Cell {
    /// What a cell holds, near enough to count columns by.
    pub(crate) fn of(text: &str) -> Self {
        match text.trim() {
            "" | "NaN" | "null" | "N/A" | "NA" | "filtered" | "Inf" | "-Inf" | "nan" | "NULL" | "na"
            | "n/a" | "#N/A" => Self::Missing,
            text if text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'))
                && text.parse::<f64>().is_ok() =>
            {
                Self::Number
            }
            _ => Self::Text,
        }
    }
}

/// Where the names of samples and measurements begin, if they do so before the last column of text: a measurement
/// that is text is a fault, and no description.
fn grid_over_text(table: &Table, text: usize) -> Option<usize> {
    (1..text.min(8)).find(|&from| likely_separator(&names(table, from)).is_some())
}

/// Why no number of feature columns fits, where text and numbers take turns over and over up to the last column of text,
/// or share the names of columns, so that what should be one header line is spread over two.
fn unfit(table: &Table) -> Option<String> {
    let from = usize::from(has_second_header(table));
    let numeric: Vec<bool> = (0..table.header.len())
        .map(|column| is_numeric(table, column, from))
        .collect();
    let mut first: BTreeMap<&str, bool> = BTreeMap::new();
    let shared = table.header.iter().zip(&numeric).skip(1).find(|(name, is)| {
        let other = *first.entry(name.as_str()).or_insert(**is);
        other != **is
    });
    if let Some((name, _)) = shared {
        return Some(format!(
            "no number fits: columns of text and of numbers are both called `{name}`"
        ));
    }
    let turns = numeric.windows(2).filter(|pair| pair[0] && !pair[1]).count();
    (turns > MIXED).then(|| "no number fits: columns of text and of numbers take turns".to_owned())
}

/// Whether the cells of a column are numbers, but for a few faults, from a row on.
fn is_numeric(table: &Table, column: usize, from: usize) -> bool {
    let (mut numbers, mut texts) = (0_usize, 0_usize);
    for row in from..table.rows.len() {
        match Cell::of(table.cell(row, column)) {
            Cell::Number => numbers += 1,
            Cell::Text => texts += 1,
            Cell::Missing => {}
        }
    }
    // A column with nothing in it says nothing; it goes with the values that it stands among.
    if numbers + texts == 0 {
        column > 0
    } else {
        numbers > 0 && texts * 5 <= numbers + texts
    }
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

fn names(table: &Table, from: usize) -> Vec<&str> {
    table.header[from..].iter().map(String::as_str).collect()
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
    let known = |word: &str| MEASUREMENTS.contains(&word) || MORE_MEASUREMENTS.contains(&word);
    known(&whole)
        || name
            .split(['_', '.', '-', ' '])
            .any(|word| word.len() > 1 && known(&plain(word)))
}

/// Lower-case letters and digits only.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
