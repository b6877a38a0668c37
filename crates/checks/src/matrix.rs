//! The rows of a matrix: a GCT file of either version, or a data frame.

mod absorb;
mod fast;
mod features;
mod layout;
pub(crate) mod sample;
mod scan;
mod stray;
mod watch;

pub use absorb::{MatrixState, MatrixSummary};
pub use fast::ScanBuffers;
pub use layout::{AttributeLines, FirstNames, GctFacts, MatrixKind, MatrixLayout, Miscount, Second};
pub use scan::{MatrixPartial, is_quoted_number};
pub use stray::Stray;
pub use watch::RowWatch;

#[cfg(test)]
#[path = "matrix/fast_tests.rs"]
mod fast_tests;
