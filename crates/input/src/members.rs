//! Unpacking the members of a gzip file in parallel.
//!
//! BGZF says how long its blocks are; in other gzip files the next member is looked for by its signature. Each thread
//! unpacks a few whole members on its own, and only then asks what the members before them left behind: where the
//! text has got to, and the beginning of a line that was not finished. So nothing is unpacked twice, and blocks are
//! whole lines with their true offset.
//!
//! All of this is hope: where a signature was none, a member is too long to be held, or anything at all is wrong, the
//! rest of the file is read in order from the last member that is certain, and that reader alone is the judge of faults.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use memchr::memmem;
use odmkit_core::{ByteOffset, Compression};

use crate::archive::{most_text, unpack_from};
use crate::bytes::Bytes;
use crate::gzip::{Gzip, RESERVED, SIGNATURE};
use crate::stream::{Pool, Stream, last_beginning};
use crate::{ArchiveFault, InputError};

/// The most text of one BGZF block.
const BGZF_TEXT: usize = 64 << 10;
/// The smallest member: header, an empty stream, trailer.
const SMALLEST: usize = 20;
/// Text that members may unpack to, in multiples of a block.
const MOST_TEXT: usize = 4;
/// Room before the text for the line that was begun.
const ROOM: usize = 64 << 10;

/// A gzip file, drawn a few members at a time.
pub(crate) struct Members {
    file: Bytes,
    length: u64,
    compression: Compression,
    /// Where the next member begins, as far as is known.
    next: u64,
    /// What the members drawn so far leave behind.
    left: Link,
    /// The rest of the file, once it is read in order.
    stream: Option<Stream>,
    ended: bool,
}

/// Some whole members, to be unpacked by any thread.
#[derive(Debug)]
pub(crate) struct Part {
    file: Bytes,
    start: u64,
    end: u64,
    most_text: usize,
    longest_line: usize,
    before: Link,
    after: Promise,
}

/// What comes of a draw.
pub(crate) enum Drawn {
    Part(Part),
    Lines(Vec<u8>, u64),
    End,
}

/// What some members leave to those after them.
#[derive(Debug)]
enum Left {
    /// All is well up to here.
    Certain(State),
    /// From here on, the file is to be read in order.
    Doubtful(State),
    /// A part was thrown away; nobody will want what follows.
    Nothing,
}

#[derive(Debug)]
struct State {
    /// Where the next member begins.
    packed: u64,
    /// Bytes of text up to there.
    text: u64,
    /// Bytes of text that are not wanted: the header has been read.
    skip: u64,
    /// Where `line` begins in the text.
    offset: u64,
    /// The beginning of a line.
    line: Vec<u8>,
}

#[derive(Debug, Clone, Default)]
struct Link(Arc<(Mutex<Option<Left>>, Condvar)>);

/// To be kept, and kept by [`Left::Nothing`] where it is dropped.
#[derive(Debug)]
struct Promise(Link);

impl Members {
    /// The text from its byte `from` on.
    pub(crate) fn new(file: Bytes, length: u64, compression: Compression, from: u64) -> Self {
        let left = Link::default();
        left.put(Left::Certain(State {
            packed: 0,
            text: 0,
            skip: from,
            offset: from,
            line: Vec::new(),
        }));
        Self {
            file,
            length,
            compression,
            next: 0,
            left,
            stream: None,
            ended: false,
        }
    }

    pub(crate) fn draw(&mut self, block_bytes: usize, longest_line: usize) -> Result<Drawn, InputError> {
        if self.ended {
            return Ok(Drawn::End);
        }
        if self.stream.is_none() {
            let whole = self.next == self.length;
            let end = if whole || self.left.is_doubtful() {
                None
            } else {
                self.extent(block_bytes)?
            };
            if let Some(end) = end {
                return Ok(Drawn::Part(self.part(end, block_bytes, longest_line)));
            }
            match self.left.take() {
                Left::Certain(state) if whole => return self.last(state),
                Left::Certain(state) | Left::Doubtful(state) => self.stream = Some(self.in_order(state)?),
                Left::Nothing => self.ended = true,
            }
        }
        let Some(stream) = &mut self.stream else {
            return Ok(Drawn::End);
        };
        let lines = stream.next(block_bytes, longest_line)?;
        Ok(lines.map_or(Drawn::End, |(text, offset)| Drawn::Lines(text, offset)))
    }

