//! What is said of a value that is no number: the same words in a GCT file and in a data frame.

use std::sync::Arc;

use odmkit_columns::number;
use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Rule};
use odmkit_template::value::judge;
use odmkit_template::{Form, Judgement, ValueType};

use crate::rules::t010_spreadsheet_damage::{Damage, judge_feature};

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

/// The finding for a value that is neither a number nor a missing token, under the column `sample`.
pub(crate) fn not_a_number(
    rule: &'static Rule,
    path: &Arc<str>,
    position: Position,
    sample: &str,
    value: &str,
) -> Diagnostic {
    let kind = NotANumber::judge(value);
    let (message, help) = words(kind, value);
    Diagnostic::new(rule, path, message)
        .at(position)
        .field(sample)
        .value(value)
        .help(help)
        .cause(kind.cause(value))
}

/// How much of a column is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextIn {
    /// It holds text from its first rows on, and counts as values: all such columns are one cause.
    Columns,
    /// There is text among its numbers, and not the same over and over: all of a column is one cause.
    Numbers,
}

/// What to do where all columns of values hold text.
pub(crate) const ALL_TEXT: &str = "write numbers: no column of values has any, and ODM takes nothing else (1 and 0 can stand for two words)";

/// There is text in the column `name`.
pub(crate) fn text_in(
    how: TextIn,
    rule: &'static Rule,
    path: &Arc<str>,
    position: Position,
    name: &str,
    text: &str,
) -> Diagnostic {
    let (among, cause) = match how {
        TextIn::Columns => ("", "text column".to_owned()),
        TextIn::Numbers => (" among its numbers", format!("text in {name}")),
    };
    let message = format!("`{text}` is no number: the column `{name}` holds text{among}");
    Diagnostic::new(rule, path, message)
        .at(position)
        .field(name)
        .value(text)
        .cause(cause)
}

/// The line under the header holds text in place of numbers, `text` under `name` and the like under others.
pub(crate) fn second_header(
    rule: &'static Rule,
    path: &Arc<str>,
    position: Position,
    name: &str,
    text: &str,
) -> Diagnostic {
    let line = position.line;
    let message = format!(
        "line {line} looks like a second header line: there is text in place of numbers, such as `{text}`"
    );
    Diagnostic::new(rule, path, message)
        .at(position)
        .field(name)
        .value(text)
        .help(format!(
            "delete line {line}; ODM takes one line of names, so what tells columns apart belongs in that"
        ))
        .cause("second header")
}

/// What is said of a value that is no number, and what to do.
pub(crate) fn words(kind: NotANumber, value: &str) -> (String, String) {
    let mended = kind.mended(value).unwrap_or_default();
    match kind {
        NotANumber::DecimalComma | NotANumber::AnyComma => (
            format!("`{value}` is no number: ODM reads a decimal point, not a comma"),
            match thousands(value.trim()) {
                Some(whole) => {
                    format!("write {mended}, or {whole} if the comma stands between thousands")
                }
                None => format!("write {mended}"),
            },
        ),
        NotANumber::Thousands | NotANumber::ThousandsPoint => (
            format!("`{value}` is no number: ODM knows no thousands separators"),
            format!("write {mended}"),
        ),
        NotANumber::Quoted => (
            format!("`{value}` is no number: the quotes are part of the value"),
            "save the file without quotes around fields".to_owned(),
        ),
        NotANumber::SpreadsheetError => (
            format!("`{value}` is a spreadsheet's error and no number"),
            "mend the formula in the spreadsheet, or leave the cell empty".to_owned(),
        ),
        NotANumber::Hexadecimal => (
            format!("`{value}` is no number: ODM reads decimal digits only"),
            format!("write {mended}, which is what it stands for"),
        ),
        NotANumber::Marked => (
            format!(
                "`{value}` is no number: the mark of text before it, or the quotes around it, are part of the value"
            ),
            format!("write {mended}"),
        ),
        NotANumber::Blanks if mended.is_empty() => (
            format!("`{value}` is no number: a blank that does not break stands in the cell"),
            "leave the cell empty".to_owned(),
        ),
        NotANumber::Blanks => (
            format!("`{value}` is no number: a blank that does not break stands beside it"),
            format!("write {mended}"),
        ),
        NotANumber::Date => (
            format!("`{value}` is no number: a spreadsheet made a date of it"),
            "write the number again from where it comes from; the date does not tell it".to_owned(),
        ),
        NotANumber::Fortran => (
            format!("`{value}` is no number: ODM reads an E before the exponent"),
            format!("write {mended}"),
        ),
        NotANumber::NoNumber => (
            format!("`{value}` is no number: Windows writes so that there is none"),
            "leave the cell empty".to_owned(),
        ),
        NotANumber::PowerOfTen => (
            format!("`{value}` is no number: ODM reads powers of ten as in 1e3"),
            format!("write {mended}"),
        ),
        NotANumber::Spoilt(form) => (
            format!("`{value}` is no number{}", beside(form)),
            spoilt_help(form, &mended),
        ),
        NotANumber::Text => (
            format!("`{value}` is no number"),
            "write a number, or leave the cell empty".to_owned(),
        ),
    }
}

