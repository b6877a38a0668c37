//! What the header of a matrix says about its rows.

use std::sync::Arc;

use odmkit_columns::cell::{self, Cell};
use odmkit_core::{LineNumber, Position};
use odmkit_formats::{HeaderLine, Name};

/// Which grammar the rows follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatrixKind {
    /// GCT: empty cells are missing values, names are unique.
    Gct,
    /// A data frame: ODM's missing tokens, any number of feature columns.
    Frame,
}

/// What the second column of a GCT file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Second {
    /// Plainly the description, whatever it is called.
    #[default]
    Description,
    /// Plainly a sample: there is no description.
    Sample,
    /// Either.
    Unclear,
}

/// First names that the header of a GCT file lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FirstNames {
    /// None of them.
    #[default]
    Neither,
    /// `Name`.
    Name,
    /// `Description`.
    Description,
    /// Both.
    Both,
}

impl FirstNames {
    /// How many fields more the header has with them than without, where nothing of them is there.
    pub const fn count(self) -> usize {
        match self {
            Self::Neither => 0,
            Self::Name | Self::Description => 1,
            Self::Both => 2,
        }
    }
}

/// Lines of GCT 1.3 that may be others than its figures say. Whether they are, the number of rows shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AttributeLines {
    /// The number of lines of sample attributes that is declared, and where.
    pub figure: Option<(u64, Position)>,
    /// The last of these lines, so many from this one on, look like rows.
    pub rows: Option<(u64, LineNumber)>,
    /// The first rows, so many from this line on, look like further sample attributes.
    pub more: Option<(u64, LineNumber)>,
}

/// Lines of GCT 1.3 that are others than its figures say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Miscount {
    /// So many lines that count as sample attributes, from the `first` on, are rows.
    Rows {
        /// How many.
        count: u64,
        /// The first of them.
        first: LineNumber,
    },
    /// So many lines that count as rows, from the `first` on, are sample attributes.
    Attributes {
        /// How many.
        count: u64,
        /// The first of them.
        first: LineNumber,
    },
}

/// What only the header of a GCT file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GctFacts {
    /// The number of samples that the file declares, and where, where it has another.
    pub wrong_samples: Option<(u64, Position)>,
    /// What the second column is.
    pub second: Second,
    /// Which of its first names the header lacks; it has them here all the same.
    pub lacking: FirstNames,
    /// What is not certain of sample attributes.
    pub attributes: AttributeLines,
    /// Quotes stand around fields throughout. The names are here without.
    pub quoted: bool,
}

/// How a header that stands among the rows once more is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderAgain {
    /// By the names of value columns, which are no values.
    BySamples,
    /// By the names of the columns that describe rows: others are numbers, or words for missing values.
    ByFeatures,
}

impl HeaderAgain {
    /// How the header with these names is known, of which the value columns begin at `from`.
    pub(crate) fn of(names: &HeaderLine, from: usize) -> Self {
        let values = names.fields.iter().skip(from).map(|name| name.text().as_bytes());
        let passes = |name: &[u8]| !name.is_empty() && cell::judge(name) != Cell::Text;
        if values.into_iter().any(passes) {
            Self::ByFeatures
        } else {
            Self::BySamples
        }
    }
}

/// What the header says about the rows. Threads share it while they scan.
#[derive(Debug, Clone)]
pub struct MatrixLayout {
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// Which grammar the rows follow.
    pub kind: MatrixKind,
    /// The line of column names.
    pub names: HeaderLine,
    /// How many of the columns, from the left, describe the feature.
    pub features: usize,
    /// Whether the second column is the description of a GCT 1.2 file.
    pub described: bool,
    /// Value columns that are known to hold text.
    pub text_columns: Vec<usize>,
    /// Value columns with the name and the text of another column.
    pub copies: Vec<usize>,
    /// Value columns that are known to hold text among their numbers.
    pub mixed_columns: Vec<usize>,
    /// The number of feature columns is a guess, or a wrong one: what would follow from it is not told, nor the text
    /// in columns before this one.
    pub doubtful_until: Option<usize>,
    /// How many columns seem to describe the feature, whatever number was given.
    pub seeming_features: Option<usize>,
    /// The line under the header, where it looks like a second header line.
    pub second_header: Option<LineNumber>,
    /// Whether a carriage return alone is no end of a line in this text, and cuts a row.
    pub returns_cut: bool,
    /// Whether each of the first rows has one field more than the header, as where R left out the name of the row names.
    pub has_row_names: bool,
    /// How the header is known where it stands among the rows once more.
    pub header_again: HeaderAgain,
    /// The number of rows that the file declares, and where.
    pub declared_rows: Option<(u64, Position)>,
    /// What only GCT files have.
    pub gct: GctFacts,
}

impl MatrixLayout {
    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.names.fields.len()
    }

    /// Whether all value columns hold text, so that no single one is to blame.
    pub fn is_all_text(&self) -> bool {
        self.text_columns.len() == self.value_columns().len()
    }

    /// The name of a column, by its 0-based index.
    pub fn name(&self, column: usize) -> &str {
        self.names.text(column)
    }

    /// The lines of sample attributes which, rightly counted, make up for the difference between this number of rows and the
    /// one that is declared.
    pub fn miscounted_attributes(&self, rows: u64) -> Option<Miscount> {
        let (declared, _) = self.declared_rows?;
        let AttributeLines {
            rows: above, more, ..
        } = self.gct.attributes;
        let above = above.filter(|(above, _)| rows.checked_add(*above) == Some(declared));
        let more = more.filter(|(more, _)| declared.checked_add(*more) == Some(rows));
        let above = above.map(|(count, first)| Miscount::Rows { count, first });
        above.or_else(|| more.map(|(count, first)| Miscount::Attributes { count, first }))
    }

    /// The value columns.
    pub fn value_columns(&self) -> &[Name] {
        self.names.fields.get(self.features..).unwrap_or_default()
    }
}
