use std::io::Write;
use std::path::{Path, PathBuf};

use odmkit_core::{ByteOffset, Compression};

use crate::{ArchiveFault, Input, InputError, Scratch};

struct Dir(tempfile::TempDir);

impl Dir {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).expect("packed");
    encoder.finish().expect("packed")
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("started");
        writer.write_all(text).expect("packed");
    }
    writer.finish().expect("packed").into_inner()
}

/// The blocks of a file from `from` on, each with its offset.
fn blocks(path: &Path, from: usize, block: usize, longest: usize) -> Result<Vec<(u64, Vec<u8>)>, InputError> {
    let mut input = Input::open(path)?;
    input.head(from + 1)?;
    let mut blocks = input.into_blocks(ByteOffset(from as u64), block, longest);
    let mut scratch = Scratch::default();
    let mut all = Vec::new();
    while let Some(ticket) = blocks.draw()? {
        let block = scratch.load(ticket)?;
        if !block.text.is_empty() {
            all.push((block.offset.0, block.text.to_vec()));
        }
    }
    Ok(all)
}

#[test]
fn blocks_are_whole_lines_and_make_up_the_text() {
    let dir = Dir::new();
    let texts: [&[u8]; 9] = [
        b"",
        b"one line without an end",
        b"a\nbb\n\nccc\n",
        b"a\r\nbb\r\n\r\nccc",
        b"a\rbb\r\rccc\r",
        b"mixed\rof\nall\r\nkinds\n\r\r\n\rend",
        b"\n\n\n\n",
        b"\r\r\n\r",
        b"a line that is longer than any block in this test\nshort\nanother line that is rather long, too\rx",
    ];
    for (number, text) in texts.iter().enumerate() {
        let plain = dir.file(&format!("{number}.txt"), text);
        let packed = dir.file(&format!("{number}.txt.gz"), &gzip(text));
        let beginnings: Vec<usize> = beginnings_of_lines(text);
        for path in [&plain, &packed] {
            for block in 1..12 {
                for &from in &beginnings {
                    let found = blocks(path, from, block, 1000).expect("readable");
                    let whole: Vec<u8> = found.iter().flat_map(|(_, text)| text.clone()).collect();
                    assert_eq!(whole, &text[from..], "{path:?} from {from} in blocks of {block}");
                    for (offset, _) in &found {
                        let offset = usize::try_from(*offset).expect("small");
                        assert!(
                            beginnings.contains(&offset),
                            "{path:?}: {offset} in blocks of {block}"
                        );
                    }
                }
            }
        }
    }
}

/// Where the lines of a text begin, found the slow and obvious way.
fn beginnings_of_lines(text: &[u8]) -> Vec<usize> {
    let mut beginnings = vec![0];
    for at in 1..text.len() {
        let (before, here) = (text[at - 1], text[at]);
        if before == b'\n' || (before == b'\r' && here != b'\n') {
            beginnings.push(at);
        }
    }
    beginnings
}

#[test]
fn a_line_beyond_the_limit_is_an_error_at_its_place() {
    let dir = Dir::new();
    let mut text = b"short\n".to_vec();
    text.extend(std::iter::repeat_n(b'x', 100_000));
    text.extend(b"\nshort\n");
    for path in [dir.file("long.txt", &text), dir.file("long.txt.gz", &gzip(&text))] {
        let error = blocks(&path, 0, 64, 20_000).expect_err("too long");
        assert!(
            matches!(
                error,
                InputError::LineTooLong {
                    at: ByteOffset(6),
                    limit: 20_000
                }
            ),
            "{path:?}: {error:?}"
        );
        let whole: Vec<u8> = blocks(&path, 0, 64, 200_000)
            .expect("fits")
            .into_iter()
            .flat_map(|(_, text)| text)
            .collect();
        assert!(whole == text, "{path:?} differs");
    }
}

