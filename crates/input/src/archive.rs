//! Unpackers: each turns a file into a stream of text.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Take};

use brotli::enc::StandardAlloc;
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};
use flate2::Crc;
use odmkit_core::{ByteOffset, Compression};

use crate::bytes::Bytes;
use crate::gzip::{Deflate, Gzip};
use crate::{ArchiveFault, InputError};

/// Bytes that are read from the disk at a time.
const READ_BYTES: usize = 256 * 1024;
/// Bytes of text that are unpacked at a time.
const TEXT_BYTES: usize = 128 * 1024;
/// How far a file may unpack. Deflate can go to 1,032 times; a matrix of which 99 cells in 100 are zero, to 100.
const MOST_RATIO: u64 = 500;
/// Below this many bytes the ratio says nothing.
const RATIO_FROM: u64 = 1 << 30;

/// The text of a packed file.
pub(crate) fn unpack(file: Bytes, compression: Compression) -> Result<Box<dyn Read + Send>, InputError> {
    unpack_from(file, compression, 0, 0)
}

/// The most text that a file of so many bytes may unpack to.
pub(crate) const fn most_text(packed: u64) -> u64 {
    let most = (MOST_RATIO + 1).saturating_mul(packed).saturating_sub(1);
    if most > RATIO_FROM { most } else { RATIO_FROM }
}

/// The text of a packed file from its byte `from` on, where a member begins and behind `before` bytes of text.
pub(crate) fn unpack_from(
    mut file: Bytes,
    compression: Compression,
    from: u64,
    before: u64,
) -> Result<Box<dyn Read + Send>, InputError> {
    let room = most_text(file.length()).saturating_sub(before);
    file.seek(SeekFrom::Start(from)).map_err(InputError::Open)?;
    let reader = |file| BufReader::with_capacity(READ_BYTES, file);
    let text: Box<dyn Read + Send> = match compression {
        Compression::None => return Ok(Box::new(file)),
        Compression::Gzip | Compression::Bgzf => Box::new(Gzip::whole(reader(file))),
        Compression::Zip => Box::new(ZipMember::open(file)?),
        Compression::Brotli => Box::new(Brotli::new(reader(file))),
        Compression::Lz4 => Box::new(Lz4Frames {
            decoder: Some(lz4_flex::frame::FrameDecoder::new(Watched {
                file: reader(file),
                ended: false,
            })),
        }),
        Compression::Zstd => Box::new(zstd::Decoder::with_buffer(reader(file)).map_err(InputError::Open)?),
    };
    Ok(Box::new(Guarded::new(text, room)))
}

/// Unpacks always as much at a time, so that what can be had before a fault does not depend on who asks; and stops
/// where a file unpacks beyond all measure.
struct Guarded<R> {
    text: R,
    /// Bytes of text that may still come.
    room: u64,
    /// Whether more has come.
    over: bool,
    buffer: Vec<u8>,
    given: usize,
}

