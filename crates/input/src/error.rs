//! Why a file cannot be read.

use std::error::Error;
use std::io;

use odmkit_core::{ByteOffset, Compression};
use odmkit_remote::RemoteError;

/// Why a file cannot be read, or no further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The file cannot be opened.
    #[error("{0}")]
    Open(#[source] io::Error),
    /// The file can be opened, and reading it fails.
    #[error("reading failed at byte {at}: {source}")]
    Read {
        /// Where in the text.
        at: ByteOffset,
        /// What the system says.
        source: io::Error,
    },
    /// The file is packed and cannot be unpacked.
    #[error("{fault}{}", after(*at))]
    Archive {
        /// How it is packed.
        compression: Compression,
        /// Where the text breaks off; none where the archive gives no text at all.
        at: Option<ByteOffset>,
        /// What is wrong with it.
        fault: ArchiveFault,
    },
    /// A line is longer than may be held in memory.
    #[error("the line at byte {at} is longer than {limit} bytes")]
    LineTooLong {
        /// Where the line begins.
        at: ByteOffset,
        /// What may be held.
        limit: u64,
        /// How long the line is, where its end could be found.
        length: Option<u64>,
    },
}

/// A line that has no end within so many bytes is none: nobody looks any further for it.
const FAR: u64 = 1 << 30;

/// How long a line is of which `have` bytes are known, if it ends; `read` gives what comes after them, and nothing at
/// the end of the text or where it cannot be read.
pub(crate) fn length_of_line(have: u64, mut read: impl FnMut(&mut [u8]) -> usize) -> Option<u64> {
    let mut bytes = vec![0; 64 << 10];
    let mut length = have;
    while length < FAR {
        let count = read(&mut bytes);
        let found = &bytes[..count];
        if let Some(end) = memchr::memchr2(b'\n', b'\r', found) {
            return Some(length + end as u64);
        }
        if found.is_empty() {
            return Some(length);
        }
        length += found.len() as u64;
    }
    None
}

/// What is wrong with a packed file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveFault {
    /// It ends in the middle.
    #[error("the {0} data ends in the middle")]
    Truncated(Compression),
    /// A checksum or the coding is wrong.
    #[error("the {0} data is corrupt")]
    Corrupt(Compression),
    /// What follows the packed data is none.
    #[error("after the end of the packed data, the file goes on with something else")]
    Trailing,
    /// BGZF without the empty block that marks its end: it may have been cut off between two blocks.
    #[error("the BGZF data lacks its end marker: it may have been cut off")]
    NoEndMarker,
    /// A zip archive with no file, or with several.
    #[error("the zip archive holds {0} files; ODM takes an archive with one")]
    Members(usize),
    /// A zip archive that asks for a password.
    #[error("the zip archive is encrypted")]
    Encrypted,
    /// A zip archive packed in a way that is not known here.
    #[error("the zip archive uses a compression method other than deflate")]
    Method,
    /// A zip archive that is in truth an office document.
    #[error("a spreadsheet or another office document")]
    OfficeDocument,
    /// It unpacks to more than any table would.
    #[error("the file unpacks to more than {0} times its size")]
    Bomb(u64),
    /// The name says one thing and the content another.
    #[error("the name says {named}, and the content is {found}")]
    Misnamed {
        /// What the name says.
        named: Compression,
        /// What the content is.
        found: Compression,
    },
}

impl InputError {
    /// The same error once more, for whoever meets it next.
    #[must_use]
    pub fn again(&self) -> Self {
        let same = |source: &io::Error| io::Error::new(source.kind(), source.to_string());
        match self {
            Self::Open(source) => Self::Open(same(source)),
            Self::Read { at, source } => Self::Read {
                at: *at,
                source: same(source),
            },
            Self::Archive {
                compression,
                at,
                fault,
            } => Self::Archive {
                compression: *compression,
                at: *at,
                fault: fault.clone(),
            },
            Self::LineTooLong { at, limit, length } => Self::LineTooLong {
                at: *at,
                limit: *limit,
                length: *length,
            },
        }
    }

    /// Reads what an unpacker reports as an [`io::Error`].
    pub(crate) fn while_reading(source: io::Error, compression: Compression, at: ByteOffset) -> Self {
        if compression == Compression::None || is_of_the_place(&source) {
            return Self::Read { at, source };
        }
        if let Some(fault) = source
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<ArchiveFault>())
        {
            return Self::Archive {
                compression,
                at: Some(at),
                fault: fault.clone(),
            };
        }
        let fault = match source.kind() {
            io::ErrorKind::UnexpectedEof => ArchiveFault::Truncated(compression),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
                ArchiveFault::Corrupt(compression)
            }
            _ => return Self::Read { at, source },
        };
        Self::Archive {
            compression,
            at: Some(at),
            fault,
        }
    }
}

/// Whether it is the place where the file lies that fails, a disk or a server, and not what it holds. Unpackers pass on
/// what they are told, some of them in another wrapping.
fn is_of_the_place(error: &io::Error) -> bool {
    if error.raw_os_error().is_some() {
        return true;
    }
    let mut next = error.get_ref().map(|inner| inner as &(dyn Error + 'static));
    while let Some(inner) = next {
        if inner.is::<RemoteError>() {
            return true;
        }
        next = match inner.downcast_ref::<io::Error>() {
            Some(error) if is_of_the_place(error) => return true,
            _ => inner.source(),
        };
    }
    false
}

/// How far a text could be unpacked.
fn after(at: Option<ByteOffset>) -> String {
    at.map_or_else(String::new, |at| format!(", after {} bytes of text", at.0))
}
