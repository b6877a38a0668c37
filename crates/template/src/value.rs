//! Whether a text is a value of a type and, if not, what it looks like.
//!
//! The grammar is our own, for the reading that ODM's documentation and clients imply: digits and a point for
//! numbers, `true` and `false`, `2021-04-03` or `2021-04-03 10:00:00` or milliseconds for dates, a URL with
//! its scheme for links. What is not a value is given a [`Form`], so that the help can be specific and so that
//! what is unambiguous can be mended.

mod date;
mod local;
mod number;
mod plain;

use crate::attribute::ValueType;

pub use date::{DateOrder, MONTHS, dated, of_seconds, of_sheet_day};
pub use local::is_of_own_machine;
pub use plain::is_plainly_valid;

/// Texts that ODM takes for any attribute, whatever its type or dictionary.
pub const ALWAYS_VALID: [&str; 3] = ["Not applicable", "Not reported", "Not recorded"];

/// The text that ODM takes for any attribute, where `text` is one but for the case of its letters.
pub fn always_valid(text: &str) -> Option<&'static str> {
    ALWAYS_VALID
        .into_iter()
        .find(|valid| valid.eq_ignore_ascii_case(text))
}

/// Whether a text is a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It is a value of the type.
    Valid,
    /// It is not; this is what it looks like.
    Not(Form),
}

/// What a text that is not a value of its type looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `7,5`: a comma for the point.
    DecimalComma,
    /// `1,234,567` or `1,234.5`: commas between thousands.
    ThousandsComma,
    /// `199,205`: a comma that may be either.
    EitherComma,
    /// `1 234 567`, also with non-breaking blanks: blanks between thousands.
    ThousandsBlank,
    /// `1.234.567` or `1.234,5`: points between thousands.
    ThousandsPoint,
    /// `10.0` for an integer.
    WholeDecimal,
    /// `1e3` for an integer.
    WholeExponent,
    /// `10.5` for an integer.
    Fraction,
    /// `5 mg`: a number and a unit.
    WithUnit,
    /// `50%`
    Percent,
    /// `18-25`: a range.
    Range,
    /// `>5`, `<= 3`, `~4`: a bound.
    Bound,
    /// A minus sign, a hyphen or a digit that is not the plain one: `−5`.
    FancyCharacters,
    /// `NA`, `n/a`, `unknown`, `-`: a word for a missing value.
    MissingWord,
    /// `Not Reported`: a text that ODM takes for any attribute, in other letters.
    SpecialCase,
    /// `yes`, `no`, `1`, `T`: a boolean in other words.
    BooleanWord,
    /// `2021/04/03`: year first, with other separators.
    YearFirst,
    /// `20210403`
    CompactDate,
    /// `2021-4-3`: year first, without leading zeros.
    UnpaddedDate,
    /// `2021-04-03T10:00:00Z`: ISO 8601 with a T, or with a Z or no zone, or without seconds.
    IsoTime,
    /// `2021-04-03T10:00:00+02:00`: a time with an offset, or with fractions of a second.
    ZonedTime,
    /// `25/04/2021`: the day must come first.
    DayFirst,
    /// `04/25/2021`: the month must come first.
    MonthFirst,
    /// `05/05/2021`: the day and the month are the same number.
    SameFirst,
    /// `03/04/2021`: either may come first.
    EitherFirst,
    /// `03/04/21`: which number is the year cannot be told.
    ShortYear,
    /// `3 Apr 2021`, `April 3, 2021`: the month by name.
    MonthName,
    /// `2021`
    YearOnly,
    /// `44289`: a spreadsheet's count of days.
    SheetDay,
    /// `1617444000`: a count of seconds.
    Seconds,
    /// `2021-04` or `Apr 2021`
    MonthOnly,
    /// `2021-02-30`: a day that no calendar has.
    NoSuchDay,
    /// `www.example.org/x`: a URL without its scheme.
    NoScheme,
    /// `10.1000/182`: a DOI.
    Doi,
    /// A URL with blanks inside.
    BlankInLink,
    /// `5;7`: several values, with something between them that is no separator to ODM.
    Several,
    /// Nothing that is recognised.
    Other,
}

/// Whether a trimmed, non-blank text is a value of a type. Lists are to be taken apart first.
pub fn judge(value_type: ValueType, text: &str) -> Judgement {
    if ALWAYS_VALID.contains(&text) {
        return Judgement::Valid;
    }
    let form = match value_type {
        ValueType::String => None,
        ValueType::Integer => number::integer(text),
        ValueType::Decimal => number::decimal(text),
        ValueType::Boolean => boolean(text),
        ValueType::DateTime => date::form(text),
        ValueType::Link => link(text),
    };
    match form {
        None => Judgement::Valid,
        Some(_) if always_valid(text).is_some() => Judgement::Not(Form::SpecialCase),
        Some(Form::Other) if value_type != ValueType::String && is_missing_word(text) => {
            Judgement::Not(Form::MissingWord)
        }
        Some(Form::Other | Form::BlankInLink) if joined(value_type, text).is_some() => {
            Judgement::Not(Form::Several)
        }
        Some(form) => Judgement::Not(form),
    }
}

