//! T010 spreadsheet-damage.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T010"),
    name: "spreadsheet-damage",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "An identifier looks like one that a spreadsheet turned into a date or a rounded number, or a cell holds the error of a formula, such as `#REF!`, or the `####` of a column that was too narrow.",
    why: "The original cannot be recovered from it (`1-Mar` may have been MARCH1 or MARC1), and it links to nothing. Errors and `####` are loaded as text.",
    mend: "Export the identifiers again from where they come from, with the column formatted as text. Mend formulas and widen columns in the spreadsheet, and export the table again.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n2<TAB>1\nName<TAB>Description<TAB>S1\n10-Sep<TAB>na<TAB>1.5\n1-Mar<TAB>na<TAB>2.5\n"),
        ],
    },
};

/// The identifier `value` of the column `name`. All such identifiers of a column are one cause.
pub fn finding(path: &Arc<str>, position: Position, name: &str, value: &str, damage: Damage) -> Diagnostic {
    let what = match damage {
        Damage::Date => "a date",
        Damage::Number => "a number rounded to scientific notation",
        Damage::Error => return error(path, position, name, value),
    };
    Diagnostic::new(&RULE, path, format!("`{value}` looks like an identifier that a spreadsheet turned into {what}"))
        .at(position)
        .field(name)
        .value(value)
        .help("export the identifiers again, with the column formatted as text")
        .cause(format!("{what} in {name}"))
}

/// What to do where several identifiers have become one.
pub(crate) const fn of_repeated(damage: Damage) -> &'static str {
    match damage {
        Damage::Date => "a spreadsheet has turned the identifiers into dates: export them again, with the column formatted as text",
        _ => "a spreadsheet has rounded the identifiers: export them again, with the column formatted as text",
    }
}

/// A cell of the column `name` holds the error of a formula in place of a value.
fn error(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    let (message, help) = if is_too_narrow(value.as_bytes()) {
        (
            format!("`{value}` in `{name}` is what a spreadsheet shows in a column that is too narrow, and no value"),
            "widen the column in the spreadsheet and export the table again",
        )
    } else {
        (
            format!("`{value}` in `{name}` is a spreadsheet's error and no value"),
            "mend the formula in the spreadsheet and export the table again, or leave the cell blank",
        )
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .value(value)
        .help(help)
        .cause(format!("error in {name}"))
}

/// What a spreadsheet did to an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damage {
    /// `SEPT10` became `10-Sep`.
    Date,
    /// `23100000000000` became `2.31E+13`.
    Number,
    /// A formula came to `#REF!`.
    Error,
}

/// How a day ends that was read from a spreadsheet by a program.
pub(crate) const MIDNIGHT: &[u8] = b" 00:00:00";

/// Whether an identifier bears a spreadsheet's marks.
pub fn judge(identifier: &str) -> Option<Damage> {
    if identifier.len() > 12 {
        let day = identifier.strip_suffix(" 00:00:00").filter(|day| day.len() == 10);
        let parts: Vec<&str> = day?.split('-').collect();
        let is_day = parts.len() == 3 && parts[0].len() == 4 && parts.iter().all(|part| is_digits(part));
        return is_day.then_some(Damage::Date);
    }
    if is_error(identifier.as_bytes()) {
        return Some(Damage::Error);
    }
    if let Some((left, right)) = identifier.split_once('-') {
        let day_first = left.len() <= 2 && is_digits(left) && is_month(right);
        let month_first = is_month(left) && matches!(right.len(), 2 | 4) && is_digits(right);
        return (day_first || month_first).then_some(Damage::Date);
    }
    let (mantissa, exponent) = identifier.split_once("E+")?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    (whole.len() == 1 && is_digits(whole) && is_digits(fraction) && exponent.len() == 2 && is_digits(exponent))
        .then_some(Damage::Number)
}

/// Whether the identifier of a feature bears a spreadsheet's marks: no feature is called like a day, as a sample may be.
pub fn judge_feature(identifier: &str) -> Option<Damage> {
    judge(identifier).or_else(|| is_day(identifier).then_some(Damage::Date))
}

/// Whether a text is a whole date: `2024-09-02`, `02/09/2024`, `2-Sep-24`.
fn is_day(text: &str) -> bool {
    let separator = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(separator);
    let (Some(first), Some(second), Some(third), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let digits = |text: &str, length: std::ops::RangeInclusive<usize>| length.contains(&text.len()) && is_digits(text);
    let year_first = digits(first, 4..=4) && digits(second, 2..=2) && digits(third, 2..=2);
    let year_last = digits(first, 1..=2)
        && (digits(second, 1..=2) || is_month(second))
        && (digits(third, 4..=4) || (is_month(second) && digits(third, 2..=2)));
    year_first || year_last
}

/// Whether a value is the error of a formula, in any language, as Excel, LibreOffice and Google Sheets write them: `#REF!`,
/// `#BEZUG!`, `#NAME?`, `#DIV/0!`, `#N/A`, `Err:502`; or the `####` that they show in place of a value.
#[inline]
pub fn is_error(value: &[u8]) -> bool {
    match value {
        b"#N/A" | b"#NV" => true,
        [b'#', b'#', ..] => is_too_narrow(value),
        [b'#', name @ .., b'!' | b'?'] => {
            name.len() >= 3
                && name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'/')
        }
        [b'E', b'r', b'r', b':', code @ ..] => code.len() == 3 && code.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether a value is what stands for one that its column is too narrow to show.
fn is_too_narrow(value: &[u8]) -> bool {
    value.len() >= 3 && value.iter().all(|byte| *byte == b'#')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_month(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    text.len() == 3 && MONTHS.iter().any(|month| text.eq_ignore_ascii_case(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_rounded_numbers_are_damage_and_gene_names_are_not() {
        for text in ["10-Sep", "1-Mar", "2-DEC", "Mar-01", "Sep-2010", "2024-09-02 00:00:00"] {
            assert_eq!(judge(text), Some(Damage::Date), "{text}");
        }
        for text in ["2.31E+13", "1E+10", "2.310009E+13"] {
            assert_eq!(judge(text), Some(Damage::Number), "{text}");
        }
        for text in ["#REF!", "#BEZUG!", "#NAME?", "#DIV/0!", "#N/A", "#NV", "Err:502", "###", "########"] {
            assert_eq!(judge(text), Some(Damage::Error), "{text}");
        }
        for text in [
            "#", "##", "##1", "#1", "#!", "#A!", "#ok!", "Err:", "Err:5a2", "", "-", "SEPT10", "1007_s_at", "10-Sept", "HLA-A", "1-2", "123-Mar", "12", "1e5", "RP11-34P13.7", "May",
            "Mar-A", "é-Mar", "2024-09-02", "2024/09/02 00:00:00", "2.31E13", "E+10",
        ] {
            assert_eq!(judge(text), None, "{text}");
        }
        for text in ["2024-09-02", "02/09/2024", "9/2/2024", "2-Sep-24", "2-Sep-2024"] {
            assert_eq!((judge(text), judge_feature(text)), (None, Some(Damage::Date)), "{text}");
        }
        for text in ["1-2-3", "12-34-56", "4/5", "A/B/C", "ABC-12-2024", "2024-9-2", "1/2/3/2024", "07-09-1"] {
            assert_eq!(judge_feature(text), None, "{text}");
        }
    }
}