/// What spoils a number, after a message that it is none.
fn beside(form: Form) -> &'static str {
    match form {
        Form::Percent => ": the percent sign does not belong to it",
        Form::ThousandsBlank | Form::ThousandsPoint => ": ODM knows no thousands separators",
        Form::Bound => ": it is a limit",
        Form::Range => ": it is a range",
        Form::WithUnit => ": something follows it",
        Form::FancyCharacters => ": some of its characters only look like those of one",
        _ => "",
    }
}

/// What to do about a number that something spoils.
fn spoilt_help(form: Form, mended: &str) -> String {
    match form {
        Form::Bound => {
            "leave the cell empty, or write the value that stands for what is beyond the limit".to_owned()
        }
        Form::Range => "write one number, or leave the cell empty".to_owned(),
        Form::WithUnit => "write the number alone; the unit can stand in the file's metadata".to_owned(),
        Form::FancyCharacters => format!("write {mended}, with the plain characters of the keyboard"),
        _ if mended.is_empty() => "write a number, or leave the cell empty".to_owned(),
        _ => format!("write {mended}"),
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

    #[test]
    fn the_number_to_write_is_the_one_that_was_meant() {
        static RULE: &Rule = &crate::rules::d004_not_a_number::RULE;
        for (value, help) in [
            ("1,5", "write 1.5"),
            (
                "1,234",
                "write 1.234, or 1234 if the comma stands between thousands",
            ),
            ("0,234", "write 0.234"),
            ("1234,567", "write 1234.567"),
            ("1,234.5", "write 1234.5"),
            ("1.234,5", "write 1234.5"),
            ("-12.345.678,25", "write -12345678.25"),
            ("0x10", "write 16, which is what it stands for"),
            ("-0xff", "write -255, which is what it stands for"),
            ("1.5x10^3", "write 1.5e3"),
            ("2 \u{d7} 10^\u{2212}4", "write 2e-4"),
            ("5%", "write 5"),
            ("1 000", "write 1000"),
            ("1'234.5", "write 1234.5"),
            ("1.234.567", "write 1234567"),
            ("\u{2212}5", "write -5, with the plain characters of the keyboard"),
            ("1-2", "write one number, or leave the cell empty"),
            ("'34", "write 34"),
            ("1'000", "write 1000"),
            ("1\u{2019}234.5", "write 1234.5"),
            ("\u{a0}5.0", "write 5.0"),
            ("\u{a0}", "leave the cell empty"),
            ("1.5D+03", "write 1.5E+03"),
            ("1.#QNAN", "leave the cell empty"),
        ] {
            let finding = not_a_number(RULE, &Arc::from("m.tsv"), Position::START, "S1", value);
            assert_eq!(finding.help.as_deref(), Some(help), "{value}");
        }
    }
}
