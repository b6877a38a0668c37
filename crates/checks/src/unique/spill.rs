//! A temporary file that has no name: it is gone with the process, however that ends.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;

/// A temporary file that is written at its end and read anywhere.
#[derive(Debug)]
pub(super) struct Spill {
    file: File,
    end: u64,
}

/// A part of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    at: u64,
    end: u64,
}

/// Reads a part of the file.
#[derive(Debug)]
pub(super) struct ExtentReader<'a> {
    file: &'a File,
    rest: Extent,
}

impl Spill {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            file: tempfile::tempfile()?,
            end: 0,
        })
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<Extent> {
        self.file.write_all(bytes)?;
        let at = self.end;
        self.end += bytes.len() as u64;
        Ok(Extent { at, end: self.end })
    }

    pub(super) fn read(&self, extent: Extent) -> ExtentReader<'_> {
        ExtentReader {
            file: &self.file,
            rest: extent,
        }
    }
}

impl Extent {
    /// This part, and the one before it where there is one.
    pub(super) fn joined(before: Option<Self>, after: Self) -> Self {
        Self {
            at: before.map_or(after.at, |before| before.at),
            end: after.end,
        }
    }
}

impl Read for ExtentReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.rest.end - self.rest.at).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        if wanted == 0 {
            return Ok(0);
        }
        match self.file.read_at(&mut buffer[..wanted], self.rest.at)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.rest.at += count as u64;
                Ok(count)
            }
        }
    }
}
