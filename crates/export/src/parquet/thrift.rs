//! Page headers in Thrift's compact protocol.
//!
//! The library writes them only behind its own column writers, which would cost what this crate exists to save.

use parquet::basic::Encoding;

const STOP: u8 = 0;
const I32: u8 = 5;
const STRUCT: u8 = 12;

const DATA_PAGE: i64 = 0;
const DICTIONARY_PAGE: i64 = 2;

/// Appends the header of a data page (version 1), whose levels are all run-length encoded.
pub(crate) fn data_page(out: &mut Vec<u8>, plain: usize, packed: usize, values: usize, encoding: Encoding) {
    page(out, DATA_PAGE, plain, packed);
    // Field 5, two after field 3.
    out.push(0x20 | STRUCT);
    number(out, values as i64);
    number(out, encoding as i64);
    number(out, Encoding::RLE as i64);
    number(out, Encoding::RLE as i64);
    out.extend([STOP, STOP]);
}

/// Appends the header of a dictionary page.
pub(crate) fn dictionary_page(out: &mut Vec<u8>, plain: usize, packed: usize, values: usize) {
    page(out, DICTIONARY_PAGE, plain, packed);
    // Field 7, four after field 3.
    out.push(0x40 | STRUCT);
    number(out, values as i64);
    number(out, Encoding::PLAIN as i64);
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

fn page(out: &mut Vec<u8>, kind: i64, plain: usize, packed: usize) {
    number(out, kind);
    number(out, plain as i64);
    number(out, packed as i64);
}

/// The next field, a 32-bit integer.
fn number(out: &mut Vec<u8>, value: i64) {
    out.push(0x10 | I32);
    varint(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}
