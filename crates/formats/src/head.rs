//! The first lines of a file, with their places.

use std::fmt;

use odmkit_core::{ByteOffset, FieldNumber, LineNumber, Position};

use crate::{Lines, Terminator, fields};

/// The beginning of the text does not hold the whole header; call again with more of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeedMore;

impl fmt::Display for NeedMore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the header goes on beyond what was read")
    }
}

impl std::error::Error for NeedMore {}

/// A field of a header, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The text, white space included. What is not UTF-8 is replaced.
    pub raw: String,
    /// Where it begins.
    pub byte: ByteOffset,
}

/// A line of a header, cut into fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderLine {
    /// The line.
    pub line: LineNumber,
    /// Where it begins.
    pub byte: ByteOffset,
    /// The fields, without those of [`padding`](Self::padding).
    pub fields: Vec<Name>,
    /// How many of the first fields are not in the text, and were put before it.
    pub put_before: usize,
    /// Blank fields after the last one that is not.
    pub padding: u64,
    /// Where the padding begins: at the tab after the last field.
    pub padding_byte: ByteOffset,
    /// Whether the line is UTF-8. Else what U+FFFD stands for in it is no character that was lost before.
    pub is_utf8: bool,
}

/// The lines of the beginning of a text that are not blank, one after another.
#[derive(Debug)]
pub struct HeadLines<'a> {
    lines: Lines<'a>,
    length: usize,
    complete: bool,
    base: u64,
    number: LineNumber,
    end: usize,
    blanks: Vec<Position>,
}

/// A line's text, its number, and where it begins.
pub type PlacedLine<'a> = (&'a [u8], LineNumber, ByteOffset);

/// The UTF-8 byte order mark.
pub const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Name {
    /// The text without white space around it.
    pub fn text(&self) -> &str {
        self.raw.trim()
    }

    /// Whether white space stands around the text.
    pub fn is_padded(&self) -> bool {
        self.raw.len() != self.text().len()
    }
}

impl HeaderLine {
    /// Cuts a line into fields.
    pub fn read(text: &[u8], line: LineNumber, byte: ByteOffset) -> Self {
        let all: Vec<(usize, &[u8])> = fields(text).collect();
        let used = all
            .iter()
            .rposition(|(_, field)| !field.trim_ascii().is_empty())
            .map_or(0, |last| last + 1);
        let names = all[..used].iter().map(|(start, field)| Name {
            raw: String::from_utf8_lossy(field).into_owned(),
            byte: byte.advanced(*start),
        });
        let end = all[..used].last().map_or(0, |(start, field)| start + field.len());
        Self {
            line,
            byte,
            fields: names.collect(),
            put_before: 0,
            padding: (all.len() - used.max(1)) as u64,
            padding_byte: byte.advanced(end),
            is_utf8: std::str::from_utf8(text).is_ok(),
        }
    }

    /// The position of the field at a 0-based index.
    pub fn position(&self, index: usize) -> Position {
        let byte = self.fields.get(index).map_or(self.padding_byte, |name| name.byte);
        Position::field(
            self.line,
            FieldNumber::from_index(index.saturating_sub(self.put_before)),
            byte,
        )
    }

    /// The position of the line.
    pub fn start(&self) -> Position {
        Position::line(self.line, self.byte)
    }

    /// The text of the field at a 0-based index, without white space around it; empty where there is none.
    pub fn text(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", Name::text)
    }

    /// The position at which the padding begins.
    pub fn padding_position(&self) -> Position {
        Position::field(
            self.line,
            FieldNumber::from_index(self.fields.len().max(1)),
            self.padding_byte.advanced(1),
        )
    }
}

impl<'a> HeadLines<'a> {
    /// The lines of `head`, the beginning of a text; `complete` where it is the whole text. A byte order mark is
    /// passed over.
    pub fn new(head: &'a [u8], complete: bool) -> Self {
        let mark = if head.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        Self {
            lines: Lines::new(&head[mark..]),
            length: head.len() - mark,
            complete,
            base: mark as u64,
            number: LineNumber::FIRST,
            end: 0,
            blanks: Vec::new(),
        }
    }

    /// The next line that is not blank; `None` at the end of the text.
    ///
    /// # Errors
    ///
    /// Where the line may go on beyond the head.
    pub fn next_line(&mut self) -> Result<Option<PlacedLine<'a>>, NeedMore> {
        loop {
            let Some(line) = self.lines.next() else {
                return if self.complete { Ok(None) } else { Err(NeedMore) };
            };
            // A CR as the last byte may be half of a CRLF.
            let open =
                matches!(line.terminator, Terminator::End | Terminator::Cr) && line.end() == self.length;
            if open && !self.complete {
                return Err(NeedMore);
            }
            let number = self.number;
            self.number = number.advanced(1);
            self.end = line.end();
            let byte = ByteOffset(self.base + line.start as u64);
            if line.is_blank() {
                self.blanks.push(Position::line(number, byte));
            } else {
                return Ok(Some((line.text, number, byte)));
            }
        }
    }

    /// The next line that is not blank, cut into fields.
    pub fn next_header(&mut self) -> Result<Option<HeaderLine>, NeedMore> {
        Ok(self
            .next_line()?
            .map(|(text, line, byte)| HeaderLine::read(text, line, byte)))
    }

    /// Where the text goes on after the lines taken so far.
    pub fn rest(&self) -> Position {
        Position::line(self.number, ByteOffset(self.base + self.end as u64))
    }

    /// The blank lines passed over so far.
    pub fn blanks(self) -> Vec<Position> {
        self.blanks
    }
}
