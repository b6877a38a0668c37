//! Cutting a text into blocks that begin and end at line ends.

use std::sync::PoisonError;

use memchr::{memchr, memrchr2};
use odmkit_core::{ByteOffset, Compression};

use crate::InputError;
use crate::bytes::Bytes;
use crate::error::length_of_line;
use crate::members::{Drawn, Members, Part};
use crate::open::Text;
use crate::stream::{Pool, Stream};

/// The blocks of a text, drawn one at a time and loaded by any thread.
pub struct Blocks {
    source: Source,
    block_bytes: usize,
    longest_line: usize,
}

/// What a thread needs to load a block: draw it with [`Blocks::draw`], load it with [`Scratch::load`].
#[derive(Debug)]
pub struct Ticket(Inner);

/// A thread's own buffer, used again for each block.
#[derive(Debug, Default)]
pub struct Scratch {
    buffer: Vec<u8>,
    /// How far beyond its range the last line of a block has reached: as far is read at once.
    beyond: usize,
    packed: Vec<u8>,
}

/// Some whole lines of a text.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// The lines, each with its terminator (but for the last line of a text without one).
    pub text: &'a [u8],
    /// Where they begin in the decompressed text.
    pub offset: ByteOffset,
}

#[derive(Debug)]
enum Inner {
    /// The lines that begin in this range of a plain file.
    Range {
        file: Bytes,
        start: u64,
        end: u64,
        length: u64,
        longest_line: usize,
        first: bool,
    },
    /// Lines that have been read already.
    Lines { text: Vec<u8>, offset: u64, pool: Pool },
    /// Some members of a gzip file.
    Part(Part),
}

enum Source {
    Ranges {
        file: Bytes,
        next: u64,
        first: u64,
        length: u64,
    },
    Stream(Stream),
    Members(Members),
}

impl Blocks {
    pub(crate) fn new(
        text: Text,
        compression: Compression,
        head: Vec<u8>,
        ended: Option<Result<(), InputError>>,
        from: ByteOffset,
        block_bytes: usize,
        longest_line: usize,
    ) -> Self {
        let source = match text {
            Text::File { file, length } => Source::Ranges {
                file,
                next: from.0,
                first: from.0,
                length,
            },
            Text::Stream(text) => {
                let skipped = usize::try_from(from.0).unwrap_or(usize::MAX).min(head.len());
                let mut carry = head;
                carry.drain(..skipped);
                Source::Stream(Stream::new(text, compression, carry, from.0, ended))
            }
            Text::Members { file, length, .. } => {
                Source::Members(Members::new(file, length, compression, from.0))
            }
        };
        Self {
            source,
            block_bytes: block_bytes.max(1),
            longest_line: longest_line.max(1),
        }
    }

    /// The next block, or `None` at the end of the text. Blocks are drawn in the order of the text.
    ///
    /// # Errors
    ///
    /// Where a stream cannot be read or unpacked further, or a line is too long.
    pub fn draw(&mut self) -> Result<Option<Ticket>, InputError> {
        match &mut self.source {
            Source::Ranges {
                file,
                next,
                first,
                length,
            } => {
                if *next >= *length {
                    return Ok(None);
                }
                let start = *next;
                let end = (start + self.block_bytes as u64).min(*length);
                *next = end;
                Ok(Some(Ticket(Inner::Range {
                    file: file.clone(),
                    start,
                    end,
                    length: *length,
                    longest_line: self.longest_line,
                    first: start == *first,
                })))
            }
            Source::Stream(stream) => {
                let lines = stream.next(self.block_bytes, self.longest_line)?;
                Ok(lines.map(|(text, offset)| {
                    let pool = stream.pool();
                    Ticket(Inner::Lines { text, offset, pool })
                }))
            }
            Source::Members(members) => Ok(match members.draw(self.block_bytes, self.longest_line)? {
                Drawn::Part(part) => Some(Ticket(Inner::Part(part))),
                Drawn::Lines(text, offset) => {
                    let pool = members.pool();
                    Some(Ticket(Inner::Lines { text, offset, pool }))
                }
                Drawn::End => None,
            }),
        }
    }
}

/// The lines that begin in some ranges of a plain file, which are evenly apart.
pub(crate) fn scattered(
    file: &Bytes,
    length: u64,
    from: ByteOffset,
    pieces: usize,
    bytes: usize,
    longest_line: usize,
) -> Vec<Ticket> {
    let below = length.saturating_sub(from.0);
    let starts = (0..pieces as u64).map(|piece| from.0 + below / pieces as u64 * piece);
    let tickets = starts.map(|start| {
        Ticket(Inner::Range {
            file: file.clone(),
            start,
            end: (start + bytes.max(1) as u64).min(length),
            length,
            longest_line: longest_line.max(1),
            first: start == from.0,
        })
    });
    tickets.collect()
}

