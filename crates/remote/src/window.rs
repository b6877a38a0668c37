//! A file that is fetched in pieces, ahead of where it is read.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::task::AbortHandle;

use crate::error::RemoteError;
use crate::runtime::runtime;

/// Gives a range of a file, all of it.
pub(crate) trait Fetch: Send + Sync {
    /// The bytes of the range, which lies within the file.
    fn fetch(&self, range: Range<u64>) -> BoxFuture<'static, Result<Bytes, RemoteError>>;
}

/// Bytes of a piece, pieces that are fetched ahead of the one that is read, and pieces that are held in all: 48 MiB.
const PIECE: u64 = 4 << 20;
const AHEAD: u64 = 6;
const HELD: usize = 12;

/// A file of a known length that is read by position, by several threads.
pub(crate) struct Window {
    fetch: Arc<dyn Fetch>,
    length: u64,
    piece: u64,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    pieces: Mutex<Pieces>,
    changed: Condvar,
}

#[derive(Default)]
struct Pieces {
    held: BTreeMap<u64, (u64, Piece)>,
    clock: u64,
    /// The piece after the furthest that has been read: reading that goes on there is fetched ahead.
    next: u64,
}

enum Piece {
    Coming(AbortHandle),
    Here(Bytes),
    Failed(RemoteError),
}

impl Window {
    pub(crate) fn new(fetch: Arc<dyn Fetch>, length: u64) -> Self {
        Self::with_piece(fetch, length, PIECE)
    }

    fn with_piece(fetch: Arc<dyn Fetch>, length: u64, piece: u64) -> Self {
        Self {
            fetch,
            length,
            piece,
            shared: Arc::default(),
        }
    }

