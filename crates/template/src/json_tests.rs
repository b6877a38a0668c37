use super::*;

fn error(text: &str) -> Option<(SyntaxError, usize)> {
    parse(text.as_bytes()).err()
}

#[test]
fn agrees_with_serde_json_on_what_is_json() {
    let texts = [
        "[]",
        "{}",
        "null",
        " [1, -0.5e+3, true] ",
        r#"{"a":{"b":["\u00e9\n\ud83d\ude00"]}}"#,
        "0",
        "-0",
        "1e9",
        "",
        "[1,]",
        "{\"a\":1,}",
        "01",
        "1.",
        "-",
        "+1",
        "nul",
        "[1 2]",
        "{a:1}",
        "'a'",
        "\"a\nb\"",
        r#""\x""#,
        r#""\ud83d""#,
        r#""\u12"#,
        "[",
        "{\"a\"",
        "[] []",
        "\"é\"",
        "[\t\r\n]",
        "1e",
        ".5",
        "\u{feff}[]",
    ];
    for text in texts {
        let theirs = serde_json::from_str::<serde_json::Value>(text).is_ok();
        assert_eq!(error(text).is_none(), theirs, "{text:?}: {:?}", error(text));
    }
}

#[test]
fn errors_say_what_and_where() {
    assert_eq!(error(" \n"), Some((SyntaxError::Empty, 0)));
    assert_eq!(error("[1, ]"), Some((SyntaxError::TrailingComma, 2)));
    assert_eq!(error("[1; 2]"), Some((SyntaxError::Unexpected(';'), 2)));
    assert_eq!(error("[\"a"), Some((SyntaxError::UnexpectedEnd, 3)));
    assert_eq!(error("[] x"), Some((SyntaxError::TrailingText, 3)));
    assert_eq!(error("\"a\tb\""), Some((SyntaxError::ControlCharacter, 2)));
    assert_eq!(parse(b"[\"\xff\"]").err(), Some((SyntaxError::NotUtf8, 2)));
    assert_eq!(
        error(&"[".repeat(10_000)).map(|(error, _)| error),
        Some(SyntaxError::TooDeep)
    );
}

#[test]
fn strings_are_unescaped() {
    let node = parse(br#""a\u00e9\t\"\ud83d\ude00\/""#).expect("JSON");
    assert!(matches!(node.value, Value::String(text) if text == "aé\t\"😀/"));
}

#[test]
fn places_count_lines_and_characters() {
    let text = "[\n  \"é\", 1]".as_bytes();
    let one = text.len() - 2;
    assert_eq!(
        TextPlace::of(text, one),
        TextPlace {
            line: 2,
            column: 8,
            byte: one as u64
        }
    );
    assert_eq!(
        TextPlace::of(text, 0),
        TextPlace {
            line: 1,
            column: 1,
            byte: 0
        }
    );
}

#[test]
fn equality_ignores_key_order() {
    let same = |a: &str, b: &str| {
        parse(a.as_bytes())
            .expect("a")
            .same(&parse(b.as_bytes()).expect("b"))
    };
    assert!(same(r#"{"a":1,"b":[true,null]}"#, r#"{"b":[true,null],"a":1.0}"#));
    assert!(!same(r#"{"a":1}"#, r#"{"a":"1"}"#));
    assert!(!same("[1,2]", "[2,1]"));
}
