//! Places in a text file.

use std::fmt;

use serde::Serialize;

/// Bytes from the start of the (decompressed) text, 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct ByteOffset(pub u64);

/// A line of the text, 1-based. Lines end at LF, CRLF or a lone CR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LineNumber(u64);

/// A tab-separated field of a line, 1-based. Reports call it `column`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct FieldNumber(u64);

/// Where something stands: its line, the field within the line where that means something, and the byte at
/// which the field (or, without a field, the line) begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// The line.
    pub line: LineNumber,
    /// The field within the line, where one is meant.
    pub field: Option<FieldNumber>,
    /// The first byte of what is meant.
    pub byte: ByteOffset,
}

impl ByteOffset {
    /// The offset `bytes` further on.
    #[must_use]
    pub const fn advanced(self, bytes: usize) -> Self {
        Self(self.0 + bytes as u64)
    }
}

impl LineNumber {
    /// The first line of a file.
    pub const FIRST: Self = Self(1);

    /// The line with this 1-based number; 0 is read as 1.
    pub const fn new(number: u64) -> Self {
        Self(if number == 0 { 1 } else { number })
    }

    /// The 1-based number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The line `lines` further down.
    #[must_use]
    pub const fn advanced(self, lines: u64) -> Self {
        Self(self.0 + lines)
    }
}

impl FieldNumber {
    /// The first field of a line.
    pub const FIRST: Self = Self(1);

    /// The field with this 1-based number; 0 is read as 1.
    pub const fn new(number: u64) -> Self {
        Self(if number == 0 { 1 } else { number })
    }

    /// The field at a 0-based index.
    pub const fn from_index(index: usize) -> Self {
        Self(index as u64 + 1)
    }

    /// The 1-based number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The 0-based index.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a field number comes from a usize index"
    )]
    pub const fn index(self) -> usize {
        (self.0 - 1) as usize
    }
}

impl Position {
    /// The start of the file.
    pub const START: Self = Self {
        line: LineNumber::FIRST,
        field: None,
        byte: ByteOffset(0),
    };

    /// A whole line.
    pub const fn line(line: LineNumber, byte: ByteOffset) -> Self {
        Self {
            line,
            field: None,
            byte,
        }
    }

    /// A field of a line; `byte` is where the field begins.
    pub const fn field(line: LineNumber, field: FieldNumber, byte: ByteOffset) -> Self {
        Self {
            line,
            field: Some(field),
            byte,
        }
    }
}

impl fmt::Display for LineNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for FieldNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ByteOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
