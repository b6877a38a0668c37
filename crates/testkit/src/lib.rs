//! Generators for tests. Nothing that is shipped depends on it.

pub mod matrix;

pub use matrix::Matrix;
