//! What the machine can do: the speeds that no reader of text can pass.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use odmkit_core::{ByteOffset, Compression};
use odmkit_input::{Input, InputError, Scratch};

use super::{BenchError, BenchRequest, Stage, measure};

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

/// The text of a packed file, unpacked by all threads and not looked at; gives its length.
fn unpacked(path: &Path, request: &BenchRequest) -> Result<u64, InputError> {
    let resources = &request.resources;
    let blocks =
        Input::open(path)?.into_blocks(ByteOffset(0), resources.block_bytes(), resources.longest_line());
    let (blocks, bytes) = (Mutex::new(blocks), AtomicU64::new(0));
    let work = || {
        let mut scratch = Scratch::default();
        loop {
            let drawn = blocks.lock().unwrap_or_else(PoisonError::into_inner).draw()?;
            let Some(ticket) = drawn else {
                return Ok(());
            };
            bytes.fetch_add(scratch.load(ticket)?.text.len() as u64, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..resources.threads.get()).map(|_| scope.spawn(work)).collect();
        let own = work();
        others.into_iter().fold(own, |outcome, other| {
            outcome.and(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            )
        })
    })?;
    Ok(bytes.into_inner())
}

/// Bytes of a file as they lie there, and of its text.
pub(super) fn sizes(path: &Path, request: &BenchRequest) -> Result<(u64, u64), BenchError> {
    let input = Input::open(path).map_err(BenchError::Unpack)?;
    let bytes = input.bytes();
    let text = match input.text_bytes() {
        Some(text) => text,
        None => unpacked(path, request).map_err(BenchError::Unpack)?,
    };
    Ok((bytes, text))
}

/// Measures them all: what limits a plain file is how fast it can be gone through, a packed one how fast it is unpacked.
pub(super) fn all(path: &Path, text: u64, request: &BenchRequest) -> Result<Vec<Stage>, BenchError> {
    let memory = memory(request).map_err(BenchError::Read)?;
    let input = Input::open(path).map_err(BenchError::Unpack)?;
    let of_file = if input.compression() == Compression::None {
        scan(path, text, request).map_err(BenchError::Read)?
    } else {
        measure("unpack", request.runs, text, None, &mut || {
            unpacked(path, request).map(|_| None)
        })
        .map_err(BenchError::Unpack)?
    };
    Ok(vec![memory, of_file])
}
