//! A dictionary: the terms that an attribute's values come from.
//!
//! Only a term's label is a valid value, letter by letter. A synonym is reported by ODM as such; a short name
//! (`g` for `gram`) is neither, and only helps to find the term that was meant.

mod csv_form;
mod json_form;
mod nearest;
mod texts;

use std::fmt;
use std::sync::Arc;

use crate::json::SyntaxError;
use texts::{Fold, Texts};

/// A dictionary.
#[derive(Debug, Clone)]
pub struct Dictionary {
    name: Arc<str>,
    labels: Texts,
    synonyms: Texts,
    /// The term of each synonym.
    synonym_of: Vec<u32>,
    short_names: Texts,
    /// The term of each short name.
    short_for: Vec<u32>,
}

/// What a dictionary says of a text, as far as it can be told without looking at every term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// It is a term.
    Term,
    /// It is a term but for the case of its letters.
    CaseOnly(&'a str),
    /// It is a synonym of this term.
    Synonym(&'a str),
    /// It is a synonym of several terms.
    SharedSynonym,
    /// It is neither.
    Unknown,
}

/// What a dictionary says of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged<'a> {
    /// It is a term.
    Term,
    /// It is a term but for the case of its letters.
    CaseOnly(&'a str),
    /// It is a synonym of this term.
    Synonym(&'a str),
    /// It is a synonym of these terms.
    SharedSynonym(Vec<&'a str>),
    /// It is neither.
    Unknown {
        /// The terms that were probably meant, the likeliest first.
        nearest: Vec<&'a str>,
    },
}

/// A term as a dictionary file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RawTerm {
    pub(crate) label: String,
    pub(crate) short_name: Option<String>,
    pub(crate) synonyms: Vec<String>,
}

impl Dictionary {
    /// A dictionary of these terms. Of equal labels the first counts.
    pub(crate) fn new(name: &str, terms: impl IntoIterator<Item = RawTerm>) -> Self {
        let terms = terms.into_iter();
        let mut dictionary = Self {
            name: name.into(),
            labels: Texts::with_capacity(terms.size_hint().0),
            synonyms: Texts::default(),
            synonym_of: Vec::new(),
            short_names: Texts::default(),
            short_for: Vec::new(),
        };
        for term in terms {
            dictionary.add(&term);
        }
        dictionary
    }

    fn add(&mut self, term: &RawTerm) {
        if self.labels.find(&term.label, Fold::Exact).next().is_some() {
            return;
        }
        let index = self.labels.push(&term.label);
        for synonym in &term.synonyms {
            self.synonyms.push(synonym);
            self.synonym_of.push(index);
        }
        if let Some(short) = &term.short_name {
            self.short_names.push(short);
            self.short_for.push(index);
            // `[NEURO]` is a short name that people write without its brackets.
            let bare = short.trim_start_matches('[').trim_end_matches(']');
            if bare != short && !bare.is_empty() {
                self.short_names.push(bare);
                self.short_for.push(index);
            }
        }
    }

    /// Reads a dictionary file: JSON where the text begins with a bracket, CSV otherwise.
    ///
    /// - CSV: a header with a `Label` column (any case) and, as one likes, `Synonyms` (comma-separated within the
    ///   field) and `Name` (a short name). Other columns are ignored.
    /// - JSON: an array whose items are labels, or objects with `label` and, as one likes, `synonyms` (an array,
    ///   or comma-separated text) and `name`.
    ///
    /// Quotes that a label keeps after CSV reading (`"""a, b"""`) are taken off.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, DictionaryFault> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if let Some(format) = ontology(bytes) {
            return Err(DictionaryFault::NotReadYet { format });
        }
        let terms = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'[' | b'{') if !is_csv_header(bytes) => json_form::read(bytes)?,
            _ => csv_form::read(bytes)?,
        };
        Ok(Self::new(name, terms))
    }

    /// The name by which templates refer to it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many terms it has.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether it has no terms. ODM takes any text for such a dictionary.
    pub fn is_empty(&self) -> bool {
        self.labels.len() == 0
    }

    /// The labels, in the order of the file.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter()
    }

    /// What a text is, in constant time. Any text is a term of an empty dictionary.
    pub fn lookup(&self, text: &str) -> Lookup<'_> {
        if self.is_empty() || self.labels.find(text, Fold::Exact).next().is_some() {
            return Lookup::Term;
        }
        let mut terms = self.having_synonym(text);
        if let Some(first) = terms.next() {
            return if terms.all(|term| term == first) {
                Lookup::Synonym(self.labels.get(first))
            } else {
                Lookup::SharedSynonym
            };
        }
        match self.labels.find(text, Fold::Case).min() {
            Some(index) => Lookup::CaseOnly(self.labels.get(index)),
            None => Lookup::Unknown,
        }
    }

    /// The terms that have this synonym, each once, in the order of the file; no more than a reader is shown.
    pub fn terms_of_synonym(&self, text: &str) -> Vec<&str> {
        let mut terms: Vec<u32> = self.having_synonym(text).collect();
        terms.sort_unstable();
        terms.dedup();
        let shown = terms.into_iter().take(nearest::SHOWN);
        shown.map(|term| self.labels.get(term)).collect()
    }

    fn having_synonym<'a>(&'a self, text: &'a str) -> impl Iterator<Item = u32> + 'a {
        self.synonyms
            .find(text, Fold::Exact)
            .map(|at| self.synonym_of[at as usize])
    }

    /// What a text is, with the nearest terms where it is unknown. That looks at every term.
    pub fn judge(&self, text: &str) -> Judged<'_> {
        match self.lookup(text) {
            Lookup::Term => Judged::Term,
            Lookup::CaseOnly(label) => Judged::CaseOnly(label),
            Lookup::Synonym(label) => Judged::Synonym(label),
            Lookup::SharedSynonym => Judged::SharedSynonym(self.terms_of_synonym(text)),
            Lookup::Unknown => Judged::Unknown {
                nearest: self.nearest(text),
            },
        }
    }

    /// The terms that `text` was probably meant to be, the likeliest first; at most three.
    pub fn nearest(&self, text: &str) -> Vec<&str> {
        let find = |text: &str, fold: Fold| -> Vec<u32> {
            self.short_names
                .find(text, fold)
                .map(|at| self.short_for[at as usize])
                .collect()
        };
        // `mM` is no `mm`, but `mg/L` is `mg/l`.
        let short = |text: &str| {
            let exact = find(text, Fold::Exact);
            if exact.is_empty() {
                find(text, Fold::Case)
            } else {
                exact
            }
        };
        let mut hinted = short(text);
        // `ug`, and the micro sign that is no Greek letter.
        for micro in ['\u{b5}', 'u'] {
            if hinted.is_empty() && text.contains(micro) {
                hinted = short(&text.replace(micro, "\u{3bc}"));
            }
        }
        let unit = crate::units::spelt_out(text).and_then(|unit| self.labels.find(unit, Fold::Exact).next());
        if hinted.is_empty() {
            hinted.extend(unit);
        }
        hinted.extend(
            self.synonyms
                .find(text, Fold::Case)
                .map(|at| self.synonym_of[at as usize]),
        );
        hinted.sort_unstable();
        hinted.dedup();
        if hinted.is_empty() {
            return nearest::nearest(text, self.labels());
        }
        hinted
            .into_iter()
            .take(nearest::SHOWN)
            .map(|index| self.labels.get(index))
            .collect()
    }
}

