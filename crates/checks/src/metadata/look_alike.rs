//! Characters that look like others: letters of other scripts, dashes, blanks, and what cannot be seen.

/// Whether a character is white space that is no part of a name or a key: a plain blank, or what moved the paper of a printer.
pub const fn is_white(character: char) -> bool {
    character.is_ascii_whitespace() || character == '\u{B}'
}

/// A key without white space around it. A blank that does not break stays: it is told of, and must be mended wherever the key is
/// referred to.
pub fn trim_key(field: &[u8]) -> &[u8] {
    match std::str::from_utf8(field) {
        Ok(text) => text.trim_matches(is_white).as_bytes(),
        Err(_) => field.trim_ascii(),
    }
}

/// A name with every look-alike written plainly, and without what cannot be seen. Two names with the same
/// skeleton look the same to a reader.
pub fn skeleton(text: &str) -> String {
    text.chars().filter_map(plain).collect()
}

/// Which characters of `found` make it differ from the name that it looks like, by place and code point.
pub fn differing(found: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (index, character) in found.chars().enumerate() {
        let meant = plain(character);
        if meant == Some(character) {
            continue;
        }
        let code = u32::from(character);
        let place = index + 1;
        parts.push(match meant {
            None => format!("character {place} is U+{code:04X}, which is invisible"),
            Some(' ') => format!(
                "character {place} is U+{code:04X}, {}, and not a plain blank",
                describe(character)
            ),
            Some(meant) => {
                format!(
                    "character {place} is `{character}` U+{code:04X}, {}, and not `{meant}`",
                    describe(character)
                )
            }
        });
        if parts.len() == 4 {
            break;
        }
    }
    parts.join("; ")
}

/// A character that a reader takes for another, or does not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Odd {
    /// Counted from 1.
    place: usize,
    character: char,
    kind: OddKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OddKind {
    Invisible,
    Blank,
    /// The second of two plain blanks.
    SecondBlank,
    Hyphen,
}

impl Odd {
    /// What it is, in words.
    pub fn what(self) -> String {
        let (place, code) = (self.place, u32::from(self.character));
        match self.kind {
            OddKind::Invisible => format!("character {place}, U+{code:04X}, which is invisible"),
            OddKind::SecondBlank => format!("characters {} and {place}, two blanks in a row", place - 1),
            OddKind::Blank => format!("character {place}, U+{code:04X}, {}", describe(self.character)),
            OddKind::Hyphen => format!(
                "character {place}, U+{code:04X}, {} and no plain hyphen",
                describe(self.character)
            ),
        }
    }

    /// What to do about it.
    pub const fn remedy(self) -> &'static str {
        match self.kind {
            OddKind::Invisible => "delete the invisible character",
            OddKind::Blank | OddKind::SecondBlank => "write it with single plain blanks",
            OddKind::Hyphen => "write it with a plain hyphen",
        }
    }
}

/// The first character of an id that is not what it seems: a blank or a hyphen that is not the plain one, two blanks that look
/// like one, or something that cannot be seen.
pub fn odd_in_id(text: &str) -> Option<Odd> {
    first_odd(text, |before, character, after| match plain(character) {
        Some(' ') if character != ' ' => Some(OddKind::Blank),
        Some(' ') if before == Some(' ') => Some(OddKind::SecondBlank),
        // Between blanks it is a dash.
        Some('-') if character != '-' && [before, after].iter().flatten().all(|beside| *beside != ' ') => {
            Some(OddKind::Hyphen)
        }
        _ => None,
    })
}

/// The first character of a text that cannot be seen, and is not needed to write it.
pub fn invisible(text: &str) -> Option<Odd> {
    first_odd(text, |_, _, _| None)
}

/// The first character that cannot be seen, or of which `kind` says what it is; it is given those before and after it.
fn first_odd(text: &str, kind: impl Fn(Option<char>, char, Option<char>) -> Option<OddKind>) -> Option<Odd> {
    let mut before = None;
    let mut rest = text.chars().enumerate().peekable();
    while let Some((index, character)) = rest.next() {
        let after = rest.peek().map(|(_, after)| *after);
        let is_stray = plain(character).is_none() && !is_needed(before, character, after, text);
        let odd = if is_stray {
            Some(OddKind::Invisible)
        } else {
            kind(before, character, after)
        };
        if let Some(kind) = odd {
            return Some(Odd {
                place: index + 1,
                character,
                kind,
            });
        }
        before = Some(character);
    }
    None
}