#[test]
fn every_packing_gives_the_same_text() {
    let dir = Dir::new();
    let text: Vec<u8> = (0..5000)
        .flat_map(|line| format!("line {line}\n").into_bytes())
        .collect();
    let mut two_members = gzip(&text[..1000]);
    two_members.extend(gzip(&text[1000..]));
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    lz4.write_all(&text).expect("packed");
    let mut brotli = Vec::new();
    brotli::BrotliCompress(
        &mut text.as_slice(),
        &mut brotli,
        &brotli::enc::BrotliEncoderParams::default(),
    )
    .expect("packed");
    let cases = [
        ("a.gct", text.clone(), Compression::None),
        ("a.gct.gz", gzip(&text), Compression::Gzip),
        ("b.gct.gz", two_members, Compression::Gzip),
        ("a.gct.zip", zipped(&[("a.gct", &text)]), Compression::Zip),
        (
            "b.gct.zip",
            zipped(&[("__MACOSX/._a.gct", b"x"), ("a.gct", &text)]),
            Compression::Zip,
        ),
        ("a.gct.lz4", lz4.finish().expect("packed"), Compression::Lz4),
        ("a.gct.br", brotli, Compression::Brotli),
        (
            "a.gct.zst",
            zstd::encode_all(text.as_slice(), 3).expect("packed"),
            Compression::Zstd,
        ),
    ];
    for (name, bytes, compression) in cases {
        let path = dir.file(name, &bytes);
        assert_eq!(
            Input::open(&path).expect("opens").compression(),
            compression,
            "{name}"
        );
        let whole: Vec<u8> = blocks(&path, 0, 4096, 1 << 20)
            .expect(name)
            .into_iter()
            .flat_map(|(_, text)| text)
            .collect();
        assert!(whole == text, "{name} differs");
    }
}

#[test]
fn a_broken_archive_names_its_fault() {
    let dir = Dir::new();
    let text: Vec<u8> = (0..5000)
        .flat_map(|line| format!("line {line}\n").into_bytes())
        .collect();
    let packed = gzip(&text);
    let mut flipped = packed.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let zip = zipped(&[("a", &text)]);
    let fault = |path: &Path| match blocks(path, 0, 4096, 1 << 20) {
        Err(InputError::Archive { fault, .. }) => fault,
        other => panic!("{path:?}: {other:?}"),
    };
    assert_eq!(
        fault(&dir.file("cut.gz", &packed[..packed.len() / 2])),
        ArchiveFault::Truncated(Compression::Gzip)
    );
    assert_eq!(
        fault(&dir.file("bad.gz", &flipped)),
        ArchiveFault::Corrupt(Compression::Gzip)
    );
    assert_eq!(
        fault(&dir.file("cut.zip", &zip[..zip.len() / 2])),
        ArchiveFault::Truncated(Compression::Zip)
    );
    assert_eq!(
        fault(&dir.file("two.zip", &zipped(&[("a", &text), ("b", &text)]))),
        ArchiveFault::Members(2)
    );
    assert_eq!(
        fault(&dir.file("none.zip", &zipped(&[]))),
        ArchiveFault::Members(0)
    );
    assert_eq!(
        fault(&dir.file(
            "book.xlsx",
            &zipped(&[("[Content_Types].xml", b"<x/>"), ("xl/a.xml", b"<x/>")])
        )),
        ArchiveFault::OfficeDocument
    );
    assert_eq!(
        fault(&dir.file("plain.gct.gz", b"#1.2\n")),
        ArchiveFault::Misnamed {
            named: Compression::Gzip,
            found: Compression::None
        }
    );
}

#[test]
fn what_cannot_be_opened_is_an_error() {
    let dir = Dir::new();
    assert!(matches!(
        Input::open(&dir.0.path().join("missing")),
        Err(InputError::Open(_))
    ));
    assert!(matches!(Input::open(dir.0.path()), Err(InputError::Open(_))));
}