impl std::fmt::Debug for Blocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blocks")
            .field("block_bytes", &self.block_bytes)
            .finish_non_exhaustive()
    }
}

impl Scratch {
    /// The lines of a block. It is empty where no line begins in its range. Tickets are loaded in the order in
    /// which they were drawn, or at the same time by several threads: loading one may wait for those before it.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or a line is too long.
    pub fn load(&mut self, ticket: Ticket) -> Result<Block<'_>, InputError> {
        match ticket.0 {
            Inner::Lines { text, offset, pool } => {
                let used = std::mem::replace(&mut self.buffer, text);
                let mut pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
                if used.capacity() > 0 && pool.len() < POOLED {
                    pool.push(used);
                }
                Ok(Block {
                    text: &self.buffer,
                    offset: ByteOffset(offset),
                })
            }
            Inner::Part(part) => {
                let (text, offset) = part.load(&mut self.packed, &mut self.buffer);
                let offset = ByteOffset(offset);
                Ok(Block { text, offset })
            }
            Inner::Range {
                file,
                start,
                end,
                length,
                longest_line,
                first,
            } => self.load_range(&file, start, end, length, longest_line, first),
        }
    }

    /// Lines belong to the range in which they begin. One byte before the range tells whether a line begins at
    /// its start; what follows it, up to the next beginning of a line, ends its last line.
    fn load_range(
        &mut self,
        file: &Bytes,
        start: u64,
        end: u64,
        length: u64,
        longest_line: usize,
        first: bool,
    ) -> Result<Block<'_>, InputError> {
        let fail = |source, at| InputError::Read {
            at: ByteOffset(at),
            source,
        };
        let read_from = if first { start } else { start - 1 };
        let buffer = &mut self.buffer;
        let range = span(read_from, end);
        let mut wanted = range + self.beyond.max(SLACK);
        // What is there from the last block is written over, and need not be cleared.
        if buffer.len() < wanted {
            buffer.resize(wanted, 0);
        }
        let mut have = file
            .read_full_at(&mut buffer[..wanted], read_from)
            .map_err(|error| fail(error, start))?;

        let begins = if first {
            Some(0)
        } else {
            next_beginning(&buffer[..have.min(range + 1)], 0).filter(|&at| at < range)
        };
        let Some(begins) = begins else {
            return Ok(Block {
                text: &[],
                offset: ByteOffset(start),
            });
        };
        // `range - 1` is the last byte of the range: a line may begin right after it.
        let mut search = range.saturating_sub(1).max(begins);
        let ends = loop {
            if let Some(at) = next_beginning(&buffer[..have], search) {
                break at;
            }
            if read_from + have as u64 >= length || have < wanted {
                break have;
            }
            let line = memrchr2(b'\n', b'\r', &buffer[begins..search.min(have)])
                .map_or(begins, |at| begins + at + 1);
            if have - line > longest_line {
                let mut next = read_from + have as u64;
                let length = length_of_line((have - line) as u64, |bytes| {
                    let count = file.read_full_at(bytes, next).unwrap_or(0);
                    next += count as u64;
                    count
                });
                return Err(InputError::LineTooLong {
                    at: ByteOffset(read_from + line as u64),
                    limit: longest_line as u64,
                    length,
                });
            }
            search = have.saturating_sub(1).max(search);
            wanted += (wanted - range).max(SLACK);
            if buffer.len() < wanted {
                buffer.resize(wanted, 0);
            }
            have += file
                .read_full_at(&mut buffer[have..wanted], read_from + have as u64)
                .map_err(|error| fail(error, start))?;
        };
        let reached = (ends.saturating_sub(range) + SLACK).min(LONGEST_SLACK);
        self.beyond = self.beyond.max(reached);
        Ok(Block {
            text: &buffer[begins..ends],
            offset: ByteOffset(read_from + begins as u64),
        })
    }
}

/// Read beyond a range in the first go: most lines end within it.
const SLACK: usize = 4 * 1024;
/// No more is read beyond a range in the first go, however long lines are.
const LONGEST_SLACK: usize = 256 * 1024;
/// Buffers that are kept for later.
const POOLED: usize = 64;

fn span(from: u64, to: u64) -> usize {
    usize::try_from(to - from).unwrap_or(usize::MAX)
}

/// Where the first line begins whose terminator ends after `from`: the index after an LF, or after a CR that
/// no LF follows. A CR as the last byte tells nothing yet.
fn next_beginning(text: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let newline = memchr(b'\n', rest);
    let mut searched = 0;
    let limit = newline.unwrap_or(rest.len());
    while let Some(at) = memchr(b'\r', &rest[searched..limit]) {
        let next = searched + at + 1;
        match rest.get(next) {
            Some(b'\n') | None => searched = next,
            Some(_) => return Some(from + next),
        }
    }
    newline.map(|at| from + at + 1)
}

#[cfg(test)]
#[path = "blocks_tests.rs"]
pub(crate) mod tests;
