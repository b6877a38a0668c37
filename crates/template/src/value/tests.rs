use super::*;
use ValueType::{Boolean, DateTime, Decimal, Integer, Link};

/// For each text its form (`None` for a value) and, where it can be mended, what it becomes.
fn check(value_type: ValueType, cases: &[(&str, Option<Form>, Option<&str>)]) {
    for (text, form, mended) in cases {
        let judged = judge(value_type, text);
        let expected = form.map_or(Judgement::Valid, Judgement::Not);
        assert_eq!(judged, expected, "{text}");
        if let Judgement::Not(form) = judged {
            assert_eq!(form.mended(value_type, text).as_deref(), *mended, "{text}");
        }
    }
}

#[test]
fn decimals() {
    for text in [
        "0",
        "-1",
        "+2.5",
        ".5",
        "5.",
        "1e5",
        "1.5E-10",
        "007",
        "Not applicable",
        "Not reported",
        "Not recorded",
    ] {
        check(Decimal, &[(text, None, None)]);
    }
    check(
        Decimal,
        &[
            ("221,69", Some(Form::DecimalComma), Some("221.69")),
            ("-7,5", Some(Form::DecimalComma), Some("-7.5")),
            ("0,125", Some(Form::DecimalComma), Some("0.125")),
            (",5", Some(Form::DecimalComma), Some(".5")),
            ("1234,567", Some(Form::DecimalComma), Some("1234.567")),
            ("199,205", Some(Form::EitherComma), None),
            ("1,234,567", Some(Form::ThousandsComma), Some("1234567")),
            ("1,234.5", Some(Form::ThousandsComma), Some("1234.5")),
            ("1 234 567", Some(Form::ThousandsBlank), Some("1234567")),
            ("1'234.5", Some(Form::ThousandsBlank), Some("1234.5")),
            ("1\u{a0}234.5", Some(Form::ThousandsBlank), Some("1234.5")),
            ("1.234.567", Some(Form::ThousandsPoint), Some("1234567")),
            ("1.234,5", Some(Form::ThousandsPoint), Some("1234.5")),
            ("5 mg", Some(Form::WithUnit), None),
            ("37.5°C", Some(Form::WithUnit), None),
            ("24 years", Some(Form::WithUnit), None),
            ("50%", Some(Form::Percent), None),
            ("18-25", Some(Form::Range), None),
            (">5", Some(Form::Bound), None),
            ("≥ 3,5", Some(Form::Bound), None),
            ("90+", Some(Form::Bound), None),
            ("\u{2212}5", Some(Form::FancyCharacters), Some("-5")),
            ("NA", Some(Form::MissingWord), None),
            ("n/a", Some(Form::MissingWord), None),
            ("-", Some(Form::MissingWord), None),
            ("unknown", Some(Form::MissingWord), None),
            ("1,2,3", Some(Form::Other), None),
            ("12,34,567", Some(Form::Other), None),
            ("1.2.3", Some(Form::Other), None),
            ("ten", Some(Form::Other), None),
            ("not applicable", Some(Form::SpecialCase), Some("Not applicable")),
            ("0x10", Some(Form::Other), None),
            ("2x150", Some(Form::Other), None),
            ("5 \u{d7} 10^6", Some(Form::Other), None),
            ("5 xg", Some(Form::WithUnit), None),
            ("5;7,", Some(Form::Other), None),
            ("5; 7.5", Some(Form::Several), None),
            ("1e", Some(Form::WithUnit), None),
            ("e5", Some(Form::Other), None),
            ("é", Some(Form::Other), None),
            ("inf", Some(Form::Other), None),
            (".", Some(Form::MissingWord), None),
            (",", Some(Form::Other), None),
        ],
    );
}

#[test]
fn integers() {
    for text in ["0", "-12", "+7", "007", "99999999999999999999"] {
        check(Integer, &[(text, None, None)]);
    }
    check(
        Integer,
        &[
            ("10.0", Some(Form::WholeDecimal), Some("10")),
            ("-10.", Some(Form::WholeDecimal), Some("-10")),
            ("10.5", Some(Form::Fraction), None),
            (".5", Some(Form::Fraction), None),
            ("7,5", Some(Form::Fraction), None),
            ("1e3", Some(Form::WholeExponent), None),
            ("235,304", Some(Form::EitherComma), None),
            ("1,235,304", Some(Form::ThousandsComma), Some("1235304")),
            ("1,235.5", Some(Form::ThousandsComma), None),
            ("75 bp", Some(Form::WithUnit), None),
            ("NA", Some(Form::MissingWord), None),
        ],
    );
}