impl<R: Read> Guarded<R> {
    fn new(text: R, room: u64) -> Self {
        Self {
            text,
            room,
            over: false,
            buffer: Vec::new(),
            given: 0,
        }
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.buffer.len() && !self.over {
            self.buffer.resize(TEXT_BYTES, 0);
            let outcome = self.text.read(&mut self.buffer);
            self.buffer.truncate(*outcome.as_ref().unwrap_or(&0));
            self.given = 0;
            // What may come is given, to the byte, so that where it ends does not depend on how it was unpacked.
            self.over = outcome? as u64 > self.room;
            self.buffer
                .truncate(usize::try_from(self.room).unwrap_or(usize::MAX));
            self.room -= self.buffer.len() as u64;
        }
        if self.given == self.buffer.len() && self.over {
            return Err(io::Error::other(ArchiveFault::Bomb(MOST_RATIO)));
        }
        let count = (self.buffer.len() - self.given).min(buffer.len());
        buffer[..count].copy_from_slice(&self.buffer[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// Brotli, up to its end and no further: what follows it is no text.
struct Brotli {
    file: BufReader<Bytes>,
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    written: usize,
    ended: bool,
}

impl Brotli {
    fn new(file: BufReader<Bytes>) -> Self {
        let alloc = StandardAlloc::default;
        Self {
            file,
            state: Box::new(BrotliState::new(alloc(), alloc(), alloc())),
            written: 0,
            ended: false,
        }
    }
}

impl Read for Brotli {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let packed = self.file.fill_buf()?;
            if self.ended {
                return if packed.is_empty() {
                    Ok(0)
                } else {
                    Err(io::Error::other(ArchiveFault::Trailing))
                };
            }
            let used_up = packed.is_empty();
            let (mut there, mut taken) = (packed.len(), 0);
            let (mut room, mut given) = (buffer.len(), 0);
            let result = BrotliDecompressStream(
                &mut there,
                &mut taken,
                packed,
                &mut room,
                &mut given,
                buffer,
                &mut self.written,
                &mut self.state,
            );
            self.file.consume(taken);
            self.ended = matches!(result, BrotliResult::ResultSuccess);
            if given > 0 || buffer.is_empty() {
                return Ok(given);
            }
            match result {
                BrotliResult::ResultFailure => return Err(io::ErrorKind::InvalidData.into()),
                BrotliResult::NeedsMoreInput if used_up => return Err(io::ErrorKind::UnexpectedEof.into()),
                _ => {}
            }
        }
    }
}

/// LZ4 frames one after another, as `lz4` writes them when files are appended.
struct Lz4Frames {
    decoder: Option<lz4_flex::frame::FrameDecoder<Watched>>,
}

/// A file that remembers whether it was read to its end: the decoder takes a frame that is cut off between two blocks
/// for a whole one.
struct Watched {
    file: BufReader<Bytes>,
    ended: bool,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.ended |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

impl Read for Lz4Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(decoder) = self.decoder.as_mut() else {
                return Ok(0);
            };
            let count = decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            // A whole frame ends with a mark, behind which nothing has been looked for yet.
            if decoder.get_ref().ended {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let mut rest = self.decoder.take().expect("just there").into_inner();
            if rest.file.fill_buf()?.is_empty() {
                return Ok(0);
            }
            self.decoder = Some(lz4_flex::frame::FrameDecoder::new(rest));
        }
    }
}

/// The one file of a zip archive, with its length and checksum verified at the end.
struct ZipMember {
    text: ZipText,
    crc: Crc,
    length: u64,
    expected_crc: u32,
    expected_length: u64,
}

enum ZipText {
    Stored(Take<BufReader<Bytes>>),
    Deflated(Box<(Deflate, BufReader<Take<Bytes>>)>),
}

impl ZipMember {
    fn open(file: Bytes) -> Result<Self, InputError> {
        let fail = |fault| InputError::Archive {
            compression: Compression::Zip,
            at: None,
            fault,
        };
        let handle = file.clone();
        let mut archive = zip::ZipArchive::new(BufReader::new(handle)).map_err(|error| match error {
            zip::result::ZipError::Io(source) if source.kind() != io::ErrorKind::UnexpectedEof => {
                InputError::Read {
                    at: ByteOffset(0),
                    source,
                }
            }
            // The directory stands at the end: without it the archive has been cut off.
            _ => fail(ArchiveFault::Truncated(Compression::Zip)),
        })?;
        if archive
            .file_names()
            .any(|name| matches!(name.as_deref(), Ok("[Content_Types].xml" | "mimetype")))
        {
            return Err(fail(ArchiveFault::OfficeDocument));
        }
        let mut members = Vec::new();
        for index in 0..archive.len() {
            let member = archive
                .by_index_raw(index)
                .map_err(|_| fail(ArchiveFault::Corrupt(Compression::Zip)))?;
            // What the Macintosh packs beside each file is no content.
            if member.is_dir() || member.name().is_ok_and(|name| name.starts_with("__MACOSX/")) {
                continue;
            }
            members.push((
                member.data_start(),
                member.compressed_size(),
                member.size(),
                member.crc32(),
                member.compression(),
                member.encrypted(),
            ));
        }
        let [(start, packed, length, crc, method, encrypted)] = members.as_slice() else {
            return Err(fail(ArchiveFault::Members(members.len())));
        };
        if *encrypted {
            return Err(fail(ArchiveFault::Encrypted));
        }
        let start = start.ok_or_else(|| fail(ArchiveFault::Corrupt(Compression::Zip)))?;
        let mut file = file;
        file.seek(SeekFrom::Start(start)).map_err(InputError::Open)?;
        let text = match *method {
            zip::CompressionMethod::Stored => {
                ZipText::Stored(BufReader::with_capacity(READ_BYTES, file).take(*packed))
            }
            zip::CompressionMethod::Deflated => ZipText::Deflated(Box::new((
                Deflate::new(),
                BufReader::with_capacity(READ_BYTES, file.take(*packed)),
            ))),
            _ => return Err(fail(ArchiveFault::Method)),
        };
        Ok(Self {
            text,
            crc: Crc::new(),
            length: 0,
            expected_crc: *crc,
            expected_length: *length,
        })
    }
}

impl Read for ZipMember {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.text {
            ZipText::Stored(text) => text.read(buffer)?,
            ZipText::Deflated(text) => text.0.read(&mut text.1, buffer)?,
        };
        self.crc.update(&buffer[..count]);
        self.length += count as u64;
        if count == 0 && !buffer.is_empty() {
            if self.length < self.expected_length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if self.length != self.expected_length || self.crc.sum() != self.expected_crc {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(count)
    }
}
