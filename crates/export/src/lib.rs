//! Parquet, Arrow IPC, GCT and TSV writers.
//!
//! [`Exporter`] takes the batches of one matrix and writes one file, in one of three [`Layout`]s, under its final
//! name only when it is complete.

mod arrow;
mod atomic;
mod error;
mod exporter;
mod leaf;
mod ordered;
mod parquet;
mod plan;
mod read;
mod read_long;
mod rows;
pub mod schema;
mod spec;
mod strips;
mod table;
mod text;
mod word;
mod zstandard;

pub use error::{ExportError, Unsupported};
pub use exporter::{Exporter, Sealed, Written};
pub use read::MatrixReader;
pub use spec::{Codec, Container, ExportSpec, Layout, TableMeta, ValueColumn, ValueType};
pub use table::{ColumnType, Demoted, TableColumn, TableSpec, TableWritten, export_table};
