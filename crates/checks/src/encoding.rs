//! In which encoding a text is that is not UTF-8, as far as a few bytes tell.

use crate::rules::f003_not_utf8::Encoding;

/// Windows-1252 from 0x80 to 0x9F; a dot stands where it has nothing. Above that it is Latin-1.
const WINDOWS_1252: &str = "€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ";

/// Mac OS Roman from 0x80 on.
const MAC_ROMAN: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

/// More letters beyond ASCII than this in a row make no word of a western language.
const LETTERS: usize = 3;

/// What a field with bytes that are no UTF-8 is likely to be in, and how it reads then.
pub(crate) fn guess(field: &[u8]) -> (Encoding, Option<String>) {
    let longest = field.split(u8::is_ascii).map(<[u8]>::len).max().unwrap_or(0);
    if longest > LETTERS {
        return (Encoding::NotWestern, None);
    }
    let read = |encoding, letter: fn(u8) -> Option<char>| {
        let text: Option<String> = field.iter().map(|byte| letter(*byte)).collect();
        (encoding, text)
    };
    // Letters of Mac OS Roman lie where Windows-1252 has signs and nothing.
    let in_word = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| field.get(at));
        before.is_some_and(u8::is_ascii_alphabetic) && field.get(at + 1).is_some_and(u8::is_ascii_lowercase)
    };
    let is_mac = field.iter().enumerate().any(|(at, byte)| {
        let odd = matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
        let sign = matches!(byte, 0x80..=0x90 | 0x98..=0x9F) && *byte != 0x9A && *byte != 0x9E;
        odd || (sign && in_word(at))
    });
    if is_mac {
        return read(Encoding::MacRoman, mac_roman);
    }
    read(Encoding::Windows1252, windows_1252)
}

/// What a text was before its UTF-8 was read as Windows-1252, as in `K\u{c3}\u{b6}ln` for `K\u{f6}ln`.
pub(crate) fn misread(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(byte_of).collect();
    // Hardly any word of letters beyond ASCII is UTF-8 by chance.
    String::from_utf8(bytes?).ok()
}

/// The byte that a program may have read a character from.
fn byte_of(character: char) -> Option<u8> {
    match WINDOWS_1252
        .chars()
        .position(|known| known == character && known != '.')
    {
        Some(at) => u8::try_from(0x80 + at).ok(),
        None => u8::try_from(u32::from(character)).ok(),
    }
}

/// The character that a byte is in Windows-1252, if it is one. Latin-1 is the same but for control characters.
#[must_use]
pub fn windows_1252(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9F => WINDOWS_1252
            .chars()
            .nth(usize::from(byte) - 0x80)
            .filter(|letter| *letter != '.'),
        _ => Some(char::from(byte)),
    }
}

fn mac_roman(byte: u8) -> Option<char> {
    match byte {
        0x80.. => MAC_ROMAN.chars().nth(usize::from(byte) - 0x80),
        _ => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_a_letter_for_each_byte() {
        assert_eq!(WINDOWS_1252.chars().count(), 32);
        assert_eq!(MAC_ROMAN.chars().count(), 128);
        assert_eq!((windows_1252(0x80), windows_1252(0x9F)), (Some('€'), Some('Ÿ')));
        assert_eq!((mac_roman(0x8E), mac_roman(0xFF)), (Some('é'), Some('ˇ')));
    }

    #[test]
    fn a_few_bytes_tell() {
        let cases: [(&[u8], Encoding, Option<&str>); 9] = [
            (b"M\xFCnchen", Encoding::Windows1252, Some("München")),
            (b"patient\x92s", Encoding::Windows1252, Some("patient’s")),
            (
                b"\x93quoted\x94 5 \x80",
                Encoding::Windows1252,
                Some("“quoted” 5 €"),
            ),
            (b"5 \xB5g", Encoding::Windows1252, Some("5 µg")),
            (b"\x8Akoda, Du\x9Aan", Encoding::Windows1252, Some("Škoda, Dušan")),
            (b"M\x9Fnchen", Encoding::MacRoman, Some("München")),
            (b"Universit\x8E", Encoding::Windows1252, Some("UniversitŽ")),
            (b"caf\x8Es", Encoding::MacRoman, Some("cafés")),
            (b"\xD0\xCF\xD2\xC1\xDA\xC5\xC3", Encoding::NotWestern, None),
        ];
        for (field, encoding, text) in cases {
            let (guessed, read) = guess(field);
            assert_eq!(guessed, encoding, "{field:?}");
            if text.is_some() {
                assert_eq!(read.as_deref(), text);
            }
        }
    }

    #[test]
    fn what_was_read_as_another_encoding_is_read_again() {
        for (text, meant) in [
            ("K\u{c3}\u{b6}ln", Some("K\u{f6}ln")),
            ("5 \u{c2}\u{b5}g", Some("5 \u{b5}g")),
            ("it\u{e2}\u{20ac}\u{2122}s", Some("it\u{2019}s")),
            ("K\u{f6}ln", None),
            ("5 \u{b5}g", None),
            ("\u{3b1}-\u{c3}\u{b6}", None),
            ("plain", None),
        ] {
            assert_eq!(misread(text).as_deref(), meant, "{text}");
        }
    }
}
