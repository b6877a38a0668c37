//! Where results go: standard output or a file. A reader that has gone away is no error.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};
use std::path::Path;

use anyhow::Context as _;
use odmkit_engine::WholeFile;

/// A place for results.
pub(crate) enum Output {
    /// Standard output.
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A file, which has its name only once it is whole.
    File(WholeFile),
    /// A device or a pipe.
    Special(BufWriter<File>),
}

impl Output {
    /// Opens the file, or standard output where there is none. A command that runs for long calls this first, so
    /// that a path that cannot be written is known before the work.
    pub(crate) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        match path {
            Some(path) => Self::create(path).with_context(|| format!("cannot write {}", path.display())),
            None => Ok(Self::stdout()),
        }
    }

    fn create(path: &Path) -> io::Result<Self> {
        match std::fs::metadata(path) {
            Ok(found) if found.is_file() => {
                // One that must not be written is not to be replaced either. A link stays a link.
                OpenOptions::new().append(true).open(path)?;
                WholeFile::create(&std::fs::canonicalize(path)?).map(Self::File)
            }
            Ok(_) => {
                let file = OpenOptions::new().write(true).open(path)?;
                Ok(Self::Special(BufWriter::new(file)))
            }
            Err(_) => WholeFile::create(path).map(Self::File),
        }
    }

    /// Standard output.
    pub(crate) fn stdout() -> Self {
        Self::Stdout(BufWriter::new(io::stdout().lock()))
    }

    /// Whether a person reads it.
    pub(crate) fn is_terminal(&self) -> bool {
        match self {
            Self::Stdout(out) => out.get_ref().is_terminal(),
            Self::File(_) | Self::Special(_) => false,
        }
    }

    /// Lets `write` write everything, and flushes; a file has its name then. A broken pipe ends the writing and is
    /// success.
    pub(crate) fn with(mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) -> anyhow::Result<()> {
        let result = write(&mut self).and_then(|()| match self {
            Self::File(file) => file.finish(true),
            mut other => other.flush(),
        });
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("cannot write the output"),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(out) => out.write(bytes),
            Self::Special(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(out) => out.flush(),
            Self::Special(out) => out.flush(),
        }
    }
}
