//! Opening a file and looking at its beginning.

use std::io::Read;
use std::path::Path;

use memchr::{memchr_iter, memchr2};
use odmkit_core::{ByteOffset, Compression};

use crate::archive::unpack;
use crate::blocks::{self, Blocks, Ticket};
use crate::bytes::{self, Bytes, Place};
use crate::error::length_of_line;
use crate::sniff::{is_brotli, named_compression, sniff};
use crate::{ArchiveFault, InputError};

/// Bytes by which it is told how a file is packed.
const SNIFFED: usize = 4096;

/// An open file.
pub struct Input {
    compression: Compression,
    bytes: u64,
    text: Text,
    head: Vec<u8>,
    complete: bool,
    /// Why a stream cannot be read beyond the head.
    broken: Option<InputError>,
}

/// The beginning of a text.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The first bytes.
    pub text: &'a [u8],
    /// Whether they are the whole text.
    pub complete: bool,
    /// Why there are fewer of them than were asked for, where reading broke off.
    pub broken: Option<&'a InputError>,
}

/// Where the text comes from.
pub(crate) enum Text {
    /// A plain file, read by position.
    File { file: Bytes, length: u64 },
    /// A stream, read in order.
    Stream(Box<dyn Read + Send>),
    /// Gzip: the head is read in order, the rest a few members at a time.
    Members {
        file: Bytes,
        length: u64,
        stream: Box<dyn Read + Send>,
    },
}

impl Input {
    /// Opens the file at `path`, which may be a URL or `-` for the standard input, and finds out how it is packed.
    pub fn open(path: &Path) -> Result<Self, InputError> {
        let file = match bytes::open(path).map_err(InputError::Open)? {
            Place::Bytes(bytes) => bytes,
            // A device cannot be read twice: whatever it holds is taken as plain text.
            Place::Device(device) => return Ok(Self::stream(Box::new(device), Compression::None, 0)),
        };
        let mut first = [0; SNIFFED];
        let count = file.read_full_at(&mut first, 0).map_err(InputError::Open)?;

        let named = named_compression(path);
        let found = match (sniff(&first[..count]), named) {
            (Compression::None, Compression::Brotli) => Compression::Brotli,
            (Compression::None, Compression::None) if is_brotli(&first[..count]) => Compression::Brotli,
            (found, _) => found,
        };
        let bytes = file.length();
        if bytes > 0 && named != Compression::None && !same(named, found) {
            return Err(InputError::Archive {
                compression: found,
                at: None,
                fault: ArchiveFault::Misnamed { named, found },
            });
        }
        if found == Compression::None {
            let text = Text::File { file, length: bytes };
            return Ok(Self {
                compression: found,
                bytes,
                text,
                head: Vec::new(),
                complete: false,
                broken: None,
            });
        }
        if matches!(found, Compression::Gzip | Compression::Bgzf) {
            let stream = unpack(file.clone(), found)?;
            return Ok(Self {
                text: Text::Members {
                    file,
                    length: bytes,
                    stream,
                },
                ..Self::stream(Box::new(std::io::empty()), found, bytes)
            });
        }
        Ok(Self::stream(unpack(file, found)?, found, bytes))
    }

    fn stream(text: Box<dyn Read + Send>, compression: Compression, bytes: u64) -> Self {
        Self {
            compression,
            bytes,
            text: Text::Stream(text),
            head: Vec::new(),
            complete: false,
            broken: None,
        }
    }

    /// How the file is packed.
    pub fn compression(&self) -> Compression {
        self.compression
    }

    /// Bytes as they lie there, packed where it is packed; 0 for a device.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes of text, where that is known before reading.
    pub fn text_bytes(&self) -> Option<u64> {
        match self.text {
            Text::File { length, .. } => Some(length),
            Text::Stream(_) | Text::Members { .. } => None,
        }
    }

