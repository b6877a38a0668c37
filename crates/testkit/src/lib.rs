//! Generators for tests. Nothing that is shipped depends on it.

pub mod large;
pub mod matrix;
pub mod pack;
pub mod peak;
pub mod random;

pub use matrix::Matrix;
pub use random::Random;
