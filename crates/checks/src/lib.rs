//! The rules, and the checks that run them.
//!
//! A rule has one file under [`rules`], with its code, its words and the function that makes its findings.
//! The modules beside it look at files in the scopes that rules need: the bytes of any text (the module `text`), the
//! table that every kind has (`table`), and what is particular to a kind. All of them work on line-aligned
//! blocks: a plan that is shared by threads scans a block without knowing where it stands, and a state takes
//! the partial results in order and gives them their places.

pub mod block;
pub mod rules;

pub use block::BlockStart;
