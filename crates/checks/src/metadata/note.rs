//! Notes that stand under a table, or in it, and are no records.

use memchr::memchr;

/// The fewest words that an identifier hardly has.
const WORDS: usize = 3;

/// Signs that a footnote begins with.
const MARKS: [char; 5] = ['*', '#', '\u{2020}', '\u{2021}', '\u{A7}'];

/// Whether a line of a table with several columns looks like a note: there is one text in it, at its beginning, and that
/// reads like no identifier.
pub fn is_note(line: &[u8]) -> bool {
    if line.first().is_none_or(|first| *first == b'\t') {
        return false;
    }
    let text = line.trim_ascii();
    if memchr(b'\t', text).is_some() {
        return false;
    }
    // What stands in quotes may be a part of a cell with line breaks.
    let Some(text) = std::str::from_utf8(text).ok().filter(|text| !text.contains('"')) else {
        return false;
    };
    let words = text.split_whitespace().count();
    let is_labelled = text.contains(": ");
    let bare = text.trim_start_matches(MARKS);
    if memchr(b'\t', line).is_some() {
        // A record may well have nothing but its key, where the other cells are there.
        words > 1 && (is_labelled || (bare.len() < text.len() && bare.starts_with(' ')))
    } else {
        words >= WORDS || is_labelled || bare.len() < text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_told_from_identifiers() {
        for (line, note) in [
            ("Source: lab book 3", true),
            ("* not measured", true),
            ("*not measured", true),
            ("# made by x", true),
            ("Total: 2", true),
            ("Updated by AB", true),
            ("\u{2020} died", true),
            ("Source: lab book 3\t\t", true),
            ("* not measured\t\t", true),
            ("S3", false),
            ("Patient 3", false),
            ("Patient 3 left\t\t", false),
            ("#1\t\t", false),
            ("S:3", false),
            ("S3\tNote: a b", false),
            ("\tNote: a b", false),
            ("\"the first line of a cell", false),
            ("", false),
        ] {
            assert_eq!(is_note(line.as_bytes()), note, "{line}");
        }
    }
}
