//! Grammars of the files that ODM takes. Bytes in, structure out: no I/O and no threads.

pub mod lines;

pub use lines::{Line, Lines, Terminator, fields};
