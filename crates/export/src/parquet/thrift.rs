//! Page headers in Thrift's compact protocol.
//!
//! The library writes them only behind its own column writers, which would cost what this crate exists to save.

use parquet::basic::Encoding;

const STOP: u8 = 0;
const I32: u8 = 5;
const STRUCT: u8 = 12;

const DATA_PAGE: usize = 0;
const DICTIONARY_PAGE: usize = 2;

/// Appends the header of a data page (version 1), whose levels are all run-length encoded.
pub(crate) fn data_page(out: &mut Vec<u8>, plain: usize, packed: usize, values: usize, encoding: Encoding) {
    page(out, DATA_PAGE, plain, packed);
    // Field 5, two after field 3.
    out.push(0x20 | STRUCT);
    number(out, values);
    number(out, encoding as usize);
    number(out, Encoding::RLE as usize);
    number(out, Encoding::RLE as usize);
    out.extend([STOP, STOP]);
}

/// Appends the header of a dictionary page.
pub(crate) fn dictionary_page(out: &mut Vec<u8>, plain: usize, packed: usize, values: usize) {
    page(out, DICTIONARY_PAGE, plain, packed);
    // Field 7, four after field 3.
    out.push(0x40 | STRUCT);
    number(out, values);
    number(out, Encoding::PLAIN as usize);
    out.extend([STOP, STOP]);
}

/// Appends `value` in seven-bit groups, lowest first.
pub(crate) fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

fn page(out: &mut Vec<u8>, kind: usize, plain: usize, packed: usize) {
    number(out, kind);
    number(out, plain);
    number(out, packed);
}

/// The next field, a 32-bit integer. Thrift's integers are signed: those that are not negative are doubled.
fn number(out: &mut Vec<u8>, value: usize) {
    out.push(0x10 | I32);
    varint(out, (value as u64) << 1);
}
