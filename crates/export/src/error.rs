//! Why an output could not be written.

use std::io;
use std::path::{Path, PathBuf};

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;

/// Why an output could not be written or read back.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The target is there and may not be replaced.
    #[error("{} exists", path.display())]
    Exists {
        /// The target.
        path: PathBuf,
    },
    /// The disk, or the user's share of it, is full.
    #[error("no space is left to write {}", path.display())]
    OutOfSpace {
        /// The target.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Any other failure to write or read.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was being done, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The specification asks for what the format cannot hold.
    #[error("{0}")]
    Unsupported(#[from] Unsupported),
    /// A batch does not have the shape that the specification announced.
    #[error("a batch has {found} {what} where {expected} are expected")]
    Shape {
        /// What was counted.
        what: &'static str,
        /// How many the specification announced.
        expected: usize,
        /// How many the batch has.
        found: usize,
    },
    /// The file read back is not one of ours.
    #[error("{} is not a table written by odmkit: {missing} is missing", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        missing: &'static str,
    },
    /// The Parquet library refused.
    #[error("Parquet: {0}")]
    Parquet(ParquetError),
    /// The Arrow library refused.
    #[error("Arrow: {0}")]
    Arrow(ArrowError),
    /// A compressor refused a block, which it does only when memory runs out.
    #[error("the {0} compressor failed")]
    Compressor(&'static str),
    /// A thread of the writer panicked.
    #[error("a thread of the writer stopped unexpectedly")]
    Panicked,
}

/// A combination that no file can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// Arrow IPC knows zstd and LZ4 only.
    #[error("Arrow files cannot be compressed with Snappy: choose zstd, lz4 or none")]
    SnappyInArrow,
    /// Text has no lists.
    #[error("the matrix layout needs Parquet or Arrow: text files have no lists")]
    MatrixAsText,
    /// GCT is wide.
    #[error("GCT holds one column per sample: choose the wide layout")]
    LongAsGct,
    /// GCT has two feature columns.
    #[error("GCT holds two feature columns, Name and Description, and the input has {0}")]
    GctFeatures(usize),
    /// Lists and rows per value need values.
    #[error("the input has no value columns to put in lists or rows: choose the wide layout")]
    NoValues,
    /// Zeros can be left out only where each value has a row of its own.
    #[error("zeros can be left out in the long layout only")]
    SkipZeros,
    /// Tiles are lists.
    #[error("tiles are for the matrix layout only")]
    Tile,
    /// The level is outside zstd's range.
    #[error("zstd has levels 1 to 22, not {0}")]
    ZstdLevel(u8),
    /// Two columns of the output would have the same name.
    #[error("two columns of the output would have the same name")]
    DuplicateColumn,
    /// A value column refers to a sample or measurement that is not listed.
    #[error("a value column refers to a sample or measurement that is not listed")]
    ColumnKeys,
    /// A feature column came as another type than was announced.
    #[error("a feature column is not of the type that was announced")]
    FeatureType,
    /// The long layout of Arrow files keeps the distinct texts of each feature column until the end.
    #[error("the feature names do not fit the memory limit: choose Parquet, or raise the limit")]
    DictionaryTooLarge {
        /// A budget that is likely to be enough.
        budget: usize,
    },
    /// Metadata is text already.
    #[error("a metadata table is text already: choose Parquet or Arrow")]
    TableAsText,
    /// Text outputs are read back with the parser of inputs.
    #[error("a text output is read back as an input is")]
    TextBack,
    /// More row groups than a Parquet file can number.
    #[error("the table is too long for one Parquet file at this memory limit")]
    TooManyRowGroups,
    /// The length of a footer is a signed number of 32 bits.
    #[error(
        "the list of column chunks takes more than 2 GiB: choose the matrix layout, or raise the memory limit"
    )]
    FooterTooLarge,
}

impl ExportError {
    /// An I/O failure at `path`; a full disk has a message of its own.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::OutOfSpace { path, source }
            }
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            _ => Self::Io { action, path, source },
        }
    }

    /// A failure inside the Parquet library, which wraps I/O failures.
    pub(crate) fn parquet(action: &'static str, path: &Path, error: ParquetError) -> Self {
        match error {
            ParquetError::External(source) => match source.downcast::<io::Error>() {
                Ok(source) => Self::io(action, path, *source),
                Err(source) => Self::Parquet(ParquetError::External(source)),
            },
            other => Self::Parquet(other),
        }
    }
}
