//! What every text file must be: UTF-8, without NUL bytes, with one kind of line end.

use std::sync::Arc;

use memchr::{memchr, memchr_iter};
use odmkit_core::Position;
use odmkit_diagnostics::Sink;

use crate::encoding::guess;
use crate::rules::f003_not_utf8::Encoding;
use crate::rules::f005_line_endings::Endings;
use crate::rules::{f003_not_utf8, f005_line_endings, f006_nul_byte};
use crate::{BlockStart, Spot};

/// What one block of text says.
#[derive(Debug, Default)]
pub struct TextPartial {
    endings: Endings,
    /// The first line that ends in each way: LF, CRLF, CR.
    first_ending: [Option<Spot>; 3],
    invalid: Option<Invalid<Spot>>,
    utf8: bool,
    not_western: bool,
    nul: Option<Spot>,
    nuls: u64,
}

/// What all blocks so far say.
#[derive(Debug, Default)]
pub struct TextState {
    endings: Endings,
    first_ending: [Option<Position>; 3],
    invalid: Option<Invalid<Position>>,
    /// Characters beyond ASCII in UTF-8 were met.
    utf8: bool,
    /// Bytes that mean nothing in Windows-1252 were met where there is no UTF-8.
    not_western: bool,
    nul: Option<Position>,
    nuls: u64,
}

/// The first bytes that are no UTF-8.
#[derive(Debug)]
struct Invalid<P> {
    at: P,
    bytes: Vec<u8>,
    /// Whether they begin a character of UTF-8, and the text ends before the rest of it.
    cut: bool,
    /// The field that they stand in, or the part of it around them.
    field: Vec<u8>,
}

/// Bytes of a field that are looked at on either side.
const AROUND: usize = 32;

/// Bytes that are no character in Windows-1252.
const NOT_WESTERN: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// What a scan of rows has seen of the text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TextFacts {
    /// Line feeds.
    pub(crate) lines: u64,
    /// Those after a carriage return.
    pub(crate) returned_lines: u64,
    /// Whether there is a carriage return before anything else.
    pub(crate) lone_carriage_return: bool,
    /// Whether there is a NUL.
    pub(crate) nul: bool,
    /// Whether there is anything beyond ASCII.
    pub(crate) high: bool,
}

/// Looks at a block.
pub fn scan(block: &[u8]) -> TextPartial {
    let mut partial = TextPartial::default();
    if memchr(b'\r', block).is_some() {
        scan_endings(block, &mut partial);
    } else {
        partial.endings.lf = memchr_iter(b'\n', block).count() as u64;
        if partial.endings.lf > 0 {
            partial.first_ending[0] = Some(Spot {
                line: 0,
                field: None,
                byte: 0,
            });
        }
    }
    if let Err(error) = std::str::from_utf8(block) {
        let at = error.valid_up_to();
        let bad = error.error_len().unwrap_or(block.len() - at).max(1);
        partial.invalid = Some(Invalid {
            at: spot_of(block, at),
            bytes: block[at..(at + bad).min(block.len())].to_vec(),
            cut: error.error_len().is_none(),
            field: field_around(block, at).to_vec(),
        });
        for chunk in block.utf8_chunks() {
            partial.utf8 |= !chunk.valid().is_ascii();
            let mut invalid = chunk.invalid().iter();
            partial.not_western |= invalid.any(|byte| NOT_WESTERN.contains(byte));
        }
    } else {
        partial.utf8 = !block.is_ascii();
    }
    if let Some(at) = memchr(0, block) {
        partial.nul = Some(spot_of(block, at));
        partial.nuls = memchr_iter(0, block).count() as u64;
    }
    partial
}

/// Whether a carriage return alone ends no line in a text, of which this is a part: at least as many end otherwise, as where
/// every row has one inside. To ODM it is the end of a line all the same, and so one within a row cuts that.
pub(crate) fn returns_cut(text: &[u8]) -> bool {
    let mut endings = TextPartial::default();
    if memchr(b'\r', text).is_none() {
        return memchr(b'\n', text).is_some();
    }
    scan_endings(text, &mut endings);
    endings.endings.lf + endings.endings.crlf >= endings.endings.cr
}

fn scan_endings(block: &[u8], partial: &mut TextPartial) {
    use odmkit_formats::Terminator;
    let (mut lines, mut number) = (odmkit_formats::Lines::new(block), 0);
    while let Some(line) = lines.next() {
        let (count, slot) = match line.terminator {
            Terminator::Lf => (&mut partial.endings.lf, 0),
            Terminator::Crlf => (&mut partial.endings.crlf, 1),
            Terminator::Cr => (&mut partial.endings.cr, 2),
            Terminator::End => continue,
        };
        let same = 1 + lines.pass_repeats(&line);
        *count += same;
        partial.first_ending[slot].get_or_insert(Spot {
            line: number,
            field: None,
            byte: line.start as u64,
        });
        number += same;
    }
}

