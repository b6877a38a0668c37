//! What a template says of one attribute.

use std::fmt;
use std::sync::Arc;

use odmkit_core::FileKind;

/// One attribute of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The kind of object that carries it.
    pub data_type: DataType,
    /// Its name, compared letter by letter. A `/` groups attributes under a heading.
    pub name: Arc<str>,
    /// What its values are.
    pub value_type: ValueType,
    /// Whether each record needs a value.
    pub required: bool,
    /// Whether ODM's editor refuses to change it. It says nothing about imports.
    pub read_only: bool,
    /// The dictionary that its values come from.
    pub dictionary: Option<Arc<str>>,
    /// What it is for.
    pub description: Option<Arc<str>>,
}

impl Attribute {
    /// Whether ODM fills the attribute itself, whatever the file says.
    pub fn is_technical(&self) -> bool {
        // What ODM before 1.61 called the accession; a template of one's own may have a column of that name.
        let old_accession = &*self.name == "Accession" && self.read_only;
        old_accession || is_technical(&self.name, self.data_type)
    }
}

/// Whether ODM fills an attribute of this name itself.
pub fn is_technical(name: &str, data_type: DataType) -> bool {
    const DATA: [&str; 5] = [
        "Data Class",
        "Features (string)",
        "Features (numeric)",
        "Values (numeric)",
        "Values",
    ];
    name == ACCESSION || (data_type.is_data() && DATA.contains(&name))
}

/// The attribute that holds the accession of an object.
pub const ACCESSION: &str = "genestack:accession";

/// The kind of object that an attribute belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataType {
    /// A study.
    Study,
    /// A sample.
    Sample,
    /// A library.
    Library,
    /// A preparation.
    Preparation,
    /// A group of data frame columns: what the metadata file of an expression file describes.
    TranscriptomicsParent,
    /// A variant file.
    GenomicsParent,
    /// A flow cytometry file.
    FacsParent,
    /// One column of a data frame. The default template has no attributes of this type.
    TranscriptomicsObject,
    /// One sample of a variant file. The default template has no attributes of this type.
    GenomicsObject,
    /// One sample of a flow cytometry file. The default template has no attributes of this type.
    FacsObject,
}

impl DataType {
    /// Every data type that a template may name.
    pub const ALL: [Self; 10] = [
        Self::Study,
        Self::Sample,
        Self::Library,
        Self::Preparation,
        Self::TranscriptomicsParent,
        Self::GenomicsParent,
        Self::FacsParent,
        Self::TranscriptomicsObject,
        Self::GenomicsObject,
        Self::FacsObject,
    ];

    /// The name in ODM's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Sample => "genestack:sampleObject",
            Self::Library => "genestack:libraryObject",
            Self::Preparation => "genestack:preparationObject",
            Self::TranscriptomicsParent => "genestack:transcriptomicsParent",
            Self::GenomicsParent => "genestack:genomicsParent",
            Self::FacsParent => "genestack:facsParent",
            Self::TranscriptomicsObject => "genestack:transcriptomicsObject",
            Self::GenomicsObject => "genestack:genomicsObject",
            Self::FacsObject => "genestack:facsObject",
        }
    }

    /// The word that people use for it.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Sample => "sample",
            Self::Library => "library",
            Self::Preparation => "preparation",
            Self::TranscriptomicsParent | Self::TranscriptomicsObject => "expression",
            Self::GenomicsParent | Self::GenomicsObject => "variant",
            Self::FacsParent | Self::FacsObject => "flow cytometry",
        }
    }

    /// The data type with this name in ODM's JSON.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|data_type| data_type.name() == name)
    }

    /// The data type whose attributes judge a metadata file of this kind. `describes` is the kind of the data
    /// file that an expression-metadata file stands beside; without one it is taken for expression. Kinds that
    /// no template judges have none.
    pub const fn judging(kind: FileKind, describes: Option<FileKind>) -> Option<Self> {
        match kind {
            FileKind::Study => Some(Self::Study),
            FileKind::Samples => Some(Self::Sample),
            FileKind::Libraries => Some(Self::Library),
            FileKind::Preparations => Some(Self::Preparation),
            FileKind::ExpressionMetadata => Some(match describes {
                Some(FileKind::Variant) => Self::GenomicsParent,
                Some(FileKind::FlowCytometry) => Self::FacsParent,
                _ => Self::TranscriptomicsParent,
            }),
            FileKind::Cells
            | FileKind::Expression
            | FileKind::Variant
            | FileKind::FlowCytometry
            | FileKind::Mapping => None,
        }
    }

    /// Whether it describes data files or their columns.
    pub const fn is_data(self) -> bool {
        !matches!(
            self,
            Self::Study | Self::Sample | Self::Library | Self::Preparation
        )
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What the values of an attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueType {
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A date, or a date and time in UTC.
    DateTime,
    /// A URL.
    Link,
}

impl ValueType {
    /// Every value type.
    pub const ALL: [Self; 6] = [
        Self::Integer,
        Self::Decimal,
        Self::String,
        Self::Boolean,
        Self::DateTime,
        Self::Link,
    ];

    /// The name in ODM's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integer => "com.genestack.api.metainfo.IntegerValue",
            Self::Decimal => "com.genestack.api.metainfo.DecimalValue",
            Self::String => "com.genestack.api.metainfo.StringValue",
            Self::Boolean => "com.genestack.api.metainfo.BooleanValue",
            Self::DateTime => "com.genestack.api.metainfo.DateTimeValue",
            Self::Link => "com.genestack.api.metainfo.ExternalLink",
        }
    }

    /// The word that people use for it, with its article.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Integer => "an integer",
            Self::Decimal => "a number",
            Self::String => "text",
            Self::Boolean => "true or false",
            Self::DateTime => "a date",
            Self::Link => "a URL",
        }
    }

    /// The value type with this name in ODM's JSON.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value_type| value_type.name() == name)
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
