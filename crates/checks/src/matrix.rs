//! The rows of a matrix: a GCT file of either version, or a data frame.

mod absorb;
mod fast;
mod features;
mod layout;
mod scan;
mod watch;

pub use absorb::{MatrixState, MatrixSummary};
pub use fast::ScanBuffers;
pub use layout::{MatrixKind, MatrixLayout};
pub use scan::MatrixPartial;
pub use watch::RowWatch;

#[cfg(test)]
#[path = "matrix/fast_tests.rs"]
mod fast_tests;
