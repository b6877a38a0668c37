use odmkit_core::ByteOffset;

use super::{Around, Excerpt, Snippets, excerpt};

/// One file held in memory.
struct Text(Vec<u8>);

impl Snippets for Text {
    fn around(&mut self, _: &str, byte: ByteOffset, before: usize, after: usize) -> Option<Around> {
        let at = usize::try_from(byte.0).ok()?;
        let start = at.saturating_sub(before);
        let end = at.saturating_add(after).min(self.0.len());
        Some(Around {
            bytes: self.0.get(start..end)?.to_vec(),
            at: at - start,
        })
    }
}

fn show(text: impl AsRef<[u8]>, byte: usize, room: usize) -> Excerpt {
    excerpt(
        &mut Text(text.as_ref().to_vec()),
        "a.gct",
        ByteOffset(byte as u64),
        room,
    )
    .expect("the text is there")
}

/// The line and the marks under it.
fn drawn(text: impl AsRef<[u8]>, byte: usize, room: usize) -> [String; 2] {
    let shown = show(text, byte, room);
    let marks = format!("{}{}", " ".repeat(shown.indent), "^".repeat(shown.width));
    [format!("{}{}{}", shown.before, shown.field, shown.after), marks]
}

#[test]
fn a_short_line_is_shown_whole_with_its_tabs() {
    assert_eq!(
        drawn("#1.2\nTP53\tna\tabc\t1.5\nx", 13, 60),
        ["TP53→na→abc→1.5", "        ^^^"]
    );
}

#[test]
fn of_json_one_token_is_marked() {
    let line = r#"{"a": "x\"y", "b": -1.5e3, "c": {"d": null}}"#;
    for (token, width) in [
        (r#""x\"y""#, 6),
        (r#""b""#, 3),
        ("-1.5e3", 6),
        (r#"{"d""#, 1),
        ("null", 4),
    ] {
        let at = line.find(token).expect("it is there");
        let byte = ByteOffset(at as u64);
        let shown = excerpt(&mut Text(line.into()), "t.json", byte, 60).expect("the text is there");
        assert_eq!((shown.indent, shown.width), (at, width), "{token}");
    }
}

#[test]
fn every_line_ending_ends_the_line() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("one{end}two\tthree{end}four");
        let at = text.find("three").expect("it is there");
        assert_eq!(drawn(&text, at, 60), ["two→three", "    ^^^^^"], "{end:?}");
    }
}

#[test]
fn an_empty_field_gets_one_mark() {
    assert_eq!(drawn("a\t\tb", 2, 60), ["a→→b", "  ^"]);
    assert_eq!(drawn("a\t", 2, 60), ["a→", "  ^"]);
    assert_eq!(drawn("", 0, 60), ["", "^"]);
}

#[test]
fn wide_and_combining_characters_keep_the_marks_in_place() {
    assert_eq!(drawn("試料\tx", 7, 60), ["試料→x", "     ^"]);
    assert_eq!(drawn("試料\tx", 0, 60), ["試料→x", "^^^^"]);
    assert_eq!(drawn("e\u{301}\tx", 4, 60), ["e\u{301}→x", "  ^"]);
}

#[test]
fn control_characters_and_broken_bytes_are_escaped() {
    assert_eq!(drawn("\u{1b}[2J\tx", 5, 60), ["\\u{1b}[2J→x", "          ^"]);
    assert_eq!(drawn(b"caf\xe9\tx", 5, 60), ["caf\\xe9→x", "        ^"]);
    assert_eq!(drawn("\u{feff}Name", 0, 60), ["\\u{feff}Name", "^^^^^^^^^^^^"]);
}

#[test]
fn a_very_long_line_shows_a_window_around_the_field() {
    let mut text = "0.5\t".repeat(500_000);
    let at = text.len();
    text.push_str("abc");
    text.push_str(&"\t1.5".repeat(500_000));
    let [line, marks] = drawn(&text, at, 40);
    assert_eq!(line, "…0.5→0.5→0.5→abc→1.5→1.5→1.5→1.5→1.5→1.…");
    assert_eq!(marks, "             ^^^");
    assert_eq!(line.chars().count(), 40);
}

#[test]
fn a_field_longer_than_the_room_is_cut() {
    let text = format!("name\t{}", "x".repeat(5000));
    let [line, marks] = drawn(&text, 5, 30);
    assert_eq!(line, format!("name→{}…", "x".repeat(23)));
    assert_eq!(marks, format!("     {}", "^".repeat(23)));
}

#[test]
fn a_window_never_cuts_a_character_in_two() {
    for shift in 0..4 {
        let text = format!(
            "{}{}\tx\t{}",
            "a".repeat(shift),
            "é".repeat(2000),
            "é".repeat(2000)
        );
        let at = text.find("\tx").expect("it is there") + 1;
        let [line, _] = drawn(&text, at, 2000);
        assert!(!line.contains('\\'), "{line}");
        assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
    }
}

#[test]
fn a_line_that_just_fits_has_no_dots() {
    let [line, _] = drawn("x".repeat(40), 0, 40);
    assert_eq!(line, "x".repeat(40));
    let [line, _] = drawn("x".repeat(41), 0, 40);
    assert_eq!(line.chars().count(), 39);
    assert!(line.ends_with('…'));
}