    /// Where buffers of drawn lines go back to.
    pub(crate) fn pool(&self) -> Pool {
        self.stream.as_ref().map(Stream::pool).unwrap_or_default()
    }

    /// All has been unpacked: what is left is a last line without an end.
    fn last(&mut self, state: State) -> Result<Drawn, InputError> {
        self.ended = true;
        if self.compression == Compression::Bgzf && !self.marked()? {
            return Err(InputError::Archive {
                compression: self.compression,
                at: Some(ByteOffset(state.offset + state.line.len() as u64)),
                fault: ArchiveFault::NoEndMarker,
            });
        }
        if state.line.is_empty() {
            return Ok(Drawn::End);
        }
        Ok(Drawn::Lines(state.line, state.offset))
    }

    /// Whether the last block is empty, which marks the end of BGZF.
    fn marked(&self) -> Result<bool, InputError> {
        let mut length = [0; 4];
        self.file
            .read_full_at(&mut length, self.length - 4)
            .map_err(InputError::Open)?;
        Ok(length == [0; 4])
    }

    fn part(&mut self, end: u64, block_bytes: usize, longest_line: usize) -> Part {
        let after = Link::default();
        let part = Part {
            file: self.file.clone(),
            start: self.next,
            end,
            most_text: block_bytes.saturating_mul(MOST_TEXT).max(BGZF_TEXT),
            longest_line,
            before: std::mem::replace(&mut self.left, after.clone()),
            after: Promise(after),
        };
        self.next = end;
        part
    }

    /// Where some whole members end that make up about a block; none where they are too long, or not to be made out.
    fn extent(&self, block_bytes: usize) -> Result<Option<u64>, InputError> {
        let extent = match self.compression {
            Compression::Bgzf => self.bgzf_extent(block_bytes),
            _ => self.gzip_extent(block_bytes),
        };
        extent.map_err(InputError::Open)
    }

    fn bgzf_extent(&self, block_bytes: usize) -> std::io::Result<Option<u64>> {
        let mut at = self.next;
        for _ in 0..(block_bytes / BGZF_TEXT).max(1) {
            let mut header = [0; 18];
            let have = self.file.read_full_at(&mut header, at)?;
            if have == 0 {
                break;
            }
            let [0x1F, 0x8B, 8, 4, .., b'B', b'C', 2, 0, low, high] = header else {
                return Ok(None);
            };
            let block = u64::from(u16::from_le_bytes([low, high])) + 1;
            if have < header.len() || at + block > self.length {
                return Ok(None);
            }
            at += block;
        }
        Ok(Some(at))
    }

    /// The last signature within a quarter of a block (that packs to about one), or else the first within one.
    fn gzip_extent(&self, block_bytes: usize) -> std::io::Result<Option<u64>> {
        let near = (block_bytes / 4).max(SMALLEST);
        let mut bytes = vec![0; near * 4 + 4];
        let have = self.file.read_full_at(&mut bytes, self.next)?;
        let bytes = &bytes[..have];
        let mut end = None;
        for at in memmem::find_iter(bytes, &SIGNATURE) {
            if at < SMALLEST || bytes.get(at + 3).is_none_or(|flags| flags & RESERVED != 0) {
                continue;
            }
            if at > near && end.is_some() {
                break;
            }
            end = Some(at);
        }
        if self.next + have as u64 == self.length && (end.is_none() || have <= near) {
            return Ok(Some(self.length));
        }
        Ok(end.map(|end| self.next + end as u64))
    }

