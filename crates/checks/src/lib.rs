//! The rules, and the checks that run them.
//!
//! A rule has one file under [`rules`], with its code, its words and the function that makes its findings.
//! The modules beside it look at files in the scopes that rules need. All that look at whole files work on
//! line-aligned blocks: a plan that threads share scans a block without knowing where it stands, and a state
//! takes the partial results in order and gives them their places.

pub mod block;
mod encoding;
pub mod facs;
pub mod frame;
pub mod gct;
pub mod header_line;
pub mod known;
pub mod links;
pub mod mapping;
pub mod matrix;
pub mod metadata;
mod names;
mod rows;
pub mod rules;
pub mod sources;
mod tally;
pub mod text;
mod unique;
pub mod values;
pub mod vcf;
mod wrapping;

pub use block::{BlockStart, Spot};
pub use encoding::windows_1252;
pub use names::twin_names;
pub use unique::Twins;
pub use wrapping::{Wrapping, Wrappings};
