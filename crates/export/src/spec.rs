//! What is to be written, and how.

use std::num::NonZeroUsize;
use std::ops::Range;

use arrow_schema::DataType;

/// How rows and columns are laid out in the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// One row per feature, one column per value column.
    Wide,
    /// One row per value.
    Long,
    /// One row per feature, its values together in one list.
    Matrix,
}

impl Layout {
    /// The number of value columns up to which [`Layout::Wide`] is the layout to choose.
    pub const WIDE_LIMIT: usize = 2_000;

    /// How many value columns a tile has where nobody asks for another width.
    pub const TILE: NonZeroUsize = NonZeroUsize::new(256).expect("it is not zero");

    /// The layout that reads back best for a table of this width: beyond the limit, in tiles of [`Self::TILE`].
    pub const fn for_columns(columns: usize) -> Self {
        if columns <= Self::WIDE_LIMIT {
            Self::Wide
        } else {
            Self::Matrix
        }
    }

    /// The name used on the command line and in the schema metadata.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Long => "long",
            Self::Matrix => "matrix",
        }
    }
}

/// The file format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC file (Feather version 2).
    Arrow,
    /// GCT 1.2 text.
    Gct,
    /// Tab-separated text.
    Tsv,
}

impl Container {
    /// The name used on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
            Self::Gct => "gct",
            Self::Tsv => "tsv",
        }
    }
}

/// How the blocks of a Parquet or Arrow file are compressed. Text outputs are not compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// Zstandard at this level, 1 to 22.
    Zstd(u8),
    /// Snappy. Arrow files do not know it.
    Snappy,
    /// LZ4: raw blocks in Parquet, frames in Arrow.
    Lz4,
    /// No compression.
    None,
}

impl Codec {
    /// The level that the peers use when told nothing.
    pub const DEFAULT: Self = Self::Zstd(3);

    /// The name used on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zstd(_) => "zstd",
            Self::Snappy => "snappy",
            Self::Lz4 => "lz4",
            Self::None => "none",
        }
    }
}

/// How many bits a value keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// The double as it was read.
    F64,
    /// The single nearest to the double, ties to even. It was rounded twice, first from the text and then from
    /// the double, so in rare cases it is not the single nearest to the text; a double too large for a single
    /// becomes an infinity.
    F32,
}

impl ValueType {
    /// The Arrow type of a value.
    pub const fn data_type(self) -> DataType {
        match self {
            Self::F64 => DataType::Float64,
            Self::F32 => DataType::Float32,
        }
    }
}

/// One value column of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueColumn {
    /// The name of the column, as the wide layout writes it.
    pub name: String,
    /// The place of its sample in [`TableMeta::samples`].
    pub sample: usize,
    /// The place of its measurement in [`TableMeta::measurements`]; 0 where there are none.
    pub measurement: usize,
}

/// What the output says about itself, and what its columns are called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableMeta {
    /// The version of the program.
    pub version: String,
    /// The kind of the input, such as `expression`.
    pub kind: String,
    /// The file name of the input, without its folder.
    pub source: String,
    /// The size of the input as it was given.
    pub source_bytes: u64,
    /// The feature columns, and whether each holds numbers.
    pub feature_attributes: Vec<(String, bool)>,
    /// The samples.
    pub samples: Vec<String>,
    /// The measurements, when each sample has several.
    pub measurements: Vec<String>,
    /// ODM's data class, where known.
    pub data_class: Option<String>,
    /// The value columns, in the order of the batches.
    pub columns: Vec<ValueColumn>,
}

impl TableMeta {
    /// The value columns of a table that has one column per sample.
    pub fn columns_of_samples(samples: &[String]) -> Vec<ValueColumn> {
        let column = |(sample, name): (usize, &String)| ValueColumn {
            name: name.clone(),
            sample,
            measurement: 0,
        };
        samples.iter().enumerate().map(column).collect()
    }

    /// Whether a sample has several values per feature.
    pub fn several_measurements(&self) -> bool {
        self.measurements.len() > 1
    }
}

/// What is to be written, and within which bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportSpec {
    /// Rows, columns or lists.
    pub layout: Layout,
    /// The file format.
    pub container: Container,
    /// The compression of blocks.
    pub codec: Codec,
    /// The precision of values.
    pub values: ValueType,
    /// Long layout only: leave out the rows whose value is zero.
    pub skip_zeros: bool,
    /// Matrix layout only: cut each row into lists of so many values, the last of which may be shorter.
    pub tile: Option<NonZeroUsize>,
    /// Names and provenance.
    pub meta: TableMeta,
    /// Bytes that the writer may hold, its waiting rows and its encoded blocks included. A single row is always
    /// accepted, however long.
    pub memory_budget: usize,
    /// Threads that encode.
    pub threads: usize,
    /// Whether an existing file may be replaced.
    pub overwrite: bool,
    /// The number of rows to expect, where the input states it. GCT states it at its head: a right guess saves
    /// writing the file twice, a wrong one costs only that.
    pub expected_rows: Option<u64>,
}

impl ExportSpec {
    /// Wide Parquet, or the layout fit for the number of columns, with the defaults of the command line.
    pub fn new(meta: TableMeta) -> Self {
        Self {
            layout: Layout::for_columns(meta.columns.len()),
            container: Container::Parquet,
            codec: Codec::DEFAULT,
            values: ValueType::F64,
            skip_zeros: false,
            tile: None,
            meta,
            memory_budget: 1 << 30,
            threads: 1,
            overwrite: false,
            expected_rows: None,
        }
    }

    /// The value columns of each list of the matrix layout: all together, or a tile at a time.
    pub fn lists(&self) -> Vec<Range<usize>> {
        let columns = self.meta.columns.len();
        let width = self
            .tile
            .map_or(columns, NonZeroUsize::get)
            .clamp(1, columns.max(1));
        let firsts = (0..columns).step_by(width);
        firsts.map(|first| first..columns.min(first + width)).collect()
    }
}
