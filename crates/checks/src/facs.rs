//! Gated flow cytometry: the header and the rows of a FACS table.

mod absorb;
mod header;
mod scan;

use std::sync::Arc;

use odmkit_formats::HeaderLine;
use odmkit_formats::facs::Column;

pub use absorb::{FacsState, FacsSummary};
pub use header::check_header;
pub use scan::FacsPartial;

use crate::{Wrapping, Wrappings};

/// The columns of a table that is to be filled in.
pub const COLUMNS: [&str; 5] = [
    Column::Sample.name(),
    Column::CellPopulation.name(),
    Column::ReadoutType.name(),
    Column::Marker.name(),
    Column::Value.name(),
];

/// What the header of a FACS table says about its rows. Threads share it while they scan.
#[derive(Debug, Clone)]
pub struct FacsLayout {
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// The line of column names.
    pub names: HeaderLine,
    /// The columns that are there, each with its 0-based index.
    pub columns: Vec<(Column, usize)>,
    /// Whether the names stand in quotes, as is told: then it is one cause with quotes around values.
    pub quoted: bool,
}

impl FacsLayout {
    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.names.fields.len()
    }

    /// The name of a column, by its 0-based index.
    pub fn name(&self, column: usize) -> &str {
        self.names.text(column)
    }

    /// What is told of around names and values.
    pub fn wrappings(&self) -> Wrappings {
        let mut values = vec![Wrapping::Untold; self.width()];
        for (_, index) in &self.columns {
            values[*index] = Wrapping::Quotes;
        }
        Wrappings {
            names: vec![Wrapping::Quotes; self.width()],
            values,
            comments: false,
        }
    }

    /// Whether the rows name samples.
    pub fn has_samples(&self) -> bool {
        self.columns.iter().any(|(column, _)| *column == Column::Sample)
    }
}

#[cfg(test)]
#[path = "facs/facs_tests.rs"]
mod tests;
