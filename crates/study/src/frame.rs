//! What the first rows of a data frame make likely: where its values begin, and what its column names hold.

mod cell;
mod features;
mod header;
mod known;
mod separator;

use std::borrow::Cow;
use std::collections::HashSet;

pub(crate) use self::cell::{Cell, numeric_columns, trailing_numeric};
use self::features::{by_names, unfit};
pub use self::features::{describes_feature, likely_feature_attributes};
pub use self::header::{HeaderShape, Lacking, SampleRows, has_no_header, has_row_numbers, lacking};
pub use self::known::{Known, Records};
pub use self::separator::{SeparatorHint, id_in, likely_separator};
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
    pub known: Option<&'a Known<'a>>,
    /// Those that are nearly one of which no column has data.
    pub nearly: Option<&'a HashSet<&'a str>>,
    /// The cells of the first rows that are those of samples, libraries, preparations or cells of the study.
    pub known_cells: Option<&'a HashSet<&'a str>>,
}

impl FrameFacts<'_> {
    /// Whether a name in the header is that of a record, or of its measurement.
    pub(crate) fn is_known(&self, name: &str) -> bool {
        let id = id_in(name, self.separator);
        self.known.is_some_and(|known| known.names.contains(id))
    }
}

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
        let below = table.below_title();
        let table = below.as_ref().unwrap_or(table);
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

    /// How many feature columns to give, and why: a column of row numbers is to go, and is not counted.
    pub fn to_give(&self) -> Option<(usize, Cow<'_, str>)> {
        let hint = self.feature_attributes.as_ref()?;
        match hint.count.checked_sub(1) {
            Some(count) if self.header.row_numbers => {
                let because = format!("{}; without the row numbers", hint.because);
                Some((count, Cow::Owned(because)))
            }
            _ => Some((hint.count, Cow::Borrowed(hint.because.as_str()))),
        }
    }
}

/// How a column is called: by its name, or by its place where it has none.
fn called(table: &Table, column: usize) -> String {
    match table.header.get(column).filter(|name| !name.is_empty()) {
        Some(name) => format!("`{name}`"),
        None => format!("column {}", column + 1),
    }
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
