//! Encodings.

use super::*;

#[test]
fn utf16_is_rewritten_and_then_mended() {
    let after = "Sample Source ID\tSample Source\r\nS1\tMölndal\r\n";
    // Its byte order mark says that it is UTF-16; without one the zeros between the letters do.
    for mark in ["\u{feff}", ""] {
        let before = format!("{mark}Sample Source ID \tSample Source\r\nS1\tMölndal\r\n");
        let little: Vec<u8> = before.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = before.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            let outcome = mend_with("x.samples.tsv", &bytes, request);
            assert_eq!(text(&outcome), after);
            assert_eq!(outcome.edits, [("F003", 1), ("T006", 1)]);
        }
    }
}

#[test]
fn western_text_is_rewritten_on_request() {
    let before = b"Sample Source ID \tSample Source\r\nS1\tM\xFCnchen \x80 5\x96\r\n";
    let unsafely = |path| FixRequest {
        with_unsafe: true,
        ..request(path)
    };
    let outcome = mend_with("x.samples.tsv", before, unsafely);
    let after = "Sample Source ID\tSample Source\r\nS1\tMünchen € 5–\r\n";
    assert_eq!(text(&outcome), after);
    assert_eq!(outcome.edits, [("F003", 1), ("T006", 1)]);
    assert_eq!(
        (outcome.found.len(), outcome.left.len()),
        (2, 0),
        "{:?}",
        outcome.left
    );
    // Two encodings in one file, and bytes that no western one has, are for a person.
    for other in [
        &b"Sample Source ID\nM\xFCnchen\nM\xC3\xBCnchen\n"[..],
        b"Sample Source ID\nS\x81\n",
    ] {
        let outcome = mend_with("x.samples.tsv", other, unsafely);
        assert_eq!((&outcome.text[..], outcome.edits.len()), (other, 0));
    }
}

#[test]
fn what_is_no_text_is_left_alone() {
    for bytes in [
        &b"S1\tM\xFCller \n"[..],
        b"a\0b \n",
        b"",
        b"%PDF-1.7 \n",
        b"\xFF\xFEa\0\0\xDC",
    ] {
        let outcome = mend_with("x.samples.tsv", bytes, request);
        assert_eq!((&outcome.text[..], outcome.edits.len()), (bytes, 0));
    }
}
