//! Source lines for reports, read from the files that were checked.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use odmkit_core::{ByteOffset, Compression};
use odmkit_input::Input;
use odmkit_report::{Around, Snippets};

/// How far into a packed file a line is looked for: reaching it means unpacking everything before it.
const PACKED_LIMIT: u64 = 4 << 20;

/// Reads lines from files; the one that was used last stays open.
#[derive(Default)]
pub(crate) struct FileSnippets {
    last: Option<(String, Source)>,
}

enum Source {
    Plain(File),
    Packed(Box<Input>),
    Unreadable,
}

impl Snippets for FileSnippets {
    fn around(&mut self, path: &str, byte: ByteOffset, before: usize, after: usize) -> Option<Around> {
        if self.last.as_ref().is_none_or(|(last, _)| last != path) {
            self.last = Some((path.to_owned(), Source::open(Path::new(path))));
        }
        let (_, source) = self.last.as_mut()?;
        let start = byte.0.saturating_sub(before as u64);
        let end = byte.0.saturating_add(after as u64);
        let bytes = source.read(start, end)?;
        let at = usize::try_from(byte.0 - start)
            .ok()
            .filter(|&at| at <= bytes.len())?;
        Some(Around { bytes, at })
    }
}

impl Source {
    fn open(path: &Path) -> Self {
        // A pipe has been read already and has nothing more to give.
        if !path.is_file() {
            return Self::Unreadable;
        }
        match Input::open(path) {
            Ok(input) if input.compression() == Compression::None => {
                File::open(path).map_or(Self::Unreadable, Self::Plain)
            }
            Ok(input) => Self::Packed(Box::new(input)),
            Err(_) => Self::Unreadable,
        }
    }

    /// The bytes from `start` to `end`, or to the end of the text.
    fn read(&mut self, start: u64, end: u64) -> Option<Vec<u8>> {
        match self {
            Self::Plain(file) => {
                let mut bytes = vec![0; usize::try_from(end - start).ok()?];
                let mut filled = 0;
                while filled < bytes.len() {
                    match file.read_at(&mut bytes[filled..], start + filled as u64) {
                        Ok(0) => break,
                        Ok(count) => filled += count,
                        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                        Err(_) => return None,
                    }
                }
                bytes.truncate(filled);
                Some(bytes)
            }
            Self::Packed(input) if end <= PACKED_LIMIT => {
                let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
                let head = input.head(end).ok()?;
                Some(head.text.get(start..head.text.len().min(end))?.to_vec())
            }
            Self::Packed(_) | Self::Unreadable => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn plain_and_packed_files_give_the_same_text() {
        let directory = tempfile::tempdir().expect("a directory");
        let text = (0..20_000)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
            .join("\n");
        let plain = directory.path().join("a.tsv");
        std::fs::write(&plain, &text).expect("it is written");
        let packed = directory.path().join("a.tsv.gz");
        let file = File::create(&packed).expect("it is made");
        let mut writer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        writer.write_all(text.as_bytes()).expect("it is written");
        writer.finish().expect("it is finished");

        let mut snippets = FileSnippets::default();
        for (at, before) in [(0_u64, 5), (3, 5), (50_000, 7), (text.len() as u64, 4)] {
            let expected_at = usize::try_from(at).expect("small");
            let start = expected_at.saturating_sub(before);
            let expected = &text.as_bytes()[start..text.len().min(expected_at + 9)];
            for path in [&plain, &packed] {
                let path = path.to_str().expect("a plain name");
                let around = snippets
                    .around(path, ByteOffset(at), before, 9)
                    .expect("the text is there");
                assert_eq!(
                    (around.bytes.as_slice(), around.at),
                    (expected, expected_at - start),
                    "{path} {at}"
                );
            }
        }
        let plain = plain.to_str().expect("a plain name");
        assert_eq!(snippets.around(plain, ByteOffset(1 << 40), 5, 5), None);
        assert_eq!(snippets.around("absent.tsv", ByteOffset(0), 5, 5), None);
    }
}
