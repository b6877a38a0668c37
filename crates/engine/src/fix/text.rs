//! What is mended of a text as such: its encoding and its line ends.

use std::io::{self, Write};

use odmkit_checks::windows_1252;
use odmkit_core::ByteOffset;
use odmkit_formats::{Lines, Terminator};
use odmkit_input::{Input, InputError, Scratch};
use odmkit_study::Foreign;

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
    /// Whether blank lines are told of by themselves. Else they are there for the ends of lines, or one stands for the figures.
    tells_blank: bool,
}

impl Endings {
    /// Where line ends are mixed or CR alone, all become what the first line has: CRLF, or else LF.
    pub(super) fn of(at_fault: bool, tells_blank: bool, input: &mut Input) -> Result<Self, InputError> {
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
            tells_blank,
        })
    }

    /// Whether lines end as they did.
    pub(super) const fn stay(self) -> bool {
        self.wanted.is_none()
    }

    /// Leaves out blank lines.
    pub(super) fn leave_out(self, lines: u64, edits: &mut Edits) {
        if self.tells_blank {
            edits.add("T005", lines);
        }
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

/// Which of the two bytes of a UTF-16 character goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Big,
    Little,
}

/// In which order the bytes of a text in UTF-16 stand: as its mark says, or else as the check took them, by the zeros in
/// Latin text. `None` where it is no UTF-16.
pub(super) fn byte_order(head: &[u8]) -> Option<ByteOrder> {
    if head.starts_with(b"\xFF\xFE\0\0") {
        return None;
    }
    match Foreign::of(head)? {
        Foreign::Utf16BigEndian => Some(ByteOrder::Big),
        Foreign::Utf16LittleEndian => Some(ByteOrder::Little),
        _ => None,
    }
}

/// Writes a UTF-16 text as UTF-8, without its byte order mark. `false` where it is no UTF-16 after all: then
/// what was written is of no use.
pub(super) fn decode(
    input: Input,
    order: ByteOrder,
    resources: &Resources,
    out: &mut impl Write,
) -> Result<io::Result<bool>, InputError> {
    let mut blocks = input.into_blocks(ByteOffset(0), resources.block_bytes(), resources.longest_line());
    let mut scratch = Scratch::default();
    let mut decoder = Decoder::new(order);
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
#[derive(Debug)]
struct Decoder {
    order: ByteOrder,
    /// Whether nothing has been decoded yet: here a mark may stand.
    beginning: bool,
    /// Bytes of a character that is not whole yet.
    rest: Vec<u8>,
}

impl Decoder {
    const fn new(order: ByteOrder) -> Self {
        Self {
            order,
            beginning: true,
            rest: Vec::new(),
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Option<String> {
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(bytes);
        let mut units: Vec<u16> = all
            .chunks_exact(2)
            .map(|pair| {
                let pair = [pair[0], pair[1]];
                match self.order {
                    ByteOrder::Big => u16::from_be_bytes(pair),
                    ByteOrder::Little => u16::from_le_bytes(pair),
                }
            })
            .collect();
        if units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
            // Its other half is in the next piece.
            units.pop();
        }
        self.rest = all[units.len() * 2..].to_vec();
        let marked = self.beginning && units.first() == Some(&0xFEFF);
        self.beginning &= units.is_empty();
        // A text has no zeros: what decodes to some was no UTF-16.
        String::from_utf16(&units[usize::from(marked)..])
            .ok()
            .filter(|text| !text.contains('\0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, order: ByteOrder, marked: bool) -> Vec<u8> {
        let mark = marked.then_some(0xFEFF);
        let units = mark.into_iter().chain(text.encode_utf16());
        units
            .flat_map(|unit: u16| match order {
                ByteOrder::Big => unit.to_be_bytes(),
                ByteOrder::Little => unit.to_le_bytes(),
            })
            .collect()
    }

    #[test]
    fn utf16_is_decoded_wherever_it_is_cut() {
        let text = "Name\tDescription\tµ\t試\u{1F9EC}\r\n";
        for order in [ByteOrder::Big, ByteOrder::Little] {
            for marked in [true, false] {
                let bytes = utf16(text, order, marked);
                assert_eq!(byte_order(&bytes), Some(order), "marked: {marked}");
                for cut in 0..=bytes.len() {
                    let mut decoder = Decoder::new(order);
                    let first = decoder.push(&bytes[..cut]).expect("valid");
                    let second = decoder.push(&bytes[cut..]).expect("valid");
                    assert_eq!(
                        (first + &second, decoder.rest.len()),
                        (text.to_owned(), 0),
                        "cut at {cut}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_no_utf16_is_not_decoded() {
        assert_eq!(Decoder::new(ByteOrder::Little).push(b"\0\xDC"), None);
        assert_eq!(Decoder::new(ByteOrder::Little).push(b"a\0\0\0"), None);
        assert!(byte_order(b"\xFF\xFE\0\0").is_none() && byte_order(b"Name").is_none());
    }
}
