//! Gzip (RFC 1952): members one after another, each with its checksum and length verified.
//!
//! All that can be unpacked before a fault is handed out first, whatever the size of the reads: what is said of a
//! broken file must not depend on it.

use std::io::{self, BufRead, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::ArchiveFault;

/// The first bytes of a member: the signature, and deflate as the method.
pub(crate) const SIGNATURE: [u8; 3] = [0x1F, 0x8B, 8];
/// Flags that have no meaning yet.
pub(crate) const RESERVED: u8 = 0xE0;

const HEADER_CRC: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// The text of one or more members.
pub(crate) struct Gzip<R> {
    input: R,
    deflate: Deflate,
    stage: Stage,
    members: u64,
    /// Whether the file ends where this ends, so that BGZF has to end with its marker.
    whole: bool,
    bgzf: bool,
}

#[derive(Clone, Copy)]
enum Stage {
    Header,
    Text,
    Trailer,
    End,
}

impl<R: BufRead> Gzip<R> {
    /// The members of a file from here to its end.
    pub(crate) fn whole(input: R) -> Self {
        Self::new(input, true)
    }

    /// Some members of a file.
    pub(crate) fn part(input: R) -> Self {
        Self::new(input, false)
    }

    fn new(input: R, whole: bool) -> Self {
        Self {
            input,
            deflate: Deflate::new(),
            stage: Stage::Header,
            members: 0,
            whole,
            bgzf: false,
        }
    }

    /// Reads the header of a member; false at the end of the file.
    fn header(&mut self) -> io::Result<bool> {
        if self.members > 0 && self.input.fill_buf()?.is_empty() {
            if self.whole && self.bgzf && self.deflate.length > 0 {
                return Err(io::Error::other(ArchiveFault::NoEndMarker));
            }
            return Ok(false);
        }
        let mut crc = Crc::new();
        let mut fixed = [0; 10];
        for (place, slot) in fixed.iter_mut().enumerate() {
            let byte = self.take(1, &mut crc).map(|bytes| bytes[0]);
            let expected = SIGNATURE.get(place).copied();
            let meant = |byte: &u8| expected.is_none_or(|expected| expected == *byte);
            // What follows the last member and does not begin as one is no torn member.
            match byte {
                Ok(byte) if meant(&byte) => *slot = byte,
                Ok(_) | Err(_) if self.members > 0 && place < SIGNATURE.len() => {
                    return Err(io::Error::other(ArchiveFault::Trailing));
                }
                Ok(_) => return Err(io::ErrorKind::InvalidData.into()),
                Err(error) => return Err(error),
            }
        }
        let flags = fixed[3];
        if flags & RESERVED != 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.bgzf = false;
        if flags & EXTRA != 0 {
            let length = self.take(2, &mut crc)?;
            let extra = self.take(usize::from(u16::from_le_bytes([length[0], length[1]])), &mut crc)?;
            self.bgzf = extra.starts_with(&[b'B', b'C', 2, 0]);
        }
        for text in [NAME, COMMENT] {
            while flags & text != 0 && self.take(1, &mut crc)?[0] != 0 {}
        }
        if flags & HEADER_CRC != 0 {
            let sum = crc.sum();
            let stated = self.take(2, &mut crc)?;
            if u32::from(u16::from_le_bytes([stated[0], stated[1]])) != sum & 0xFFFF {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(true)
    }

    fn trailer(&mut self) -> io::Result<()> {
        let bytes = self.take(8, &mut Crc::new())?;
        let crc = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let length = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        // The length is stated modulo 2^32.
        if crc != self.deflate.crc.sum() || u64::from(length) != self.deflate.length & 0xFFFF_FFFF {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.members += 1;
        Ok(())
    }

    fn take(&mut self, count: usize, crc: &mut Crc) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.input.read_exact(&mut bytes)?;
        crc.update(&bytes);
        Ok(bytes)
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.stage {
                Stage::Header => {
                    self.stage = if self.header()? {
                        self.deflate.reset();
                        Stage::Text
                    } else {
                        Stage::End
                    };
                }
                Stage::Text => match self.deflate.read(&mut self.input, buffer)? {
                    0 => self.stage = Stage::Trailer,
                    count => return Ok(count),
                },
                Stage::Trailer => {
                    self.trailer()?;
                    self.stage = Stage::Header;
                }
                Stage::End => return Ok(0),
            }
        }
    }
}

/// A deflate stream, and what its text comes to.
pub(crate) struct Deflate {
    inflate: Decompress,
    ended: bool,
    /// Sum of the text so far.
    pub(crate) crc: Crc,
    /// Bytes of the text so far.
    pub(crate) length: u64,
}

impl Deflate {
    pub(crate) fn new() -> Self {
        Self {
            inflate: Decompress::new(false),
            ended: false,
            crc: Crc::new(),
            length: 0,
        }
    }

    /// Begins another stream.
    fn reset(&mut self) {
        self.inflate.reset(false);
        self.ended = false;
        self.crc.reset();
        self.length = 0;
    }

    /// Unpacks some of `input`; 0 at the end of the stream.
    pub(crate) fn read(&mut self, input: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.ended {
            let packed = input.fill_buf()?;
            let used_up = packed.is_empty();
            let (taken, given) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(packed, buffer, FlushDecompress::None);
            let taken = small(self.inflate.total_in() - taken);
            let given = small(self.inflate.total_out() - given);
            input.consume(taken);
            self.ended = matches!(status, Ok(Status::StreamEnd));
            if given > 0 {
                self.crc.update(&buffer[..given]);
                self.length += given as u64;
                // A fault shows itself again at the next read.
                return Ok(given);
            }
            match status {
                Ok(Status::StreamEnd) => {}
                Ok(_) if used_up => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) if taken > 0 => {}
                Ok(_) | Err(_) => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
        Ok(0)
    }
}

fn small(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
