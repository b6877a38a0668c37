//! What is wrong with a template, and where.

use std::fmt;

use crate::attribute::{DataType, ValueType};
use crate::json::{SyntaxError, TextPlace};

/// One violation of the template format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What is wrong.
    pub kind: ViolationKind,
    /// The JSON pointer of what is wrong; empty for the whole document.
    pub pointer: String,
    /// Where it stands.
    pub place: TextPlace,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ViolationKind {
    /// The text is not JSON.
    #[error("this is not JSON: {0}")]
    NotJson(SyntaxError),
    /// A byte order mark stands before the JSON.
    #[error("a byte order mark stands before the JSON")]
    ByteOrderMark,
    /// An array of other things than attributes.
    #[error("this is no template: none of its items has `dataType`, `metainfoType` and `isRequired`")]
    NotATemplate,
    /// A value of another JSON type.
    #[error("{expected} is wanted here, not {found}")]
    WrongType {
        /// What the schema wants.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// A key that every attribute needs.
    #[error("the attribute has no `{key}`")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// A key that the schema does not know.
    #[error("`{key}` is no key of a template attribute")]
    UnknownKey {
        /// The key.
        key: String,
        /// The key that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A key twice in one attribute.
    #[error("the key `{key}` stands twice in one attribute")]
    RepeatedKey {
        /// The key.
        key: String,
    },
    /// An unknown value type.
    #[error("`{found}` is no value type")]
    BadValueType {
        /// What is there.
        found: String,
        /// The value type that was probably meant.
        nearest: Option<ValueType>,
    },
    /// An unknown data type.
    #[error("`{found}` is no data type")]
    BadDataType {
        /// What is there.
        found: String,
        /// The data type that was probably meant.
        nearest: Option<DataType>,
    },
    /// The file holds no array.
    #[error("an array of attributes is wanted here, not {found}")]
    NotAnArray {
        /// What is there.
        found: &'static str,
        /// What that is.
        holds: Holds,
    },
    /// A name of nothing but white space.
    #[error("the attribute's name is blank")]
    BlankName,
    /// A tab or a line break in a name.
    #[error("the attribute's name holds a tab, a line break or another control character")]
    ControlInName,
    /// White space around a name.
    #[error("white space stands around the attribute's name: no column is called so")]
    PaddedName {
        /// The name without.
        bare: String,
    },
    /// A name that is too long.
    #[error("the attribute's name has {length} characters; 255 are allowed")]
    LongName {
        /// Its length in characters.
        length: usize,
    },
    /// A description that is too long.
    #[error("the description has {length} characters; 500 are allowed")]
    LongDescription {
        /// Its length in characters.
        length: usize,
    },
    /// A dictionary path without a dictionary name.
    #[error("`dictionaryPath` needs a `dictionaryName` beside it")]
    PathWithoutName,
    /// Two equal items.
    #[error("this attribute is the same as item {first}")]
    DuplicateItem {
        /// The 0-based index of the first of the two.
        first: usize,
    },
    /// Two different items for the same attribute.
    #[error("`{name}` of {data_type} is defined already by item {first}")]
    DuplicateAttribute {
        /// The attribute.
        name: String,
        /// Whose attribute it is.
        data_type: DataType,
        /// The 0-based index of the first of the two.
        first: usize,
    },
    /// A technical attribute that is not as ODM defines it.
    #[error("ODM defines `{name}` itself, and this is not how")]
    AlteredTechnical {
        /// The attribute.
        name: String,
    },
}

/// What a file holds that is no array of attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// The settings with which ODM's loader is told of a template.
    Settings,
    /// A single attribute.
    OneAttribute,
    /// An array, under this key.
    ArrayUnder(String),
    /// Something else.
    Other,
}

impl Holds {
    fn help(&self) -> String {
        match self {
            Self::Settings => {
                "these are the settings of a loader: give the file that \"template_path\" names".to_owned()
            }
            Self::OneAttribute => "write [ before it and ] behind it".to_owned(),
            Self::ArrayUnder(key) => {
                format!("keep the array under \"{key}\" alone, from its [ to its ]")
            }
            Self::Other => "write an array of attributes".to_owned(),
        }
    }
}

/// What to do about a character that JSON does not take where it stands.
fn unexpected(character: char) -> &'static str {
    match character {
        '\'' => "write double quotes around names and texts, as JSON does",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => {
            "write plain double quotes: a word processor has replaced them"
        }
        '/' | '#' => "delete the comment: JSON knows none",
        '{' | '"' => "look for a comma or a bracket that is missing before it",
        'T' | 'F' => "write true or false, in small letters",
        _ => "the file must hold one JSON array of attributes",
    }
}

