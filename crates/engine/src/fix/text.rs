//! What is mended of a text as such: its encoding and its line ends.

use std::io::{self, Write};

use odmkit_checks::windows_1252;
use odmkit_core::ByteOffset;
use odmkit_formats::{Lines, Terminator};
use odmkit_input::{Input, InputError, Scratch};

use super::Edits;
use crate::Resources;

/// The encoding that a text had before it was UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf16,
    Windows1252,
}

impl Encoding {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Utf16 => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// Whether the bytes of a line were others before it was decoded.
    pub(super) const fn differs(self, decoded: &[u8]) -> bool {
        match self {
            Self::Utf16 => true,
            Self::Windows1252 => !decoded.is_ascii(),
        }
    }
}

/// How lines end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Endings {
    /// How every line is to end; as it does where nothing is wrong.
    wanted: Option<Terminator>,
    /// How the first line ends.
    first: Terminator,
}

impl Endings {
    /// Where line ends are mixed or CR alone, all become what the first line has: CRLF, or else LF.
    pub(super) fn of(at_fault: bool, input: &mut Input) -> Result<Self, InputError> {
        let mut wanted = 4096;
        let first = loop {
            let head = input.head(wanted)?;
            match Lines::new(head.text).next() {
                Some(line) if line.end() < head.text.len() || head.complete || head.broken.is_some() => {
                    break line.terminator;
                }
                None => break Terminator::Lf,
                Some(_) => wanted *= 4,
            }
        };
        let first = if first == Terminator::Crlf {
            Terminator::Crlf
        } else {
            Terminator::Lf
        };
        Ok(Self {
            wanted: at_fault.then_some(first),
            first,
        })
    }

    /// Whether lines end as they did.
    pub(super) const fn stay(self) -> bool {
        self.wanted.is_none()
    }

    /// Ends a line that ended so.
    pub(super) fn end(self, found: Terminator, out: &mut Vec<u8>, edits: &mut Edits) {
        let terminator = match self.wanted {
            Some(wanted) if !found.is_empty() && wanted != found => {
                edits.add("F005", 1);
                wanted
            }
            _ => found,
        };
        out.extend_from_slice(bytes(terminator));
    }

    /// Ends a line that was not there.
    pub(super) fn end_new(self, out: &mut Vec<u8>) {
        out.extend_from_slice(bytes(self.first));
    }
}

fn bytes(terminator: Terminator) -> &'static [u8] {
    match terminator {
        Terminator::Lf => b"\n",
        Terminator::Crlf => b"\r\n",
        Terminator::Cr => b"\r",
        Terminator::End => b"",
    }
}

/// Whether a text begins with the byte order mark of UTF-16, and not of UTF-32.
pub(super) fn is_utf16(first: &[u8]) -> bool {
    first.starts_with(b"\xFE\xFF") || (first.starts_with(b"\xFF\xFE") && first != b"\xFF\xFE\0\0")
}

/// Writes a UTF-16 text as UTF-8, without its byte order mark. `false` where it is no UTF-16 after all: then
/// what was written is of no use.
pub(super) fn decode(
    input: Input,
    resources: &Resources,
    out: &mut impl Write,
) -> Result<io::Result<bool>, InputError> {
    let mut blocks = input.into_blocks(ByteOffset(0), resources.block_bytes(), resources.longest_line());
    let mut scratch = Scratch::default();
    let mut decoder = Decoder::default();
    while let Some(ticket) = blocks.draw()? {
        let block = scratch.load(ticket)?;
        match decoder.push(block.text) {
            None => return Ok(Ok(false)),
            Some(text) => {
                if let Err(error) = out.write_all(text.as_bytes()) {
                    return Ok(Err(error));
                }
            }
        }
    }
    Ok(Ok(decoder.rest.is_empty()))
}

/// Writes a text in Windows-1252 as UTF-8.
pub(super) fn decode_western(
    input: Input,
    resources: &Resources,
    out: &mut impl Write,
) -> Result<io::Result<()>, InputError> {
    let mut blocks = input.into_blocks(ByteOffset(0), resources.block_bytes(), resources.longest_line());
    let mut scratch = Scratch::default();
    let mut text = String::new();
    while let Some(ticket) = blocks.draw()? {
        let block = scratch.load(ticket)?;
        text.clear();
        text.extend(
            block
                .text
                .iter()
                .map(|byte| windows_1252(*byte).unwrap_or(char::from(*byte))),
        );
        if let Err(error) = out.write_all(text.as_bytes()) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// Decodes UTF-16 piece by piece.
#[derive(Debug, Default)]
struct Decoder {
    big: Option<bool>,
    /// Bytes of a character that is not whole yet.
    rest: Vec<u8>,
}

impl Decoder {
    fn push(&mut self, bytes: &[u8]) -> Option<String> {
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(bytes);
        let mut from = 0;
        let big = match self.big {
            Some(big) => big,
            None if all.len() < 2 => {
                self.rest = all;
                return Some(String::new());
            }
            None => {
                from = 2;
                *self.big.insert(all[0] == 0xFE)
            }
        };
        let mut units: Vec<u16> = all[from..]
            .chunks_exact(2)
            .map(|pair| {
                let pair = [pair[0], pair[1]];
                if big {
                    u16::from_be_bytes(pair)
                } else {
                    u16::from_le_bytes(pair)
                }
            })
            .collect();
        let mut used = from + units.len() * 2;
        if units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
            // Its other half is in the next piece.
            units.pop();
            used -= 2;
        }
        self.rest = all[used..].to_vec();
        String::from_utf16(&units).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_decoded_wherever_it_is_cut() {
        let text = "Name\tµ\t試\u{1F9EC}\r\n";
        for big in [true, false] {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            let bytes: Vec<u8> = units
                .flat_map(|unit: u16| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect();
            assert!(is_utf16(&bytes[..4]));
            for cut in 0..=bytes.len() {
                let mut decoder = Decoder::default();
                let first = decoder.push(&bytes[..cut]).expect("valid");
                let second = decoder.push(&bytes[cut..]).expect("valid");
                assert_eq!(
                    (first + &second, decoder.rest.len()),
                    (text.to_owned(), 0),
                    "cut at {cut}"
                );
            }
        }
        assert_eq!(Decoder::default().push(b"\xFF\xFE\0\xDC"), None);
        assert!(!is_utf16(b"\xFF\xFE\0\0") && !is_utf16(b"Name"));
    }
}
