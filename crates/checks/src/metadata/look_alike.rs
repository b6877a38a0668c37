//! Characters that look like others: letters of other scripts, dashes, blanks, and what cannot be seen.

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

/// The first blank, or pair of blanks, that a reader takes for one plain blank or for none: what it is, in words.
pub fn blanks(text: &str) -> Option<String> {
    let mut before = None;
    for (index, character) in text.chars().enumerate() {
        let place = index + 1;
        let code = u32::from(character);
        match plain(character) {
            None => return Some(format!("character {place}, U+{code:04X}, which is invisible")),
            Some(' ') if character != ' ' => {
                return Some(format!(
                    "character {place}, U+{code:04X}, {}",
                    describe(character)
                ));
            }
            Some(' ') if before == Some(' ') => {
                return Some(format!(
                    "characters {} and {place}, two blanks in a row",
                    place - 1
                ));
            }
            _ => {}
        }
        before = Some(character);
    }
    None
}

/// The plain character that a look-alike stands for; nothing for an invisible one; others as they are.
fn plain(character: char) -> Option<char> {
    if character.is_ascii() {
        return Some(character);
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
            ("S 1", None),
            ("Größe 1", None),
        ] {
            assert_eq!(blanks(text).as_deref(), what, "{text}");
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