/// Whether a character that cannot be seen belongs to the script that it stands in: joiners in those whose letters join,
/// breaks in those that put no blanks between words, marks of direction, and what tells one form of a sign from another.
fn is_needed(before: Option<char>, character: char, after: Option<char>, text: &str) -> bool {
    let beside = |is: fn(char) -> bool| [before, after].into_iter().flatten().any(is);
    match character {
        '\u{200C}' | '\u{200D}' => beside(
            |c| matches!(c, '\u{590}'..='\u{1FFF}' | '\u{2190}'..='\u{2BFF}' | '\u{A800}'..='\u{ABFF}' | '\u{10000}'..),
        ),
        '\u{200B}' => beside(
            |c| matches!(c, '\u{E00}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{9FFF}'),
        ),
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' => text.chars().any(is_right_to_left),
        '\u{180E}' => beside(|c| matches!(c, '\u{1800}'..='\u{18AF}')),
        '\u{FE00}'..='\u{FE0F}' => before.is_some_and(|c| !c.is_ascii()) || after == Some('\u{20E3}'),
        _ => false,
    }
}

const fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// The character that stands in a text where one was lost: it could not be read in the encoding that was thought to be the
/// text's.
pub const LOST: char = char::REPLACEMENT_CHARACTER;

/// Quotes as word processors write them, in pairs.
const QUOTES: [(char, char); 7] = [
    ('\u{201C}', '\u{201D}'),
    ('\u{201D}', '\u{201D}'),
    ('\u{201E}', '\u{201C}'),
    ('\u{201E}', '\u{201D}'),
    ('\u{2018}', '\u{2019}'),
    ('\u{201A}', '\u{2018}'),
    ('\u{AB}', '\u{BB}'),
];

/// Whether a character is a quote around a text, plain or as a word processor writes it.
pub fn is_quote(character: char) -> bool {
    character == '"'
        || QUOTES
            .iter()
            .any(|(open, close)| [*open, *close].contains(&character))
}

/// Whether quotes as a word processor writes them stand around a text, and none within.
pub fn in_typographic_quotes(text: &str) -> bool {
    let inner = |(open, close): (char, char)| text.strip_prefix(open)?.strip_suffix(close);
    QUOTES.into_iter().any(|pair| {
        inner(pair).is_some_and(|inner| !inner.trim().is_empty() && !inner.contains([pair.0, pair.1]))
    })
}

/// The plain character that a look-alike stands for; nothing for an invisible one; others as they are.
fn plain(character: char) -> Option<char> {
    if character.is_ascii() {
        return Some(character).filter(|character| !is_unseen(*character));
    }
    if let Some(at) = LETTERS
        .iter()
        .position(|(look_alike, _)| *look_alike == character)
    {
        return Some(LETTERS[at].1);
    }
    match character {
        '\u{AD}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' => None,
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(' '),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => Some('-'),
        '\u{2018}' | '\u{2019}' | '\u{2BC}' | '\u{2032}' | '\u{B4}' => Some('\''),
        '\u{201C}'..='\u{201E}' | '\u{2033}' => Some('"'),
        '\u{2044}' | '\u{2215}' => Some('/'),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFF01 + 0x21),
        other => Some(other),
    }
}

/// Whether a control character leaves no trace in a text. NUL and what ends files or lines is told by itself.
const fn is_unseen(character: char) -> bool {
    matches!(character, '\u{1}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{19}' | '\u{1B}'..='\u{1F}' | '\u{7F}')
}

fn describe(character: char) -> &'static str {
    match character {
        '\u{A0}' => "a non-breaking blank",
        '\u{202F}' => "a narrow non-breaking blank",
        '\u{3000}' => "an ideographic blank",
        '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{205F}' => "a blank of another width",
        '\u{2010}' | '\u{2011}' => "a typographic hyphen",
        '\u{2012}'..='\u{2013}' => "an en dash",
        '\u{2014}'..='\u{2015}' => "an em dash",
        '\u{2212}' | '\u{FE58}' | '\u{FE63}' => "a minus sign or small dash",
        '\u{2018}'..='\u{201E}' | '\u{2BC}' | '\u{B4}' | '\u{2032}' | '\u{2033}' => "a typographic quote",
        '\u{2044}' | '\u{2215}' => "a fraction slash",
        '\u{FF01}'..='\u{FF5E}' => "a full-width character",
        '\u{370}'..='\u{3FF}' => "a Greek letter",
        '\u{400}'..='\u{52F}' => "a Cyrillic letter",
        _ => "a letter of another alphabet",
    }
}

