//! What a file is to ODM, how it is laid out, and how it is packed.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// What a file is to ODM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// One record that describes a study.
    Study,
    /// A table of samples, keyed by `Sample Source ID`.
    Samples,
    /// A table of libraries, keyed by `Library ID`.
    Libraries,
    /// A table of preparations, keyed by `Preparation ID`.
    Preparations,
    /// A table of cells, keyed by `barcode`.
    Cells,
    /// A matrix of measurements: GCT, or a tabular data frame.
    Expression,
    /// One record that describes a data file.
    ExpressionMetadata,
    /// Variant calls (VCF).
    Variant,
    /// Gated flow cytometry (FACS).
    FlowCytometry,
    /// A gene to transcript cross-reference.
    Mapping,
}

impl FileKind {
    /// Every kind, in the order in which ODM's objects depend on each other.
    pub const ALL: [Self; 10] = [
        Self::Study,
        Self::Samples,
        Self::Libraries,
        Self::Preparations,
        Self::Cells,
        Self::Expression,
        Self::ExpressionMetadata,
        Self::Variant,
        Self::FlowCytometry,
        Self::Mapping,
    ];

    /// Whether a file of this kind holds one record, whatever it is of.
    pub const fn has_one_record(self) -> bool {
        matches!(self, Self::Study | Self::ExpressionMetadata)
    }

    /// The name used on the command line, in manifests and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Samples => "samples",
            Self::Libraries => "libraries",
            Self::Preparations => "preparations",
            Self::Cells => "cells",
            Self::Expression => "expression",
            Self::ExpressionMetadata => "expression-metadata",
            Self::Variant => "variant",
            Self::FlowCytometry => "flow-cytometry",
            Self::Mapping => "mapping",
        }
    }

    /// The attribute that identifies a record of this kind, where the kind has one.
    pub const fn key_attribute(self) -> Option<&'static str> {
        match self {
            Self::Samples => Some("Sample Source ID"),
            Self::Libraries => Some("Library ID"),
            Self::Preparations => Some("Preparation ID"),
            Self::Cells => Some("barcode"),
            _ => None,
        }
    }

    /// What one record of a table of this kind is called.
    pub const fn record(self) -> &'static str {
        match self {
            Self::Samples => "sample",
            Self::Libraries => "library",
            Self::Preparations => "preparation",
            Self::Cells => "cell",
            _ => "record",
        }
    }

    /// Whether the file is a metadata table whose attributes a template judges.
    pub const fn is_metadata(self) -> bool {
        matches!(
            self,
            Self::Study | Self::Samples | Self::Libraries | Self::Preparations | Self::ExpressionMetadata
        )
    }

    /// Whether the file holds measurements that hang on samples, libraries, preparations or cells.
    pub const fn is_data(self) -> bool {
        matches!(self, Self::Expression | Self::Variant | Self::FlowCytometry)
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for FileKind {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or(UnknownName)
    }
}

/// The text names nothing of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownName;

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a known name")
    }
}

impl std::error::Error for UnknownName {}

/// How the text of a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum DataFormat {
    /// GCT version 1.2, the one that ODM takes.
    #[serde(rename = "gct-1.2")]
    Gct12,
    /// GCT version 1.3, with row and column metadata inside.
    #[serde(rename = "gct-1.3")]
    Gct13,
    /// Tab-separated text with one header line.
    #[serde(rename = "tsv")]
    Tsv,
    /// Variant Call Format.
    #[serde(rename = "vcf")]
    Vcf,
    /// ODM's long table of gated flow cytometry.
    #[serde(rename = "facs")]
    Facs,
}

impl DataFormat {
    /// Every layout.
    pub const ALL: [Self; 5] = [Self::Gct12, Self::Gct13, Self::Tsv, Self::Vcf, Self::Facs];

    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gct12 => "gct-1.2",
            Self::Gct13 => "gct-1.3",
            Self::Tsv => "tsv",
            Self::Vcf => "vcf",
            Self::Facs => "facs",
        }
    }

    /// Whether this is GCT of either version.
    pub const fn is_gct(self) -> bool {
        matches!(self, Self::Gct12 | Self::Gct13)
    }
}

impl fmt::Display for DataFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How the bytes of a file are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Plain text.
    #[default]
    None,
    /// One or more gzip members.
    Gzip,
    /// Gzip in independent blocks (BGZF).
    Bgzf,
    /// A zip archive with one member.
    Zip,
    /// Brotli. It has no signature: the name `.br` tells, or that what is no text unpacks to one.
    Brotli,
    /// LZ4 frames.
    Lz4,
    /// Zstandard frames.
    Zstd,
}

impl Compression {
    /// Every packing.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Gzip,
        Self::Bgzf,
        Self::Zip,
        Self::Brotli,
        Self::Lz4,
        Self::Zstd,
    ];

    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Bgzf => "bgzf",
            Self::Zip => "zip",
            Self::Brotli => "brotli",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
