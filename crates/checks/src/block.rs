//! Where a block of a file begins.

use odmkit_core::{ByteOffset, LineNumber, Position};

/// Where a line-aligned block begins, known once all blocks before it have been taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockStart {
    /// The line of the block's first byte.
    pub line: LineNumber,
    /// The block's first byte, in the decompressed text.
    pub byte: ByteOffset,
}

/// A place within a block, relative to its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Lines before it in the block.
    pub line: u64,
    /// The 0-based field, where one is meant.
    pub field: Option<u32>,
    /// Bytes before it in the block.
    pub byte: u64,
}

impl BlockStart {
    /// The absolute position of a spot in this block.
    pub fn position(&self, spot: Spot) -> Position {
        Position {
            line: self.line.advanced(spot.line),
            field: spot
                .field
                .map(|field| odmkit_core::FieldNumber::from_index(field as usize)),
            byte: ByteOffset(self.byte.0 + spot.byte),
        }
    }
}
