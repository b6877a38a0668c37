//! What the first rows of a data frame make likely: where its values begin, and what its column names hold.

mod header;

use std::collections::{BTreeMap, BTreeSet, HashSet};

pub use self::header::{HeaderShape, Lacking, SampleRows, has_no_header, has_row_numbers, lacking};
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
    /// What the header is beside the rows.
    pub header: HeaderShape,
}

/// How many feature columns a data frame is likely to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureHint {
    /// The number of leading columns.
    pub count: usize,
    /// What says so, as half a sentence.
    pub because: String,
    /// Whether the names of the columns say so, with what is known of them: then it is more than likely.
    pub by_names: bool,
}

/// What is known of a data frame beside its own rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameFacts<'a> {
    /// What stands between sample and measurement, where that was said.
    pub separator: Option<&'a str>,
    /// The names in the header that are those of samples, libraries, preparations or cells of the study, cut at the
    /// separator.
    pub known: Option<&'a HashSet<&'a str>>,
    /// Those that are nearly one of which no column has data.
    pub nearly: Option<&'a HashSet<&'a str>>,
    /// The cells of the first rows that are those of samples, libraries, preparations or cells of the study.
    pub known_cells: Option<&'a HashSet<&'a str>>,
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
const NUMERIC_FEATURES: [&str; 25] = [
    "start",
    "end",
    "stop",
    "length",
    "len",
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
    "mw",
    "molweight",
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
    pub fn read(bytes: &[u8], whole: bool, facts: &FrameFacts<'_>) -> Self {
        Table::read(bytes, whole).map_or_else(Self::default, |table| Self::of(&table, facts))
    }

    /// What a header and its first rows make likely, with what else is known.
    pub fn of(table: &Table, facts: &FrameFacts<'_>) -> Self {
        let lacking = lacking(table);
        let completed = lacking.map(|lacking| table.with_name(lacking));
        let table = completed.as_ref().unwrap_or(table);
        let header = HeaderShape::of(table, lacking, facts);
        let in_rows = header.sample_rows.filter(|rows| rows.known);
        let feature_attributes = by_names(table, facts)
            .or_else(|| likely_feature_attributes(table))
            .filter(|_| in_rows.is_none());
        let from = feature_attributes
            .as_ref()
            .map_or(1, |hint| hint.count)
            .min(table.header.len());
        let names: Vec<&str> = table.header[from..].iter().map(String::as_str).collect();
        let unfit = match in_rows {
            Some(rows) => Some(format!(
                "no number fits: the samples stand in the rows, in {}",
                called(table, rows.column)
            )),
            None if feature_attributes.is_none() => unfit(table),
            None => None,
        };
        Self {
            feature_attributes,
            unfit,
            separator: likely_separator(&names),
            header,
        }
    }
}

/// How many leading columns describe the feature by the names of the others: those of known samples, or those that can
/// be cut at the separator.
fn by_names(table: &Table, facts: &FrameFacts<'_>) -> Option<FeatureHint> {
    let hint = |count: usize, what: String| FeatureHint {
        count,
        because: format!("{} is the first column {what}", called(table, count)),
        by_names: true,
    };
    let is_in = |set: Option<&HashSet<&str>>, name: &str| {
        set.is_some_and(|set| set.contains(id_in(name, facts.separator)))
    };
    let is_known = |name: &str| is_in(facts.known, name);
    let first = |is: &dyn Fn(&str) -> bool| (1..table.header.len()).find(|&at| is(&table.header[at]));
    if let Some(named) = first(&|name| is_known(name) || is_in(facts.nearly, name)) {
        let forms: HashSet<String> = table.header[named..]
            .iter()
            .filter(|name| is_known(name))
            .filter_map(|name| form(name))
            .collect();
        let is_alike = |name: &str| form(name).is_some_and(|form| forms.contains(&form));
        // What is numbered as known samples are is one that is not known, and no description.
        let alike = table.header[1..named]
            .iter()
            .rev()
            .take_while(|name| is_alike(name))
            .count();
        let from = named - alike;
        let columns = table.header.len() - from;
        let known = table.header[from..].iter().filter(|name| is_known(name)).count();
        let meant = table.header[from..]
            .iter()
            .filter(|name| is_known(name) || is_alike(name))
            .count();
        // Columns of numbers before it may be samples that are not known: where they are the more, nothing is sure.
        let text = table.header.len() - trailing_numeric(table);
        let others = table.header[text.min(from)..from]
            .iter()
            .filter(|name| !describes_feature(name))
            .count();
        if (known == columns || (known > 1 && meant * 2 > columns)) && others <= known {
            let what = if alike > 0 {
                "that is named as known samples are"
            } else {
                "that names a known sample"
            };
            return Some(hint(from, what.to_owned()));
        }
    }
    let separator = facts.separator?;
    let is_cut = |name: &str| is_cut_at(name, separator);
    let from = first(&is_cut)?;
    let cut = table.header[from..].iter().filter(|name| is_cut(name)).count();
    (cut * 2 > table.header.len() - from && !is_cut(&table.header[0]))
        .then(|| hint(from, format!("with the separator `{separator}`")))
}

