//! A file that appears under its name only when it is whole.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::error::ExportError;

/// A file being written beside its target. Dropping it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct AtomicFile {
    file: NamedTempFile,
    target: PathBuf,
    overwrite: bool,
    waiting: Vec<u8>,
    position: u64,
}

/// Bytes gathered before they are written.
const GATHERED: usize = 1 << 20;

/// So many bytes at once are written without being gathered: a copy costs more than a call.
const DIRECT: usize = 32 << 10;

impl AtomicFile {
    /// Opens a temporary file in the folder of `target`, which is refused if it exists and may not be replaced.
    pub(crate) fn create(target: &Path, overwrite: bool) -> Result<Self, ExportError> {
        if !overwrite && target.symlink_metadata().is_ok() {
            return Err(ExportError::Exists {
                path: target.to_path_buf(),
            });
        }
        let file = temporary(target).map_err(|error| ExportError::io("create", target, error))?;
        let target = target.to_path_buf();
        Ok(Self {
            file,
            target,
            overwrite,
            waiting: Vec::new(),
            position: 0,
        })
    }

    /// The name the file will have.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The folder that the file is in: what has to be put aside for a while goes there too.
    pub(crate) fn folder(&self) -> &Path {
        folder_of(&self.target)
    }

    /// How many bytes were put in so far.
    pub(crate) const fn position(&self) -> u64 {
        self.position
    }

    /// Appends bytes.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.write_all(bytes)
            .map_err(|error| ExportError::io("write", &self.target, error))
    }

    /// Puts `head` in place of the first `length` bytes, moving the rest where the sizes differ.
    pub(crate) fn replace_head(&mut self, length: u64, head: &[u8]) -> Result<(), ExportError> {
        self.try_replace_head(length, head)
            .map_err(|error| ExportError::io("write", &self.target, error))
    }

    /// Forces the bytes to disk, gives the file its name, and forces the name to disk. Returns the size.
    pub(crate) fn commit(self) -> Result<u64, ExportError> {
        self.seal()?.name()
    }

    /// Forces the bytes to disk and closes the file, which has no name yet.
    pub(crate) fn seal(mut self) -> Result<Nameless, ExportError> {
        let flushed = self.flush();
        let synced = flushed.and_then(|()| self.file.as_file().sync_all());
        synced.map_err(|error| ExportError::io("write", &self.target, error))?;
        Ok(Nameless {
            path: self.file.into_temp_path(),
            target: self.target,
            overwrite: self.overwrite,
            bytes: self.position,
        })
    }
}

/// A file that is whole and lacks its name. Dropping it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Nameless {
    path: TempPath,
    target: PathBuf,
    overwrite: bool,
    bytes: u64,
}

impl Nameless {
    /// Gives the file its name, and forces the name to disk. Returns the size.
    pub(crate) fn name(self) -> Result<u64, ExportError> {
        let Self {
            path,
            target,
            overwrite,
            bytes,
        } = self;
        let fail = |error| ExportError::io("write", &target, error);
        let named = if overwrite {
            path.persist(&target)
        } else {
            path.persist_noclobber(&target)
        };
        named.map_err(|error| fail(error.error))?;
        sync_folder(folder_of(&target)).map_err(fail)?;
        Ok(bytes)
    }
}

impl AtomicFile {
    fn try_replace_head(&mut self, length: u64, head: &[u8]) -> io::Result<()> {
        self.flush()?;
        if head.len() as u64 == length {
            self.file.as_file_mut().seek(SeekFrom::Start(0))?;
            self.file.as_file_mut().write_all(head)?;
            self.file.as_file_mut().seek(SeekFrom::End(0))?;
            return Ok(());
        }
        let mut second = temporary(&self.target)?;
        second.as_file_mut().write_all(head)?;
        self.file.as_file_mut().seek(SeekFrom::Start(length))?;
        let rest = io::copy(self.file.as_file_mut(), second.as_file_mut())?;
        self.file = second;
        self.position = head.len() as u64 + rest;
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let direct = bytes.len() >= DIRECT;
        if direct || self.waiting.len() + bytes.len() > GATHERED {
            self.flush()?;
        }
        if direct {
            self.file.as_file_mut().write_all(bytes)?;
        } else {
            self.waiting.extend_from_slice(bytes);
        }
        self.position += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().write_all(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}

/// A file beside `target` whose name begins with a dot and goes when it is dropped.
fn temporary(target: &Path) -> io::Result<NamedTempFile> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let prefix: String = std::iter::once('.')
        .chain(name.chars().take(60))
        .chain(['.'])
        .collect();
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The process's mask takes its bits away, as it does for any new file.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder_of(target))
}

/// The folder that a path lies in; the current one for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A name is on disk only once its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