/// Letters that look like Latin ones in most typefaces.
const LETTERS: [(char, char); 61] = [
    // Cyrillic
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('Ѕ', 'S'),
    ('Ѵ', 'V'),
    ('Ԛ', 'Q'),
    ('Ԝ', 'W'),
    ('а', 'a'),
    ('е', 'e'),
    ('к', 'k'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ѕ', 's'),
    ('ѵ', 'v'),
    ('һ', 'h'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('ӏ', 'l'),
    // Greek
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('ο', 'o'),
    ('ν', 'v'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ρ', 'p'),
    ('υ', 'u'),
    ('ϲ', 'c'),
    ('ϳ', 'j'),
    // Others
    ('ı', 'i'),
    ('ɑ', 'a'),
    ('ɡ', 'g'),
    ('ⅼ', 'l'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_have_the_skeleton_of_what_they_look_like() {
        for (found, known) in [
            ("Flow \u{421}ell", "Flow Cell"),
            ("Sample\u{A0}Source\u{2009}ID", "Sample Source ID"),
            ("RIN Value \u{2013} RNA", "RIN Value - RNA"),
            ("Se\u{200B}x", "Sex"),
            ("\u{FF33}ex", "Sex"),
            ("\u{391}ge", "Age"),
        ] {
            assert_ne!(found, known);
            assert_eq!(skeleton(found), known, "{found}");
        }
        for plain in ["Flow Cell", "Größe", "μg", "Ж"] {
            assert_eq!(skeleton(plain), plain);
        }
    }

    #[test]
    fn blanks_that_nobody_sees_are_named() {
        for (text, what) in [
            ("S\u{A0}1", Some("character 2, U+00A0, a non-breaking blank")),
            ("S1\u{A0}", Some("character 3, U+00A0, a non-breaking blank")),
            ("S  1", Some("characters 2 and 3, two blanks in a row")),
            ("S\u{200B}1", Some("character 2, U+200B, which is invisible")),
            (
                "S\u{2011}1",
                Some("character 2, U+2011, a typographic hyphen and no plain hyphen"),
            ),
            (
                "S\u{2013}1",
                Some("character 2, U+2013, an en dash and no plain hyphen"),
            ),
            ("liver \u{2013} left", None),
            ("S 1", None),
            ("Größe 1", None),
        ] {
            assert_eq!(odd_in_id(text).map(Odd::what).as_deref(), what, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_odd_where_no_script_needs_it() {
        for (text, is_odd) in [
            ("cli\u{200B}nic", true),
            ("a\u{200D}b", true),
            ("tis\u{AD}sue", true),
            ("\u{FEFF}clinic", true),
            ("clinic\u{200E}", true),
            ("x\u{2060}y", true),
            // Persian, Hindi, Thai, Hebrew, and signs that are put together.
            ("\u{645}\u{6CC}\u{200C}\u{62E}", false),
            ("\u{915}\u{94D}\u{200D}\u{937}", false),
            ("\u{E01}\u{200B}\u{E02}", false),
            ("\u{5D0}\u{200F}!", false),
            ("\u{1F469}\u{200D}\u{1F52C}", false),
            ("\u{2764}\u{FE0F}", false),
            ("5\u{2013}6 days \u{2013} or so", false),
        ] {
            assert_eq!(invisible(text).is_some(), is_odd, "{}", text.escape_unicode());
        }
    }

    #[test]
    fn quotes_of_word_processors_are_seen_where_they_wrap_a_text() {
        for (text, wrapped) in [
            ("\u{201C}S1\u{201D}", true),
            ("\u{201E}S1\u{201C}", true),
            ("\u{2018}S1\u{2019}", true),
            ("\u{AB}S1\u{BB}", true),
            ("\u{201C}a\u{201D} and \u{201C}b\u{201D}", false),
            ("\u{201C}\u{201D}", false),
            ("L\u{2019}h\u{F4}pital", false),
            ("S1\u{201D}", false),
        ] {
            assert_eq!(in_typographic_quotes(text), wrapped, "{text}");
        }
    }

    #[test]
    fn the_difference_names_code_points() {
        assert_eq!(
            differing("Flow \u{421}ell"),
            "character 6 is `\u{421}` U+0421, a Cyrillic letter, and not `C`"
        );
        assert_eq!(
            differing("Sa\u{A0}\u{200B}x"),
            "character 3 is U+00A0, a non-breaking blank, and not a plain blank; character 4 is U+200B, which is invisible"
        );
        assert_eq!(differing("plain"), "");
    }
}
