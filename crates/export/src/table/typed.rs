//! What the texts of a column can be, and the arrays they become.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, TimeUnit};

use crate::table::ColumnType;

const MILLISECONDS_PER_DAY: i64 = 86_400_000;

/// Whole numbers with fewer digits are more likely a year or a count than milliseconds since 1970.
const EPOCH_DIGITS: usize = 11;

/// Watches the texts of a column for what they cannot be.
#[derive(Debug)]
pub(crate) struct Judge {
    kind: ColumnType,
    /// Some value holds several.
    lists: bool,
    /// Every date so far is a day without a time.
    days: bool,
    /// The first value that is not of the column's type, with its row.
    pub(crate) fault: Option<(u64, String)>,
    /// The column is text for good.
    text: bool,
}

impl Judge {
    pub(crate) fn new(kind: ColumnType) -> Self {
        Self {
            kind,
            lists: kind == ColumnType::TextList,
            days: true,
            fault: None,
            text: false,
        }
    }

    /// Looks at a value that is not blank.
    pub(crate) fn see(&mut self, text: &str, row: u64) {
        if !self.lists && text.contains('|') && items(text).count() > 1 {
            self.lists = true;
        }
        if self.text || matches!(self.kind, ColumnType::Text | ColumnType::TextList) {
            return;
        }
        let text = text.trim();
        let fits = match self.kind {
            ColumnType::Integer => integer(text).is_some(),
            ColumnType::Decimal => decimal(text).is_some(),
            ColumnType::Boolean => boolean(text).is_some(),
            _ => {
                let date = date_time(text);
                self.days &= date.is_some_and(|(_, day)| day);
                date.is_some()
            }
        };
        if !fits {
            self.text = true;
            self.fault = Some((row, text.to_owned()));
        }
    }

    /// The type of the column as it will be written.
    pub(crate) fn data_type(&self) -> DataType {
        if self.lists {
            return DataType::List(Arc::new(Field::new("element", DataType::Utf8, true)));
        }
        match self.kind {
            _ if self.text => DataType::Utf8,
            ColumnType::Text | ColumnType::TextList => DataType::Utf8,
            ColumnType::Integer => DataType::Int64,
            ColumnType::Decimal => DataType::Float64,
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::DateTime if self.days => DataType::Date32,
            ColumnType::DateTime => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
        }
    }

    /// The texts as an array of [`Self::data_type`].
    pub(crate) fn convert(&self, texts: &StringArray) -> ArrayRef {
        let values = texts.iter().map(|text| text.map(str::trim));
        match self.data_type() {
            DataType::List(element) => {
                let mut lists = ListBuilder::new(StringBuilder::new()).with_field(element);
                for text in texts {
                    if let Some(text) = text {
                        items(text).for_each(|item| lists.values().append_value(item));
                    }
                    lists.append(text.is_some());
                }
                Arc::new(lists.finish())
            }
            DataType::Int64 => Arc::new(values.map(|text| integer(text?)).collect::<Int64Array>()),
            DataType::Float64 => Arc::new(values.map(|text| decimal(text?)).collect::<Float64Array>()),
            DataType::Boolean => Arc::new(values.map(|text| boolean(text?)).collect::<BooleanArray>()),
            DataType::Date32 => {
                let day = |text| i32::try_from(date_time(text)?.0.div_euclid(MILLISECONDS_PER_DAY)).ok();
                Arc::new(values.map(|text| day(text?)).collect::<Date32Array>())
            }
            DataType::Timestamp(..) => {
                let times = values
                    .map(|text| Some(date_time(text?)?.0))
                    .collect::<TimestampMillisecondArray>();
                Arc::new(times.with_timezone("UTC"))
            }
            // A doubled pipe is one pipe also where no value holds several.
            _ => Arc::new(
                texts
                    .iter()
                    .map(|text| text.map(|text| text.replace("||", "|")))
                    .collect::<StringArray>(),
            ),
        }
    }
}

/// The values that a text holds: a single `|` separates two, a doubled one is a pipe.
pub(crate) fn items(text: &str) -> impl Iterator<Item = String> {
    let mut all = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '|' && letters.next_if_eq(&'|').is_none() {
            all.push(String::new());
        } else if let Some(last) = all.last_mut() {
            last.push(letter);
        }
    }
    all.into_iter().map(|item| item.trim().to_owned())
}

/// A whole number. One with leading zeros is a label and not a number: `007` would lose them.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || digits.len() > 1 && digits.starts_with('0') {
        None
    } else {
        text.parse().ok()
    }
}

/// A decimal number with a point, perhaps with an exponent, that a double can hold.
fn decimal(text: &str) -> Option<f64> {
    if text
        .bytes()
        .any(|byte| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
    {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Milliseconds since 1970, and whether the text is a day without a time.
fn date_time(text: &str) -> Option<(i64, bool)> {
    if text.len() >= EPOCH_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(|milliseconds| (milliseconds, false));
    }
    let (date, time) = match text.split_once(' ') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let [year, month, day] = parts(date, '-', [4, 2, 2])?;
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let milliseconds = match time {
        None => 0,
        Some(time) => {
            let [hour, minute, second] = parts(time, ':', [2, 2, 2])?;
            if hour > 23 || minute > 59 || second > 59 {
                return None;
            }
            ((hour * 60 + minute) * 60 + second) * 1_000
        }
    };
    Some((
        days(year, month, day) * MILLISECONDS_PER_DAY + milliseconds,
        time.is_none(),
    ))
}

/// Three whole numbers of these many digits.
fn parts(text: &str, separator: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut numbers = [0; 3];
    let mut fields = text.split(separator);
    for (number, width) in numbers.iter_mut().zip(widths) {
        let field = fields.next()?;
        if field.len() != width || !field.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = field.parse().ok()?;
    }
    fields.next().is_none().then_some(numbers)
}

/// Days since 1970 in the Gregorian calendar, counted in years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
