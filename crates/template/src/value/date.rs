//! Dates in metadata.

use super::Form;

/// Which of the first two numbers of a date such as `03/04/2021` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `03/04/2021` is the third of April.
    DayFirst,
    /// `03/04/2021` is the fourth of March.
    MonthFirst,
}

/// What is wrong with a date, if anything.
pub(super) fn form(text: &str) -> Option<Form> {
    match read(text, None) {
        Read::Valid => None,
        // A word processor's hyphens in a date that is right otherwise.
        Read::Not(Form::Other) if matches!(read(&super::number::plain(text), None), Read::Valid) => {
            Some(Form::FancyCharacters)
        }
        Read::Date { form, .. } | Read::Not(form) => Some(form),
    }
}

/// The date as ODM takes it, where it can only mean one.
pub(super) fn mended(text: &str) -> Option<String> {
    as_odm_takes_it(&read(text, None))
}

/// A date of [`Form::EitherFirst`] as ODM takes it, read in this order.
pub fn dated(text: &str, order: DateOrder) -> Option<String> {
    as_odm_takes_it(&read(text, Some(order)))
}

fn as_odm_takes_it(read: &Read) -> Option<String> {
    match read {
        Read::Date {
            day: (year, month, day),
            time,
            ..
        } => {
            let date = format!("{year:04}-{month:02}-{day:02}");
            Some(match time {
                Some((hour, minute, second)) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
                None => date,
            })
        }
        Read::Valid | Read::Not(_) => None,
    }
}

/// The days that a spreadsheet counts from 1900, as it does within what it saves of dates: from 1954 to 2064.
const SHEET_DAYS: std::ops::RangeInclusive<u32> = 20_000..=60_000;

/// The spreadsheet's count for the day from which others count.
const FIRST_OF_1970: u32 = 25_569;

/// The date that a spreadsheet shows for a count of days, where the digits are likely one.
pub fn of_sheet_day(text: &str) -> Option<String> {
    sheet_day(text.parse().ok()?)
}

/// The time that so many seconds since 1970 are, where the digits are likely such a count: ODM takes them for milliseconds, and
/// for a day of January 1970.
pub fn of_seconds(text: &str) -> Option<String> {
    let is_count = text.len() == 10 && text.starts_with('1') && is_digits(text);
    let seconds: u32 = text.parse().ok().filter(|_| is_count)?;
    let (day, clock) = (seconds / 86_400, seconds % 86_400);
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    Some(format!(
        "{} {hour:02}:{minute:02}:{second:02}",
        sheet_day(FIRST_OF_1970 + day)?
    ))
}

