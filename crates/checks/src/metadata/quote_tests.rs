//! Quotes in values, header lines among the rows, and white space that is no plain blank.

use super::tests::{brief, codes, found, help};
use odmkit_core::FileKind;
use odmkit_diagnostics::Severity;

const NAMES: &str = "Sample Source ID\tSample Source\tOwn\n";

#[test]
fn quotes_that_are_text_are_left_in_peace() {
    for value in ["\"A\" and \"B\"", "\"x\" y \"z\"", "the \"old\" one", "5\""] {
        let text = format!("{NAMES}S1\tc\t{value}\n");
        assert_eq!(codes(FileKind::Samples, &text), ["M006 1:3@31"], "{value}");
    }
}

#[test]
fn a_fix_is_promised_for_quotes_that_can_go_and_no_others() {
    for (value, is_promised) in [
        ("\"a, b\"", true),
        ("\"a \"\"b\"\" c\"", true),
        ("\"\"", true),
        ("\"x\"|\"y\"", true),
        ("\"\"\"a\"\"\"", false),
        ("\"\"\"\"", false),
        ("\"a", false),
        ("\"", false),
    ] {
        let text = format!("{NAMES}S1\tc\t{value}\n");
        let findings = found(FileKind::Samples, &text);
        assert_eq!(brief(&findings), ["M006 1:3@31", "T012 2:3@40"], "{value}");
        assert_eq!(findings[1].fix.is_some(), is_promised, "{value}");
        assert!(!findings[1].message.contains("``"), "{}", findings[1].message);
    }
    let several = format!("{NAMES}S1\tc\t\"\"\nS2\tc\t\"a\"\nS3\tc\t\"b\"\n");
    let findings = found(FileKind::Samples, &several);
    assert_eq!(brief(&findings)[1..], ["T012 2:3@40", "T012 3:3@48 x2"]);
}

#[test]
fn quotes_around_nothing_are_no_key() {
    let text = format!("{NAMES}\"\"\tc\tx\n");
    assert_eq!(codes(FileKind::Samples, &text)[1..], ["M016 2:1@35"]);
}

#[test]
fn a_quoted_cell_with_line_breaks_is_told_once() {
    for cell in ["\"a\nb\"", " \"a\n b \"", "\"\na\"", "\"a\n\"", "\"a\nb\nc\""] {
        let text = format!("{NAMES}S1\tc\t{cell}\nS2\tc\tx\n");
        assert_eq!(codes(FileKind::Samples, &text)[1..], ["T001 2:3@40"], "{cell:?}");
    }
}

#[test]
fn the_header_among_the_rows_is_told_once() {
    let text = format!("{NAMES}{NAMES}S1\tc\tx\n");
    let findings = found(FileKind::Samples, &text);
    assert_eq!(brief(&findings), ["M006 1:3@31", "T001 2:0@35"]);
    assert_eq!(findings[1].severity, Severity::Warning);
    assert_eq!(help(&findings[1]), "delete the line");
    let twice = format!("{NAMES}{NAMES}S1\tc\tx\n{NAMES}");
    let findings = found(FileKind::Samples, &twice);
    assert_eq!(brief(&findings)[1..], ["T001 2:0@35 x2"]);
    assert_eq!(findings[1].severity, Severity::Error);
}

#[test]
fn blanks_of_every_kind_around_a_value_are_told_alike() {
    for blank in [" ", "\u{a0}", "\u{2003}", "\u{3000}"] {
        let text = format!("Sample Source ID\tSample Source\tSex\nS1\t{blank}c\tmale{blank}\n");
        let at = 34 + 4 + blank.len();
        assert_eq!(
            codes(FileKind::Samples, &text),
            ["T006 2:2@38".to_owned(), format!("T006 2:3@{}", at + 2)],
            "{blank:?}"
        );
    }
}
