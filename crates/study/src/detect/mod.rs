//! What a file is, told from its first bytes and its name.
//!
//! Content goes first: a GCT says so in its first line, a table of samples has a `Sample Source ID` column. Then
//! the names that people use are asked. What neither tells is [`Detected::Unknown`], to be asked for, not guessed.

pub mod foreign;
pub mod table;

mod by_content;
mod by_name;

use std::fmt;

use odmkit_core::{DataFormat, FileKind};

pub(crate) use by_content::FEATURES;
pub use foreign::Foreign;
pub use table::Table;

use crate::head::Head;

/// What a file is, and what says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// What it is.
    pub detected: Detected,
    /// What says so, as half a sentence: "the first line says `#1.2`".
    pub because: String,
    /// For a file that describes a data file: the name of that file, where it lies beside it.
    pub describes: Option<String>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detected {
    /// A file for ODM.
    Known {
        /// What it is to ODM.
        kind: FileKind,
        /// How it is laid out.
        format: DataFormat,
    },
    /// Certainly another format.
    NotThisKind(Foreign),
    /// It cannot be told.
    Unknown(Unclear),
}

/// Why it cannot be told what a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unclear {
    /// There are no bytes, or blank lines only.
    Empty,
    /// It is a table, and neither its columns nor its name say of what.
    SomeTable,
    /// The columns fit two kinds of table, and the name fits neither.
    TwoKinds(FileKind, FileKind),
    /// The first line is not a header: it looks like the rows under it.
    NoHeader,
    /// It begins with comment lines, which ODM does not know.
    Comments,
    /// Its first line is a single field, and those under it have several.
    Title,
    /// It is text without a tab in it.
    NoTable,
}

impl Detection {
    /// The kind, where it is known.
    pub const fn kind(&self) -> Option<FileKind> {
        match self.detected {
            Detected::Known { kind, .. } => Some(kind),
            _ => None,
        }
    }

    /// The format, where the kind is known.
    pub const fn format(&self) -> Option<DataFormat> {
        match self.detected {
            Detected::Known { format, .. } => Some(format),
            _ => None,
        }
    }

    fn known(kind: FileKind, format: DataFormat, because: impl Into<String>) -> Self {
        Self {
            detected: Detected::Known { kind, format },
            because: because.into(),
            describes: None,
        }
    }

    fn unknown(unclear: Unclear) -> Self {
        Self {
            detected: Detected::Unknown(unclear),
            because: unclear.to_string(),
            describes: None,
        }
    }
}

impl Unclear {
    /// What is to be done about the file, where saying its kind is not enough.
    pub const fn help(self) -> Option<&'static str> {
        match self {
            Self::Empty | Self::SomeTable | Self::TwoKinds(..) => None,
            Self::NoHeader => Some("write a line with the names of the columns above the rows"),
            Self::Comments | Self::Title => {
                Some("delete the lines above the one with the names of the columns")
            }
            Self::NoTable => Some(
                "export it with a tab between the columns; a text of another sort can be listed in study.toml as an attachment",
            ),
        }
    }
}

impl fmt::Display for Unclear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::SomeTable => f.write_str("it is a table, but neither its columns nor its name say of what"),
            Self::TwoKinds(one, other) => write!(f, "its columns fit both {one} and {other}"),
            Self::NoHeader => {
                f.write_str("the first line holds numbers like the lines under it: there is no header")
            }
            Self::Comments => f.write_str("it begins with comment lines, which ODM does not take"),
            Self::Title => f.write_str("its first line is a title, and not the names of the columns"),
            Self::NoTable => f.write_str("it is text, but not a table with tabs"),
        }
    }
}

/// Tells what a file is from its name, its first bytes, and the names of the files beside it.
///
/// # Example
///
/// ```
/// use odmkit_core::FileKind;
/// use odmkit_study::{Head, detect};
///
/// let head = Head::whole("Sample Source ID\tSex\nS1\tfemale\n");
/// let detection = detect("table.tsv", &head, &[]);
/// assert_eq!(detection.kind(), Some(FileKind::Samples));
/// assert_eq!(detection.because, "it has a `Sample Source ID` column");
/// ```
pub fn detect(name: &str, head: &Head, beside: &[String]) -> Detection {
    if let Some(foreign) = Foreign::of(&head.bytes) {
        return Detection {
            detected: Detected::NotThisKind(foreign),
            because: format!("its content is {foreign}"),
            describes: None,
        };
    }
    let Some(table) = Table::read(&head.bytes, head.whole) else {
        return Detection::unknown(Unclear::Empty);
    };
    by_content::certain(name, &table)
        .or_else(|| by_name::said(name, &table, beside))
        .or_else(|| by_content::frame(&table))
        .or_else(|| by_name::allowed(name, &table, beside))
        .or_else(|| by_content::likely(&table))
        .or_else(|| by_content::frame_below_title(&table))
        .unwrap_or_else(|| Detection::unknown(by_content::unclear(&table)))
}

/// What a text is that says so by how it begins.
pub fn by_first_line(text: &[u8]) -> Option<(FileKind, &'static str)> {
    const BEGINNINGS: [(&[u8], FileKind, &str); 3] = [
        (b"#1.2", FileKind::Expression, "a GCT matrix"),
        (b"#1.3", FileKind::Expression, "a GCT matrix"),
        (b"##fileformat=VCF", FileKind::Variant, "a VCF file"),
    ];
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    BEGINNINGS
        .into_iter()
        .find(|(beginning, ..)| text.starts_with(beginning))
        .map(|(_, kind, what)| (kind, what))
}

/// What a file is by its name alone, for files that cannot be read now, such as those behind a URL.
pub fn detect_by_name(name: &str) -> Option<(FileKind, DataFormat)> {
    let kind = crate::names::is_metadata_of_a_data_file(name)
        .then_some(FileKind::ExpressionMetadata)
        .or_else(|| crate::names::kind_by_ending(name))
        .or_else(|| crate::names::kind_by_word(name))?;
    Some((kind, by_name::format(name, kind)))
}

#[cfg(test)]
#[path = "detect_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "corpus_tests.rs"]
mod corpus;
