//! Cross-references between transcripts and genes: the header and the rows of a mapping.

mod absorb;
mod header;
mod scan;

use std::sync::Arc;

use odmkit_formats::HeaderLine;
use odmkit_formats::mapping::{GENE, TRANSCRIPT};

pub use absorb::{MappingState, MappingSummary};
pub use header::check_header;
pub use scan::MappingPartial;

use crate::{Wrapping, Wrappings};

/// The columns of a table that is to be filled in.
pub const COLUMNS: [&str; 2] = [TRANSCRIPT, GENE];

/// What the header of a mapping says about its rows. Threads share it while they scan.
#[derive(Debug, Clone)]
pub struct MappingLayout {
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// The line of column names.
    pub names: HeaderLine,
    /// The 0-based index of the column of transcripts.
    pub transcript: usize,
    /// The 0-based index of the column of genes.
    pub gene: usize,
    /// Whether the names stand in quotes, as is told: then it is one cause with quotes around values.
    pub quoted: bool,
}

impl MappingLayout {
    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.names.fields.len()
    }

    /// What is told of around names and values.
    pub fn wrappings(&self) -> Wrappings {
        let mut values = vec![Wrapping::Untold; self.width()];
        for index in [self.transcript, self.gene] {
            if let Some(value) = values.get_mut(index) {
                *value = Wrapping::Quotes;
            }
        }
        Wrappings {
            names: vec![Wrapping::Quotes; self.width()],
            values,
            comments: false,
        }
    }
}

#[cfg(test)]
#[path = "mapping/mapping_tests.rs"]
mod tests;