/// A dictionary file that cannot be read as one.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {fault}")]
pub struct DictionaryError {
    /// The file.
    pub path: Arc<str>,
    /// The name that the dictionary was to have.
    pub name: Arc<str>,
    /// What is wrong.
    #[source]
    pub fault: DictionaryFault,
}

/// What is wrong with a dictionary file. Lines are 1-based.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DictionaryFault {
    /// The file cannot be opened or read.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[source] std::io::Error),
    /// The folder of dictionaries cannot be opened or read.
    #[error("the folder of dictionaries cannot be read: {0}")]
    UnreadableFolder(#[source] std::io::Error),
    /// An ontology format that ODM takes and odmkit does not read yet.
    #[error("it is in {format}, which odmkit does not read")]
    NotReadYet {
        /// The format.
        format: OntologyFormat,
    },
    /// No bytes, or only blank lines.
    #[error("the file is empty: not even a `Label` header is there")]
    Empty,
    /// The text is not UTF-8.
    #[error("line {line} is not UTF-8")]
    NotUtf8 {
        /// The line.
        line: u64,
    },
    /// The CSV header names no label column.
    #[error("the first line names no `Label` column; it begins with `{first}`")]
    NoLabelColumn {
        /// The first column's name.
        first: String,
        /// Fields of the first line.
        fields: usize,
    },
    /// The fields are separated by something else than commas.
    #[error("its fields are separated by {separator}, and ODM reads dictionaries with commas")]
    NotCommas {
        /// What separates the fields, in words.
        separator: &'static str,
    },
    /// A record with more fields than the header.
    #[error("line {line} has {found} fields under a header of {expected}")]
    TooManyFields {
        /// The line.
        line: u64,
        /// Fields of the record.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A label with a line break, as a missing closing quote makes it.
    #[error("the label that begins on line {line} goes on over several lines; a closing quote is missing")]
    LineBreak {
        /// The line on which the label begins.
        line: u64,
    },
    /// A quote that is not closed where its field ends: what follows would become a part of one term.
    #[error("a quote on line {line} is not closed in its field: what follows would become a part of that")]
    OpenQuote {
        /// The line of the quote, or on which its record begins.
        line: u64,
    },
    /// A record with synonyms or a name, and no label.
    #[error("line {line} has no label")]
    BlankLabel {
        /// The line.
        line: u64,
    },
    /// The text begins like JSON and is none.
    #[error("line {line} is not JSON: {error}")]
    NotJson {
        /// The line.
        line: u64,
        /// Why.
        error: SyntaxError,
    },
    /// A JSON value of another kind.
    #[error("line {line}: {expected} is wanted here, not {found}")]
    WrongType {
        /// The line.
        line: u64,
        /// What is wanted.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
}

impl DictionaryFault {
    /// The 1-based line that is wrong, where one is.
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::Unreadable(_) | Self::UnreadableFolder(_) | Self::NotReadYet { .. } | Self::Empty => None,
            Self::NoLabelColumn { .. } | Self::NotCommas { .. } => Some(1),
            Self::NotUtf8 { line }
            | Self::TooManyFields { line, .. }
            | Self::LineBreak { line }
            | Self::OpenQuote { line }
            | Self::BlankLabel { line }
            | Self::NotJson { line, .. }
            | Self::WrongType { line, .. } => Some(*line),
        }
    }

    /// Whether ODM may take the file although it is not read here.
    pub const fn is_for_odm(&self) -> bool {
        matches!(self, Self::NotReadYet { .. })
    }

    /// What to do about it.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Unreadable(_) | Self::UnreadableFolder(_) => "check the path and the permissions",
            Self::NotReadYet { .. } => {
                "export the terms to CSV with a `Label` column and a `Synonyms` column, and give that file"
            }
            Self::Empty => "write `Label` on the first line; with nothing under it, any text is valid",
            Self::NotUtf8 { .. } => "save the file as UTF-8",
            Self::NoLabelColumn { fields: 1, .. } => {
                "if the first line is a term, put a line `Label` above it; if it is the name of the column, write `Label` in its place"
            }
            Self::NoLabelColumn { .. } => "name the column of the terms `Label`",
            Self::NotCommas { .. } => "save the file as CSV, with commas between the fields",
            Self::TooManyFields { .. } => {
                "a label that holds a comma is written \"\"\"a, b\"\"\", with three quotes"
            }
            Self::LineBreak { .. } => "close the quotes around the label",
            Self::OpenQuote { .. } => "close the quote at the end of the field, or delete it",
            Self::BlankLabel { .. } => "write the label, or delete the line",
            Self::NotJson { .. } | Self::WrongType { .. } => {
                "write an array of labels, or of objects with `label` and `synonyms`"
            }
        }
    }
}

