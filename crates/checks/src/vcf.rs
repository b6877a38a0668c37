//! Variant calls: the header and the records of a VCF.

mod absorb;
mod cut;
mod header;
mod order;
mod scan;

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_formats::HeaderLine;
use odmkit_formats::vcf::{FIXED, Version};

pub use absorb::{VcfState, VcfSummary};
pub use header::check_header;
pub use scan::VcfPartial;

use crate::matrix::Stray;
use crate::names::twin_names;
use crate::{Wrapping, Wrappings};

/// What the header of a VCF says about its records. Threads share it while they scan.
#[derive(Debug, Clone)]
pub struct VcfLayout {
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// The line of column names.
    pub names: HeaderLine,
    /// Whether FORMAT stands before the samples.
    pub format: bool,
    /// The version, where the file states one.
    pub version: Option<Version>,
    /// Whether the names of the first columns stand in quotes, as is told: then it is one cause with quotes around values.
    pub quoted: bool,
    /// Whether each record begins with a field more than there are names.
    pub has_row_names: bool,
    /// What a record is that a carriage return alone cuts.
    pub returned: Stray,
}

impl VcfLayout {
    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.names.fields.len()
    }

    /// The name of a column, by its 0-based index.
    pub fn name(&self, column: usize) -> &str {
        self.names.text(column)
    }

    /// The 0-based index of the first sample's column.
    pub fn first_sample(&self) -> usize {
        FIXED.len() + usize::from(self.format)
    }

    /// What is told of around names and values.
    pub fn wrappings(&self) -> Wrappings {
        // Without quotes these would be the names of others.
        let twins = twin_names(&self.names, self.first_sample().min(self.width())..self.width());
        let name = |index| {
            if twins.contains(&index) {
                Wrapping::Padding
            } else {
                Wrapping::Quotes
            }
        };
        let values = if self.format {
            self.width()
        } else {
            self.first_sample()
        };
        let told = |index| {
            if index < values {
                Wrapping::Quotes
            } else {
                Wrapping::Untold
            }
        };
        Wrappings {
            names: (0..self.width()).map(name).collect(),
            values: (0..self.width()).map(told).collect(),
            comments: true,
        }
    }

    /// The line of names.
    pub const fn names(&self) -> &HeaderLine {
        &self.names
    }

    /// The samples and their places.
    pub fn samples(&self) -> impl Iterator<Item = (&str, Position)> {
        (self.first_sample()..self.width()).map(|index| (self.name(index), self.names.position(index)))
    }
}

#[cfg(test)]
#[path = "vcf/vcf_tests.rs"]
mod tests;
