//! What is mended of a cell, whatever the table.

use odmkit_checks::rules::t012_quoted_field::is_quoted;
use odmkit_formats::fields;

use super::Edits;

/// A field without white space around it; a blank one is left alone.
pub(super) fn trimmed<'a>(field: &'a [u8], edits: &mut Edits) -> &'a [u8] {
    let now = field.trim_ascii();
    if now.is_empty() || now.len() == field.len() {
        return field;
    }
    edits.add("T006", 1);
    now
}

/// A field without white space and quotes around it. What stands in quotes may be quoted or padded again.
pub(super) fn bare<'a>(field: &'a [u8], edits: &mut Edits) -> &'a [u8] {
    let mut now = field;
    loop {
        now = trimmed(now, edits);
        let inner = if is_quoted(now) {
            &now[1..now.len() - 1]
        } else {
            b""
        };
        // Quotes inside are another matter: what they meant is not certain.
        if inner.trim_ascii().is_empty() || inner.contains(&b'"') {
            return now;
        }
        edits.add("T012", 1);
        now = inner;
    }
}

/// A column name without white space and quotes around it; one that is no text is left alone.
pub(super) fn bare_name<'a>(field: &'a [u8], edits: &mut Edits) -> &'a [u8] {
    let mut now = field;
    loop {
        let trimmed = trimmed_name(now, edits);
        now = bare(trimmed, edits);
        if now.len() == trimmed.len() {
            return now;
        }
    }
}

/// A column name without white space around it; one that is no text, or blank, is left alone.
pub(super) fn trimmed_name<'a>(field: &'a [u8], edits: &mut Edits) -> &'a [u8] {
    match std::str::from_utf8(field).map(str::trim) {
        Ok(trimmed) if !trimmed.is_empty() && trimmed.len() < field.len() => {
            edits.add("T006", 1);
            trimmed.as_bytes()
        }
        _ => field,
    }
}

/// The line up to its last field that is not blank.
pub(super) fn without_padding<'a>(line: &'a [u8], edits: &mut Edits) -> &'a [u8] {
    let end = fields(line)
        .filter(|(_, field)| !field.trim_ascii().is_empty())
        .last()
        .map_or(0, |(start, field)| start + field.len());
    if line[end..].contains(&b'\t') {
        edits.add("T007", 1);
        &line[..end]
    } else {
        line
    }
}

/// Writes fields with tabs between them.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    out: &'a mut Vec<u8>,
    begun: bool,
}

impl<'a> Fields<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, begun: false }
    }

    pub(super) fn push(&mut self, field: &[u8]) {
        if self.begun {
            self.out.push(b'\t');
        }
        self.begun = true;
        self.out.extend_from_slice(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_quotes_come_off() {
        for (field, bared) in [
            ("a", "a"),
            (" a b ", "a b"),
            ("\"a, b\"", "a, b"),
            (" \" a \" ", "a"),
            ("\"\"", "\"\""),
            ("  ", "  "),
            ("\"a\"\"b\"", "\"a\"\"b\""),
            ("5\"", "5\""),
        ] {
            let mut edits = Edits::default();
            let found = bare(field.as_bytes(), &mut edits);
            assert_eq!(
                (found, edits.is_empty()),
                (bared.as_bytes(), field == bared),
                "{field}"
            );
            assert_eq!(bare(found, &mut edits), found);
        }
        assert_eq!(bare_name("\u{a0}a\u{a0}".as_bytes(), &mut Edits::default()), b"a");
    }
}
