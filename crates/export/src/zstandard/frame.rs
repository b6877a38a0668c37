//! A page as one frame (RFC 8878, section 3.1.1).

use super::finder::{Finder, Found};
use super::huffman;
use super::sequences::Tables;

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
    numbers: Vec<u64>,
    block: Vec<u8>,
}

impl Words {
    /// Appends `page` as a frame. Its doubles begin at the byte `base` and reach to its end. Declines, with
    /// `false`, a page that is not so, or that has much before its doubles.
    pub(crate) fn compress(&mut self, page: &[u8], base: usize, out: &mut Vec<u8>) -> bool {
        let Some((lead, numbers)) = page.split_at_checked(base) else {
            return false;
        };
        let (numbers, rest) = numbers.as_chunks::<8>();
        if lead.len() > LEAD || page.len() > PAGE || !rest.is_empty() || numbers.is_empty() {
            return false;
        }
        self.numbers.clear();
        self.numbers
            .extend(numbers.iter().map(|bytes| u64::from_le_bytes(*bytes)));
        self.finder.start(self.numbers.len());
        begin(page, out);
        let mut from = 0;
        let mut first = 0;
        while from < page.len() {
            let end = self.numbers.len().min((from + BLOCK - base) / 8);
            let to = base + end * 8;
            let lead = if first == 0 { lead } else { &[] };
            self.finder.find(&self.numbers, first..end, lead, &mut self.found);
            self.block.clear();
            huffman::encode(&mut self.block, self.found.literals());
            self.tables.encode(&mut self.block, self.found.sequences());
            self.push_block(&page[from..to], to == page.len(), out);
            (from, first) = (to, end);
        }
        true
    }

    /// Appends `page` as a frame in which no matches are looked for: each byte gets a code as long as it is rare.
    /// Blocks end at the places in `cuts`, in ascending order, so that what differs in kind gets codes of its own.
    pub(crate) fn compress_bytes(&mut self, page: &[u8], cuts: &[usize], out: &mut Vec<u8>) -> bool {
        if page.is_empty() || page.len() > PAGE {
            return false;
        }
        begin(page, out);
        let mut from = 0;
        while from < page.len() {
            let cut = cuts.iter().copied().find(|&cut| cut > from).unwrap_or(page.len());
            let to = cut.min(from + BLOCK).min(page.len());
            self.block.clear();
            huffman::encode(&mut self.block, &page[from..to]);
            self.tables.encode(&mut self.block, &[]);
            self.push_block(&page[from..to], to == page.len(), out);
            from = to;
        }
        true
    }

    /// Appends the block that was made, or the plain bytes where they are shorter.
    fn push_block(&self, plain: &[u8], last: bool, out: &mut Vec<u8>) {
        let (kind, content) = if self.block.len() < plain.len() {
            (COMPRESSED, &self.block[..])
        } else {
            (RAW, plain)
        };
        let head = usize::from(last) | (kind << 1) | (content.len() << 3);
        out.extend_from_slice(&head.to_le_bytes()[..3]);
        out.extend_from_slice(content);
    }
}

/// The head of a frame of one segment, whose size is stated in four bytes: pages are below [`PAGE`].
fn begin(page: &[u8], out: &mut Vec<u8>) {
    let size = u32::try_from(page.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&0xFD2F_B528u32.to_le_bytes());
    out.push(0b1010_0000);
    out.extend_from_slice(&size.to_le_bytes());
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
