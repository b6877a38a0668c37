//! The bytes of a file as they lie on a disk or come from a server, read by position.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use odmkit_remote::{Opened, RemoteFile, RemoteUrl};

/// The name that stands for the standard input.
pub const STANDARD_INPUT: &str = "-";

/// The bytes of a file. Its clones have one origin and a place of their own.
#[derive(Debug, Clone)]
pub(crate) struct Bytes {
    origin: Origin,
    length: u64,
    at: u64,
}

#[derive(Debug, Clone)]
enum Origin {
    File(Arc<File>),
    Remote(Arc<RemoteFile>),
}

/// What a path leads to.
pub(crate) enum Place {
    /// It can be read anywhere, as often as one likes.
    Bytes(Bytes),
    /// A device: it is read once, from its beginning.
    Device(File),
}

/// What can be read only once, or belongs to a server, is opened once in a run: what a pipe gave is kept in a
/// temporary file, and a file on a server stays the version that was opened first.
static OPENED: Mutex<Option<Opens>> = Mutex::new(None);

#[derive(Default)]
struct Opens {
    bytes: HashMap<PathBuf, Bytes>,
    addresses: HashMap<String, String>,
}

/// What a file is called in reports and metadata: its path as it was given, or its address without what is secret
/// in it. The file can be opened by that name.
pub fn label(path: &str) -> String {
    let Some(url) = RemoteUrl::is_remote(path).then(|| RemoteUrl::parse(path)) else {
        return path.to_owned();
    };
    let Ok(url) = url else {
        return odmkit_core::redact::link(path);
    };
    if url.is_bucket() {
        return path.to_owned();
    }
    let shown = url.to_string();
    let plain = shown.split('?').next().unwrap_or_default();
    with_opens(|opens| {
        // Addresses that differ in nothing but their query are told apart by a number.
        let mut number = 1;
        loop {
            let label = if number == 1 {
                plain.to_owned()
            } else {
                format!("{plain}#{number}")
            };
            match opens.addresses.get(&label) {
                Some(known) if known != path && path != label => number += 1,
                Some(_) => return label,
                None => {
                    opens.addresses.insert(label.clone(), path.to_owned());
                    return label;
                }
            }
        }
    })
}

/// Opens what a path, an address or `-` leads to.
pub(crate) fn open(path: &Path) -> io::Result<Place> {
    if let Some(known) = with_opens(|opens| opens.bytes.get(path).cloned()) {
        return Ok(Place::Bytes(known.again()));
    }
    let text = path.to_str().unwrap_or_default();
    let bytes = if RemoteUrl::is_remote(text) {
        let address = with_opens(|opens| opens.addresses.get(text).cloned());
        match RemoteFile::open(&RemoteUrl::parse(address.as_deref().unwrap_or(text))?)? {
            Opened::Ranged(file) => Bytes {
                length: file.length(),
                origin: Origin::Remote(Arc::new(file)),
                at: 0,
            },
            Opened::Kept(file) => Bytes::of(file)?,
        }
    } else if text == STANDARD_INPUT {
        keep(&mut io::stdin().lock())?
    } else {
        let mut file = File::open(path)?;
        let kind = file.metadata()?.file_type();
        if kind.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if kind.is_file() {
            return Ok(Place::Bytes(Bytes::of(file)?));
        }
        if !kind.is_fifo() && !kind.is_socket() {
            return Ok(Place::Device(file));
        }
        keep(&mut file)?
    };
    with_opens(|opens| opens.bytes.insert(path.to_owned(), bytes.clone()));
    Ok(Place::Bytes(bytes.again()))
}

impl Bytes {
    fn of(file: File) -> io::Result<Self> {
        Ok(Self {
            length: file.metadata()?.len(),
            origin: Origin::File(Arc::new(file)),
            at: 0,
        })
    }

    /// The same bytes from their beginning, with what is fetched ahead of one's own.
    fn again(&self) -> Self {
        let origin = match &self.origin {
            Origin::File(file) => Origin::File(Arc::clone(file)),
            Origin::Remote(file) => Origin::Remote(Arc::new(file.again())),
        };
        Self {
            origin,
            length: self.length,
            at: 0,
        }
    }

    /// How many there are.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Reads at `offset` until the buffer is full or the bytes end.
    pub(crate) fn read_full_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut done = 0;
        while done < buffer.len() {
            match self.read_at(&mut buffer[done..], offset + done as u64) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match &self.origin {
            Origin::File(file) => file.read_at(buffer, offset),
            Origin::Remote(file) => file.read_at(buffer, offset),
        }
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

fn with_opens<T>(act: impl FnOnce(&mut Opens) -> T) -> T {
    let mut opens = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    act(opens.get_or_insert_default())
}

/// Puts what a pipe gives into a temporary file without a name.
fn keep(pipe: &mut dyn Read) -> io::Result<Bytes> {
    let fail = |error: io::Error| {
        let folder = std::env::temp_dir();
        let text = format!("cannot keep what the pipe gives in {}: {error}", folder.display());
        io::Error::new(error.kind(), text)
    };
    let mut file = tempfile::tempfile().map_err(fail)?;
    io::copy(pipe, &mut file).map_err(fail)?;
    Bytes::of(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_hide_what_is_secret_and_lead_back() {
        assert_eq!(label("a/b.tsv"), "a/b.tsv");
        assert_eq!(label("s3://b/a?b.tsv"), "s3://b/a?b.tsv");
        let first = "https://u:p@labels.test/x.tsv?sig=1";
        assert_eq!(label(first), "https://labels.test/x.tsv");
        assert_eq!(label(first), "https://labels.test/x.tsv");
        assert_eq!(label("https://labels.test/x.tsv"), "https://labels.test/x.tsv");
        let second = "https://labels.test/x.tsv?sig=2";
        assert_eq!(label(second), "https://labels.test/x.tsv#2");
        let known = with_opens(|opens| opens.addresses.get("https://labels.test/x.tsv#2").cloned());
        assert_eq!(known.as_deref(), Some(second));
        assert_eq!(label("https://h:x/a?sig=1"), "https://h:x/a?sig=…");
    }

    #[test]
    fn a_named_pipe_is_read_once_and_opened_often() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let writer = {
            let path = path.clone();
            std::thread::spawn(move || std::fs::write(path, b"some text").unwrap())
        };
        for _ in 0..2 {
            let Place::Bytes(mut bytes) = open(&path).unwrap() else {
                panic!("a pipe is kept");
            };
            let mut text = String::new();
            bytes.read_to_string(&mut text).unwrap();
            assert_eq!((text.as_str(), bytes.length()), ("some text", 9));
        }
        writer.join().unwrap();
    }
}
