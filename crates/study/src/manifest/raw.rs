//! TOML values with their places, and readers that report what does not fit and go on.

use std::ops::Range;

use odmkit_core::{ByteOffset, FieldNumber, FileKind, LineNumber, Position};
use odmkit_formats::lines::Lines;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Key, Problem, ProblemKind};

/// A TOML text, read.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) root: DeTable<'t>,
    text: &'t str,
}

/// One table of the document, with the name of its section.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section<'d> {
    pub(super) name: &'static str,
    pub(super) table: &'d DeTable<'d>,
    pub(super) place: Position,
    text: &'d str,
}

/// Reads the text; what is no TOML is reported.
pub(super) fn document<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Option<Document<'t>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    // What comes after the first is mostly a consequence of it.
    if let Some(error) = errors.first() {
        let start = error.span().unwrap_or(0..0).start;
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        problems.push(Problem {
            place: place(text, start),
            kind: if follows_backslash(text, start) {
                ProblemKind::Backslash
            } else {
                ProblemKind::Syntax(message)
            },
        });
    }
    // What was understood of a broken text gives only further problems that are none.
    errors.is_empty().then(|| Document {
        root: root.into_inner(),
        text,
    })
}

/// Whether a `\` stands before a byte, with nothing but letters and digits between.
fn follows_backslash(text: &str, byte: usize) -> bool {
    let before = &text.as_bytes()[..byte.min(text.len())];
    before
        .iter()
        .rev()
        .find(|byte| !byte.is_ascii_alphanumeric())
        .is_some_and(|byte| *byte == b'\\')
}

/// The place of a byte of the text: its line, and the character in the line.
pub(super) fn place(text: &str, byte: usize) -> Position {
    let byte = byte.min(text.len());
    let (mut number, mut start) = (0, 0);
    for line in Lines::new(text.as_bytes()) {
        if line.start > byte {
            break;
        }
        number += 1;
        start = line.start;
    }
    let character = text.get(start..byte).map_or(0, |before| before.chars().count());
    Position::field(
        LineNumber::new(number),
        FieldNumber::from_index(character),
        ByteOffset(byte as u64),
    )
}