/// The list that ODM would read, where a text is several values of the type with something else between them.
pub fn joined(value_type: ValueType, text: &str) -> Option<String> {
    // A comma is for numbers, and a blank for times.
    let separators: &[char] = match value_type {
        ValueType::String => &[],
        ValueType::Link => &[';', ',', ' '],
        _ => &[';'],
    };
    let parts: Vec<&str> = text
        .split(separators)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let is_value = |part: &&str| judge(value_type, part) == Judgement::Valid;
    (parts.len() > 1 && parts.iter().all(is_value)).then(|| parts.join("|"))
}

impl Form {
    /// The text as a value of its type, where only one value can have been meant. [`Form::EitherComma`] and
    /// [`Form::EitherFirst`] have none: other values of the column may settle them.
    pub fn mended(self, value_type: ValueType, text: &str) -> Option<String> {
        let mended = match self {
            Self::DecimalComma => text.replace(',', "."),
            Self::ThousandsComma => text.replace(',', ""),
            Self::ThousandsBlank => text
                .chars()
                .filter(|character| !character.is_whitespace() && !matches!(character, '\'' | '\u{2019}'))
                .collect(),
            Self::ThousandsPoint => text.replace('.', "").replace(',', "."),
            Self::WholeDecimal => text.split('.').next()?.to_owned(),
            Self::FancyCharacters => number::plain(text),
            Self::BooleanWord => boolean_word(text)?.to_string(),
            Self::YearFirst
            | Self::CompactDate
            | Self::UnpaddedDate
            | Self::IsoTime
            | Self::DayFirst
            | Self::MonthFirst
            | Self::SameFirst
            | Self::MonthName => date::mended(text)?,
            Self::SpecialCase => always_valid(text)?.to_owned(),
            Self::Doi => format!("https://doi.org/{}", doi(text)?),
            Self::EitherComma
            | Self::WholeExponent
            | Self::Fraction
            | Self::WithUnit
            | Self::Percent
            | Self::Range
            | Self::Bound
            | Self::MissingWord
            | Self::ZonedTime
            | Self::EitherFirst
            | Self::ShortYear
            | Self::YearOnly
            | Self::SheetDay
            | Self::Seconds
            | Self::Several
            | Self::MonthOnly
            | Self::NoSuchDay
            | Self::NoScheme
            | Self::BlankInLink
            | Self::Other => return None,
        };
        (judge(value_type, &mended) == Judgement::Valid).then_some(mended)
    }
}

/// What is wrong with a boolean, if anything.
fn boolean(text: &str) -> Option<Form> {
    if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
        None
    } else if boolean_word(text).is_some() {
        Some(Form::BooleanWord)
    } else {
        Some(Form::Other)
    }
}

fn boolean_word(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "t" | "1" => Some(true),
        "no" | "n" | "f" | "0" => Some(false),
        _ => None,
    }
}

/// What is wrong with a link, if anything.
fn link(text: &str) -> Option<Form> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Some(if doi(text).is_some() {
            Form::Doi
        } else if !text.contains(char::is_whitespace) && looks_like_host(text) {
            Form::NoScheme
        } else {
            Form::Other
        });
    };
    let mut letters = scheme.chars();
    let scheme_ok = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'));
    if !scheme_ok || rest.is_empty() {
        return Some(Form::Other);
    }
    if text.contains(char::is_whitespace) {
        return Some(Form::BlankInLink);
    }
    // Another address may stand within one, though not after a separator.
    let is_several = rest.contains("://") && rest.contains([';', ',']);
    (is_several && joined(ValueType::Link, text).is_some()).then_some(Form::Several)
}

fn looks_like_host(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let mut parts = host.split('.');
    let ends_well = host
        .rsplit('.')
        .next()
        .is_some_and(|last| last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic()));
    host.contains('.')
        && ends_well
        && parts.all(|part| !part.is_empty())
        && (text.contains('/') || host.starts_with("www."))
}

/// The DOI in a text that is one, with or without `doi:` before it.
fn doi(text: &str) -> Option<&str> {
    let bare = text
        .strip_prefix("doi:")
        .or_else(|| text.strip_prefix("DOI:"))
        .unwrap_or(text)
        .trim_start();
    let (registrant, suffix) = bare.strip_prefix("10.")?.split_once('/')?;
    let digits = registrant.len() >= 4
        && registrant
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    (digits && !suffix.is_empty() && !bare.contains(char::is_whitespace)).then_some(bare)
}

/// Whether a text is a word for a missing value.
pub fn is_missing_word(text: &str) -> bool {
    const WORDS: [&str; 17] = [
        "na",
        "n/a",
        "n.a.",
        "n.a",
        "nan",
        "null",
        "none",
        "nil",
        "missing",
        "unknown",
        "-",
        "--",
        "?",
        ".",
        "nd",
        "not available",
        "not determined",
    ];
    // Excel's error for a missing value is one too.
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) || text == "#N/A"
}

/// The items of a list value: `|` separates, `||` is a literal pipe. Items are trimmed, though not of blanks that do
/// not break, which are part of a value; an item may be empty. A value without a pipe is one item.
pub fn items(text: &str) -> Items<'_> {
    Items { rest: Some(text) }
}

/// Iterates over the items of a list value.
#[derive(Debug, Clone)]
pub struct Items<'a> {
    rest: Option<&'a str>,
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest?;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'|') {
            at += found;
            if bytes.get(at + 1) == Some(&b'|') {
                at += 2;
                continue;
            }
            self.rest = Some(&text[at + 1..]);
            return Some(text[..at].trim_ascii());
        }
        self.rest = None;
        Some(text.trim_ascii())
    }
}

#[cfg(test)]
#[path = "value/tests.rs"]
mod tests;
