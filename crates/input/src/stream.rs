//! Cutting a stream, which is read in order, into whole lines.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memrchr;
use odmkit_core::{ByteOffset, Compression};

use crate::InputError;
use crate::error::length_of_line;
use crate::open::read_full;

/// A text that is read in order.
pub(crate) struct Stream {
    text: Box<dyn Read + Send>,
    compression: Compression,
    carry: Vec<u8>,
    offset: u64,
    ended: bool,
    /// Why the text ends where it does, to be told after its last whole line.
    failed: Option<InputError>,
    pool: Pool,
}

/// Buffers that have been loaded and can be used again.
pub(crate) type Pool = Arc<Mutex<Vec<Vec<u8>>>>;

impl Stream {
    /// A text of which `carry` has been read, from byte `offset` on. Where it has ended nothing follows, or nothing more
    /// can be read.
    pub(crate) fn new(
        text: Box<dyn Read + Send>,
        compression: Compression,
        carry: Vec<u8>,
        offset: u64,
        ended: Option<Result<(), InputError>>,
    ) -> Self {
        Self {
            text,
            compression,
            carry,
            offset,
            ended: ended.is_some(),
            failed: ended.and_then(Result::err),
            pool: Pool::default(),
        }
    }

    /// Passes over so many bytes that are not wanted and stand before the offset.
    pub(crate) fn skip(&mut self, bytes: u64) {
        let mut unwanted = Read::take(&mut self.text, bytes);
        if let Err(source) = std::io::copy(&mut unwanted, &mut std::io::sink()) {
            self.fail(source, self.offset);
        }
    }

    /// Where used buffers go back to.
    pub(crate) fn pool(&self) -> Pool {
        Arc::clone(&self.pool)
    }

    /// The next block and its offset.
    pub(crate) fn next(
        &mut self,
        block_bytes: usize,
        longest_line: usize,
    ) -> Result<Option<(Vec<u8>, u64)>, InputError> {
        let mut text = self
            .pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_default();
        text.clear();
        text.append(&mut self.carry);
        let mut target = block_bytes.max(text.len());
        loop {
            if !self.ended && text.len() < target {
                self.fill(&mut text, target);
            }
            if self.ended {
                // The rest may still be more than one block: what is over stays for the next draw. And a line
                // that a fault cut off is none.
                let cut = if text.len() > block_bytes || self.failed.is_some() {
                    last_beginning(&text)
                } else {
                    None
                };
                if cut.is_none()
                    && let Some(error) = self.failed.take()
                {
                    return Err(error);
                }
                return Ok((!text.is_empty()).then(|| self.cut(text, cut)));
            }
            if let Some(cut) = last_beginning(&text) {
                return Ok(Some(self.cut(text, Some(cut))));
            }
            if text.len() > longest_line {
                let known = text.len() as u64;
                drop(text);
                let length = length_of_line(known, |bytes| read_full(&mut self.text, bytes).0);
                return Err(InputError::LineTooLong {
                    at: ByteOffset(self.offset),
                    limit: longest_line as u64,
                    length,
                });
            }
            target = text.len() * 2;
        }
    }

    fn fill(&mut self, text: &mut Vec<u8>, target: usize) {
        let mut have = text.len();
        text.resize(target, 0);
        while have < target && !self.ended {
            match self.text.read(&mut text[have..]) {
                Ok(0) => self.ended = true,
                Ok(count) => have += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => self.fail(error, self.offset + have as u64),
            }
        }
        text.truncate(have);
    }

    fn fail(&mut self, source: std::io::Error, at: u64) {
        self.failed = Some(InputError::while_reading(
            source,
            self.compression,
            ByteOffset(at),
        ));
        self.ended = true;
    }

    fn cut(&mut self, mut text: Vec<u8>, at: Option<usize>) -> (Vec<u8>, u64) {
        if let Some(at) = at {
            self.carry.extend_from_slice(&text[at..]);
            text.truncate(at);
        }
        let offset = self.offset;
        self.offset += text.len() as u64;
        (text, offset)
    }
}

/// Where the last line begins, if a line ends before it. A CR as the last byte tells nothing yet.
pub(crate) fn last_beginning(text: &[u8]) -> Option<usize> {
    if let Some(at) = memrchr(b'\n', text) {
        return Some(at + 1);
    }
    let inner = text.get(..text.len().saturating_sub(1))?;
    memrchr(b'\r', inner).map(|at| at + 1)
}
