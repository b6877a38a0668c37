use proptest::prelude::*;

use crate::number::{OutOfRange, is_number, out_of_range, parse};

/// Spellings that are numbers.
const ACCEPTED: &[&str] = &[
    "0",
    "-0",
    "+0",
    "1",
    "+1",
    "-1",
    "007",
    "1.5",
    "-1.5",
    "5.",
    ".5",
    "-.5",
    "+.5",
    "00.500",
    "1e5",
    "1E5",
    "1e+5",
    "1e-5",
    "1.5e3",
    ".5e1",
    "5.e1",
    "1e0005",
    "123456789012345678901234567890",
    "0.1234567890123456789012345",
    "9007199254740993",
    "1e22",
    "1e23",
    "1e-22",
    "1e-23",
    "123e400",
    "4.9e-324",
    "2.4e-324",
    "2.5e-324",
    "1e400",
    "-1e400",
    "1e-400",
    "1e99999999999999999999",
    "1e-99999999999999999999",
    "0e99999999999999999999",
    "1.7976931348623157e308",
    "1.7976931348623159e308",
    "2.2250738585072014e-308",
    "8.98846567431158e307",
    "0.000000000000000000000000000000000000000000001",
    "100000000000000000000000000000000000000000000000000000",
];

/// Texts that are none.
const REJECTED: &[&str] = &[
    "", " ", " 1", "1 ", "+", "-", ".", "+.", "e5", ".e5", "1e", "1e+", "1e-", "1.5.", "1..5", "1,5",
    "1,000", "1_000", "0x1F", "1f", "1d", "1.5L", "nan", "NaN", "NA", "inf", "Inf", "-Inf", "Infinity",
    "--1", "+-1", "1-", "1e5.5", "1e5e5", "½", "１", "1\t", "\"1\"", "1%", "$1", "1/2", "#N/A", "true",
];

#[test]
fn accepted_spellings_have_the_value_of_the_standard_library() {
    for text in ACCEPTED {
        let expected: f64 = text.parse().expect("a number to the standard library as well");
        let found = parse(text.as_bytes()).unwrap_or_else(|| panic!("{text} was not taken for a number"));
        assert_eq!(
            found.to_bits(),
            expected.to_bits(),
            "{text}: {found} and not {expected}"
        );
        assert!(is_number(text.as_bytes()), "{text}");
    }
}

#[test]
fn rejected_spellings_are_no_numbers() {
    for text in REJECTED {
        assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        assert!(!is_number(text.as_bytes()), "{text:?}");
    }
}

#[test]
fn numbers_beyond_the_range_are_told() {
    let judge = |text: &str| out_of_range(text.as_bytes(), parse(text.as_bytes()).expect("a number"));
    assert_eq!(judge("1e400"), Some(OutOfRange::Infinity));
    assert_eq!(judge("-1e309"), Some(OutOfRange::Infinity));
    assert_eq!(judge("1e-400"), Some(OutOfRange::Zero));
    assert_eq!(judge("0.0e-400"), None);
    assert_eq!(judge("0e9"), None);
    assert_eq!(judge("-0"), None);
    assert_eq!(judge("5e-324"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn any_spelling_of_the_grammar_is_correctly_rounded(text in "[+-]?([0-9]{1,25}(\\.[0-9]{0,25})?|\\.[0-9]{1,25})([eE][+-]?[0-9]{1,3})?") {
        let expected: f64 = text.parse().expect("a number");
        prop_assert_eq!(parse(text.as_bytes()).map(f64::to_bits), Some(expected.to_bits()));
    }

    #[test]
    fn any_double_survives_its_shortest_spelling(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        let text = format!("{value:e}");
        prop_assert_eq!(parse(text.as_bytes()).map(f64::to_bits), Some(bits));
    }

    #[test]
    fn short_decimals_are_correctly_rounded(whole in 0_u32..100_000, fraction in "[0-9]{0,6}") {
        let text = format!("{whole}.{fraction}");
        let expected: f64 = text.parse().expect("a number");
        prop_assert_eq!(parse(text.as_bytes()).map(f64::to_bits), Some(expected.to_bits()));
    }

    #[test]
    fn halfway_values_are_rounded_to_even(mantissa in (1_u64 << 52)..(1_u64 << 53), digits in 0_usize..3) {
        // The point exactly between two neighbouring doubles, and a little to either side of it.
        let halfway = u128::from(mantissa) * 2 + 1;
        let text = match digits { 0 => halfway.to_string(), 1 => format!("{halfway}.0000000000000000000001"), _ => format!("{}.9999999999999999999999", halfway - 1) };
        let expected: f64 = text.parse().expect("a number");
        prop_assert_eq!(parse(text.as_bytes()).map(f64::to_bits), Some(expected.to_bits()));
    }

    #[test]
    fn arbitrary_bytes_are_judged_like_the_standard_library_but_for_names(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
        let named = bytes.iter().any(|byte| matches!(byte, b'n' | b'N' | b'i' | b'I'));
        let expected: Option<f64> = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok()).filter(|_| !named);
        prop_assert_eq!(parse(&bytes).map(f64::to_bits), expected.map(f64::to_bits));
    }
}