impl ViolationKind {
    /// What to do about it, as something to type where that is possible.
    pub fn help(&self) -> String {
        match self {
            Self::NotJson(SyntaxError::TrailingComma) => "delete the comma".to_owned(),
            Self::NotJson(SyntaxError::NotUtf8) => "save the file as UTF-8".to_owned(),
            Self::NotJson(SyntaxError::UnexpectedEnd) => {
                "close what is open; or copy or export the file again, if it was cut off".to_owned()
            }
            Self::NotJson(SyntaxError::Unexpected(character)) => unexpected(*character).to_owned(),
            Self::NotJson(_) => "the file must hold one JSON array of attributes".to_owned(),
            Self::ByteOrderMark => "save the file as UTF-8 without a byte order mark".to_owned(),
            Self::NotATemplate => {
                "give the file with the attributes; `odmkit template default` prints one to start from"
                    .to_owned()
            }
            Self::WrongType { expected, .. } => format!("write {expected}"),
            Self::MissingKey { key } => match *key {
                "isRequired" => "add \"isRequired\": false".to_owned(),
                "metainfoType" => format!("add \"metainfoType\": \"{}\"", ValueType::String),
                "dataType" => format!(
                    "add \"dataType\": \"{}\", or the type that it belongs to",
                    DataType::Sample
                ),
                key => format!("add \"{key}\""),
            },
            Self::UnknownKey { key, .. } if key == "dictionaryAccession" => {
                "a template file names its dictionary: write \"dictionaryName\" and the dictionary's name"
                    .to_owned()
            }
            Self::UnknownKey {
                nearest: Some(nearest),
                ..
            } => format!("did you mean \"{nearest}\"?"),
            Self::UnknownKey { nearest: None, .. } | Self::RepeatedKey { .. } => "delete the key".to_owned(),
            Self::BadValueType {
                nearest: Some(nearest),
                ..
            } => format!("did you mean \"{nearest}\"?"),
            Self::BadValueType { nearest: None, .. } => {
                format!("write one of {}", list(ValueType::ALL.map(ValueType::name)))
            }
            Self::BadDataType {
                nearest: Some(nearest),
                ..
            } => format!("did you mean \"{nearest}\"?"),
            Self::BadDataType { nearest: None, .. } => {
                format!("write one of {}", list(DataType::ALL.map(DataType::name)))
            }
            Self::NotAnArray { holds, .. } => holds.help(),
            Self::BlankName => "give the attribute a name".to_owned(),
            Self::ControlInName => "write the name on one line, with a blank in place of it".to_owned(),
            Self::PaddedName { bare } => format!("write \"{bare}\""),
            Self::LongName { .. } => "shorten the name to 255 characters".to_owned(),
            Self::LongDescription { .. } => "shorten the description to 500 characters".to_owned(),
            Self::PathWithoutName => "add \"dictionaryName\"; \"dictionaryPath\" is deprecated".to_owned(),
            Self::DuplicateItem { .. } | Self::DuplicateAttribute { .. } => {
                "delete one of the two".to_owned()
            }
            Self::AlteredTechnical { name } => {
                format!(
                    "delete the item, or write `{name}` as `odmkit template default` prints it: StringValue, read-only, without a dictionary"
                )
            }
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)?;
        if !self.pointer.is_empty() {
            write!(f, " (at {})", self.pointer)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violation {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.kind)
    }
}

fn list<const N: usize>(names: [&str; N]) -> String {
    names.join(", ")
}
