//! The kinds of import, as the endpoints name them.

use serde::{Deserialize, Serialize};

/// What an import brings; each kind has its own endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportKind {
    /// One study.
    Study,
    /// A table of samples.
    Samples,
    /// A table of libraries.
    Libraries,
    /// A table of preparations.
    Preparations,
    /// A table of cells.
    Cells,
    /// A matrix of measurements.
    Expression,
    /// Variant calls.
    Variant,
    /// Gated flow cytometry.
    FlowCytometry,
    /// Any file, attached to a study.
    File,
    /// A cross-reference, which is made without a job.
    Mapping,
}

impl ImportKind {
    const ALL: [Self; 10] = [
        Self::Study,
        Self::Samples,
        Self::Libraries,
        Self::Preparations,
        Self::Cells,
        Self::Expression,
        Self::Variant,
        Self::FlowCytometry,
        Self::File,
        Self::Mapping,
    ];

    /// The name in the endpoint's path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Samples => "samples",
            Self::Libraries => "libraries",
            Self::Preparations => "preparations",
            Self::Cells => "cells",
            Self::Expression => "expression",
            Self::Variant => "variant",
            Self::FlowCytometry => "flow-cytometry",
            Self::File => "file",
            Self::Mapping => "mapping",
        }
    }

    /// The word for a group of this kind in the link endpoints' paths.
    pub(crate) const fn link_word(self) -> Option<&'static str> {
        match self {
            Self::Study => Some("study"),
            Self::Samples => Some("sample"),
            Self::Libraries => Some("library"),
            Self::Preparations => Some("preparation"),
            Self::Cells => Some("cell"),
            Self::Expression => Some("expression"),
            Self::Variant => Some("variant"),
            Self::FlowCytometry => Some("flow-cytometry"),
            Self::File | Self::Mapping => None,
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(crate) fn from_link_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.link_word() == Some(word))
    }

    /// Whether the import is one metadata table, named by `metadataLink`.
    pub(crate) const fn is_metadata(self) -> bool {
        matches!(
            self,
            Self::Study | Self::Samples | Self::Libraries | Self::Preparations
        )
    }

    /// The attribute by which others are linked to a group of this kind.
    pub(crate) const fn key(self) -> Option<&'static str> {
        match self {
            Self::Samples => Some("Sample Source ID"),
            Self::Libraries => Some("Library ID"),
            Self::Preparations => Some("Preparation ID"),
            Self::Cells => Some("barcode"),
            _ => None,
        }
    }

    /// What ODM calls the job.
    pub(crate) const fn job_name(self) -> &'static str {
        match self {
            Self::Study => "IMPORT_STUDY_TSV",
            Self::Samples => "IMPORT_SAMPLES_TSV",
            Self::Libraries => "IMPORT_LIBRARIES_TSV",
            Self::Preparations => "IMPORT_PREPARATIONS_TSV",
            Self::Cells => "IMPORT_CELLS_TSV",
            Self::Expression => "IMPORT_EXPRESSION",
            Self::Variant => "IMPORT_VARIANT",
            Self::FlowCytometry => "IMPORT_FLOW_CYTOMETRY",
            Self::File => "IMPORT_FILE",
            Self::Mapping => "IMPORT_MAPPING",
        }
    }

    /// The key of the accession in a job's result.
    pub(crate) const fn result_key(self) -> &'static str {
        match self {
            Self::Study | Self::File => "accession",
            _ => "groupAccession",
        }
    }
}
