//! The rows of a matrix: a GCT file of either version, or a data frame.

mod absorb;
mod features;
mod layout;
mod scan;

pub use absorb::{MatrixState, MatrixSummary};
pub use layout::{MatrixKind, MatrixLayout};
pub use scan::MatrixPartial;
