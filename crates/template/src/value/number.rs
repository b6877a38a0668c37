//! Numbers in metadata.

use super::Form;

/// What is wrong with an integer, if anything.
pub(super) fn integer(text: &str) -> Option<Form> {
    if is_digits(unsigned(text)) {
        return None;
    }
    match decimal(text) {
        // It is a number, only not a whole one by its look.
        None => {
            if unsigned(text).contains(['e', 'E']) {
                return Some(Form::WholeExponent);
            }
            let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
            let whole = unsigned(text).split('.').next().is_some_and(is_digits);
            Some(if whole && fraction.bytes().all(|byte| byte == b'0') {
                Form::WholeDecimal
            } else {
                Form::Fraction
            })
        }
        // `1,5` can be no whole number, however its comma is read.
        Some(Form::DecimalComma) => Some(Form::Fraction),
        form => form,
    }
}

/// What is wrong with a decimal number, if anything.
pub(super) fn decimal(text: &str) -> Option<Form> {
    if is_decimal(text) {
        return None;
    }
    Some(commas(text).or_else(|| spoilt(text)).unwrap_or(Form::Other))
}

/// A number with plain digits and signs in place of look-alikes.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{2212}' | '\u{2010}'..='\u{2014}' | '\u{FF0D}' | '\u{FE63}' => '-',
            '\u{FF10}'..='\u{FF19}' => {
                char::from_u32(u32::from(character) - 0xFF10 + u32::from('0')).unwrap_or(character)
            }
            '\u{FF0E}' | '\u{00B7}' | '\u{2024}' => '.',
            '\u{FF0B}' => '+',
            other => other,
        })
        .filter(|character| {
            !matches!(
                character,
                '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}'
            )
        })
        .collect()
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `digits[.digits][e[sign]digits]`, with digits on at least one side of the point.
fn is_decimal(text: &str) -> bool {
    let text = unsigned(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| is_digits(unsigned(exponent)))
}

/// Numbers with commas, or with separators between thousands.
fn commas(text: &str) -> Option<Form> {
    let number = unsigned(text);
    let (mantissa, _) = number.split_once(['e', 'E']).unwrap_or((number, ""));
    // All but the separators must be a number.
    if !is_decimal(&number.replace(
        [',', '.', ' ', '\'', '\u{2019}', '\u{A0}', '\u{202F}', '\u{2009}'],
        "",
    )) {
        return None;
    }
    // In Switzerland an apostrophe stands there.
    let blank = |character: char| {
        matches!(
            character,
            ' ' | '\'' | '\u{2019}' | '\u{A0}' | '\u{202F}' | '\u{2009}'
        )
    };
    let commas = mantissa.matches(',').count();
    let points = mantissa.matches('.').count();
    if mantissa.contains(blank) {
        let plain = mantissa.split('.').next().unwrap_or_default();
        return (commas == 0 && points <= 1 && in_thousands(plain, blank)).then_some(Form::ThousandsBlank);
    }
    match (commas, points) {
        (0, 2..) => in_thousands(mantissa, |c| c == '.').then_some(Form::ThousandsPoint),
        (1, 0) => {
            let (whole, fraction) = mantissa.split_once(',')?;
            let may_be_thousands =
                (1..=3).contains(&whole.len()) && fraction.len() == 3 && !whole.starts_with('0');
            let digits = whole.len() + fraction.len() > 0 && !fraction.is_empty();
            digits.then_some(if may_be_thousands {
                Form::EitherComma
            } else {
                Form::DecimalComma
            })
        }
        (1, _) => {
            let (comma, point) = (mantissa.find(',')?, mantissa.find('.')?);
            if comma < point {
                let whole = mantissa.split('.').next().unwrap_or_default();
                (points == 1 && in_thousands(whole, |c| c == ',')).then_some(Form::ThousandsComma)
            } else {
                in_thousands(&mantissa[..comma], |c| c == '.').then_some(Form::ThousandsPoint)
            }
        }
        (2.., _) => {
            let whole = mantissa.split('.').next().unwrap_or_default();
            (points <= 1 && in_thousands(whole, |c| c == ',')).then_some(Form::ThousandsComma)
        }
        (0, _) => None,
    }
}

/// Whether digits stand in groups of three, the first of one to three.
fn in_thousands(text: &str, separator: impl Fn(char) -> bool) -> bool {
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or_default();
    let mut more = 0;
    let rest = groups.all(|group| {
        more += 1;
        group.len() == 3 && is_digits(group)
    });
    rest && more > 0 && (1..=3).contains(&first.len()) && is_digits(first)
}

/// Numbers with something around them.
fn spoilt(text: &str) -> Option<Form> {
    let clean = plain(text);
    if clean != text && is_decimal(&clean) {
        return Some(Form::FancyCharacters);
    }
    let number = |part: &str| is_decimal(part.trim()) || commas(part.trim()).is_some();
    if let Some(rest) = text.strip_suffix('%') {
        return number(rest).then_some(Form::Percent);
    }
    let bare = text.trim_start_matches(['<', '>', '=', '~', '≤', '≥', '≈', '±']);
    if bare.len() < text.len() {
        return number(bare).then_some(Form::Bound);
    }
    for dash in ["-", "–", " to ", ".."] {
        if let Some((left, right)) = text.split_once(dash)
            && number(left)
            && number(right)
        {
            return Some(Form::Range);
        }
    }
    if text.strip_suffix('+').is_some_and(number) {
        return Some(Form::Bound);
    }
    let letters = text.find(|character: char| {
        !(character.is_ascii_digit() || matches!(character, '.' | ',' | '+' | '-'))
    })?;
    let (value, unit) = text.split_at(letters);
    let unit = unit.trim();
    // `2x150`, `5 x10^6` and `0x1F` are a number and more than a unit.
    let mut letters = unit.chars();
    let times = letters
        .next()
        .is_some_and(|first| matches!(first, 'x' | 'X' | '\u{D7}'))
        && letters
            .find(|letter| *letter != ' ')
            .is_some_and(|second| second.is_ascii_digit());
    (number(value)
        && !times
        && unit.chars().count() <= 24
        && unit
            .chars()
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '°'))
    .then_some(Form::WithUnit)
}
