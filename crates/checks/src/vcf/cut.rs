//! Records that a line break within cuts in two.
//!
//! A line tells by itself which part of a record it may be, so that what is found does not hang on where a block begins.

use odmkit_formats::{Row, vcf};

use super::scan::{CHROM, Fault, POS};
use crate::Spot;
use crate::matrix::Stray;
use crate::rows::RowFault;
use crate::rules::t012_quoted_field;
use crate::rules::v002_bad_vcf_record::Fault as Bad;

/// What part of a cut record a line may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// None: it is a record, or nothing of one.
    None,
    Beginning,
    Rest,
}

/// A line that may be the beginning of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beginning<P> {
    pub(super) fields: usize,
    /// Where its last field stands.
    pub(super) at: P,
    /// What has cut it, if it is one.
    pub(super) stray: Stray,
}

/// A line that may be the rest of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    pub(super) fields: usize,
    pub(super) at: Spot,
}

impl Part {
    /// What part of a record of `width` fields a line may be.
    pub(super) fn of(row: &Row<'_>, width: usize) -> Self {
        let first = row.field(CHROM).trim_ascii();
        let found = row.width();
        if found > width || (found == width && !first.is_empty()) {
            return Self::None;
        }
        // A row with NULs is no row: that is told of by itself.
        if (0..found).any(|index| memchr::memchr(0, row.field(index)).is_some()) {
            return Self::None;
        }
        let is_word = !first.is_empty() && !first.iter().any(u8::is_ascii_whitespace);
        if found == 1 {
            return if is_word { Self::Beginning } else { Self::None };
        }
        let position = t012_quoted_field::meant(row.field(POS).trim_ascii());
        let is_placed = vcf::position(&position).is_ok();
        match (first.is_empty(), is_placed) {
            (false, true) => Self::Beginning,
            // With all its fields but for the chromosome it is the rest of a record, or a record without one.
            (true, false) if found == width => Self::None,
            _ => Self::Rest,
        }
    }
}

impl<P> Beginning<P> {
    /// Whether a line of so many fields makes it a record of `width` fields.
    pub(super) const fn goes_on(&self, fields: usize, width: usize) -> bool {
        self.fields + fields == width + 1
    }

    /// What is wrong with it by itself.
    pub(super) fn fault(&self) -> Fault {
        ragged(self.fields)
    }

    /// The same at another kind of place.
    pub(super) const fn placed<Q: Copy>(&self, at: Q) -> Beginning<Q> {
        Beginning {
            fields: self.fields,
            at,
            stray: self.stray,
        }
    }
}

impl Rest {
    /// What is wrong with it by itself, where a record has `width` fields.
    pub(super) fn fault(&self, width: usize) -> Fault {
        if self.fields == width {
            Fault::Bad(Bad::NoChromosome)
        } else {
            ragged(self.fields)
        }
    }
}

fn ragged(fields: usize) -> Fault {
    Fault::Row(RowFault::Ragged(u32::try_from(fields).unwrap_or(u32::MAX)))
}