/// A format of ontologies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OntologyFormat {
    /// Web Ontology Language, in XML.
    Owl,
    /// Open Biomedical Ontologies.
    Obo,
    /// Turtle, which SKOS vocabularies are often written in.
    Turtle,
    /// SKOS in XML.
    Skos,
}

impl fmt::Display for OntologyFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Owl => "OWL",
            Self::Obo => "OBO",
            Self::Turtle => "Turtle (TTL)",
            Self::Skos => "SKOS",
        })
    }
}

/// The ontology format that a text is in, by how it begins.
fn ontology(bytes: &[u8]) -> Option<OntologyFormat> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let start = head.trim_start();
    if start.starts_with("format-version:") || start.starts_with("[term]") {
        Some(OntologyFormat::Obo)
    } else if start.starts_with("@prefix") || start.starts_with("@base") || start.starts_with("prefix ") {
        Some(OntologyFormat::Turtle)
    } else if start.starts_with('<') {
        Some(if head.contains("skos") {
            OntologyFormat::Skos
        } else {
            OntologyFormat::Owl
        })
    } else {
        None
    }
}

/// Whether a text that begins with a bracket is CSV after all: its first line names a label column.
fn is_csv_header(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .next()
        .unwrap_or_default();
    line.split(|byte| *byte == b',')
        .any(|field| field.trim_ascii().eq_ignore_ascii_case(b"label"))
}

#[cfg(test)]
#[path = "dictionary/tests.rs"]
mod tests;
