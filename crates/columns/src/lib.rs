//! What a cell of a matrix may be, and typed columns.
//!
//! The grammar of numbers and the missing tokens are decided here, in one place each; no other crate's notion of
//! a number has a say.

pub mod batch;
pub mod cell;
pub mod kernel;
pub mod missing;
pub mod number;
pub mod rows;
pub mod short;
mod turn;
