//! How many leading columns of a data frame describe the feature.

use std::collections::{BTreeMap, HashSet};

use odmkit_core::FileKind;

use super::cell::{has_second_header, is_numeric, trailing_numeric};
use super::separator::{id_in, is_cut_at, likely_separator};
use super::{FeatureHint, FrameFacts, called, plain};
use crate::detect::Table;

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

/// How many leading columns describe the feature by the names of the others: those of known samples, or those that can
/// be cut at the separator.
pub(super) fn by_names(table: &Table, facts: &FrameFacts<'_>) -> Option<FeatureHint> {
    let hint = |count: usize, what: String| FeatureHint {
        count,
        because: format!("{} is the first column {what}", called(table, count)),
        by_names: true,
    };
    let is_known = |name: &str| facts.is_known(name);
    let is_nearly = |name: &str| {
        let id = id_in(name, facts.separator);
        facts.nearly.is_some_and(|nearly| nearly.contains(id))
    };
    let first = |is: &dyn Fn(&str) -> bool| (1..table.header.len()).find(|&at| is(&table.header[at]));
    if let Some(named) = first(&|name| is_known(name) || is_nearly(name)) {
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
            let kind = facts.known.and_then(|known| known.kind);
            let kind = kind.unwrap_or(FileKind::Samples);
            let what = if alike > 0 {
                format!("that is named as known {kind} are")
            } else {
                format!("that names a known {}", kind.record())
            };
            return Some(hint(from, what));
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
pub(super) fn form(name: &str) -> Option<String> {
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

/// Where the names of samples and measurements begin, if they do so before the last column of text: a measurement
/// that is text is a fault, and no description.
fn grid_over_text(table: &Table, text: usize) -> Option<usize> {
    (1..text.min(8)).find(|&from| likely_separator(&names(table, from)).is_some())
}

/// Why no number of feature columns fits, and what to do: where the last column is text, where text and numbers take turns
/// over and over up to the last column of text, or where they share the names of columns, so that what should be one
/// header line is spread over two.
pub(super) fn unfit(table: &Table) -> Option<String> {
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

fn names(table: &Table, from: usize) -> Vec<&str> {
    table.header[from..].iter().map(String::as_str).collect()
}
