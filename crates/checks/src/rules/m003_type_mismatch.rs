//! M003 type-mismatch.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_core::LineNumber;
use odmkit_template::value::{DateOrder, dated, joined, of_seconds, of_sheet_day};
use odmkit_template::{Form, ValueType};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M003"),
    name: "type-mismatch",
    severity: Severity::Warning,
    effect: Effect::Flagged,
    fix: Fixable::Safe,
    what: "A value is not of the type that the template gives its attribute: not a number, a date, a URL …",
    why: "ODM imports the record and marks it invalid (TYPE_NOT_MATCH); the value is not found by searches for ranges or dates.",
    mend: "Write numbers with a point, dates as 2021-04-03, booleans as true or false, links with their scheme. Where only one value can be meant, `odmkit fix` writes it; where dates such as 03/04/2021 are settled by others of their column, `odmkit fix --unsafe` does.",
    example: Example {
        command: "trial.libraries.tsv",
        files: &[
            ("trial.libraries.tsv", "Library ID<TAB>Sample Source ID<TAB>Average Fragment Size\nL1<TAB>S1<TAB>221,69\n"),
        ],
    },
};

/// What is known of the values of one column that are wrong in one way.
#[derive(Debug, Clone, Copy)]
pub struct Mismatch<'a> {
    /// The attribute.
    pub attribute: &'a str,
    /// Its type.
    pub value_type: ValueType,
    /// What the values look like.
    pub form: Form,
    /// What certain values of the column say of those that can be read in two ways.
    pub others: Others<'a>,
    /// The first of them.
    pub value: &'a str,
    /// How many there are.
    pub count: u64,
}