    fn in_order(&self, state: State) -> Result<Stream, InputError> {
        let text = unpack_from(self.file.clone(), self.compression, state.packed, state.text)?;
        let mut stream = Stream::new(text, self.compression, state.line, state.offset, None);
        stream.skip(state.skip);
        Ok(stream)
    }
}

impl Part {
    /// The lines of the part and their offset; none where nothing can be said of it.
    pub(crate) fn load<'a>(&self, packed: &mut Vec<u8>, buffer: &'a mut Vec<u8>) -> (&'a [u8], u64) {
        let unpacked = self.unpack(packed, buffer);
        let mut state = match self.before.take() {
            Left::Certain(state) => state,
            Left::Doubtful(state) => {
                let offset = state.offset;
                self.after.0.put(Left::Doubtful(state));
                return (&[], offset);
            }
            Left::Nothing => return (&[], 0),
        };
        let offset = state.offset;
        let (Some(length), true) = (unpacked, state.packed == self.start) else {
            self.after.0.put(Left::Doubtful(state));
            return (&[], offset);
        };
        state.text += length as u64;
        if state.text > most_text(self.file.length()) {
            state.text -= length as u64;
            self.after.0.put(Left::Doubtful(state));
            return (&[], offset);
        }
        let skipped = state.skip.min(length as u64);
        let mut from = ROOM + usize::try_from(skipped).unwrap_or(length);
        let mut end = ROOM + length;
        let Some(cut) = last_beginning(&buffer[from..end]) else {
            // A line goes on through all of it.
            if state.line.len() + end - from > self.longest_line {
                self.after.0.put(Left::Doubtful(state));
            } else {
                state.line.extend_from_slice(&buffer[from..end]);
                state.skip -= skipped;
                state.packed = self.end;
                self.after.0.put(Left::Certain(state));
            }
            return (&[], offset);
        };
        let line = state.line;
        self.after.0.put(Left::Certain(State {
            packed: self.end,
            text: state.text,
            skip: state.skip - skipped,
            offset: offset + line.len() as u64 + cut as u64,
            line: buffer[from + cut..end].to_vec(),
        }));
        end = from + cut;
        if line.len() <= from {
            from -= line.len();
            buffer[from..from + line.len()].copy_from_slice(&line);
        } else {
            end += line.len() - from;
            buffer.splice(..from, line);
            from = 0;
        }
        (&buffer[from..end], offset)
    }

    /// Unpacks the members behind [`ROOM`] bytes of the buffer; none where anything is not as hoped.
    fn unpack(&self, packed: &mut Vec<u8>, buffer: &mut Vec<u8>) -> Option<usize> {
        let size = usize::try_from(self.end - self.start).ok()?;
        packed.resize(size, 0);
        if self.file.read_full_at(packed, self.start).ok()? < size {
            return None;
        }
        let mut gzip = Gzip::part(packed.as_slice());
        let mut length = 0;
        loop {
            let at = ROOM + length;
            if buffer.len() - at.min(buffer.len()) < BGZF_TEXT {
                buffer.resize(at + (self.most_text / MOST_TEXT).max(BGZF_TEXT), 0);
            }
            match gzip.read(&mut buffer[at..]) {
                Ok(0) => return Some(length),
                Ok(count) => length += count,
                Err(_) => return None,
            }
            if length > self.most_text {
                return None;
            }
        }
    }
}

impl Link {
    fn put(&self, left: Left) {
        let (place, changed) = &*self.0;
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if place.is_none() {
            *place = Some(left);
            changed.notify_all();
        }
    }

    /// Waits for it. Parts are drawn before those that wait for them, and whoever draws one loads or drops it.
    fn take(&self) -> Left {
        let (place, changed) = &*self.0;
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(left) = place.take() {
                return left;
            }
            place = changed.wait(place).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether it is known already that the file is to be read in order.
    fn is_doubtful(&self) -> bool {
        let place = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*place, Some(Left::Doubtful(_)))
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        self.0.put(Left::Nothing);
    }
}

#[cfg(test)]
#[path = "members_tests.rs"]
mod tests;
