//! Unpackers: each turns a file into a stream of text.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use odmkit_core::{ByteOffset, Compression};

use crate::bytes::Bytes;
use crate::{ArchiveFault, InputError};

/// Bytes that are read from the disk at a time.
const READ_BYTES: usize = 256 * 1024;
/// How far a file may unpack: deflate cannot go beyond 1,032 times, and no real table comes near it.
const MOST_RATIO: u64 = 2_000;
/// Below this many bytes the ratio says nothing.
const RATIO_FROM: u64 = 1 << 30;

/// The text of a packed file.
pub(crate) fn unpack(file: Bytes, compression: Compression) -> Result<Box<dyn Read + Send>, InputError> {
    let packed = file.length();
    let reader = |file| BufReader::with_capacity(READ_BYTES, file);
    let text: Box<dyn Read + Send> = match compression {
        Compression::None => return Ok(Box::new(file)),
        Compression::Gzip | Compression::Bgzf => Box::new(MultiGzDecoder::new(reader(file))),
        Compression::Zip => Box::new(ZipMember::open(file)?),
        Compression::Brotli => Box::new(brotli::Decompressor::new(file, READ_BYTES)),
        Compression::Lz4 => Box::new(Lz4Frames {
            decoder: Some(lz4_flex::frame::FrameDecoder::new(reader(file))),
        }),
        Compression::Zstd => Box::new(zstd::Decoder::with_buffer(reader(file)).map_err(InputError::Open)?),
    };
    Ok(Box::new(Guarded {
        text,
        packed,
        unpacked: 0,
    }))
}

/// Stops where a file unpacks beyond all measure.
struct Guarded {
    text: Box<dyn Read + Send>,
    packed: u64,
    unpacked: u64,
}

impl Read for Guarded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.text.read(buffer)?;
        self.unpacked += count as u64;
        if self.unpacked > RATIO_FROM && self.unpacked / self.packed.max(1) > MOST_RATIO {
            return Err(io::Error::other(ArchiveFault::Bomb(MOST_RATIO)));
        }
        Ok(count)
    }
}

/// LZ4 frames one after another, as `lz4` writes them when files are appended.
struct Lz4Frames {
    decoder: Option<lz4_flex::frame::FrameDecoder<BufReader<Bytes>>>,
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
            let mut rest = self.decoder.take().expect("just there").into_inner();
            if io::BufRead::fill_buf(&mut rest)?.is_empty() {
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
    Deflated(DeflateDecoder<BufReader<Take<Bytes>>>),
}

impl ZipMember {
    fn open(file: Bytes) -> Result<Self, InputError> {
        let fail = |fault| InputError::Archive {
            compression: Compression::Zip,
            fault,
        };
        let mut archive =
            zip::ZipArchive::new(BufReader::new(file.clone())).map_err(|error| match error {
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
            zip::CompressionMethod::Deflated => ZipText::Deflated(DeflateDecoder::new(
                BufReader::with_capacity(READ_BYTES, file.take(*packed)),
            )),
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
            ZipText::Deflated(text) => text.read(buffer)?,
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