#[test]
fn booleans() {
    for text in ["true", "false", "TRUE", "False"] {
        check(Boolean, &[(text, None, None)]);
    }
    check(
        Boolean,
        &[
            ("yes", Some(Form::BooleanWord), Some("true")),
            ("N", Some(Form::BooleanWord), Some("false")),
            ("1", Some(Form::BooleanWord), Some("true")),
            ("unknown", Some(Form::MissingWord), None),
            ("maybe", Some(Form::Other), None),
        ],
    );
}

#[test]
fn dates() {
    for text in [
        "2021-04-03",
        "2021-04-03 10:00:00",
        "1617444000000",
        "0",
        "2020-02-29",
        "-86400000",
    ] {
        check(DateTime, &[(text, None, None)]);
    }
    check(
        DateTime,
        &[
            ("2021/04/03", Some(Form::YearFirst), Some("2021-04-03")),
            ("2021.4.3", Some(Form::YearFirst), Some("2021-04-03")),
            ("2021-4-3", Some(Form::UnpaddedDate), Some("2021-04-03")),
            ("20210403", Some(Form::CompactDate), Some("2021-04-03")),
            (
                "2021-04-03T10:00",
                Some(Form::IsoTime),
                Some("2021-04-03 10:00:00"),
            ),
            (
                "2021-04-03T10:00:05Z",
                Some(Form::IsoTime),
                Some("2021-04-03 10:00:05"),
            ),
            (
                "2021-04-03 10:00",
                Some(Form::IsoTime),
                Some("2021-04-03 10:00:00"),
            ),
            (
                "2021/04/03 10:00:01",
                Some(Form::YearFirst),
                Some("2021-04-03 10:00:01"),
            ),
            ("2021-04-03T10:00:00+02:00", Some(Form::ZonedTime), None),
            ("2021-04-03T10:00:00.123Z", Some(Form::ZonedTime), None),
            ("25/04/2021", Some(Form::DayFirst), Some("2021-04-25")),
            ("25.04.2021", Some(Form::DayFirst), Some("2021-04-25")),
            ("04/25/2021", Some(Form::MonthFirst), Some("2021-04-25")),
            ("04/04/2021", Some(Form::SameFirst), Some("2021-04-04")),
            ("03/04/2021", Some(Form::EitherFirst), None),
            ("3-4-2021", Some(Form::EitherFirst), None),
            ("03/04/21", Some(Form::ShortYear), None),
            ("03/04/2021 10:00:00", Some(Form::EitherFirst), None),
            ("03/04/2021 10:00:00+02:00", Some(Form::ZonedTime), None),
            ("03/04/2021 or so", Some(Form::Other), None),
            ("3 Apr 2021", Some(Form::MonthName), Some("2021-04-03")),
            ("03-Apr-2021", Some(Form::MonthName), Some("2021-04-03")),
            ("Oct 25 2011", Some(Form::MonthName), Some("2011-10-25")),
            ("April 3rd, 2021", Some(Form::MonthName), Some("2021-04-03")),
            ("2021", Some(Form::YearOnly), None),
            ("44289", Some(Form::SheetDay), None),
            ("60001", None, None),
            (
                "20210403100530",
                Some(Form::CompactDate),
                Some("2021-04-03 10:05:30"),
            ),
            ("20210230", Some(Form::NoSuchDay), None),
            ("03042021", Some(Form::EitherFirst), None),
            ("25042021", Some(Form::DayFirst), Some("2021-04-25")),
            ("99992021", None, None),
            ("210403", Some(Form::ShortYear), None),
            ("123456", None, None),
            ("1617444000", Some(Form::Seconds), None),
            ("2617444000", None, None),
            ("3-Apr-21", Some(Form::ShortYear), None),
            ("03APR2021", Some(Form::MonthName), Some("2021-04-03")),
            ("3Apr21", Some(Form::ShortYear), None),
            ("2021-04-03;2021-04-04", Some(Form::Several), None),
            ("-44289", None, None),
            ("1617408000000", None, None),
            (
                "2021\u{2011}04\u{2011}03",
                Some(Form::FancyCharacters),
                Some("2021-04-03"),
            ),
            ("2021-04", Some(Form::MonthOnly), None),
            ("Apr 2021", Some(Form::MonthOnly), None),
            ("2021-02-30", Some(Form::NoSuchDay), None),
            ("32/01/2021", Some(Form::NoSuchDay), None),
            ("2021-13-01", Some(Form::NoSuchDay), None),
            ("2021-04-03 25:00:00", Some(Form::Other), None),
            ("tomorrow", Some(Form::Other), None),
            ("2021-04-03 10", Some(Form::Other), None),
            ("é/é/é", Some(Form::Other), None),
            ("NA", Some(Form::MissingWord), None),
        ],
    );
}

