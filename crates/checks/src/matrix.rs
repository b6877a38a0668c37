//! The rows of a matrix: a GCT file of either version, or a data frame.

mod absorb;
mod cells;
mod fast;
mod features;
mod layout;
mod parts;
pub(crate) mod sample;
mod scan;
mod stray;
mod told;
mod watch;

pub use absorb::{MatrixState, MatrixSummary};
pub use cells::is_quoted_number;
pub use fast::ScanBuffers;
pub use layout::{
    AttributeLines, FirstNames, GctFacts, HeaderAgain, MatrixKind, MatrixLayout, Miscount, Second,
};
pub use scan::MatrixPartial;
pub use stray::Stray;
pub use watch::RowWatch;

#[cfg(test)]
#[path = "matrix/fast_tests.rs"]
mod fast_tests;