fn sheet_day(day: u32) -> Option<String> {
    if !SHEET_DAYS.contains(&day) {
        return None;
    }
    // 20000 is the third of October 1954.
    let (mut year, mut month, mut left) = (1954, 10, day - 20_000 + 2);
    loop {
        let days = (28..=31).rev().find(|last| exists((year, month, *last)))?;
        if left < days {
            return Some(format!("{year:04}-{month:02}-{:02}", left + 1));
        }
        left -= days;
        (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

type Day = (u32, u32, u32);
type Time = (u32, u32, u32);

enum Read {
    Valid,
    /// A certain day in another form.
    Date {
        form: Form,
        day: Day,
        time: Option<Time>,
    },
    Not(Form),
}

/// Reads a date; `order` settles what may be two.
fn read(text: &str, order: Option<DateOrder>) -> Read {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if is_digits(digits) {
        return whole_number(text, order);
    }
    if let Some(month) = month_named(text) {
        return month;
    }
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    };
    let Some((day, form)) = numeric_date(date, order) else {
        return Read::Not(Form::Other);
    };
    let day = match day {
        Some(day) if exists(day) => day,
        Some(_) => return Read::Not(Form::NoSuchDay),
        // `2021-04` or `03/04/2021`: no day that is certain.
        None => {
            return Read::Not(match rest.map(clock) {
                Some(Clock::Zoned) => Form::ZonedTime,
                Some(Clock::Not) => Form::Other,
                _ => form,
            });
        }
    };
    let plain = form == Form::Other;
    match rest.map(clock) {
        None | Some(Clock::Odm) if plain => Read::Valid,
        None => Read::Date {
            form,
            day,
            time: None,
        },
        Some(Clock::Odm) => Read::Date {
            form,
            day,
            time: rest.and_then(seconds_of),
        },
        Some(Clock::Iso(time)) => {
            let form = if plain { Form::IsoTime } else { form };
            Read::Date {
                form,
                day,
                time: Some(time),
            }
        }
        Some(Clock::Zoned) => Read::Not(Form::ZonedTime),
        Some(Clock::Not) => Read::Not(Form::Other),
    }
}

/// Milliseconds since 1970, unless the digits are those of a year, a date, a spreadsheet's count of days, or of seconds: as
/// milliseconds these are within the first days of 1970, or centuries away.
fn whole_number(text: &str, order: Option<DateOrder>) -> Read {
    let number = |range| {
        text.get(range)
            .and_then(|digits: &str| digits.parse::<u32>().ok())
    };
    let this_age = |year: u32| (1900..=2100).contains(&year);
    match text.len() {
        4 if number(0..4).is_some_and(this_age) => Read::Not(Form::YearOnly),
        5 if of_sheet_day(text).is_some() => Read::Not(Form::SheetDay),
        6 if is_short_date(text) => Read::Not(Form::ShortYear),
        8 if number(0..4).is_some_and(this_age) => compact(text, None),
        // `03042021`: as if it had separators.
        8 if number(4..8).is_some_and(this_age) => match read(&parted(text, [2, 4], '/'), order) {
            Read::Not(Form::NoSuchDay) => Read::Valid,
            date => date,
        },
        10 if of_seconds(text).is_some() => Read::Not(Form::Seconds),
        14 if number(0..4).is_some_and(this_age) => compact(
            &text[..8],
            seconds_of(&format!(" {}", parted(&text[8..], [2, 4], ':'))),
        ),
        _ => Read::Valid,
    }
}

/// `20210403`
fn compact(text: &str, time: Option<Time>) -> Read {
    match numeric_date(&parted(text, [4, 6], '-'), None) {
        Some((Some(day), _)) if exists(day) => Read::Date {
            form: Form::CompactDate,
            day,
            time,
        },
        _ => Read::Not(Form::NoSuchDay),
    }
}

/// The digits with a separator at these places.
fn parted(digits: &str, at: [usize; 2], separator: char) -> String {
    let (head, tail) = digits.split_at(at[1]);
    let (first, second) = head.split_at(at[0]);
    format!("{first}{separator}{second}{separator}{tail}")
}

/// Whether six digits may be a day with two digits for the year, whatever their order.
fn is_short_date(text: &str) -> bool {
    let pair = |at: usize| text.get(at..at + 2).and_then(|pair| pair.parse::<u32>().ok());
    let (Some(first), Some(second), Some(third)) = (pair(0), pair(2), pair(4)) else {
        return false;
    };
    let (is_month, is_day) = (
        |number: u32| (1..=12).contains(&number),
        |number: u32| (1..=31).contains(&number),
    );
    is_digits(text)
        && ((is_month(second) && (is_day(first) || is_day(third))) || (is_month(first) && is_day(second)))
}

/// A date in digits: the day it means, if that is certain, and its form; `Other` stands for ODM's own.
fn numeric_date(text: &str, order: Option<DateOrder>) -> Option<(Option<Day>, Form)> {
    let separator = text.chars().find(|character| !character.is_ascii_digit())?;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let parts: Vec<&str> = text.split(separator).collect();
    let number = |part: &str| (part.len() <= 4).then(|| part.parse::<u32>().ok()).flatten();
    let numbers: Vec<u32> = parts.iter().map(|part| number(part)).collect::<Option<_>>()?;
    let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    match (widths.as_slice(), numbers.as_slice()) {
        ([4, 1 | 2], [_, month]) if (1..=12).contains(month) => Some((None, Form::MonthOnly)),
        ([1 | 2, 4], [month, _]) if (1..=12).contains(month) => Some((None, Form::MonthOnly)),
        ([4, 1 | 2, 1 | 2], [year, month, day]) => {
            let form = match (separator, widths[1], widths[2]) {
                ('-', 2, 2) => Form::Other,
                ('-', ..) => Form::UnpaddedDate,
                _ => Form::YearFirst,
            };
            Some((Some((*year, *month, *day)), form))
        }
        ([1 | 2, 1 | 2, 4], [first, second, year]) => Some(match (*first, *second) {
            (day @ 13.., month @ 1..=12) => (Some((*year, month, day)), Form::DayFirst),
            (month @ 1..=12, day @ 13..) => (Some((*year, month, day)), Form::MonthFirst),
            (both, same) if both == same && (1..=12).contains(&both) => {
                (Some((*year, both, both)), Form::SameFirst)
            }
            (first @ 1..=12, second @ 1..=12) => match order {
                None => (None, Form::EitherFirst),
                Some(DateOrder::DayFirst) => (Some((*year, second, first)), Form::DayFirst),
                Some(DateOrder::MonthFirst) => (Some((*year, first, second)), Form::MonthFirst),
            },
            _ => (None, Form::NoSuchDay),
        }),
        // Two digits for the year: which of the three it is, nobody can tell.
        ([1 | 2, 1 | 2, 2], _) => Some((None, Form::ShortYear)),
        _ => None,
    }
}

/// The months, in lower case.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// `3 Apr 2021`, `3-Apr-2021`, `03APR2021`, `Apr 3, 2021`, `Apr 2021`; a time may follow in words of its own and is not read.
fn month_named(text: &str) -> Option<Read> {
    let named = |word: &str| {
        let word = word.to_lowercase();
        let word = word.trim_end_matches('.');
        let at = MONTHS.iter().position(|month| {
            word.len() >= 3 && (month.starts_with(word) || (word == "sept" && *month == "september"))
        });
        at.and_then(|at| u32::try_from(at + 1).ok())
    };
    let mut words: Vec<&str> = text
        .split([' ', '-', '/', ','])
        .filter(|word| !word.is_empty())
        .collect();
    if let [all] = words[..] {
        words = without_separators(all).map_or(words, Vec::from);
    }
    let number = |word: &str| {
        let digits =
            word.trim_end_matches(|character: char| character.is_ascii_alphabetic() || character == '.');
        let ordinal = matches!(&word[digits.len()..], "" | "." | "st" | "nd" | "rd" | "th");
        (ordinal && digits.len() <= 4)
            .then(|| digits.parse::<u32>().ok())
            .flatten()
    };
    let year_of = |word: &str| (word.len() == 4).then(|| number(word)).flatten();
    let (day, month, year) = match words.as_slice() {
        [month, year] => {
            return (named(month).is_some() && year_of(year).is_some()).then_some(Read::Not(Form::MonthOnly));
        }
        [first, second, third] => match (named(first), named(second)) {
            (Some(month), None) => (number(second)?, month, year_of(third)?),
            (None, Some(month)) => match year_of(first) {
                Some(year) => (number(third)?, month, year),
                // Which of the two is the year?
                None if third.len() == 2 && is_digits(third) && number(first).is_some() => {
                    return Some(Read::Not(Form::ShortYear));
                }
                None => (number(first)?, month, year_of(third)?),
            },
            _ => return None,
        },
        _ => return None,
    };
    let day = (year, month, day);
    Some(if exists(day) {
        Read::Date {
            form: Form::MonthName,
            day,
            time: None,
        }
    } else {
        Read::Not(Form::NoSuchDay)
    })
}

/// The parts of `03APR2021`, as SAS writes it.
fn without_separators(text: &str) -> Option<[&str; 3]> {
    let letters = text.find(|character: char| !character.is_ascii_digit())?;
    let (day, rest) = text.split_at(letters);
    let year = rest.find(|character: char| character.is_ascii_digit())?;
    let (month, year) = rest.split_at(year);
    ((1..=2).contains(&day.len()) && matches!(year.len(), 2 | 4) && is_digits(year))
        .then_some([day, month, year])
}

enum Clock {
    /// ` 10:00:00`
    Odm,
    /// Another form that means UTC.
    Iso(Time),
    /// An offset or fractions, which only a person should convert.
    Zoned,
    Not,
}

/// What follows the date, with the blank or T that begins it.
fn clock(rest: &str) -> Clock {
    let Some(time) = seconds_of(rest) else {
        return Clock::Not;
    };
    let tail = rest[1..].trim_start_matches(|character: char| character.is_ascii_digit() || character == ':');
    let written = &rest[1..rest.len() - tail.len()];
    match tail.trim_start() {
        "" if rest.starts_with(' ') && written.len() == 8 => Clock::Odm,
        "" | "Z" | "z" | "UTC" | "GMT" => Clock::Iso(time),
        tail if tail.starts_with(['+', '-', '.', ',']) => Clock::Zoned,
        _ => Clock::Not,
    }
}

/// The hours, minutes and seconds that a text begins with after its first character.
fn seconds_of(rest: &str) -> Option<Time> {
    let rest = rest.get(1..)?;
    let end = rest
        .find(|character: char| !(character.is_ascii_digit() || character == ':'))
        .unwrap_or(rest.len());
    let parts: Vec<&str> = rest[..end].split(':').collect();
    let number = |part: &&str| {
        (1..=2)
            .contains(&part.len())
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (number(hour)?, number(minute)?, 0),
        [hour, minute, second] => (number(hour)?, number(minute)?, number(second)?),
        _ => return None,
    };
    (hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

fn exists((year, month, day): Day) -> bool {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    year > 0 && (1..=days).contains(&day)
}
