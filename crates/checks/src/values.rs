//! Values that are no numbers: what they are instead, and what number is meant.

mod words;

use odmkit_columns::number;
use odmkit_template::value::judge;
use odmkit_template::{Form, Judgement, ValueType};

use crate::rules::t010_spreadsheet_damage::{Damage, judge_feature};

pub(crate) use self::words::{ALL_TEXT, TextIn, not_a_number, second_header, text_in, words};

/// Why a value is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotANumber {
    /// `1,5`
    DecimalComma,
    /// `1,234`: the comma is decimal, or stands between thousands.
    AnyComma,
    /// `1,234.5`
    Thousands,
    /// `1.234,5`
    ThousandsPoint,
    /// `"1.5"`
    Quoted,
    /// `#N/A`, `#DIV/0!` and the like.
    SpreadsheetError,
    /// `0x1F`
    Hexadecimal,
    /// `1.5x10^3`
    PowerOfTen,
    /// A number with something in it or around it, such as `5 %`, `<0.5`, `1 000` or `5 mg`.
    Spoilt(Form),
    /// `'34`, as a spreadsheet marks text, or a number in curly or single quotes.
    Marked,
    /// A number with blanks around it that do not break, or nothing but these.
    Blanks,
    /// `31-Jan-24`
    Date,
    /// `1.5D+03`
    Fortran,
    /// `1.#QNAN`, as Windows writes it.
    NoNumber,
    /// Anything else.
    Text,
}

impl NotANumber {
    /// Looks at a value that is neither a number nor a missing token.
    pub fn judge(value: &str) -> Self {
        let padded = value.trim_ascii();
        let value = value.trim();
        if value.len() < padded.len() && (value.is_empty() || number::is_number(value.as_bytes())) {
            return Self::Blanks;
        }
        if value.len() >= 2 && value.starts_with('"') && value.ends_with('"') {
            return Self::Quoted;
        }
        if value.starts_with('#') {
            return Self::SpreadsheetError;
        }
        if hexadecimal(value).is_some() {
            return Self::Hexadecimal;
        }
        if let Some(other) = Self::of_another_program(value) {
            return other;
        }
        if power_of_ten(value).is_some() {
            return Self::PowerOfTen;
        }
        if !value.contains(',') {
            return Self::spoilt(value);
        }
        let commas = value.matches(',').count();
        let grouped = value
            .trim_start_matches(['-', '+'])
            .split('.')
            .next()
            .is_some_and(|whole| {
                whole.contains(',') && whole.split(',').skip(1).all(|group| group.len() == 3)
            });
        if commas == 1 && number::is_number(value.replace(',', ".").as_bytes()) {
            if thousands(value).is_some() {
                Self::AnyComma
            } else {
                Self::DecimalComma
            }
        } else if continental(value).is_some() {
            Self::ThousandsPoint
        } else if grouped && number::is_number(value.replace(',', "").as_bytes()) {
            Self::Thousands
        } else {
            Self::spoilt(value)
        }
    }

    /// What a spreadsheet, or a program in another language, makes of numbers.
    fn of_another_program(value: &str) -> Option<Self> {
        if unmarked(value).is_some() {
            Some(Self::Marked)
        } else if grouped_by_apostrophes(value).is_some() {
            Some(Self::Thousands)
        } else if judge_feature(value) == Some(Damage::Date) {
            Some(Self::Date)
        } else if fortran(value).is_some() {
            Some(Self::Fortran)
        } else {
            let bare = value.trim_start_matches(['-', '+']);
            let is_none = ["1.#QNAN", "1.#IND", "1.#SNAN", "1.#INF"]
                .iter()
                .any(|none| bare.starts_with(none));
            is_none.then_some(Self::NoNumber)
        }
    }

    /// What metadata would be told of the value, where that is of use for measurements.
    fn spoilt(value: &str) -> Self {
        match judge(ValueType::Decimal, value) {
            Judgement::Not(
                form @ (Form::ThousandsBlank
                | Form::ThousandsPoint
                | Form::WithUnit
                | Form::Percent
                | Form::Range
                | Form::Bound
                | Form::FancyCharacters),
            ) => Self::Spoilt(form),
            _ if has_mark_behind(value) => Self::Spoilt(Form::WithUnit),
            _ => Self::Text,
        }
    }

