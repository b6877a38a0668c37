//! The values of a column, row by row, with their places: what links are judged by.

use odmkit_core::{ByteOffset, FieldNumber, LineNumber, Position};

use crate::block::BlockStart;

/// The values of one column.
#[derive(Debug, Clone)]
pub struct KeptColumn {
    /// The column's name.
    pub name: String,
    field: FieldNumber,
    text: String,
    ends: Vec<usize>,
    places: Vec<(LineNumber, ByteOffset)>,
}

/// The values of one column in one block.
#[derive(Debug, Default)]
pub(super) struct KeptPart {
    text: String,
    ends: Vec<usize>,
    /// Line and byte, relative to the block.
    places: Vec<(u64, u64)>,
}

impl KeptColumn {
    pub(super) fn new(name: &str, field: FieldNumber) -> Self {
        Self {
            name: name.to_owned(),
            field,
            text: String::new(),
            ends: Vec::new(),
            places: Vec::new(),
        }
    }

    pub(super) fn absorb(&mut self, part: &KeptPart, start: &BlockStart) {
        let before = self.text.len();
        self.text.push_str(&part.text);
        self.ends.extend(part.ends.iter().map(|end| before + end));
        self.places.extend(
            part.places
                .iter()
                .map(|(line, byte)| (start.line.advanced(*line), ByteOffset(start.byte.0 + byte))),
        );
    }

    /// Forgets the values.
    pub(super) fn clear(&mut self) {
        *self = Self::new(&self.name, self.field);
    }

    /// Forgets what stands in these lines, which follow each other: they are no records.
    pub(super) fn forget(&mut self, lines: &[LineNumber]) {
        let mut kept = Self::new(&self.name, self.field);
        let mut start = 0;
        for (end, place) in self.ends.iter().zip(&self.places) {
            if lines.binary_search(&place.0).is_err() {
                kept.text.push_str(&self.text[start..*end]);
            }
            kept.ends.push(kept.text.len());
            kept.places.push(*place);
            start = *end;
        }
        *self = kept;
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The trimmed value of a row, 0-based, and where it stands. A blank or absent value is empty text.
    pub fn get(&self, row: usize) -> Option<(&str, Position)> {
        let end = *self.ends.get(row)?;
        let start = if row == 0 { 0 } else { *self.ends.get(row - 1)? };
        let (line, byte) = *self.places.get(row)?;
        Some((&self.text[start..end], Position::field(line, self.field, byte)))
    }

    /// The values and their places, row by row.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Position)> {
        (0..self.len()).filter_map(|row| self.get(row))
    }
}

/// What a value takes beside its text: its place, the table by which repeated keys are found, and the copy that links
/// are judged by.
const VALUE: u64 = 170;

impl KeptPart {
    /// Bytes that these values take once they are kept.
    pub(super) fn bytes(&self) -> u64 {
        self.ends.len() as u64 * VALUE + self.text.len() as u64 * 3
    }

    pub(super) fn push(&mut self, value: &[u8], line: u64, byte: u64) {
        match std::str::from_utf8(value) {
            Ok(value) => self.text.push_str(value),
            Err(_) => self.text.push_str(&String::from_utf8_lossy(value)),
        }
        self.ends.push(self.text.len());
        self.places.push((line, byte));
    }
}
