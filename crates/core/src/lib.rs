//! The nouns that every other crate speaks in, with their units.
//!
//! Nothing here does I/O. A bare `usize` never stands for a line, a row, a column or a byte in a public
//! signature of this workspace: the type says what is counted and from where.

pub mod data_class;
pub mod kind;
pub mod position;
pub mod redact;

pub use data_class::DataClass;
pub use kind::{Compression, DataFormat, FileKind};
pub use position::{ByteOffset, FieldNumber, LineNumber, Position};
