//! A file that has its name only once it is whole.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is being written beside its target. Dropped before it is finished, it leaves nothing behind.
#[derive(Debug)]
pub struct WholeFile {
    out: BufWriter<NamedTempFile>,
    target: PathBuf,
}

impl WholeFile {
    /// Begins a file in the folder of its target.
    ///
    /// # Errors
    ///
    /// Where the folder takes no file.
    pub fn create(target: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".odmkit-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // What the process's mask leaves of it, as for any new file.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        Ok(Self {
            out: BufWriter::with_capacity(
                1 << 18,
                builder.tempfile_in(folder_of(target)).map_err(without_name)?,
            ),
            target: target.to_owned(),
        })
    }

    /// Puts everything on disk and gives the file its name. Without `overwrite`, a file that has the name already
    /// is an error of the kind `AlreadyExists`.
    ///
    /// # Errors
    ///
    /// Where the disk does not take it; nothing has changed then.
    pub fn finish(self, overwrite: bool) -> io::Result<()> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        let named = if overwrite {
            file.persist(&self.target)
        } else {
            file.persist_noclobber(&self.target)
        };
        named.map_err(|error| error.error)?;
        sync_folder(&self.target)
    }
}

/// Puts the name of a file on disk: it is there only once its folder is.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        std::fs::File::open(folder_of(path))?.sync_all()?;
    }
    Ok(())
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The system's error alone: the name of the file in passing helps nobody, and is another one each time.
fn without_name(error: io::Error) -> io::Error {
    match error.to_string().split_once(" at path ") {
        Some((said, _)) => io::Error::new(error.kind(), said.to_owned()),
        None => error,
    }
}

/// The folder that a path lies in; the current one for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
