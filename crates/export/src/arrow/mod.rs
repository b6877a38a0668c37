//! Arrow IPC files (Feather version 2).
//!
//! The messages are put together here, because the library's writer encodes and compresses one column after
//! another on one thread.

mod body;
mod message;
mod writer;

pub(crate) use writer::ArrowWriter;
