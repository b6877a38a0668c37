//! What is mended of a cell, whatever the table.

use std::borrow::Cow;

use odmkit_checks::metadata::look_alike::trim_key;
use odmkit_checks::rules::t012_quoted_field as t012;
use odmkit_formats::fields;

use super::Edits;

/// A field without white space around it; a blank one is left alone.
pub(super) fn trimmed<'a>(field: &'a [u8], edits: &mut Edits) -> &'a [u8] {
    counted(field, bare_of_blanks(field), edits)
}

/// The field as it is `now`, which is told as white space around it.
fn counted<'a>(field: &'a [u8], now: &'a [u8], edits: &mut Edits) -> &'a [u8] {
    if now.is_empty() || now.len() == field.len() {
        return field;
    }
    edits.add("T006", 1);
    now
}

/// A field without white space around it, blanks that do not break included.
pub(super) fn bare_of_blanks(field: &[u8]) -> &[u8] {
    std::str::from_utf8(field).map_or_else(|_| field.trim_ascii(), |text| text.trim().as_bytes())
}

/// A field without white space and quotes around it. What stands in quotes may be quoted or padded again.
pub(super) fn bare<'a>(field: &'a [u8], edits: &mut Edits) -> Cow<'a, [u8]> {
    until_the_same(field, |now| unquoted(trimmed(now, edits), edits))
}

/// The same of a key, with the blanks in it that do not break.
pub(super) fn bare_key<'a>(field: &'a [u8], edits: &mut Edits) -> Cow<'a, [u8]> {
    until_the_same(field, |now| unquoted(counted(now, trim_key(now), edits), edits))
}

fn until_the_same<'a>(
    field: &'a [u8],
    mut mend: impl for<'f> FnMut(&'f [u8]) -> Cow<'f, [u8]>,
) -> Cow<'a, [u8]> {
    let mut now = mend(field);
    loop {
        let next = match &now {
            Cow::Borrowed(text) => mend(text),
            Cow::Owned(text) => Cow::Owned(mend(text).into_owned()),
        };
        if next.len() == now.len() {
            return next;
        }
        now = next;
    }
}

/// A field without the quotes around it. Where it is not certain what they meant, they stay.
fn unquoted<'a>(field: &'a [u8], edits: &mut Edits) -> Cow<'a, [u8]> {
    match t012::unquoted(field) {
        Some(inner) => {
            edits.add("T012", 1);
            inner
        }
        None => Cow::Borrowed(field),
    }
}

/// Whether a row of a table in quotes begins with a name in quotes, as R writes it, and no field is a part of one.
pub(super) fn has_row_name(line: &[u8]) -> bool {
    let mut all = fields(line).map(|(_, field)| field.trim_ascii());
    all.next().is_some_and(t012::comes_off) && all.all(|field| !t012::is_unclosed(field))
}

/// Whether the quotes around a description are mended.
pub(super) fn is_mended(description: &[u8]) -> bool {
    t012::comes_off(bare_of_blanks(description))
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

/// The line without what stands beyond so many fields, where that is blank.
pub(super) fn within(line: &[u8], width: usize) -> &[u8] {
    let beyond = fields(line).nth(width);
    let blank = beyond.filter(|(start, _)| line[*start..].trim_ascii().is_empty());
    blank.map_or(line, |(start, _)| &line[..start - 1])
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
            ("\"a\"\"b\"", "a\"b"),
            ("\"the \"\"b\"\" c\"", "the \"b\" c"),
            ("\"a\" and \"b\"", "\"a\" and \"b\""),
            ("5\"", "5\""),
        ] {
            let mut edits = Edits::default();
            let found = bare(field.as_bytes(), &mut edits);
            assert_eq!(
                (found.as_ref(), edits.is_empty()),
                (bared.as_bytes(), field == bared),
                "{field}"
            );
            assert_eq!(bare(&found, &mut edits), found);
        }
        for (key, bared) in [
            (" \u{a0}S1\u{b} ", "\u{a0}S1"),
            ("\"\u{a0}S1 \"", "\u{a0}S1"),
            ("\u{a0}", "\u{a0}"),
            (" S1 ", "S1"),
        ] {
            assert_eq!(
                bare_key(key.as_bytes(), &mut Edits::default()).as_ref(),
                bared.as_bytes(),
                "{key}"
            );
        }
        let name = bare("\u{a0}a\u{a0}".as_bytes(), &mut Edits::default());
        assert_eq!(name.as_ref(), b"a");
    }
}
