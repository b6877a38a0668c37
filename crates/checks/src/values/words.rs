//! What is said of a value that is no number: the same words in a GCT file and in a data frame.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Rule};
use odmkit_template::Form;

use super::{NotANumber, thousands};

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

#[cfg(test)]
mod tests {
    use super::*;

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