/// The name among `known` that is most like `found`, where one is like it.
pub(super) fn nearest(found: &str, known: &[&'static str]) -> Option<&'static str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', ' '], "_");
    let found = plain(found);
    // ODM's own names, and those of flags, hold ours, or are held in it: `numberOfFeatureAttributes`, `separator`.
    let bare = |name: &str| name.replace('_', "");
    let holds = |name: &&&'static str| {
        let (one, other) = (bare(&found), bare(name));
        one.len().min(other.len()) > 4 && (one.contains(&other) || other.contains(&one))
    };
    if found == "nfa" {
        // What the flag is called in short.
        return known.iter().copied().find(|name| *name == "feature_attributes");
    }
    if let Some(name) = known.iter().filter(holds).max_by_key(|name| name.len()) {
        return Some(name);
    }
    known
        .iter()
        .map(|&name| (strsim::jaro_winkler(&found, name), name))
        .filter(|&(likeness, _)| likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The key that names the file of a section, for a key that names it in other sections, or that people use for it.
fn key_of_file(found: &str, known: &[&'static str]) -> Option<&'static str> {
    const NAMES: [&str; 5] = ["file", "metadata", "path", "filename", "table"];
    let wanted = NAMES.contains(&found.to_lowercase().as_str());
    let file = ["file", "metadata"].into_iter().find(|name| known.contains(name));
    file.filter(|_| wanted)
}

/// The key that is meant by one that is not known.
fn meant(found: &str, known: &[&'static str]) -> Option<&'static str> {
    nearest(found, known).or_else(|| key_of_file(found, known))
}

impl Document<'_> {
    pub(super) fn place(&self, span: &Range<usize>) -> Position {
        place(self.text, span.start)
    }

    /// The `[name]` section.
    pub(super) fn single<'d>(
        &'d self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Section<'d>> {
        let (key, value) = self.root.get_key_value(name)?;
        let place = self.place(&key.span());
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Section {
                name,
                table,
                place,
                text: self.text,
            });
        }
        problems.push(Problem {
            place,
            kind: ProblemKind::WrongBrackets {
                section: name,
                repeated: false,
            },
        });
        None
    }

    /// The `[[name]]` sections.
    pub(super) fn repeated<'d>(
        &'d self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Vec<Section<'d>> {
        let Some((key, value)) = self.root.get_key_value(name) else {
            return Vec::new();
        };
        let wrong = |span: &Range<usize>| Problem {
            place: self.place(span),
            kind: ProblemKind::WrongBrackets {
                section: name,
                repeated: true,
            },
        };
        let DeValue::Array(items) = value.get_ref() else {
            problems.push(wrong(&key.span()));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => {
                    sections.push(Section {
                        name,
                        table,
                        place: self.place(&item.span()),
                        text: self.text,
                    });
                }
                _ => problems.push(wrong(&item.span())),
            }
        }
        sections
    }
}

impl<'d> Section<'d> {
    /// Reports the keys that the section does not have.
    pub(super) fn only(&self, known: &[&'static str], problems: &mut Vec<Problem>) {
        for (key, _) in self.table {
            let found = key.get_ref().as_ref();
            if !known.contains(&found) {
                problems.push(Problem {
                    place: place(self.text, key.span().start),
                    kind: ProblemKind::UnknownKey {
                        section: self.name,
                        found: found.to_owned(),
                        nearest: meant(found, known),
                    },
                });
            }
        }
    }

    /// A text that is not blank.
    pub(super) fn text(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        let text = self.raw_text(name, problems)?;
        if text.trim().is_empty() {
            self.report(name, ProblemKind::Blank(self.key(name)), problems);
            return None;
        }
        Some(text.to_owned())
    }

    /// An accession.
    pub(super) fn accession(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        let text = self.text(name, problems)?;
        let digits = text.trim_start_matches(|character: char| character.is_ascii_uppercase());
        let fits = digits.len() < text.len()
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !fits {
            self.report(name, ProblemKind::BadAccession(self.key(name)), problems);
        }
        fits.then_some(text)
    }

    /// A count.
    pub(super) fn count(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<u32> {
        let value = self.value(name)?;
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong_type(name, "a whole number", value, problems);
            return None;
        };
        let count = u32::from_str_radix(number.as_str(), number.radix()).ok();
        if count.is_none() {
            self.report(name, ProblemKind::OutOfRange(self.key(name)), problems);
        }
        count
    }

    /// One of some kinds, by its name.
    pub(super) fn kind(
        &self,
        name: &'static str,
        choices: &'static [FileKind],
        problems: &mut Vec<Problem>,
    ) -> Option<FileKind> {
        let found = self.text(name, problems)?;
        let kind = choices.iter().copied().find(|kind| kind.name() == found);
        if kind.is_none() {
            self.report(
                name,
                ProblemKind::UnknownValue {
                    key: self.key(name),
                    found,
                    choices,
                },
                problems,
            );
        }
        kind
    }

    /// Whether the key is given at all, rightly or wrongly.
    pub(super) fn gives(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// Whether the key of the file is given under a name that the section does not have, which is told by itself.
    pub(super) fn gives_otherwise(&self, file: &'static str, known: &[&'static str]) -> bool {
        self.table.keys().any(|key| {
            let found = key.get_ref().as_ref();
            !known.contains(&found) && meant(found, known) == Some(file)
        })
    }

    pub(super) fn key(&self, name: &'static str) -> Key {
        Key {
            section: self.name,
            name,
        }
    }

    /// Reports a problem at the value of a key, or at the section where the key is not given.
    pub(super) fn report(&self, name: &str, kind: ProblemKind, problems: &mut Vec<Problem>) {
        let place = self
            .value(name)
            .map_or(self.place, |value| place(self.text, value.span().start));
        problems.push(Problem { place, kind });
    }

    fn value(&self, name: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.table.get(name)
    }

    fn raw_text(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<&'d str> {
        let value = self.value(name)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(name, "a text in quotes", value, problems);
        }
        text
    }

    fn wrong_type(
        &self,
        name: &'static str,
        wanted: &'static str,
        value: &Spanned<DeValue<'_>>,
        problems: &mut Vec<Problem>,
    ) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a decimal point",
            DeValue::Boolean(_) => "`true` or `false`",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.report(
            name,
            ProblemKind::WrongType {
                key: self.key(name),
                wanted,
                found,
            },
            problems,
        );
    }
}
