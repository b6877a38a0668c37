//! The columns of a cells file that ODM reads in a way of their own.

use odmkit_columns::number::is_number;

/// A column with values of a certain kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellColumn {
    /// `nCounts`: integers.
    Count,
    /// `percentMito`: numbers.
    Percent,
    /// `umap`, `tsne`, `pca`: numbers with commas between them, of which ODM keeps so many.
    Embedding {
        /// The dimensions that ODM keeps.
        limit: usize,
    },
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum CellFault {
    NotAnInteger,
    NotANumber,
    NotNumbers,
    OneDimension,
    PastLimit,
}

/// The names that ODM knows beside `barcode` and `batch`.
pub(super) const NAMES: [&str; 7] = [
    "cellType",
    "cluster",
    "nCounts",
    "percentMito",
    "umap",
    "tsne",
    "pca",
];

/// The header of an empty cells table: the columns that ODM knows. No template has a say in it.
pub fn blank_columns() -> impl Iterator<Item = &'static str> {
    ["barcode", "batch"].into_iter().chain(NAMES)
}

/// What these columns are called elsewhere. ODM's own pipeline for HDF5 files understands them; the import of a
/// table does not.
const ALIASES: [(&str, &str); 25] = [
    ("celltype", "cellType"),
    ("cell_type", "cellType"),
    ("clusters", "cluster"),
    ("seurat_clusters", "cluster"),
    ("n_counts", "nCounts"),
    ("ncount", "nCounts"),
    ("n_count", "nCounts"),
    ("ncount_rna", "nCounts"),
    ("total_counts", "nCounts"),
    ("percent_mito", "percentMito"),
    ("percent.mito", "percentMito"),
    ("percent_mt", "percentMito"),
    ("percent.mt", "percentMito"),
    ("pct_counts_mt", "percentMito"),
    ("mito_percent", "percentMito"),
    ("x_umap", "umap"),
    ("t_sne", "tsne"),
    ("t-sne", "tsne"),
    ("x_tsne", "tsne"),
    ("x_pca", "pca"),
    ("barcodes", "barcode"),
    ("batches", "batch"),
    // The keys of the tables to which `batch` refers.
    ("sample source id", "batch"),
    ("library id", "batch"),
    ("preparation id", "batch"),
];

/// The name that stands for another tool's name.
pub(super) fn alias(found: &str) -> Option<&'static str> {
    let found = found.to_ascii_lowercase();
    ALIASES
        .iter()
        .find(|(alias, _)| *alias == found)
        .map(|(_, name)| *name)
}

impl CellColumn {
    /// How the values of the column of this name are read.
    pub(super) fn find(name: &str) -> Option<Self> {
        match name {
            "nCounts" => Some(Self::Count),
            "percentMito" => Some(Self::Percent),
            "umap" | "tsne" => Some(Self::Embedding { limit: 3 }),
            "pca" => Some(Self::Embedding { limit: 100 }),
            _ => None,
        }
    }

    /// What is wrong with a trimmed value that is not blank, if anything.
    pub(super) fn judge(self, value: &[u8]) -> Option<CellFault> {
        match self {
            Self::Count => {
                let digits = value
                    .strip_prefix(b"-")
                    .or_else(|| value.strip_prefix(b"+"))
                    .unwrap_or(value);
                let whole = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
                (!whole).then_some(CellFault::NotAnInteger)
            }
            Self::Percent => (!is_number(value)).then_some(CellFault::NotANumber),
            Self::Embedding { limit } => {
                let mut dimensions = 0;
                for part in value.split(|byte| *byte == b',') {
                    if !is_number(part.trim_ascii()) {
                        return Some(CellFault::NotNumbers);
                    }
                    dimensions += 1;
                }
                match dimensions {
                    1 => Some(CellFault::OneDimension),
                    many if many > limit => Some(CellFault::PastLimit),
                    _ => None,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_held_to_their_column() {
        let judge =
            |name, value: &str| CellColumn::find(name).and_then(|column| column.judge(value.as_bytes()));
        assert_eq!(judge("nCounts", "1200"), None);
        assert_eq!(judge("nCounts", "1200.0"), Some(CellFault::NotAnInteger));
        assert_eq!(judge("percentMito", "0.5"), None);
        assert_eq!(judge("percentMito", "5%"), Some(CellFault::NotANumber));
        assert_eq!(judge("umap", "1.5, -2"), None);
        assert_eq!(judge("umap", "1.5"), Some(CellFault::OneDimension));
        assert_eq!(judge("tsne", "1,x"), Some(CellFault::NotNumbers));
        assert_eq!(judge("tsne", "1,2,3,4"), Some(CellFault::PastLimit));
        assert_eq!(judge("pca", &vec!["1"; 100].join(",")), None);
        assert_eq!(
            judge("pca", &vec!["1"; 101].join(",")),
            Some(CellFault::PastLimit)
        );
        assert_eq!(judge("cellType", "anything"), None);
    }

    #[test]
    fn aliases_lead_to_names_that_are_known() {
        for (alias, name) in ALIASES {
            assert!(
                NAMES.contains(&name) || ["barcode", "batch"].contains(&name),
                "{alias}"
            );
            assert_eq!(alias, alias.to_ascii_lowercase());
        }
        assert_eq!(alias("X_umap"), Some("umap"));
        assert_eq!(alias("umap"), None);
    }
}
