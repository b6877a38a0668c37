//! What the machine can do: the speeds that no reader of text can pass.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::{BenchRequest, Stage, measure};

/// More than any cache holds.
const MEMORY: usize = 256 << 20;
/// What is read at a time.
const CHUNK: usize = 256 << 10;

/// Memory read by all threads.
fn memory(request: &BenchRequest) -> Result<Stage, io::Error> {
    let words = vec![1_u64; MEMORY / size_of::<u64>()];
    let threads = request.resources.threads.get();
    let share = words.len().div_ceil(threads);
    measure("memory-read", request.runs, MEMORY as u64, None, &mut || {
        std::thread::scope(|scope| {
            for part in words.chunks(share) {
                scope.spawn(move || {
                    std::hint::black_box(part.iter().fold(0_u64, |sum, word| sum.wrapping_add(*word)))
                });
            }
        });
        Ok(None)
    })
}

/// The file read and searched for line feeds by one thread, as `wc -l` does it.
fn scan(path: &Path, bytes: u64, request: &BenchRequest) -> Result<Stage, io::Error> {
    let mut buffer = vec![0; CHUNK];
    measure("line-feed-scan", request.runs, bytes, None, &mut || {
        let mut file = File::open(path)?;
        let mut line_feeds = 0;
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            line_feeds += memchr::memchr_iter(b'\n', &buffer[..count]).count();
        }
        std::hint::black_box(line_feeds);
        Ok(None)
    })
}

/// Measures them all.
pub(super) fn all(path: &Path, bytes: u64, request: &BenchRequest) -> Result<Vec<Stage>, io::Error> {
    Ok(vec![memory(request)?, scan(path, bytes, request)?])
}
