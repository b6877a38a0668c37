//! Thrift's compact protocol, and page headers in it.
//!
//! The library writes them only behind its own column writers, which would cost what this crate exists to save.

use parquet::basic::Encoding;

const STOP: u8 = 0;
pub(crate) const FALSE: u8 = 2;
pub(crate) const I16: u8 = 4;
pub(crate) const I32: u8 = 5;
pub(crate) const I64: u8 = 6;
pub(crate) const TEXT: u8 = 8;
pub(crate) const LIST: u8 = 9;
pub(crate) const STRUCT: u8 = 12;

const DATA_PAGE: usize = 0;
const DICTIONARY_PAGE: usize = 2;

/// The fields of a struct, in ascending order: each is told by how far it is from the one before it.
pub(crate) struct Fields {
    last: u8,
}

impl Fields {
    /// A struct of which nothing is written.
    pub(crate) const fn begin() -> Self {
        Self::after(0)
    }

    /// A struct that is written up to the field of this number.
    pub(crate) const fn after(last: u8) -> Self {
        Self { last }
    }

    /// Appends the head of a field; what it holds comes next.
    pub(crate) fn head(&mut self, out: &mut Vec<u8>, id: u8, kind: u8) {
        out.push((id - self.last) << 4 | kind);
        self.last = id;
    }

    /// Appends a number that is not negative, of one of the types of integers.
    pub(crate) fn number(&mut self, out: &mut Vec<u8>, id: u8, kind: u8, value: usize) {
        self.head(out, id, kind);
        number(out, value);
    }

    /// Appends a text.
    pub(crate) fn text(&mut self, out: &mut Vec<u8>, id: u8, value: &str) {
        self.head(out, id, TEXT);
        text(out, value);
    }

    /// Appends the head of a list of so many elements.
    pub(crate) fn list(&mut self, out: &mut Vec<u8>, id: u8, count: usize, kind: u8) {
        self.head(out, id, LIST);
        if let Ok(few @ 0..15) = u8::try_from(count) {
            out.push(few << 4 | kind);
        } else {
            out.push(0xf0 | kind);
            varint(out, count as u64);
        }
    }

    /// Appends the end of the struct.
    #[expect(clippy::unused_self, reason = "nothing comes after the end")]
    pub(crate) fn end(self, out: &mut Vec<u8>) {
        out.push(STOP);
    }
}

/// Appends the header of a data page (version 1), whose levels are all run-length encoded.
pub(crate) fn data_page(out: &mut Vec<u8>, plain: usize, packed: usize, values: usize, encoding: Encoding) {
    page(out, DATA_PAGE, plain, packed, 5, |header, out| {
        header.number(out, 1, I32, values);
        header.number(out, 2, I32, encoding as usize);
        header.number(out, 3, I32, Encoding::RLE as usize);
        header.number(out, 4, I32, Encoding::RLE as usize);
    });
}

/// Appends the header of a dictionary page.
pub(crate) fn dictionary_page(out: &mut Vec<u8>, plain: usize, packed: usize, values: usize) {
    page(out, DICTIONARY_PAGE, plain, packed, 7, |header, out| {
        header.number(out, 1, I32, values);
        header.number(out, 2, I32, Encoding::PLAIN as usize);
    });
}

/// Appends a number that is not negative: Thrift's integers are signed, and such a one is doubled.
pub(crate) fn number(out: &mut Vec<u8>, value: usize) {
    varint(out, (value as u64) << 1);
}

/// Appends a text with its length before it.
pub(crate) fn text(out: &mut Vec<u8>, value: &str) {
    varint(out, value.len() as u64);
    out.extend_from_slice(value.as_bytes());
}

/// Appends `value` in seven-bit groups, lowest first.
pub(crate) fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

/// Appends a page header; what is particular to the type of page is field `own`.
fn page(
    out: &mut Vec<u8>,
    kind: usize,
    plain: usize,
    packed: usize,
    own: u8,
    fill: impl FnOnce(&mut Fields, &mut Vec<u8>),
) {
    let mut page = Fields::begin();
    page.number(out, 1, I32, kind);
    page.number(out, 2, I32, plain);
    page.number(out, 3, I32, packed);
    page.head(out, own, STRUCT);
    let mut header = Fields::begin();
    fill(&mut header, out);
    header.end(out);
    page.end(out);
}
