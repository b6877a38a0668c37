//! Dictionaries in CSV.

use csv::{ReaderBuilder, StringRecord};

use super::{DictionaryFault, RawTerm};

/// Where the columns stand.
struct Columns {
    label: usize,
    short_name: Option<usize>,
    synonyms: Option<usize>,
}

/// Reads the terms.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<RawTerm>, DictionaryFault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        DictionaryFault::NotUtf8 {
            line: before.split(|byte| *byte == b'\n').count() as u64,
        }
    })?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut next = |record: &mut StringRecord| {
        // Reading text from memory without a fixed width leaves the reader nothing to fail on.
        let more = reader.read_record(record).unwrap_or(false);
        let line = record.position().map_or(1, csv::Position::line);
        more.then_some(line)
    };
    if next(&mut record).is_none() {
        return Err(DictionaryFault::Empty);
    }
    let width = record.len();
    let columns = Columns::find(&record)?;
    if let Some(line) = open_quote(text) {
        return Err(DictionaryFault::OpenQuote { line });
    }
    let mut terms = Vec::new();
    while let Some(line) = next(&mut record) {
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if record.iter().skip(width).any(|field| !field.trim().is_empty()) {
            return Err(DictionaryFault::TooManyFields {
                line,
                found: record.len(),
                expected: width,
            });
        }
        let label = unquoted(record.get(columns.label).unwrap_or_default());
        if label.contains(['\n', '\r']) {
            return Err(DictionaryFault::LineBreak { line });
        }
        if label.is_empty() {
            return Err(DictionaryFault::BlankLabel { line });
        }
        let other = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default();
        let synonyms = split_synonyms(other(columns.synonyms));
        if synonyms.iter().any(|synonym| synonym.contains(['\n', '\r'])) {
            return Err(DictionaryFault::OpenQuote { line });
        }
        let short_name = Some(other(columns.short_name).trim()).filter(|text| !text.is_empty());
        terms.push(RawTerm {
            label: label.to_owned(),
            short_name: short_name.map(str::to_owned),
            synonyms,
        });
    }
    Ok(terms)
}

/// The line of a quote at the beginning of a field that nothing closes, or that is closed in the midst of another line, as the
/// first quote of another field does it.
fn open_quote(text: &str) -> Option<u64> {
    let (mut line, mut begins) = (1, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'"' && begins {
            let opened = line;
            loop {
                match bytes.next() {
                    Some(b'"') if bytes.peek() == Some(&b'"') => _ = bytes.next(),
                    Some(b'"') => break,
                    Some(byte) => line += u64::from(byte == b'\n'),
                    None => return Some(opened),
                }
            }
            let ends = matches!(bytes.peek(), None | Some(b',' | b'\n' | b'\r' | b' '));
            if line > opened && !ends {
                return Some(opened);
            }
        }
        line += u64::from(byte == b'\n');
        begins = matches!(byte, b',' | b'\n' | b'\r');
    }
    None
}

impl Columns {
    fn find(header: &StringRecord) -> Result<Self, DictionaryFault> {
        let find = |names: &[&str]| {
            header
                .iter()
                .position(|field| names.iter().any(|name| field.trim().eq_ignore_ascii_case(name)))
        };
        let Some(label) = find(&["label"]) else {
            return Err(no_label(header));
        };
        Ok(Self {
            label,
            short_name: find(&["name"]),
            synonyms: find(&["synonyms", "synonym"]),
        })
    }
}

/// What is wrong with a first line that names no column of labels.
fn no_label(header: &StringRecord) -> DictionaryFault {
    let first = header.get(0).unwrap_or_default();
    let separators = [('\t', "tabs"), (';', "semicolons")];
    match separators
        .into_iter()
        .find(|(separator, _)| first.contains(*separator))
    {
        Some((_, separator)) => DictionaryFault::NotCommas { separator },
        None => DictionaryFault::NoLabelColumn {
            first: first.chars().take(60).collect(),
            fields: header.len(),
        },
    }
}

/// The synonyms of one field: separated by commas.
pub(super) fn split_synonyms(field: &str) -> Vec<String> {
    let all = unquoted(field).split(',').map(str::trim);
    all.filter(|synonym| !synonym.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A label without the quotes that are left of three.
pub(super) fn unquoted(field: &str) -> &str {
    let field = field.trim();
    let inner = field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner
        .filter(|inner| !inner.contains('"'))
        .map_or(field, str::trim)
}
