//! The beginnings of files, for telling what they are.

use std::io;
use std::path::Path;

use odmkit_input::{Input, InputError};
use odmkit_study::head::HEAD_BYTES;
use odmkit_study::{Head, Heads};

/// Reads from the file system, unpacking what is packed.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileHeads;

/// A header is read on to its third line up to this many bytes; what is longer is no table.
const LONGEST: usize = 4 << 20;

impl Heads for FileHeads {
    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        entries(folder, |kind| !kind.is_dir())
    }

    fn folders(&self, folder: &str) -> io::Result<Vec<String>> {
        entries(folder, std::fs::FileType::is_dir)
    }

    fn head(&self, path: &str) -> io::Result<Head> {
        let open = Input::open(Path::new(path)).map_err(into_io);
        let mut input = open.map_err(|error| {
            if is_no_text(path, &error) {
                NO_TEXT.into()
            } else {
                error
            }
        })?;
        let compression = input.compression();
        let mut wanted = HEAD_BYTES;
        loop {
            let head = input.head(wanted).map_err(into_io)?;
            let enough = odmkit_formats::Lines::new(head.text)
                .filter(|line| !line.is_blank())
                .take(4)
                .count()
                == 4;
            if head.complete || head.broken.is_some() || enough || wanted >= LONGEST {
                return Ok(Head {
                    bytes: head.text.to_vec(),
                    whole: head.complete,
                    compression,
                });
            }
            wanted *= 4;
        }
    }
}

fn entries(folder: &str, wanted: impl Fn(&std::fs::FileType) -> bool) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // A link counts as what it leads to.
        let kind = std::fs::metadata(entry.path())
            .map_or_else(|_| entry.file_type(), |found| Ok(found.file_type()))?;
        if wanted(&kind) {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// What is said of a file whose name is no text: it cannot be named here.
const NO_TEXT: io::ErrorKind = io::ErrorKind::InvalidFilename;

/// Whether a file is not found because its name is no UTF-8: listings show it with a character that is not in it.
pub(crate) fn is_no_text(path: &str, error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound && path.contains(char::REPLACEMENT_CHARACTER)
}

fn into_io(error: InputError) -> io::Error {
    match error {
        InputError::Open(source) | InputError::Read { source, .. } => source,
        other => io::Error::new(io::ErrorKind::InvalidData, other),
    }
}
