//! Variant calls: VCF.
//!
//! The grammar is our own, and not that of one of the VCF libraries: those stop at the first fault of a record
//! and give a reason without a place, or read what they can and keep silent about the rest. Here each field is
//! judged where it stands, so that every fault has its line, field and byte, and the faults of one cause can be
//! told as one.

mod header;
mod record;

pub use header::{MetaKind, MetaLine, VcfHeader, Version, read};
pub use record::{Allele, BadPosition, allele, is_bases, keys, position};

/// The columns that every VCF has, in their order.
pub const FIXED: [&str; 8] = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];

/// The column that says what the samples' fields hold.
pub const FORMAT: &str = "FORMAT";

#[cfg(test)]
#[path = "vcf/vcf_tests.rs"]
mod tests;
