//! ODM's data classes: what a data file measures.
//!
//! Source: the 1.64 API's list for expression and attached files; versions from the release notes.

use std::fmt;

/// One of ODM's data classes, spelt as ODM spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DataClass {
    /// The exact name: ODM compares it letter by letter.
    pub name: &'static str,
    /// The ODM version that brought it, as major and minor; `None` where it has always been there.
    pub since: Option<(u16, u16)>,
    /// Whether the class is for data frames, as opposed to attachments only.
    pub indexed: bool,
}

const fn class(name: &'static str) -> DataClass {
    DataClass {
        name,
        since: None,
        indexed: true,
    }
}

const fn since(name: &'static str, minor: u16) -> DataClass {
    DataClass {
        name,
        since: Some((1, minor)),
        indexed: true,
    }
}

impl DataClass {
    /// The class of every GCT file.
    pub const BULK_TRANSCRIPTOMICS: &'static str = "Bulk transcriptomics";

    /// Every data class of ODM 1.64, in ODM's order.
    pub const ALL: [Self; 28] = [
        class(Self::BULK_TRANSCRIPTOMICS),
        class("Single-cell transcriptomics"),
        class("Differential abundance (FC, pval, etc.)"),
        class("Pathway analysis"),
        class("Proteomics"),
        class("Single-cell proteomics"),
        class("Metabolomics"),
        since("Lipidomics", 58),
        class("Epigenomics"),
        class("DNA methylation"),
        class("Chemoinformatics"),
        class("Imaging features"),
        class("Gene panel data"),
        class("Biomarker data"),
        class("Physical measures"),
        class("Blood counts"),
        class("Other body fluid counts"),
        since("Long-read sequencing (Nanopore, PacBio)", 62),
        since("Flow Cytometry (FCS)", 59),
        since("Spatial transcriptomics", 62),
        since("Phenomics", 62),
        since("Copy number alterations", 62),
        since("Microbiome / Metagenomics", 62),
        since("Immune repertoire", 62),
        since("Genetic screens (CRISPR / RNAi)", 62),
        since("Cell imaging", 62),
        DataClass {
            name: "Document",
            since: Some((1, 59)),
            indexed: false,
        },
        DataClass {
            name: "Other",
            since: None,
            indexed: false,
        },
    ];

    /// The class of exactly this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name == name)
    }
}

impl fmt::Display for DataClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}
