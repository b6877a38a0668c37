use std::sync::Arc;

use odmkit_core::{ByteOffset, LineNumber};
use odmkit_diagnostics::Diagnostic;

use crate::BlockStart;
use crate::text::{TextState, scan};

/// What is found in a text that comes in these blocks.
fn check(blocks: &[&[u8]]) -> Vec<Diagnostic> {
    let mut state = TextState::default();
    let mut start = BlockStart {
        line: LineNumber::FIRST,
        byte: ByteOffset(0),
    };
    for block in blocks {
        state.absorb(scan(block), &start);
        start.line = start
            .line
            .advanced(odmkit_formats::Lines::new(block).count() as u64);
        start.byte = start.byte.advanced(block.len());
    }
    let mut found = Vec::new();
    state.finish(&Arc::from("a.tsv"), &mut found);
    found
}

fn codes(found: &[Diagnostic]) -> Vec<&str> {
    found.iter().map(|finding| finding.rule.code.as_str()).collect()
}

#[test]
fn lf_and_crlf_are_fine() {
    assert!(check(&[b"a\tb\nc\td\n", b"e\tf"]).is_empty());
    assert!(check(&[b"a\tb\r\nc\td\r\n"]).is_empty());
    assert!(check(&[b""]).is_empty());
}

#[test]
fn bare_cr_and_mixed_ends_are_told_once() {
    let found = check(&[b"a\tb\rc\td\r", b"e\tf"]);
    assert_eq!(codes(&found), ["F005"]);
    assert_eq!(found[0].line.map(LineNumber::get), Some(1));
    let found = check(&[b"a\nb\n", b"c\r\nd\n"]);
    assert_eq!(codes(&found), ["F005"]);
    assert_eq!(found[0].message, "line endings are mixed: 3 LF, 1 CRLF");
    assert_eq!(
        (found[0].line.map(LineNumber::get), found[0].byte),
        (Some(3), Some(ByteOffset(4)))
    );
}

#[test]
fn the_first_bad_byte_is_named() {
    let found = check(&[b"a\tb\n", b"c\tM\xFCller\nx\xFF\n"]);
    assert_eq!(codes(&found), ["F003"]);
    let place = (
        found[0].line.map(LineNumber::get),
        found[0].column.map(odmkit_core::FieldNumber::get),
        found[0].byte,
    );
    assert_eq!(place, (Some(2), Some(2), Some(ByteOffset(7))));
    assert_eq!(found[0].value.as_deref(), Some("0xFC"));
}

#[test]
fn a_text_that_ends_in_the_middle_of_a_character_is_cut() {
    let help = |text: &[u8]| check(&[text])[0].help.clone().unwrap_or_default();
    for text in [&b"a\tM\xC3"[..], b"a\t\xE8\xA9", b"\xC3\xBC\t\xE9"] {
        assert!(help(text).contains("in the middle of a character"), "{text:?}");
    }
    assert!(help(b"a\tcaf\xE9").contains("Windows-1252"));
    assert!(help(b"a\tM\xC3\tb").contains("Windows-1252"));
    assert!(help(b"\xA3\xF3d\xBC \xBF\xF3\xB3\xE6\n").contains("Polish"));
}

#[test]
fn nul_bytes_are_counted() {
    let found = check(&[b"a\tb\n", b"c\0\0\td\0\n"]);
    assert_eq!(codes(&found), ["F006"]);
    assert_eq!((found[0].count, found[0].byte), (3, Some(ByteOffset(5))));
}