    /// Reads at `offset`, up to the end of a piece at the most; nothing at the end of the file.
    pub(crate) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset >= self.length || buffer.is_empty() {
            return Ok(0);
        }
        let index = offset / self.piece;
        let bytes = self.piece(index)?;
        let within = usize::try_from(offset - index * self.piece).unwrap_or(usize::MAX);
        let Some(rest) = bytes.get(within..) else {
            return Ok(0);
        };
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn piece(&self, index: u64) -> Result<Bytes, RemoteError> {
        let mut pieces = self.shared.lock();
        let onwards = index <= pieces.next;
        pieces.next = pieces.next.max(index + 1);
        self.call(&mut pieces, index);
        if onwards {
            let last = (self.length - 1) / self.piece;
            for ahead in index + 1..=(index + AHEAD).min(last) {
                self.call(&mut pieces, ahead);
            }
        }
        loop {
            match pieces.held.get(&index) {
                Some((_, Piece::Here(bytes))) => {
                    let bytes = bytes.clone();
                    pieces.forget(index);
                    return Ok(bytes);
                }
                Some((_, Piece::Failed(error))) => {
                    let error = error.clone();
                    pieces.held.remove(&index);
                    return Err(error);
                }
                Some((_, Piece::Coming(_))) => {}
                // Another thread has taken its failure away, or it was let go: it is asked for again.
                None => self.call(&mut pieces, index),
            }
            pieces = self
                .shared
                .changed
                .wait(pieces)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Begins to fetch a piece that is neither here nor coming.
    fn call(&self, pieces: &mut Pieces, index: u64) {
        pieces.clock += 1;
        let clock = pieces.clock;
        if let Some((used, _)) = pieces.held.get_mut(&index) {
            *used = clock;
            return;
        }
        let start = index * self.piece;
        let coming = self.fetch.fetch(start..(start + self.piece).min(self.length));
        let shared = Arc::clone(&self.shared);
        let task = runtime().spawn(async move {
            let piece = match coming.await {
                Ok(bytes) => Piece::Here(bytes),
                Err(error) => Piece::Failed(error),
            };
            if let Some((_, place)) = shared.lock().held.get_mut(&index) {
                *place = piece;
            }
            shared.changed.notify_all();
        });
        pieces
            .held
            .insert(index, (clock, Piece::Coming(task.abort_handle())));
    }
}

impl Pieces {
    /// Lets the pieces go that were used longest ago, but for `keep` and those that are still coming.
    fn forget(&mut self, keep: u64) {
        while self.held.len() > HELD {
            let here = self
                .held
                .iter()
                .filter(|(index, (_, piece))| **index != keep && !matches!(piece, Piece::Coming(_)));
            let Some(oldest) = here.min_by_key(|(_, (used, _))| *used).map(|(index, _)| *index) else {
                return;
            };
            self.held.remove(&oldest);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pieces> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        for (_, piece) in self.shared.lock().held.values() {
            if let Piece::Coming(task) = piece {
                task.abort();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::RemoteUrl;
    use crate::error::RemoteErrorKind;

    /// Gives the low byte of each position, and fails at every `fails`th request.
    struct Numbers {
        asked: AtomicUsize,
        fails: usize,
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low byte is what is meant")]
    fn numbers(range: Range<u64>) -> Vec<u8> {
        range.map(|at| (at ^ (at >> 8)) as u8).collect()
    }

    impl Fetch for Numbers {
        fn fetch(&self, range: Range<u64>) -> BoxFuture<'static, Result<Bytes, RemoteError>> {
            let asked = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            let fails = self.fails > 0 && asked.is_multiple_of(self.fails);
            Box::pin(async move {
                tokio::time::sleep(std::time::Duration::from_micros(range.start % 7 * 100)).await;
                if fails {
                    let url = RemoteUrl::parse("s3://b/x")?;
                    return Err(RemoteError::new(url, RemoteErrorKind::Timeout));
                }
                Ok(Bytes::from(numbers(range)))
            })
        }
    }

    fn window(fails: usize) -> (Arc<Numbers>, Window) {
        let fetch = Arc::new(Numbers {
            asked: AtomicUsize::new(0),
            fails,
        });
        (Arc::clone(&fetch), Window::with_piece(fetch, 10_007, 100))
    }

    #[test]
    fn read_in_order_each_piece_is_fetched_once() {
        let (fetch, window) = window(0);
        let mut read = Vec::new();
        let mut buffer = [0; 37];
        loop {
            let count = window.read_at(&mut buffer, read.len() as u64).unwrap();
            if count == 0 {
                break;
            }
            read.extend_from_slice(&buffer[..count]);
        }
        assert_eq!(read, numbers(0..10_007));
        assert_eq!(fetch.asked.load(Ordering::SeqCst), 101);
        assert!(window.shared.lock().held.len() <= HELD);
    }

    #[test]
    fn read_by_several_threads_anywhere_it_is_the_same() {
        let (_, window) = window(0);
        std::thread::scope(|scope| {
            for thread in 0..8_u64 {
                let window = &window;
                scope.spawn(move || {
                    let mut at = thread * 997;
                    for _ in 0..300 {
                        at = (at * 31 + 17) % 10_007;
                        let mut buffer = [0; 64];
                        let count = window.read_at(&mut buffer, at).unwrap();
                        assert!(count > 0);
                        assert_eq!(&buffer[..count], numbers(at..at + count as u64));
                    }
                });
            }
        });
    }

    #[test]
    fn a_failure_is_told_where_it_is_read_and_may_be_tried_again() {
        let (_, window) = window(3);
        let mut buffer = [0; 10];
        let mut failures = 0;
        for piece in 0..100 {
            while let Err(error) = window.read_at(&mut buffer, piece * 100) {
                assert_eq!(error.kind(), io::ErrorKind::TimedOut);
                failures += 1;
                assert!(failures < 1000);
            }
            assert_eq!(buffer.as_slice(), numbers(piece * 100..piece * 100 + 10));
        }
        assert!(failures > 20);
    }
}
