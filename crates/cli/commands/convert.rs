//! `odmkit convert`: matrices and tables as Parquet or Arrow.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use odmkit_export::{Codec, Container, Layout, ValueType};

use crate::what::What;

/// Writes matrices and metadata tables as Parquet or Arrow
#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// Files, or directories of them
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,

    #[command(flatten)]
    target: Target,

    /// The file format [default: from the name of the output, else parquet]
    #[arg(long, value_name = "FORMAT")]
    to: Option<To>,

    /// One row per feature and a column per sample (wide), a row per value (long), or a row per feature with its
    /// values in one list (matrix) [default: wide up to 2,000 value columns, else matrix]
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<LayoutName>,

    /// The precision of values
    #[arg(long, value_name = "TYPE", default_value = "f64")]
    values: Values,

    /// The compression inside the file
    #[arg(long, value_name = "CODEC", default_value = "zstd")]
    compression: Compression,

    /// Leave out values that are zero; long layout only
    #[arg(long)]
    skip_zeros: bool,

    /// Convert files with errors too
    #[arg(long)]
    no_check: bool,

    /// Replace outputs that exist
    #[arg(long)]
    overwrite: bool,

    #[command(flatten)]
    what: What,
}

/// Where the outputs go.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
struct Target {
    /// Write the one output to FILE
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write an output per input into DIR
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    Parquet,
    Arrow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LayoutName {
    Wide,
    Long,
    Matrix,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Values {
    F64,
    F32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Compression {
    Zstd,
    Snappy,
    Lz4,
    None,
}