    /// Whether it is a number, only not as ODM spells it: such a cell is wrong among numbers, and no sign of a column of
    /// text.
    pub(crate) const fn is_spelling(self) -> bool {
        !matches!(
            self,
            Self::Text | Self::Date | Self::Spoilt(Form::WithUnit | Form::Range)
        )
    }

    /// The number that is meant, as ODM reads it, where only one can be.
    pub fn mended(self, value: &str) -> Option<String> {
        let value = value.trim();
        match self {
            Self::DecimalComma | Self::AnyComma => Some(value.replace(',', ".")),
            Self::Thousands => grouped_by_apostrophes(value).or_else(|| Some(value.replace(',', ""))),
            Self::ThousandsPoint => continental(value),
            Self::Hexadecimal => hexadecimal(value).map(|number| number.to_string()),
            Self::PowerOfTen => power_of_ten(value),
            Self::Spoilt(Form::Percent) => Some(value.trim_end_matches('%').trim_end().to_owned())
                .filter(|number| number::is_number(number.as_bytes())),
            Self::Spoilt(form) => form.mended(ValueType::Decimal, value),
            Self::Marked => unmarked(value).map(str::to_owned),
            Self::Blanks => Some(value.to_owned()).filter(|number| !number.is_empty()),
            Self::Fortran => fortran(value),
            Self::Quoted | Self::SpreadsheetError | Self::Date | Self::NoNumber | Self::Text => None,
        }
    }

    /// What folds findings: the fault where it is one of a kind, the value where it is just text.
    pub fn cause(self, value: &str) -> String {
        match self {
            Self::DecimalComma => "decimal comma".to_owned(),
            Self::AnyComma => "some comma".to_owned(),
            Self::Thousands => "thousands separator".to_owned(),
            Self::ThousandsPoint => "point between thousands".to_owned(),
            Self::Quoted => "quoted number".to_owned(),
            Self::Hexadecimal => "hexadecimal number".to_owned(),
            Self::PowerOfTen => "power of ten".to_owned(),
            Self::Spoilt(form) => format!("{form:?}"),
            Self::Marked | Self::Blanks | Self::Date | Self::Fortran | Self::NoNumber => format!("{self:?}"),
            Self::SpreadsheetError | Self::Text => format!("value {}", value.trim()),
        }
    }
}

/// Whether a number stands before a mark, as in `3.5*` or `2.25|P`.
fn has_mark_behind(value: &str) -> bool {
    let number = value.split(['*', '|', '(', '[', '^', '!', '?']).next();
    number.is_some_and(|number| {
        let number = number.trim_ascii_end();
        number.len() < value.len() && number::is_number(number.as_bytes())
    })
}

/// The number behind an apostrophe, or in quotes that are not double ones.
fn unmarked(value: &str) -> Option<&str> {
    const MARKS: [char; 7] = [
        '\'', '`', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{201e}',
    ];
    let bare = value.trim_matches(MARKS);
    (bare.len() < value.len() && number::is_number(bare.as_bytes())).then_some(bare)
}

/// The number with apostrophes between thousands, as the Swiss write it, without them.
fn grouped_by_apostrophes(value: &str) -> Option<String> {
    let whole = value.split('.').next()?;
    let groups: Vec<&str> = whole.split(['\'', '\u{2019}']).collect();
    let plain = value.replace(['\'', '\u{2019}'], "");
    let grouped = groups.len() > 1 && groups[1..].iter().all(|group| group.len() == 3);
    (grouped && number::is_number(plain.as_bytes())).then_some(plain)
}

/// A number whose exponent stands behind a D, as ODM reads it.
fn fortran(value: &str) -> Option<String> {
    let (digits, exponent) = value.split_once(['D', 'd'])?;
    let plain = format!("{digits}E{exponent}");
    (!digits.is_empty() && number::is_number(plain.as_bytes())).then_some(plain)
}

