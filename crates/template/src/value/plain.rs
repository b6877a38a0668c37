//! Values that are plainly of their type, told byte by byte: nearly all that files hold.

use crate::attribute::ValueType;

/// Whether a trimmed value is one item and surely of the type. Where it is not, [`super::judge`] has the word.
pub fn is_plainly_valid(value_type: ValueType, value: &[u8]) -> bool {
    match value_type {
        ValueType::String => false,
        ValueType::Integer => is_digits(unsigned(value)),
        ValueType::Decimal => is_decimal(unsigned(value)),
        ValueType::Boolean => matches!(value, b"true" | b"false"),
        ValueType::DateTime => is_day(value),
        ValueType::Link => is_web_address(value),
    }
}

fn unsigned(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"-").unwrap_or(value)
}

fn is_digits(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

fn is_decimal(value: &[u8]) -> bool {
    let whole = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match &value[whole..] {
        [] => whole > 0,
        [b'.', fraction @ ..] => whole > 0 && fraction.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// `2021-04-03`, from the year 1000 on and up to the 28th, which every month has.
fn is_day(value: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = value else {
        return false;
    };
    [y1, y2, y3, y4, m1, m2, d1, d2]
        .iter()
        .all(|byte| byte.is_ascii_digit())
        && *y1 > b'0'
        && (1..=12).contains(&two(*m1, *m2))
        && (1..=28).contains(&two(*d1, *d2))
}

fn two(tens: u8, ones: u8) -> u8 {
    (tens - b'0') * 10 + (ones - b'0')
}

fn is_web_address(value: &[u8]) -> bool {
    let rest = value
        .strip_prefix(b"https://")
        .or_else(|| value.strip_prefix(b"http://"));
    rest.is_some_and(|rest| {
        // What may lead to the own machine is for a closer look.
        let host = rest.split(|byte| *byte == b'/').next().unwrap_or_default();
        let named = host.first().is_some_and(u8::is_ascii_alphabetic) && !host.contains(&b'@');
        let elsewhere = named
            && !host
                .to_ascii_lowercase()
                .windows(9)
                .any(|part| part == b"localhost");
        elsewhere
            && rest
                .iter()
                .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'|' | b';' | b','))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Judgement, items, judge};
    use super::*;

    const TYPES: [ValueType; 6] = [
        ValueType::String,
        ValueType::Integer,
        ValueType::Decimal,
        ValueType::Boolean,
        ValueType::DateTime,
        ValueType::Link,
    ];

    #[test]
    fn usual_values_are_told() {
        for (value_type, value) in [
            (ValueType::Integer, "-17"),
            (ValueType::Decimal, "0.25"),
            (ValueType::Decimal, "12"),
            (ValueType::Boolean, "true"),
            (ValueType::DateTime, "2021-12-28"),
            (ValueType::Link, "https://example.org/a?b=c"),
        ] {
            assert!(is_plainly_valid(value_type, value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn what_may_be_something_else_is_not() {
        for value in [
            "",
            "-",
            ".",
            "1e5",
            "1,5",
            "1|2",
            "2021-00-01",
            "2021-13-01",
            "2021-01-00",
            "2021-02-30",
            "True",
            "https://",
            "https://a b",
            "https://a|https://b",
            "ftp",
            "+1",
        ] {
            for value_type in TYPES {
                assert!(
                    !is_plainly_valid(value_type, value.as_bytes()),
                    "{value_type:?}: {value}"
                );
            }
        }
    }

    proptest! {
        /// Texts of what values are made of, so that a good part of them are values or nearly.
        #[test]
        fn what_is_plainly_valid_is_valid(
            value in "[-+]?[0-9]{0,4}[-.:/|, eT]?[0-9]{0,3}[-. ]?[0-9]{0,3}|(https?|ftp)?://[a-z|. é]{0,5}|[a-zA-Z]{1,5}",
        ) {
            let value = value.trim();
            for value_type in TYPES {
                if is_plainly_valid(value_type, value.as_bytes()) {
                    prop_assert_eq!(items(value).collect::<Vec<_>>(), [value]);
                    prop_assert_eq!(judge(value_type, value), Judgement::Valid, "{:?}: {}", value_type, value);
                }
            }
        }
    }
}
