use std::path::{Path, PathBuf};

use odmkit_core::{ByteOffset, Compression};
pub(crate) use odmkit_testkit::pack::{self, bgzf, gzip, zip};

use crate::{ArchiveFault, Input, InputError, Scratch};

pub(crate) struct Dir(tempfile::TempDir);

impl Dir {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }
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
        let members = dir.file(&format!("{number}.members.gz"), &pack::members(text, 5));
        let blocked = dir.file(&format!("{number}.txt.bgz"), &bgzf(text, 5));
        let beginnings: Vec<usize> = beginnings_of_lines(text);
        for path in [&plain, &packed, &members, &blocked] {
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
                    limit: 20_000,
                    length: Some(100_000),
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
    let cases = [
        ("a.gct", text.clone(), Compression::None),
        ("a.gct.gz", gzip(&text), Compression::Gzip),
        ("b.gct.gz", two_members, Compression::Gzip),
        ("a.gct.zip", zip(&[("a.gct", &text)]), Compression::Zip),
        (
            "b.gct.zip",
            zip(&[("__MACOSX/._a.gct", b"x"), ("a.gct", &text)]),
            Compression::Zip,
        ),
        ("a.gct.lz4", pack::lz4(&text[..]), Compression::Lz4),
        ("a.gct.br", pack::brotli(&text[..]), Compression::Brotli),
        ("a.gct.zst", pack::zstd(&text), Compression::Zstd),
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
    let archive = zip(&[("a", &text)]);
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
        fault(&dir.file("cut.zip", &archive[..archive.len() / 2])),
        ArchiveFault::Truncated(Compression::Zip)
    );
    assert_eq!(
        fault(&dir.file("two.zip", &zip(&[("a", &text), ("b", &text)]))),
        ArchiveFault::Members(2)
    );
    assert_eq!(fault(&dir.file("none.zip", &zip(&[]))), ArchiveFault::Members(0));
    assert_eq!(
        fault(&dir.file("locked.zip", &pack::encrypted_zip("a", &text))),
        ArchiveFault::Encrypted
    );
    assert_eq!(
        fault(&dir.file(
            "book.xlsx",
            &zip(&[("[Content_Types].xml", b"<x/>"), ("xl/a.xml", b"<x/>")])
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

/// Every way to pack a text, by the name that it gives a file.
fn packings(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("gz", gzip(text)),
        ("gz", pack::members(text, 3000)),
        ("bgz", bgzf(text, 3000)),
        ("zip", zip(&[("a", text)])),
        ("br", pack::brotli(text)),
        ("lz4", pack::lz4(text)),
        ("zst", pack::zstd(text)),
    ]
}

fn lines(count: u64) -> Vec<u8> {
    // Numbers that do not repeat, so that the packed text is long enough to be cut in many places.
    (0..count)
        .flat_map(|line| format!("line {}\n", line.wrapping_mul(0x9E37_79B9_7F4A_7C15)).into_bytes())
        .collect()
}

#[test]
fn a_file_that_is_cut_off_is_told_wherever_it_is_cut() {
    let dir = Dir::new();
    let text = lines(500);
    for (number, (name, packed)) in packings(&text).into_iter().enumerate() {
        let path = dir.file(&format!("whole{number}.{name}"), &packed);
        assert!(whole(&path).expect(name) == text, "{name} differs");
        let unnamed = dir.file(&format!("whole{number}.tsv"), &packed);
        assert!(
            whole(&unnamed).expect(name) == text,
            "{name} is known by its content"
        );
        // Every place near the beginning and the end, and some between.
        for cut in (1..packed.len()).filter(|cut| cut % 13 == 0 || *cut < 60 || cut + 60 > packed.len()) {
            let path = dir.file(&format!("cut.{name}"), &packed[..cut]);
            match whole(&path) {
                Err(InputError::Archive { .. }) => {}
                // Gzip does not tell two files of one member each from one file of two.
                Ok(part) if number == 1 && text.starts_with(&part) && part.len() % 3000 == 0 => {}
                other => panic!(
                    "{name} {number} cut at {cut} of {}: {:?}",
                    packed.len(),
                    other.map(|part| part.len())
                ),
            }
        }
    }
}

#[test]
fn what_follows_the_packed_text_is_told() {
    let dir = Dir::new();
    let text = lines(500);
    for (number, (name, mut packed)) in packings(&text).into_iter().enumerate() {
        for garbage in [
            &b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"[..],
            b"and so on, and so on",
            b"x",
            b"\x1f",
        ] {
            let end = packed.len();
            packed.extend(garbage);
            let path = dir.file(&format!("more.{name}"), &packed);
            packed.truncate(end);
            match whole(&path) {
                Err(InputError::Archive { at: Some(at), .. }) => {
                    assert!(
                        at.0 == text.len() as u64,
                        "{name} {number}: {garbage:?} at {at:?}"
                    );
                }
                // The directory of a zip archive is found from its end.
                Err(InputError::Archive { at: None, .. }) if name == "zip" => {}
                Ok(found) if name == "zip" && found == text => {}
                other => panic!("{name} {number}: {garbage:?}: {:?}", other.map(|text| text.len())),
            }
        }
    }
}

#[test]
fn a_flipped_bit_is_told_or_does_not_matter() {
    let dir = Dir::new();
    let text = lines(300);
    for (name, packed) in packings(&text) {
        // Brotli has no checksum, and Zstandard and its frames one only where it is asked for.
        if matches!(name, "br" | "zst") {
            continue;
        }
        for place in (0..packed.len()).step_by(7) {
            let mut flipped = packed.clone();
            flipped[place] ^= 1 << (place % 8);
            let path = dir.file(&format!("flipped.{name}"), &flipped);
            match whole(&path) {
                Err(_) => {}
                Ok(found) => assert!(found == text, "{name} with a flip at {place} gives another text"),
            }
        }
    }
}

#[test]
fn whole_lines_before_a_fault_are_read_whatever_the_size_of_blocks() {
    let dir = Dir::new();
    let text = lines(60_000);
    for (number, (name, packed)) in packings(&text).into_iter().enumerate() {
        if name == "zip" {
            continue;
        }
        let path = dir.file(&format!("{number}.{name}"), &packed[..packed.len() * 3 / 4]);
        let read = |block| {
            let mut blocks = Input::open(&path)
                .expect("opens")
                .into_blocks(ByteOffset(0), block, 1 << 20);
            let (mut scratch, mut all) = (Scratch::default(), Vec::new());
            loop {
                match blocks.draw() {
                    Ok(Some(ticket)) => all.extend_from_slice(scratch.load(ticket).expect("loads").text),
                    Ok(None) => panic!("{name}: a clean end"),
                    Err(error) => break (all, error.to_string()),
                }
            }
        };
        let (expected, error) = read(1 << 20);
        assert!(
            expected.len() > text.len() / 3 && text.starts_with(&expected),
            "{name} {number}: {}",
            expected.len()
        );
        for block in [1000, 4096, 70_000, 300_000] {
            let found = read(block);
            assert!(
                found.0 == expected && found.1 == error,
                "{name} {number} in blocks of {block}: {} {}",
                found.1,
                error
            );
        }
    }
}

fn whole(path: &Path) -> Result<Vec<u8>, InputError> {
    Ok(blocks(path, 0, 4096, 1 << 20)?
        .into_iter()
        .flat_map(|(_, text)| text)
        .collect())
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

#[test]
fn scattered_lines_are_those_that_begin_in_ranges_all_over_the_text() {
    let dir = Dir::new();
    let text: Vec<u8> = (0..400_u32)
        .flat_map(|line| format!("{line}\t{}\n", "x".repeat(line as usize % 23)).into_bytes())
        .collect();
    let path = dir.file("a.txt", &text);
    let beginnings = beginnings_of_lines(&text);
    let from = beginnings[3];
    let input = Input::open(&path).expect("opened");
    for (pieces, bytes) in [(1, 1), (1, text.len()), (7, 1), (7, 100), (32, 40)] {
        let tickets = input
            .scattered(ByteOffset(from as u64), pieces, bytes, 1 << 20)
            .expect("a plain file");
        assert_eq!(tickets.len(), pieces);
        let apart = (text.len() - from) / pieces;
        for (piece, ticket) in tickets.into_iter().enumerate() {
            let start = from + piece * apart;
            let range = start..(start + bytes).min(text.len());
            let mut scratch = Scratch::default();
            let found = scratch.load(ticket).expect("read").text;
            let own: Vec<usize> = beginnings
                .iter()
                .copied()
                .filter(|at| range.contains(at))
                .collect();
            let expected = own.first().map_or(&[][..], |first| {
                let end = beginnings.iter().copied().find(|at| *at >= range.end);
                &text[*first..end.unwrap_or(text.len())]
            });
            assert_eq!(found, expected, "piece {piece} of {pieces}, {bytes} bytes");
        }
    }
    let packed = dir.file("a.txt.gz", &gzip(&text));
    assert!(
        Input::open(&packed)
            .expect("opened")
            .scattered(ByteOffset(0), 1, 1, 1 << 20)
            .is_none()
    );
}
