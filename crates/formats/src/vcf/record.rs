//! The fields of a record.

use memchr::memchr_iter;

/// What an entry of ALT is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allele {
    /// `ACGT`
    Bases,
    /// `*`: taken away by a deletion further up.
    Overlapped,
    /// `.`
    Missing,
    /// `<DEL>`
    Symbolic,
    /// `G]17:198982]`, `]13:123456]T`, `G.`, `.G`
    Breakend,
}

/// Why a text is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BadPosition {
    /// Nothing, or `.`.
    Missing,
    /// A number that is no whole one, or is negative, or is written as a spreadsheet does: `1.05E+08`, `1,000`.
    Spelling,
    /// Beyond what 31 bits hold.
    TooLarge,
    /// No number at all.
    Text,
}

/// The greatest position that VCF can hold: its integers have 32 bits.
const GREATEST: u64 = (1 << 31) - 1;

/// Reads POS.
///
/// # Errors
///
/// Where it is no whole number from 0 to 2147483647.
pub fn position(field: &[u8]) -> Result<u32, BadPosition> {
    if field.is_empty() || field == b"." {
        return Err(BadPosition::Missing);
    }
    if !field.iter().all(u8::is_ascii_digit) {
        let figures = field.iter().any(u8::is_ascii_digit)
            && field
                .iter()
                .all(|byte| byte.is_ascii_digit() || b"+-.,eE".contains(byte));
        return Err(if figures {
            BadPosition::Spelling
        } else {
            BadPosition::Text
        });
    }
    // A figure of many digits stays above the limit once it is there.
    let value = field.iter().fold(0_u64, |value, digit| {
        (value * 10 + u64::from(digit - b'0')).min(GREATEST + 1)
    });
    u32::try_from(value)
        .ok()
        .filter(|value| u64::from(*value) <= GREATEST)
        .ok_or(BadPosition::TooLarge)
}

/// Whether a text is of the letters A, C, G, T and N alone, in either case, and has one.
pub fn is_bases(text: &[u8]) -> bool {
    !text.is_empty()
        && text
            .iter()
            .all(|byte| matches!(byte.to_ascii_uppercase(), b'A' | b'C' | b'G' | b'T' | b'N'))
}

/// What one entry of ALT is; `None` where it is none.
pub fn allele(text: &[u8]) -> Option<Allele> {
    match text {
        b"*" => Some(Allele::Overlapped),
        b"." => Some(Allele::Missing),
        [b'<', id @ .., b'>'] if is_identifier(id) => Some(Allele::Symbolic),
        [b'.', bases @ ..] | [bases @ .., b'.'] if is_bases(bases) => Some(Allele::Breakend),
        text if is_bases(text) => Some(Allele::Bases),
        text if is_breakend(text) => Some(Allele::Breakend),
        _ => None,
    }
}

/// How many keys, separated by `:`, a FORMAT or a sample's field has.
pub fn keys(field: &[u8]) -> usize {
    memchr_iter(b':', field).count() + 1
}

fn is_identifier(text: &[u8]) -> bool {
    !text.is_empty()
        && text
            .iter()
            .all(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'<' | b'>'))
}

/// Two brackets of one kind around a place, and bases before or after them.
fn is_breakend(text: &[u8]) -> bool {
    let mut brackets = memchr::memchr2_iter(b'[', b']', text);
    let (Some(open), Some(close), None) = (brackets.next(), brackets.next(), brackets.next()) else {
        return false;
    };
    let (before, mate, after) = (&text[..open], &text[open + 1..close], &text[close + 1..]);
    let joined = (is_bases(before) && after.is_empty()) || (before.is_empty() && is_bases(after));
    // A single base may be given as `.` where the record begins a chromosome.
    let telomere = (before == b"." && after.is_empty()) || (before.is_empty() && after == b".");
    let place = mate.iter().rposition(|byte| *byte == b':').is_some_and(|colon| {
        colon > 0 && colon + 1 < mate.len() && mate[colon + 1..].iter().all(u8::is_ascii_digit)
    });
    text[open] == text[close] && (joined || telomere) && place
}