/// The number that is meant by hexadecimal digits.
fn hexadecimal(value: &str) -> Option<i128> {
    let (negative, unsigned) = match value.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, value.strip_prefix('+').unwrap_or(value)),
    };
    let digits = unsigned
        .strip_prefix("0x")
        .or_else(|| unsigned.strip_prefix("0X"))?;
    // A second sign is none of the number's.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let number = i128::from(u64::from_str_radix(digits, 16).ok()?);
    Some(if negative { -number } else { number })
}

/// The number that is meant by one times a power of ten, as ODM reads it.
fn power_of_ten(value: &str) -> Option<String> {
    let (mantissa, power) = value.split_once(['x', 'X', '*', '\u{d7}'])?;
    let exponent = power
        .trim()
        .strip_prefix("10^")?
        .trim_matches(['(', ')', '{', '}']);
    let plain = format!("{}e{}", mantissa.trim(), exponent.replace('\u{2212}', "-"));
    number::is_number(plain.as_bytes()).then_some(plain)
}

/// A number with points between thousands and a decimal comma, as ODM reads it.
fn continental(value: &str) -> Option<String> {
    let (whole, fraction) = value.split_once(',')?;
    let grouped = whole.contains('.') && whole.split('.').skip(1).all(|group| group.len() == 3);
    let plain = format!("{}.{fraction}", whole.replace('.', ""));
    (grouped && number::is_number(plain.as_bytes())).then_some(plain)
}

/// The number that is meant if a single comma stands between thousands, where it may.
fn thousands(value: &str) -> Option<String> {
    let (whole, group) = value.split_once(',')?;
    let digits = whole.trim_start_matches(['-', '+']);
    let fits = matches!(digits.len(), 1..=3) && !digits.starts_with('0') && group.len() == 3;
    (fits && group.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("{whole}{group}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_apart() {
        use NotANumber::{
            AnyComma, Blanks, Date, DecimalComma, Fortran, Hexadecimal, Marked, NoNumber, Quoted, Spoilt,
            SpreadsheetError, Text, Thousands, ThousandsPoint,
        };
        for (value, kind) in [
            ("1,5", DecimalComma),
            ("-0,25", DecimalComma),
            ("221,69", DecimalComma),
            ("1,234", AnyComma),
            ("1234,567", DecimalComma),
            ("1,234.5", Thousands),
            ("1,234,567", Thousands),
            ("1.234,5", ThousandsPoint),
            ("-12.345.678,25", ThousandsPoint),
            ("1.23,5", Text),
            ("1.234,5,6", Text),
            ("\"1.5\"", Quoted),
            ("#N/A", SpreadsheetError),
            ("#DIV/0!", SpreadsheetError),
            ("n.d.", Text),
            ("1,2,3", Text),
            ("<0.5", Spoilt(Form::Bound)),
            ("5 %", Spoilt(Form::Percent)),
            ("1 000", Spoilt(Form::ThousandsBlank)),
            ("1.234.567", Spoilt(Form::ThousandsPoint)),
            ("5 mg", Spoilt(Form::WithUnit)),
            ("1-2", Spoilt(Form::Range)),
            ("\u{2212}5", Spoilt(Form::FancyCharacters)),
            ("0x1F", Hexadecimal),
            ("-0xff", Hexadecimal),
            ("0x", Spoilt(Form::WithUnit)),
            ("0x+1", Spoilt(Form::WithUnit)),
            ("0xG", Spoilt(Form::WithUnit)),
            ("3.5*", Spoilt(Form::WithUnit)),
            ("2.25|P", Spoilt(Form::WithUnit)),
            ("*", Text),
            ("1/2", Text),
            ("'34", Marked),
            ("\u{201c}35\u{201d}", Marked),
            ("'n.d.'", Text),
            ("1'000", Thousands),
            ("1\u{2019}234\u{2019}567.5", Thousands),
            ("1'00", Text),
            ("31-Jan-24", Date),
            ("2-Jan", Date),
            ("2024-01-31", Date),
            ("1.5D+03", Fortran),
            ("D5", Text),
            ("1.#QNAN", NoNumber),
            ("-1.#IND00", NoNumber),
            ("\u{a0}5.0", Blanks),
            ("\u{a0}", Blanks),
            (",", Text),
        ] {
            assert_eq!(NotANumber::judge(value), kind, "{value}");
        }
    }
}