    /// The first bytes of the text: `at_least` of them, or all. Of a packed file that breaks off before that, what comes
    /// before the end is given: rows in it can be judged.
    ///
    /// # Errors
    ///
    /// Where nothing can be read, or what is packed is corrupt.
    pub fn head(&mut self, at_least: usize) -> Result<Head<'_>, InputError> {
        let have = self.head.len();
        if have < at_least && !self.complete && self.broken.is_none() {
            self.head.resize(at_least, 0);
            let (count, failed) = match &mut self.text {
                Text::File { file, .. } => match file.read_full_at(&mut self.head[have..], have as u64) {
                    Ok(count) => (count, None),
                    Err(source) => (0, Some(source)),
                },
                Text::Stream(stream) | Text::Members { stream, .. } => {
                    read_full(stream, &mut self.head[have..])
                }
            };
            self.head.truncate(have + count);
            if let Some(source) = failed {
                let at = ByteOffset(self.head.len() as u64);
                let error = InputError::while_reading(source, self.compression, at);
                // What corrupt data unpacks to may be anything: to judge it would tell one cause many times.
                let corrupt = matches!(
                    error,
                    InputError::Archive {
                        fault: ArchiveFault::Corrupt(_),
                        ..
                    }
                );
                if corrupt || self.head.is_empty() || matches!(self.text, Text::File { .. }) {
                    self.head.truncate(have);
                    return Err(error);
                }
                self.broken = Some(error);
            } else {
                self.complete = have + count < at_least;
            }
        }
        Ok(Head {
            text: &self.head,
            complete: self.complete,
            broken: self.broken.as_ref(),
        })
    }

    /// How long the line is that begins at byte `from` of the head, and how many tabs are in it, where it ends within a
    /// gibibyte. What follows the head is read for it: nobody can read it after that.
    pub fn line_at(&mut self, from: usize) -> Option<(u64, u64)> {
        let known = self.head.get(from..).unwrap_or_default();
        if let Some(end) = memchr2(b'\n', b'\r', known) {
            return Some((end as u64, tabs(&known[..end])));
        }
        let mut count = tabs(known);
        let mut next = self.head.len() as u64;
        let length = length_of_line(known.len() as u64, |bytes| {
            let read = match &mut self.text {
                Text::File { file, .. } => file.read_full_at(bytes, next).unwrap_or(0),
                Text::Stream(stream) | Text::Members { stream, .. } => read_full(stream, bytes).0,
            };
            next += read as u64;
            let end = memchr2(b'\n', b'\r', &bytes[..read]).unwrap_or(read);
            count += tabs(&bytes[..end]);
            read
        });
        Some((length?, count))
    }

    /// Some lines from all over the text from `from` on, at the beginning of a line: those that begin in `pieces` ranges of
    /// `bytes` each, evenly apart. `None` for a packed text or a stream, which is read in order alone.
    pub fn scattered(
        &self,
        from: ByteOffset,
        pieces: usize,
        bytes: usize,
        longest_line: usize,
    ) -> Option<Vec<Ticket>> {
        match &self.text {
            Text::File { file, length } => Some(blocks::scattered(
                file,
                *length,
                from,
                pieces,
                bytes,
                longest_line,
            )),
            Text::Stream(_) | Text::Members { .. } => None,
        }
    }

    /// The text from `from` on, which must lie within the head at the beginning of a line, in blocks of about
    /// `block_bytes`; no line may be longer than `longest_line`.
    pub fn into_blocks(self, from: ByteOffset, block_bytes: usize, longest_line: usize) -> Blocks {
        Blocks::new(
            self.text,
            self.compression,
            self.head,
            match self.broken {
                Some(broken) => Some(Err(broken)),
                None => self.complete.then_some(Ok(())),
            },
            from,
            block_bytes,
            longest_line,
        )
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("compression", &self.compression)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// BGZF is gzip, and either name will do for either.
fn same(named: Compression, found: Compression) -> bool {
    let plain = |compression| match compression {
        Compression::Bgzf => Compression::Gzip,
        other => other,
    };
    plain(named) == plain(found)
}

fn tabs(text: &[u8]) -> u64 {
    memchr_iter(b'\t', text).count() as u64
}

/// Reads until the buffer is full or the stream ends; gives how much was read, and why no more could be.
pub(crate) fn read_full(
    stream: &mut (impl Read + ?Sized),
    mut buffer: &mut [u8],
) -> (usize, Option<std::io::Error>) {
    let wanted = buffer.len();
    let mut failed = None;
    while !buffer.is_empty() {
        match stream.read(buffer) {
            Ok(0) => break,
            Ok(count) => buffer = &mut buffer[count..],
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    (wanted - buffer.len(), failed)
}
