//! Text from files, made safe and visible on a terminal.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `text` with everything escaped that a terminal would act on or that nobody could see: control characters,
/// direction marks, zero-width and non-breaking characters.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        push_visible(&mut out, character);
    }
    out
}

/// Appends one character in its visible form.
pub(crate) fn push_visible(out: &mut String, character: char) {
    match character {
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\0' => out.push_str("\\0"),
        hidden if is_hidden(hidden) => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(hidden));
        }
        other => out.push(other),
    }
}

/// How many terminal columns the text takes.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// How many terminal columns the character takes.
pub(crate) fn char_columns(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// Breaks `text` into lines of at most `width` columns at spaces; on the line of the first one `first` columns are taken
/// already. What stands between back-ticks is kept in one piece, so that a command can be copied; a word that is too long
/// for a line gets one of its own.
pub fn wrap(text: &str, first: usize, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = first;
    for word in words(text) {
        let size = columns(word);
        let line = lines.last_mut().map_or(0, |line| line.len());
        if line > 0 && used + 1 + size > width {
            lines.push(word.to_owned());
            used = size;
        } else if let Some(last) = lines.last_mut() {
            if !last.is_empty() {
                last.push(' ');
                used += 1;
            }
            last.push_str(word);
            used += size;
        }
    }
    lines
}

/// `1 error`, `2 errors`, `1,000 errors`.
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{} {noun}s", grouped(count))
    }
}

/// `1 error`, `2 warnings`, `1 error and 2 warnings`; nothing where there is neither.
pub fn found(errors: u64, warnings: u64) -> Option<String> {
    match (errors, warnings) {
        (0, 0) => None,
        (errors, 0) => Some(counted(errors, "error")),
        (0, warnings) => Some(counted(warnings, "warning")),
        (errors, warnings) => Some(format!(
            "{} and {}",
            counted(errors, "error"),
            counted(warnings, "warning")
        )),
    }
}

/// `text` with what stands between back-ticks cut to `most` columns: names and values can be longer than any line.
pub fn clip_quoted(text: &str, most: usize) -> String {
    if !text.matches('`').count().is_multiple_of(2) {
        return text.to_owned();
    }
    let clipped = text.split('`').enumerate().map(|(index, part)| {
        if index % 2 == 0 || columns(part) <= most {
            return part.to_owned();
        }
        let mut used = 1;
        let fits = |character: &char| {
            used += char_columns(*character);
            used <= most
        };
        part.chars().take_while(fits).chain(['…']).collect()
    });
    clipped.collect::<Vec<String>>().join("`")
}

/// A number with its thousands set apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Splits at spaces outside back-ticks.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character: char| {
        if character == '`' {
            quoted = !quoted;
        }
        character == ' ' && !quoted
    })
    .filter(|word| !word.is_empty())
}

/// Characters that do something to a terminal or that the eye cannot tell from a blank or from nothing.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{a0}'
                | '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{2000}'..='\u{200f}'
                | '\u{2028}'..='\u{202f}'
                | '\u{205f}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_or_hides_is_escaped() {
        assert_eq!(escape("a\tb\u{1b}[31m"), "a\\tb\\u{1b}[31m");
        assert_eq!(
            escape("x\u{a0}y\u{200b}z\u{202e}"),
            "x\\u{a0}y\\u{200b}z\\u{202e}"
        );
        assert_eq!(escape("naïve 試料 Flow Сell"), "naïve 試料 Flow Сell");
    }

    #[test]
    fn lines_break_at_spaces_and_never_inside_a_command() {
        assert_eq!(wrap("one two three", 0, 7), ["one two", "three"]);
        assert_eq!(
            wrap("say `odmkit check a` now", 0, 12),
            ["say", "`odmkit check a`", "now"]
        );
        assert_eq!(wrap("abc", 70, 72), ["abc"]);
        assert_eq!(wrap("", 0, 10), [""]);
    }

    #[test]
    fn what_is_quoted_is_cut_and_nothing_else() {
        for (text, clipped) in [
            ("`abcdef` is no number", "`abc…` is no number"),
            ("`abcd` and `試料試` here", "`abcd` and `試…` here"),
            ("abcdef` is odd", "abcdef` is odd"),
            ("nothing is quoted", "nothing is quoted"),
        ] {
            assert_eq!(clip_quoted(text, 4), clipped);
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (41_120_007, "41,120,007"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn what_was_found_is_counted_in_words() {
        for (errors, warnings, text) in [
            (0, 0, None),
            (1, 0, Some("1 error")),
            (0, 2, Some("2 warnings")),
            (1000, 1, Some("1,000 errors and 1 warning")),
        ] {
            assert_eq!(found(errors, warnings).as_deref(), text);
        }
    }

    #[test]
    fn an_open_back_tick_swallows_no_text() {
        assert_eq!(wrap("it`s fine", 0, 80).concat(), "it`s fine");
    }
}
