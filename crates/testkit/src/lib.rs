//! Generators for tests. Nothing that is shipped depends on it.

pub mod matrix;
pub mod pack;
pub mod random;

pub use matrix::Matrix;
pub use random::Random;
