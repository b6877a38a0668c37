//! The source line under a finding: a window around the field, however long the line is.

use std::path::Path;

use odmkit_core::ByteOffset;

use crate::text::{char_columns, push_visible};

/// How many bytes before the field are looked at.
const BEFORE: usize = 240;
/// How many bytes from the field on are looked at.
const AFTER: usize = 480;

/// Gives the text of a file around a byte. The caller of a renderer supplies it: renderers open no files.
pub trait Snippets {
    /// Up to `before` bytes in front of `byte` and up to `after` bytes from it on, of the decompressed text of
    /// the file that the report calls `path`; fewer only where the text begins or ends. `None` where the text
    /// cannot be had.
    fn around(&mut self, path: &str, byte: ByteOffset, before: usize, after: usize) -> Option<Around>;
}

/// A stretch of text around a byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Which of them is the one that was asked for; their number where that is the end of the text.
    pub at: usize,
}

/// No text at all: findings are shown without source lines.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSnippets;

impl Snippets for NoSnippets {
    fn around(&mut self, _: &str, _: ByteOffset, _: usize, _: usize) -> Option<Around> {
        None
    }
}

/// A line, or a window of it, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// What stands before the field.
    pub(crate) before: String,
    /// The field.
    pub(crate) field: String,
    /// What stands after it.
    pub(crate) after: String,
    /// Columns in front of the field.
    pub(crate) indent: usize,
    /// Columns of the field, at least one.
    pub(crate) width: usize,
}

impl Excerpt {
    /// Whether there is nothing to print.
    pub(crate) fn is_empty(&self) -> bool {
        self.before.is_empty() && self.field.is_empty() && self.after.is_empty()
    }
}

/// One visible character: its printed form and its columns.
struct Cell {
    text: String,
    columns: usize,
}

/// The line around a byte, in at most `room` columns.
pub(crate) fn excerpt(
    snippets: &mut dyn Snippets,
    path: &str,
    byte: ByteOffset,
    room: usize,
) -> Option<Excerpt> {
    // One byte more than is used on either side tells whether the line goes on there.
    let around = snippets.around(path, byte, BEFORE + 1, AFTER + 1)?;
    let (left, right) = around.bytes.split_at_checked(around.at)?;

    let line_start = left
        .iter()
        .rposition(|&byte| is_terminator(byte))
        .map(|at| at + 1);
    let mut before = &left[line_start.unwrap_or(0)..];
    let cut_left = before.len() > BEFORE;
    if cut_left {
        before = after_char_boundary(&before[before.len() - BEFORE..]);
    }
    let line_end = right
        .iter()
        .position(|&byte| is_terminator(byte))
        .unwrap_or(right.len());
    let cut_right = line_end > AFTER;
    let line = &right[..line_end.min(AFTER)];
    let field_end = if Path::new(path)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
    {
        json_token(line)
    } else {
        line.iter().position(|&byte| byte == b'\t').unwrap_or(line.len())
    };

    let before = cells(before, false);
    let field = cells(&line[..field_end], cut_right && field_end == line.len());
    let after = cells(&line[field_end..], cut_right);
    Some(window(&before, &field, &after, cut_left, cut_right, room))
}

/// How long what JSON text begins with is: a string, a word or a number, or else one sign.
fn json_token(line: &[u8]) -> usize {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
    let [b'"', inner @ ..] = line else {
        let word = line.iter().take_while(|byte| is_word(byte)).count();
        return word.max(1).min(line.len());
    };
    let mut escaped = false;
    let end = inner.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(line.len(), |end| end + 2)
}

/// Chooses what is shown: the field first, then what follows it, then as much as fits of what is before it.
fn window(
    before: &[Cell],
    field: &[Cell],
    after: &[Cell],
    cut_left: bool,
    cut_right: bool,
    room: usize,
) -> Excerpt {
    let (left, middle, right) = (total(before), total(field), total(after));
    let fits = left + middle + right + usize::from(cut_left) + usize::from(cut_right) <= room;
    let room = if fits { room } else { room.saturating_sub(2) };

    // A third of the room is kept for what is before the field, so that the reader sees which row it is in.
    let kept_left = left.min(room / 3);
    let field_shown = take(field, room - kept_left);
    let after_shown = if field_shown == field.len() {
        take(after, room - kept_left - middle)
    } else {
        0
    };
    let spent = total(&field[..field_shown]) + total(&after[..after_shown]);
    let left_shown = take_back(before, room - spent);

    let mut before_text = String::new();
    if cut_left || left_shown < before.len() {
        before_text.push('…');
    }
    before_text.extend(
        before[before.len() - left_shown..]
            .iter()
            .map(|cell| cell.text.as_str()),
    );
    let mut after_text: String = after[..after_shown]
        .iter()
        .map(|cell| cell.text.as_str())
        .collect();
    if cut_right || field_shown < field.len() || after_shown < after.len() {
        after_text.push('…');
    }
    Excerpt {
        indent: crate::text::columns(&before_text),
        before: before_text,
        width: total(&field[..field_shown]).max(1),
        field: field[..field_shown]
            .iter()
            .map(|cell| cell.text.as_str())
            .collect(),
        after: after_text,
    }
}

fn total(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.columns).sum()
}

/// How many cells from the front fit.
fn take(cells: &[Cell], room: usize) -> usize {
    fitting(cells.iter(), room)
}

/// How many cells from the back fit.
fn take_back(cells: &[Cell], room: usize) -> usize {
    fitting(cells.iter().rev(), room)
}

fn fitting<'a>(cells: impl Iterator<Item = &'a Cell>, room: usize) -> usize {
    cells
        .scan(0, |used, cell| {
            *used += cell.columns;
            Some(*used)
        })
        .take_while(|&used| used <= room)
        .count()
}

/// The visible form of bytes; an unfinished character at the end is dropped where the text was cut there.
fn cells(bytes: &[u8], cut: bool) -> Vec<Cell> {
    let mut cells = Vec::new();
    for chunk in bytes.utf8_chunks() {
        cells.extend(chunk.valid().chars().map(visible));
        let invalid = chunk.invalid();
        if !(cut && chunk_is_last(bytes, invalid)) {
            cells.extend(invalid.iter().map(|byte| Cell {
                text: format!("\\x{byte:02x}"),
                columns: 4,
            }));
        }
    }
    cells
}

fn chunk_is_last(bytes: &[u8], invalid: &[u8]) -> bool {
    !invalid.is_empty() && bytes.as_ptr_range().end == invalid.as_ptr_range().end
}

fn visible(character: char) -> Cell {
    let mut text = String::new();
    if character == '\t' {
        text.push('→');
    } else {
        push_visible(&mut text, character);
    }
    let columns = text.chars().map(char_columns).sum();
    Cell { text, columns }
}

const fn is_terminator(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Drops the rest of a character that was cut in two.
fn after_char_boundary(bytes: &[u8]) -> &[u8] {
    let rest = bytes
        .iter()
        .take(3)
        .take_while(|byte| **byte & 0b1100_0000 == 0b1000_0000)
        .count();
    &bytes[rest..]
}

#[cfg(test)]
#[path = "excerpt_tests.rs"]
mod tests;
