//! What can be wrong with a `study.toml`.

use std::fmt;

use odmkit_core::{DataClass, FileKind, Position};

/// A problem of a `study.toml` and where it is. The field of the place is the character of the line, 1-based.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Position,
    /// What.
    pub kind: ProblemKind,
}

/// A key as it is written: `study.template`, `data.file`, or a section alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The section.
    pub section: &'static str,
    /// The key in it.
    pub name: &'static str,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// The text is no TOML; what the TOML reader says.
    Syntax(String),
    /// A `\` in a text in double quotes, where TOML has it begin an escape.
    Backslash,
    /// A key that stands in no section, or is written as one.
    Outside {
        /// What is written.
        found: String,
        /// The section that has such a key.
        section: &'static str,
    },
    /// There is no such section.
    UnknownSection {
        /// What is written.
        found: String,
        /// The section with the most similar name.
        nearest: Option<&'static str>,
    },
    /// The section has no such key.
    UnknownKey {
        /// The section.
        section: &'static str,
        /// What is written.
        found: String,
        /// The key with the most similar name.
        nearest: Option<&'static str>,
    },
    /// A section is written with single brackets, or the other way round.
    WrongBrackets {
        /// The section.
        section: &'static str,
        /// Whether it may be given several times.
        repeated: bool,
    },
    /// The value is of another type.
    WrongType {
        /// The key.
        key: Key,
        /// What it takes.
        wanted: &'static str,
        /// What is written.
        found: &'static str,
    },
    /// The value is blank.
    Blank(Key),
    /// A number that makes no sense here.
    OutOfRange(Key),
    /// A text that is none of the values that the key takes.
    UnknownValue {
        /// The key.
        key: Key,
        /// What is written.
        found: String,
        /// What it takes.
        choices: &'static [FileKind],
    },
    /// A text that is none of ODM's data classes.
    UnknownDataClass {
        /// What is written.
        found: String,
    },
    /// No accession: letters, then digits.
    BadAccession(Key),
    /// Both the file and the accession are given.
    Both {
        /// The section.
        section: &'static str,
        /// The key of the file.
        file: &'static str,
    },
    /// Neither the file nor the accession is given.
    Neither {
        /// The section.
        section: &'static str,
        /// The key of the file.
        file: &'static str,
    },
    /// The key must be given.
    Missing(Key),
    /// The same file stands in the same role twice.
    Repeated(String),
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place.line)?;
        if let Some(column) = self.place.field {
            write!(f, ":{column}")?;
        }
        write!(f, ": {}", self.kind)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of {}", self.name, brackets(self.section))
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) => write!(f, "not valid TOML: {message}"),
            Self::Backslash => f.write_str(
                "in double quotes a \\ is no plain character: put the text in single quotes, or write / between the folders of a path",
            ),
            Self::Outside { found, section } => write!(
                f,
                "`{found}` is a key of {}: write {found} = \"…\" below that line",
                brackets(section)
            ),
            Self::UnknownSection { found, nearest } => {
                write!(f, "there is no section `{found}`")?;
                nearest.map_or(Ok(()), |nearest| {
                    write!(f, "; did you mean {}?", brackets(nearest))
                })
            }
            Self::UnknownKey {
                section,
                found,
                nearest,
            } => {
                write!(f, "{} has no key `{found}`", brackets(section))?;
                nearest.map_or(Ok(()), |nearest| write!(f, "; did you mean `{nearest}`?"))
            }
            Self::WrongBrackets {
                section,
                repeated: true,
            } => {
                write!(
                    f,
                    "there can be several {section}: write `[[{section}]]` in double brackets"
                )
            }
            Self::WrongBrackets {
                section,
                repeated: false,
            } => {
                write!(
                    f,
                    "there is one {section}: write `[{section}]` in single brackets"
                )
            }
            Self::WrongType { key, wanted, found } => write!(f, "{key} takes {wanted}, not {found}"),
            Self::Blank(key) => write!(f, "{key} is blank"),
            Self::OutOfRange(key) => write!(f, "{key} takes a number from 1 up"),
            Self::UnknownValue { key, found, choices } => {
                write!(f, "{key} cannot be `{found}`: it is one of ")?;
                for (index, choice) in choices.iter().enumerate() {
                    write!(f, "{}`{choice}`", if index == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Self::UnknownDataClass { found } => {
                let names = DataClass::ALL.map(|class| class.name);
                let likeness = |name: &str| strsim::jaro_winkler(&found.to_lowercase(), &name.to_lowercase());
                write!(f, "ODM has no data class `{found}`")?;
                match names
                    .into_iter()
                    .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
                {
                    Some(nearest) if likeness(nearest) > 0.75 => write!(f, "; did you mean `{nearest}`?"),
                    _ => write!(f, "; `Document` and `Other` are for attached files"),
                }
            }
            Self::BadAccession(key) => write!(f, "{key} is letters and then digits, such as `GSF1234567`"),
            Self::Both { section, file } => {
                write!(
                    f,
                    "{} has both `{file}` and `accession`: keep the one that is meant",
                    brackets(section)
                )
            }
            Self::Neither { section, file } => {
                write!(
                    f,
                    "{} needs `{file}`, or `accession` for what is in ODM already",
                    brackets(section)
                )
            }
            Self::Missing(key) => write!(f, "{key} is missing"),
            Self::Repeated(path) => write!(f, "`{path}` is listed twice"),
        }
    }
}

/// A section as it is written.
fn brackets(section: &str) -> String {
    if section == "study" {
        "`[study]`".to_owned()
    } else {
        format!("`[[{section}]]`")
    }
}
