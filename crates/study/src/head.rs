//! The first bytes of a file, and who fetches them.

use std::io;

use odmkit_core::Compression;

/// How many decompressed bytes are enough to tell what a file is.
pub const HEAD_BYTES: usize = 64 * 1024;

/// The first bytes of a file, decompressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The bytes. [`HEAD_BYTES`] are enough, but a reader does well to go on until it has three whole lines: the
    /// header of a wide matrix alone may take megabytes.
    pub bytes: Vec<u8>,
    /// Whether these are all the bytes that the file has.
    pub whole: bool,
    /// How the file is packed.
    pub compression: Compression,
}

impl Head {
    /// A whole, uncompressed file.
    pub fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            whole: true,
            compression: Compression::None,
        }
    }

    /// The beginning of a longer, uncompressed file.
    pub fn part(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            whole: false,
            compression: Compression::None,
        }
    }
}

/// Lists folders and reads the first bytes of files.
///
/// Paths use `/`, on every system.
pub trait Heads {
    /// The names of the plain files directly inside a folder, in any order.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;

    /// The names of the folders directly inside a folder, in any order.
    fn folders(&self, folder: &str) -> io::Result<Vec<String>>;

    /// The first bytes of a file.
    fn head(&self, path: &str) -> io::Result<Head>;
}