/// What is said of values that can be read in two ways by those of their column that can be read in one only.
#[derive(Debug, Clone, Copy, Default)]
pub struct Others<'a> {
    /// What other commas stand for, where that is one thing.
    pub commas: Option<Form>,
    /// The first date in which the day must come first, and its line.
    pub day_first: Option<(LineNumber, &'a str)>,
    /// The first date in which the month must come first.
    pub month_first: Option<(LineNumber, &'a str)>,
    /// Whether either may come first in some.
    pub has_open_dates: bool,
}

impl<'a> Others<'a> {
    /// The order of dates, and the first that shows it, where all that show one agree.
    fn order(&self) -> Option<(DateOrder, (LineNumber, &'a str))> {
        match (self.day_first, self.month_first) {
            (Some(shown), None) => Some((DateOrder::DayFirst, shown)),
            (None, Some(shown)) => Some((DateOrder::MonthFirst, shown)),
            _ => None,
        }
    }

    /// What is known of the dates that can be read as two; `None` where there are none.
    pub fn open_dates(&self) -> Option<OpenDates> {
        let settled = self.order().map(|(order, _)| OpenDates::Settled(order));
        self.has_open_dates.then(|| settled.unwrap_or(OpenDates::Unsettled))
    }

    /// Whether a date shows the order of others: it is mended together with them or not at all, so that nobody is left
    /// with dates whose order nothing shows any more.
    fn are_shown_by(&self, form: Form) -> bool {
        self.has_open_dates && matches!(form, Form::DayFirst | Form::MonthFirst)
    }
}

/// What stands in the way of mending the dates of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenDates {
    /// Either the day or the month comes first in some, and others show that it is this one in all.
    Settled(DateOrder),
    /// Nothing shows it, or others show both.
    Unsettled,
}

/// The values of one column that are wrong in one way, the first of them at `position`.
pub fn finding(path: &Arc<str>, position: Position, mismatch: Mismatch<'_>) -> Diagnostic {
    let Mismatch {
        attribute,
        value_type,
        form,
        others,
        value,
        count,
    } = mismatch;
    let order = others.order().map(|(order, _)| order);
    let mended = match order.filter(|_| form == Form::EitherFirst) {
        Some(order) => dated(value, order),
        None => form.mended(value_type, value),
    };
    let finding = Diagnostic::new(&RULE, path, message(mismatch))
        .at(position)
        .field(attribute)
        .value(value)
        .count(count)
        .help(help_by_others(form, value, &others, mended.as_deref()).unwrap_or_else(|| {
            help(form, value_type, value, mended.as_deref())
        }))
        .odm_error("TYPE_NOT_MATCH")
        .cause(format!("{attribute} {form:?}"));
    match mended {
        None => finding,
        Some(_) if others.are_shown_by(form) && order.is_none() => finding,
        Some(_) if others.are_shown_by(form) || form == Form::EitherFirst => finding.unsafe_fix(fix_title(form)),
        Some(_) => finding.fix(fix_title(form)),
    }
}

fn message(mismatch: Mismatch<'_>) -> String {
    let Mismatch {
        attribute,
        value_type,
        form,
        value,
        ..
    } = mismatch;
    let shown = shown(value);
    let wanted = value_type.noun();
    match form {
        Form::DecimalComma => {
            format!("{shown} in `{attribute}` has a decimal comma; ODM reads numbers with a point")
        }
        Form::EitherComma => {
            format!("{shown} in `{attribute}` has a comma, which ODM does not read in numbers")
        }
        Form::ThousandsComma | Form::ThousandsBlank | Form::ThousandsPoint => {
            format!(
                "{shown} in `{attribute}` has separators between thousands; ODM reads digits and a point only"
            )
        }
        Form::WholeDecimal => {
            format!("{shown} in `{attribute}` has a decimal point; the template wants an integer")
        }
        Form::EitherFirst | Form::ShortYear => format!("{shown} in `{attribute}` can be read as two dates"),
        Form::SpecialCase => {
            format!("{shown} in `{attribute}` is not one of the words that ODM takes for any attribute, as it is written")
        }
        Form::NoSuchDay => format!("{shown} in `{attribute}` is a day that no calendar has"),
        _ => format!("{shown} in `{attribute}` is not {wanted} as ODM reads it"),
    }
}

fn help(form: Form, value_type: ValueType, value: &str, mended: Option<&str>) -> String {
    if let Some(mended) = mended {
        return match form {
            Form::ThousandsComma | Form::ThousandsBlank | Form::ThousandsPoint => {
                format!("write {mended}, without separators")
            }
            Form::SpecialCase => format!("write {mended}: upper and lower case count"),
            Form::FancyCharacters => format!("write {mended}, with the plain characters of the keyboard"),
            _ => format!("write {mended}"),
        };
    }
    match form {
        Form::EitherComma => {
            let point = value.replace(',', ".");
            let none = value.replace(',', "");
            if value_type == ValueType::Integer {
                format!("write {none} if the comma stands between thousands; an integer has no fraction")
            } else {
                format!("write {point} if the comma is a decimal comma, {none} if it stands between thousands")
            }
        }
        Form::WholeExponent => "write the number out, without an exponent".to_owned(),
        Form::Fraction => "write a whole number, or have the template's type changed to DecimalValue".to_owned(),
        Form::WithUnit => {
            "write the number alone; the unit belongs in a column of its own".to_owned()
        }
        Form::Percent => "write the number alone, without the percent sign".to_owned(),
        Form::Range => "write one number; a range belongs in an attribute of text".to_owned(),
        Form::Bound => "write the number alone, without the sign before or after it".to_owned(),
        Form::MissingWord => {
            "leave the cell blank, or write Not applicable, Not reported or Not recorded, which ODM takes for any attribute"
                .to_owned()
        }
        Form::EitherFirst => "write the date as YYYY-MM-DD; it cannot be told which number is the month".to_owned(),
        Form::ShortYear => "write the date as YYYY-MM-DD; it cannot be told which number is the year".to_owned(),
        Form::SheetDay => match of_sheet_day(value) {
            Some(day) => format!(
                "write {day} if a spreadsheet counted {value} days for it; ODM takes the number for milliseconds since 1970"
            ),
            None => "write the date as YYYY-MM-DD".to_owned(),
        },
        Form::Seconds => match of_seconds(value) {
            Some(time) => format!(
                "write {time} if these are seconds since 1970; ODM takes the number for milliseconds, which are a thousand times as many"
            ),
            None => "write the date as YYYY-MM-DD".to_owned(),
        },
        Form::Several => match joined(value_type, value) {
            Some(list) => format!("write {list}: a | stands between several values, and nothing else does"),
            None => "write a | between several values".to_owned(),
        },
        Form::YearOnly => format!("write a full date, such as {value}-01-01; ODM takes {value} for milliseconds"),
        Form::MonthOnly => "write a full date, such as 2021-04-01".to_owned(),
        Form::NoSuchDay => "correct the day or the month".to_owned(),
        Form::ZonedTime => "write the time in UTC, as 2021-04-03 10:00:00, without fractions of a second".to_owned(),
        Form::NoScheme => format!("write the scheme before it: https://{value}"),
        Form::BlankInLink => "write %20 for each blank in the URL, or | between several URLs".to_owned(),
        _ => match value_type {
            ValueType::Integer => "write digits only, such as 42".to_owned(),
            ValueType::Decimal => "write a number with a point, such as 0.5 or 1e-3".to_owned(),
            ValueType::Boolean => "write true or false".to_owned(),
            ValueType::DateTime => "write the date as 2021-04-03 or 2021-04-03 10:00:00 (UTC)".to_owned(),
            ValueType::Link => "write a full URL, such as https://example.org/file".to_owned(),
            ValueType::String => "write text".to_owned(),
        },
    }
}

/// What to do, by what others of the column say.
fn help_by_others(form: Form, value: &str, others: &Others<'_>, mended: Option<&str>) -> Option<String> {
    match (form, mended) {
        (Form::EitherComma, _) => others.commas.map(|commas| comma_help(value, commas)),
        (Form::EitherFirst, Some(mended)) => {
            let (order, (line, shown)) = others.order()?;
            let first = if order == DateOrder::DayFirst { "day" } else { "month" };
            Some(format!("line {line} has {shown}, so the {first} comes first: write {mended}"))
        }
        (Form::EitherFirst, None) => both_orders(others)
            .map(|both| format!("write the date as YYYY-MM-DD; which number is the month cannot be told: {both}")),
        (_, Some(mended)) if others.are_shown_by(form) => Some(match both_orders(others) {
            Some(both) => format!("write {mended}; others of the column can be read as two dates, and {both}"),
            None => format!("write {mended}; it shows in which order to read those of the column that can be two dates"),
        }),
        _ => None,
    }
}

/// That dates of a column have different orders, where they have.
fn both_orders(others: &Others<'_>) -> Option<String> {
    let ((day_line, day), (month_line, month)) = (others.day_first?, others.month_first?);
    Some(format!("the day comes first in {day} on line {day_line}, the month in {month} on line {month_line}"))
}

/// What to write for a comma that may be decimal or stand between thousands, in a column where others are of one kind. That is
/// likely what this one is too, though not certain.
fn comma_help(value: &str, others: Form) -> String {
    let (point, none) = (value.replace(',', "."), value.replace(',', ""));
    if others == Form::DecimalComma {
        format!("write {point} if the comma is decimal, as others of the column are; {none} if it stands between thousands")
    } else {
        format!("write {none} if the comma stands between thousands, as others of the column do; {point} if it is decimal")
    }
}

fn fix_title(form: Form) -> &'static str {
    match form {
        Form::DecimalComma => "write decimal points for decimal commas",
        Form::ThousandsComma | Form::ThousandsBlank | Form::ThousandsPoint => {
            "delete the separators between thousands"
        }
        Form::WholeDecimal => "write integers without a decimal point",
        Form::FancyCharacters => "write plain characters in numbers and dates",
        Form::BooleanWord => "write true or false",
        Form::Doi => "write DOIs as URLs",
        Form::SpecialCase => "write Not applicable, Not reported and Not recorded as ODM does",
        _ => "write dates as YYYY-MM-DD",
    }
}

fn shown(value: &str) -> String {
    if value.chars().count() > 40 {
        let start: String = value.chars().take(40).collect();
        format!("`{start}…`")
    } else {
        format!("`{value}`")
    }
}
