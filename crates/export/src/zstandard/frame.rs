//! A page as one frame (RFC 8878, section 3.1.1).

use super::finder::{Finder, Found};
use super::sequences::Tables;
use super::{huffman, kernel};
use crate::word::put_words;

/// The most bytes of a block before compression.
const BLOCK: usize = 128 << 10;

/// The most bytes of a page: distances in it fit the bits set aside for them.
const PAGE: usize = 1 << 23;

/// The most bytes before the doubles: they go into the first block with room to spare.
const LEAD: usize = 64 << 10;

const RAW: usize = 0;
const COMPRESSED: usize = 2;

/// Compresses pages of doubles; its memory is kept from page to page.
#[derive(Debug, Default)]
pub(crate) struct Words {
    finder: Finder,
    found: Found,
    tables: Tables,
    block: Vec<u8>,
}

impl Words {
    /// Appends as a frame a page of `lead`, which is anything, and then `numbers`, the bits of doubles. Declines,
    /// with `false`, a page without doubles, one that is too long, and one with much before its doubles.
    pub(crate) fn compress(&mut self, lead: &[u8], numbers: &[u64], out: &mut Vec<u8>) -> bool {
        let size = lead.len() + numbers.len() * 8;
        if lead.len() > LEAD || size > PAGE || numbers.is_empty() {
            return false;
        }
        begin(size, out);
        kernel::compress(self, lead, numbers, out);
        true
    }

    /// The blocks of a frame. What this calls for each word is inlined into it, so that all of it is compiled for
    /// the processor that the [`kernel`] has found.
    #[inline(always)]
    pub(super) fn blocks(&mut self, lead: &[u8], numbers: &[u64], out: &mut Vec<u8>) {
        self.finder.start(numbers.len());
        let mut first = 0;
        let mut lead = lead;
        while first < numbers.len() {
            // The lead is short of a block by so much that some words go with it.
            let most = if first == 0 {
                (BLOCK - lead.len()) / 8
            } else {
                BLOCK / 8
            };
            let end = numbers.len().min(first + most);
            self.finder.find(numbers, first..end, lead, &mut self.found);
            self.block.clear();
            huffman::encode(&mut self.block, self.found.literals());
            self.tables.encode(&mut self.block, self.found.sequences());
            let plain = lead.len() + (end - first) * 8;
            let kind = if self.block.len() < plain { COMPRESSED } else { RAW };
            if kind == RAW {
                self.block.clear();
                self.block.extend_from_slice(lead);
                put_words(&mut self.block, &numbers[first..end]);
            }
            head(out, end == numbers.len(), kind, self.block.len());
            out.extend_from_slice(&self.block);
            (first, lead) = (end, &[]);
        }
    }

    /// Appends `page` as a frame in which no matches are looked for: each byte gets a code as long as it is rare.
    /// Blocks end at the places in `cuts`, in ascending order, so that what differs in kind gets codes of its own.
    pub(crate) fn compress_bytes(&mut self, page: &[u8], cuts: &[usize], out: &mut Vec<u8>) -> bool {
        if page.is_empty() || page.len() > PAGE {
            return false;
        }
        begin(page.len(), out);
        kernel::compress_bytes(self, page, cuts, out);
        true
    }

    /// The blocks of a frame without matches.
    #[inline(always)]
    pub(super) fn byte_blocks(&mut self, page: &[u8], cuts: &[usize], out: &mut Vec<u8>) {
        let mut from = 0;
        while from < page.len() {
            let cut = cuts.iter().copied().find(|&cut| cut > from).unwrap_or(page.len());
            let to = cut.min(from + BLOCK).min(page.len());
            self.block.clear();
            huffman::encode(&mut self.block, &page[from..to]);
            self.tables.encode(&mut self.block, &[]);
            let plain = &page[from..to];
            let (kind, content) = if self.block.len() < plain.len() {
                (COMPRESSED, &self.block[..])
            } else {
                (RAW, plain)
            };
            head(out, to == page.len(), kind, content.len());
            out.extend_from_slice(content);
            from = to;
        }
    }
}

/// The head of a block whose content is so many bytes.
fn head(out: &mut Vec<u8>, last: bool, kind: usize, bytes: usize) {
    let head = usize::from(last) | (kind << 1) | (bytes << 3);
    out.extend_from_slice(&head.to_le_bytes()[..3]);
}

/// The head of a frame of one segment, whose size is stated in four bytes: pages are below [`PAGE`].
fn begin(size: usize, out: &mut Vec<u8>) {
    let size = u32::try_from(size).unwrap_or(u32::MAX);
    out.extend_from_slice(&0xFD2F_B528u32.to_le_bytes());
    out.push(0b1010_0000);
    out.extend_from_slice(&size.to_le_bytes());
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