#[test]
fn links() {
    for text in [
        "https://example.org/a",
        "s3://bucket/key",
        "ftp://h/x",
        "file:///data/x",
    ] {
        check(Link, &[(text, None, None)]);
    }
    check(
        Link,
        &[
            ("www.example.org", Some(Form::NoScheme), None),
            ("example.org/a.tsv", Some(Form::NoScheme), None),
            (
                "10.1000/182",
                Some(Form::Doi),
                Some("https://doi.org/10.1000/182"),
            ),
            (
                "doi:10.1000/182",
                Some(Form::Doi),
                Some("https://doi.org/10.1000/182"),
            ),
            ("https://example.org/a b", Some(Form::BlankInLink), None),
            ("https://a.org/1;https://a.org/2", Some(Form::Several), None),
            ("https://a.org/1, https://a.org/2", Some(Form::Several), None),
            ("https://a.org/x;y=1", None, None),
            ("https://web.archive.org/web/https://a.org/x,y", None, None),
            ("https://", Some(Form::Other), None),
            ("://x", Some(Form::Other), None),
            ("reads.fastq", Some(Form::Other), None),
            ("n/a", Some(Form::MissingWord), None),
        ],
    );
}

#[test]
fn lists_are_taken_apart_at_single_pipes() {
    let all = |text| items(text).collect::<Vec<_>>();
    assert_eq!(all("a"), ["a"]);
    assert_eq!(all("a|b | c"), ["a", "b", "c"]);
    assert_eq!(all("a||b"), ["a||b"]);
    assert_eq!(all("|a|"), ["", "a", ""]);
    assert_eq!(all("a|||b"), ["a||", "b"]);
    assert_eq!(all(""), [""]);
}

#[test]
fn days_that_a_spreadsheet_counted_are_dates() {
    for (count, day) in [
        ("20000", Some("1954-10-03")),
        ("25569", Some("1970-01-01")),
        ("36585", Some("2000-02-29")),
        ("44289", Some("2021-04-03")),
        ("60000", Some("2064-04-08")),
        ("19999", None),
        ("60001", None),
        ("4428x", None),
    ] {
        assert_eq!(of_sheet_day(count).as_deref(), day, "{count}");
    }
}

#[test]
fn seconds_are_times() {
    for (count, time) in [
        ("1617444000", Some("2021-04-03 10:00:00")),
        ("1000000000", Some("2001-09-09 01:46:40")),
        ("2000000000", None),
        ("161744400", None),
    ] {
        assert_eq!(of_seconds(count).as_deref(), time, "{count}");
    }
}

#[test]
fn a_date_that_may_be_two_is_one_once_the_order_is_known() {
    use DateOrder::{DayFirst, MonthFirst};
    for (text, order, read) in [
        ("03/04/2021", DayFirst, Some("2021-04-03")),
        ("03/04/2021", MonthFirst, Some("2021-03-04")),
        ("3.4.2021", DayFirst, Some("2021-04-03")),
        ("03/04/2021 9:30", DayFirst, Some("2021-04-03 09:30:00")),
        // What can be read in one way only is read so.
        ("13/04/2021", MonthFirst, Some("2021-04-13")),
        ("03/04/21", DayFirst, None),
        ("13/13/2021", DayFirst, None),
    ] {
        assert_eq!(dated(text, order).as_deref(), read, "{text}");
    }
}