/// The form that numbered names share, `S#` of `S1` and `S12`; nothing of a name without a number.
fn form(name: &str) -> Option<String> {
    let mut form = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '0'..='9' if form.ends_with('#') => {}
            '0'..='9' => form.push('#'),
            other => form.push(other),
        }
    }
    form.contains('#').then_some(form)
}

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
fn is_cut_at(name: &str, separator: &str) -> bool {
    let parts = name.split_once(separator).filter(|_| !separator.is_empty());
    parts.is_some_and(|(sample, measurement)| !sample.trim().is_empty() && !measurement.trim().is_empty())
}

/// How a column is called: by its name, or by its place where it has none.
fn called(table: &Table, column: usize) -> String {
    match table.header.get(column).filter(|name| !name.is_empty()) {
        Some(name) => format!("`{name}`"),
        None => format!("column {}", column + 1),
    }
}

/// How many leading columns are likely to describe the feature: up to the last column of text, and the leading
/// columns of numbers that are named like a feature's or do not share the form of the value columns' names.
pub fn likely_feature_attributes(table: &Table) -> Option<FeatureHint> {
    let hint = |count, because| {
        Some(FeatureHint {
            count,
            because,
            by_names: false,
        })
    };
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
        return hint(
            1,
            format!(
                "all columns hold numbers, and the first, {}, names the feature",
                called(table, 0)
            ),
        );
    }
    if let Some(from) = grid_over_text(table, text) {
        return hint(
            from,
            format!(
                "from {} on the names are those of samples and measurements",
                called(table, from)
            ),
        );
    }
    if unfit(table).is_some() {
        return None;
    }
    let last_text = called(table, text - 1);
    let named = table.header[text..columns - 1]
        .iter()
        .take_while(|name| describes_feature(name))
        .count();
    let before_grid = (text..columns.saturating_sub(3).min(text + 8))
        .find(|&from| likely_separator(&names(table, from)).is_some())
        .map_or(0, |from| from - text);
    let extra = named.max(before_grid);
    let because = if extra > 0 {
        format!(
            "{} and the columns before it describe the feature",
            called(table, text + extra - 1)
        )
    } else if text == 1 {
        format!("only the first column, {last_text}, holds text")
    } else {
        format!("{last_text} is the last column with text, and numbers follow it")
    };
    hint(text + extra, because)
}

/// Whether a column of this name describes the feature, though it holds numbers.
pub fn describes_feature(name: &str) -> bool {
    NUMERIC_FEATURES.contains(&plain(name).as_str())
}

/// What is likely to separate sample and measurement, where every value column's name has it and the parts form a
/// full grid of at least two samples and two measurements.
pub fn likely_separator(columns: &[&str]) -> Option<SeparatorHint> {
    SEPARATORS
        .into_iter()
        .chain(["-"])
        .find_map(|separator| grid(columns, separator))
}

/// How many columns hold numbers, wherever they stand.
pub(crate) fn numeric_columns(table: &Table) -> usize {
    let from = usize::from(has_second_header(table));
    (0..table.header.len())
        .filter(|&column| is_numeric(table, column, from))
        .count()
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
            text if is_number(text) || is_number_with_commas(text) => Self::Number,
            _ => Self::Text,
        }
    }
}

fn is_number(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'))
        && text.parse::<f64>().is_ok()
}

/// A number with a decimal comma, or with commas or points between thousands: wrong as it is written, and a number all the
/// same.
fn is_number_with_commas(text: &str) -> bool {
    let Some((whole, rest)) = text.split_once(',') else {
        return false;
    };
    let is_group = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = whole.trim_start_matches(['-', '+']);
    let grouped =
        unsigned.split('.').skip(1).all(is_group) && unsigned.starts_with(|c: char| c.is_ascii_digit());
    let continental = grouped && is_number(&format!("{}.{rest}", whole.replace('.', "")));
    let thousands = rest
        .split('.')
        .next()
        .is_some_and(|groups| groups.split(',').all(is_group));
    continental || (thousands && is_number(&text.replace(',', "")))
}

/// Where the names of samples and measurements begin, if they do so before the last column of text: a measurement
/// that is text is a fault, and no description.
fn grid_over_text(table: &Table, text: usize) -> Option<usize> {
    (1..text.min(8)).find(|&from| likely_separator(&names(table, from)).is_some())
}

/// Why no number of feature columns fits, and what to do: where the last column is text, where text and numbers take turns
/// over and over up to the last column of text, or where they share the names of columns, so that what should be one
/// header line is spread over two.
fn unfit(table: &Table) -> Option<String> {
    const LEAVE_OUT: &str = "leave the columns of text out, or move them in front of the numbers";
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
            "no number fits: columns of text and of numbers are both called `{name}`; leave the columns of text out, and give \
             each column a name of its own"
        ));
    }
    let turns = numeric.windows(2).filter(|pair| pair[0] && !pair[1]).count();
    if turns > MIXED {
        return Some(format!(
            "no number fits: columns of text and of numbers take turns; {LEAVE_OUT}"
        ));
    }
    let last = numeric.len().saturating_sub(1);
    let ends_in_text = numeric[..last].iter().any(|is| *is) && !numeric[last];
    ends_in_text.then(|| {
        format!(
            "no number fits: the last column, {}, holds text; {LEAVE_OUT}",
            called(table, last)
        )
    })
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
        // In a short table one cell is more than a few.
        numbers > 0 && (texts * 5 <= numbers + texts || (texts == 1 && numbers >= 3))
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
