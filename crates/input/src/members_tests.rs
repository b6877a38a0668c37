use std::io::Write;

use odmkit_core::ByteOffset;

use crate::blocks::tests::{Dir, bgzf, gzip};
use crate::{Block, Input, InputError, Scratch};

fn text() -> Vec<u8> {
    (0..60_000_u32)
        .flat_map(|line| {
            // Now and then a line that is longer than a member.
            let long = if line % 9_973 == 0 {
                "0".repeat(200_000)
            } else {
                String::new()
            };
            format!("{line}{long}\t{}\n", line.wrapping_mul(0x9E37_79B9)).into_bytes()
        })
        .collect()
}

/// Reads with threads that draw under a lock and load at the same time.
fn read(path: &std::path::Path, threads: usize, block: usize) -> Result<Vec<u8>, InputError> {
    let mut input = Input::open(path)?;
    input.head(100)?;
    let blocks = std::sync::Mutex::new(input.into_blocks(ByteOffset(0), block, 1 << 20));
    let parts = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut scratch = Scratch::default();
                    loop {
                        let drawn = blocks.lock().expect("no panic").draw();
                        let Some(ticket) = drawn? else {
                            return Ok(());
                        };
                        let Block { text, offset } = scratch.load(ticket)?;
                        parts.lock().expect("no panic").push((offset.0, text.to_vec()));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().expect("no panic"))
    })?;
    let mut parts = parts.into_inner().expect("no panic");
    parts.retain(|(_, text)| !text.is_empty());
    parts.sort();
    let mut whole = Vec::new();
    for (offset, text) in parts {
        assert_eq!(offset, whole.len() as u64, "blocks follow each other");
        whole.extend(text);
    }
    Ok(whole)
}

#[test]
fn any_number_of_threads_reads_the_same_text() {
    let dir = Dir::new();
    let text = text();
    let mut with_one_large = gzip(&text[..1_000_000]);
    with_one_large.extend(text[1_000_000..].chunks(20_000).flat_map(gzip));
    // What looks like the beginning of a member, in the middle of stored bytes.
    let mut fooled = gzip(&text[..70_000]);
    let mut stored = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    stored.write_all(&text[70_000..75_000]).expect("packed");
    stored.write_all(b"\x1f\x8b\x08\0\0\0\0\0\0\0").expect("packed");
    stored.write_all(&text[75_000..]).expect("packed");
    fooled.extend(stored.finish().expect("packed"));
    let mut fooling = text.clone();
    fooling.splice(75_000..75_000, *b"\x1f\x8b\x08\0\0\0\0\0\0\0");
    let cases = [
        ("blocks.bgz", bgzf(&text, 60_000), &text),
        ("small.bgz", bgzf(&text, 999), &text),
        ("members.gz", text.chunks(50_000).flat_map(gzip).collect(), &text),
        ("small.gz", text.chunks(500).flat_map(gzip).collect(), &text),
        ("one.gz", gzip(&text), &text),
        ("large.gz", with_one_large, &text),
        ("fooled.gz", fooled, &fooling),
    ];
    for (name, packed, text) in cases {
        let path = dir.file(name, &packed);
        for threads in [1, 2, 5] {
            for block in [10_000, 300_000, 1 << 20] {
                let found = read(&path, threads, block).expect(name);
                assert!(
                    &found == text,
                    "{name}, {threads} threads, blocks of {block}: {}",
                    found.len()
                );
            }
        }
    }
}

#[test]
fn a_fault_in_the_middle_is_told_for_any_number_of_threads() {
    let dir = Dir::new();
    let text = text();
    let members: Vec<u8> = text.chunks(20_000).flat_map(gzip).collect();
    for (name, mut packed) in [("a.bgz", bgzf(&text, 20_000)), ("a.gz", members)] {
        let middle = packed.len() / 2;
        packed[middle] ^= 0x55;
        let path = dir.file(name, &packed);
        for threads in [1, 2, 5] {
            for block in [10_000, 1 << 20] {
                let error = read(&path, threads, block).expect_err("broken");
                assert!(matches!(error, InputError::Archive { .. }), "{error:?}");
            }
        }
    }
}

#[test]
fn a_ticket_that_is_thrown_away_stops_nobody() {
    let dir = Dir::new();
    let path = dir.file("a.bgz", &bgzf(&text(), 20_000));
    let mut blocks = Input::open(&path)
        .expect("opens")
        .into_blocks(ByteOffset(0), 40_000, 1 << 20);
    drop(blocks.draw().expect("drawn").expect("a ticket"));
    let mut scratch = Scratch::default();
    while let Some(ticket) = blocks.draw().expect("drawn") {
        assert!(scratch.load(ticket).expect("loads").text.is_empty());
    }
}
