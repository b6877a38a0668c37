//! A header line, taken apart into names with their places.

use odmkit_core::{FieldNumber, Position};
use odmkit_formats::fields;

use super::look_alike::is_white;
use crate::rules::t012_quoted_field::{is_hollow, unquoted};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A header line, taken apart.
pub(super) struct Header {
    pub(super) at: Position,
    /// The line as text, where it has no tabs.
    pub(super) single: Option<String>,
    pub(super) names: Vec<Name>,
    /// Blank fields after the last name.
    pub(super) padding: usize,
    /// Where they begin.
    pub(super) padding_at: Position,
    /// Several names, and all in quotes: whoever wrote the table quotes every field.
    pub(super) all_quoted: bool,
    pub(super) is_utf8: bool,
}

/// A name.
pub(super) struct Name {
    /// As it stands there.
    pub(super) raw: String,
    /// Trimmed, and without quotes around it.
    pub(super) text: String,
    pub(super) quoted: bool,
    pub(super) at: Position,
}

impl Header {
    pub(super) fn read(line: &[u8], at: Position) -> Self {
        let bom = if at.byte.0 == 0 && line.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        let text = &line[bom..];
        let mut names: Vec<Name> = fields(text)
            .enumerate()
            .map(|(index, (offset, field))| {
                let byte = at.byte.advanced(bom + offset);
                Name::read(
                    field,
                    Position::field(at.line, FieldNumber::from_index(index), byte),
                )
            })
            .collect();
        let named = names
            .iter()
            .rposition(|name| !name.text.is_empty())
            .map_or(0, |last| last + 1);
        let padding = names.len() - named;
        let padding_at = names.get(named).map_or(at, |name| name.at);
        names.truncate(named);
        let single = (!text.contains(&b'\t')).then(|| String::from_utf8_lossy(text).into_owned());
        let all_quoted = names.len() > 1 && names.iter().all(|name| name.quoted);
        Self {
            at,
            single,
            names,
            padding,
            padding_at,
            all_quoted,
            is_utf8: std::str::from_utf8(text).is_ok(),
        }
    }
}

impl Name {
    fn read(field: &[u8], at: Position) -> Self {
        let raw = String::from_utf8_lossy(field).into_owned();
        let trimmed = raw.trim_matches(is_white);
        let inner = if is_hollow(trimmed.as_bytes()) {
            Some(b"".into())
        } else {
            unquoted(trimmed.as_bytes())
        };
        let name = match &inner {
            Some(inner) => String::from_utf8_lossy(inner).trim().to_owned(),
            None => trimmed.to_owned(),
        };
        Self {
            text: name,
            quoted: inner.is_some(),
            at,
            raw,
        }
    }
}