/// The field around a byte, cut where it is long.
fn field_around(block: &[u8], at: usize) -> &[u8] {
    let ends = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r');
    let (low, high) = (at.saturating_sub(AROUND), (at + AROUND).min(block.len()));
    let start = block[low..at]
        .iter()
        .rposition(ends)
        .map_or(low, |before| low + before + 1);
    let end = block[at..high]
        .iter()
        .position(ends)
        .map_or(high, |after| at + after);
    &block[start..end]
}

/// The spot of a byte: its line, its field, and the byte itself.
fn spot_of(block: &[u8], at: usize) -> Spot {
    let mut spot = Spot {
        line: 0,
        field: Some(0),
        byte: at as u64,
    };
    for (number, line) in odmkit_formats::Lines::new(block).enumerate() {
        if at < line.end() {
            let before = &line.text[..(at - line.start).min(line.text.len())];
            spot.line = number as u64;
            spot.field = Some(u32::try_from(memchr_iter(b'\t', before).count()).unwrap_or(u32::MAX));
            break;
        }
    }
    spot
}

impl TextPartial {
    /// What [`scan`] gives of a block of which these facts are known: mostly they tell it all.
    pub(crate) fn of_facts(block: &[u8], facts: &TextFacts) -> Self {
        let mixed = facts.returned_lines != 0 && facts.returned_lines != facts.lines;
        if mixed || facts.lone_carriage_return || facts.nul || facts.high {
            return scan(block);
        }
        let mut partial = Self::default();
        let (count, slot) = if facts.returned_lines == 0 {
            (&mut partial.endings.lf, 0)
        } else {
            (&mut partial.endings.crlf, 1)
        };
        *count = facts.lines;
        if facts.lines > 0 {
            partial.first_ending[slot] = Some(Spot {
                line: 0,
                field: None,
                byte: 0,
            });
        }
        partial
    }

    /// Line ends in the block.
    pub fn lines(&self) -> u64 {
        self.endings.lf + self.endings.crlf + self.endings.cr
    }
}

impl TextState {
    /// Takes in the next block.
    pub fn absorb(&mut self, partial: TextPartial, start: &BlockStart) {
        self.endings.lf += partial.endings.lf;
        self.endings.crlf += partial.endings.crlf;
        self.endings.cr += partial.endings.cr;
        for (slot, first) in self.first_ending.iter_mut().zip(partial.first_ending) {
            *slot = slot.or(first.map(|spot| start.position(spot)));
        }
        if self.invalid.is_none() {
            self.invalid = partial.invalid.map(|invalid| Invalid {
                at: start.position(invalid.at),
                bytes: invalid.bytes,
                cut: invalid.cut,
                field: invalid.field,
            });
        }
        self.utf8 |= partial.utf8;
        self.not_western |= partial.not_western;
        self.nul = self.nul.or(partial.nul.map(|spot| start.position(spot)));
        self.nuls += partial.nuls;
    }

    /// Says what was found.
    pub fn finish(self, path: &Arc<str>, sink: &mut dyn Sink) {
        // The place is the first line that does not end as the file's first line does; CR alone is at fault
        // from the first.
        let mut firsts: Vec<Position> = self.first_ending.into_iter().flatten().collect();
        firsts.sort_unstable();
        if let Some(place) = firsts.get(1).or(firsts.first())
            && let Some(finding) = f005_line_endings::check(path, self.endings, *place)
        {
            sink.push(finding);
        }
        if let Some(Invalid {
            at,
            bytes,
            cut,
            field,
        }) = self.invalid
        {
            // Text that is no UTF-8 and has no NULs is nearly always in a single-byte encoding.
            let (encoding, reading) = match guess(&field) {
                _ if self.nuls > 0 => (Encoding::Unknown, None),
                // Alone, the byte may be the last letter of a western word; these two are hardly ever.
                _ if cut && (self.utf8 || bytes.len() > 1 || matches!(bytes[..], [0xC2 | 0xC3])) => {
                    (Encoding::Cut, None)
                }
                (Encoding::NotWestern, reading) => (Encoding::NotWestern, reading),
                _ if self.utf8 => (Encoding::Mixed, None),
                (Encoding::Windows1252, _) if self.not_western => (Encoding::Unknown, None),
                guessed => guessed,
            };
            sink.push(f003_not_utf8::finding(
                path,
                at,
                &bytes,
                encoding,
                reading.as_deref(),
            ));
        }
        if let Some(position) = self.nul {
            sink.push(f006_nul_byte::finding(path, position, self.nuls));
        }
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
