//! Work done on several threads and handed over in order.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError, mpsc};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::ExportError;

/// Threads, each with working memory that lives as long as they do.
pub(crate) struct Workers<S> {
    pool: ThreadPool,
    scratch: Vec<Mutex<S>>,
}

impl<S: Send> Workers<S> {
    /// Starts `threads` threads; `scratch` makes the working memory of one.
    pub(crate) fn start(
        threads: usize,
        scratch: impl Fn() -> Result<S, ExportError>,
    ) -> Result<Self, ExportError> {
        let threads = threads.max(1);
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|thread| format!("odmkit-encode-{thread}"))
            .build()
            .map_err(|_| ExportError::Panicked)?;
        let scratch = (0..threads)
            .map(|_| scratch().map(Mutex::new))
            .collect::<Result<_, _>>()?;
        Ok(Self { pool, scratch })
    }

    /// Makes `count` pieces in parallel and takes them in order on the calling thread. At most `ahead` pieces
    /// exist at any moment. The first failure ends the work.
    pub(crate) fn run<T: Send>(
        &self,
        count: usize,
        ahead: usize,
        make: impl Fn(usize, &mut S) -> Result<T, ExportError> + Sync,
        mut take: impl FnMut(usize, T) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let ahead = ahead.max(1);
        let (sender, receiver) = mpsc::channel();
        let make = &make;
        self.pool.in_place_scope(|scope| {
            let mut waiting: VecDeque<Option<T>> = VecDeque::new();
            let mut started = 0;
            let mut taken = 0;
            while taken < count {
                while started < count && started - taken < ahead {
                    let sender = sender.clone();
                    let piece = started;
                    scope.spawn(move |_| {
                        let made = catch_unwind(AssertUnwindSafe(|| self.with_scratch(|s| make(piece, s))));
                        // The receiver is gone only when the work has already failed.
                        let _ = sender.send((piece, made.unwrap_or(Err(ExportError::Panicked))));
                    });
                    waiting.push_back(None);
                    started += 1;
                }
                let (piece, made) = receiver.recv().map_err(|_| ExportError::Panicked)?;
                waiting[piece - taken] = Some(made?);
                while let Some(Some(_)) = waiting.front() {
                    if let Some(Some(made)) = waiting.pop_front() {
                        take(taken, made)?;
                        taken += 1;
                    }
                }
            }
            Ok(())
        })
    }

    fn with_scratch<R>(&self, work: impl FnOnce(&mut S) -> R) -> R {
        let thread = self.pool.current_thread_index().unwrap_or(0);
        let mut scratch = self.scratch[thread]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        work(&mut scratch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_arrive_in_order_whatever_the_threads() {
        for threads in [1, 2, 5] {
            let workers = Workers::start(threads, || Ok(0usize)).unwrap();
            let mut seen = Vec::new();
            workers
                .run(
                    100,
                    7,
                    |piece, _| {
                        if piece % 3 == 0 {
                            std::thread::yield_now();
                        }
                        Ok(piece * 2)
                    },
                    |at, piece| {
                        assert_eq!(at * 2, piece);
                        seen.push(piece);
                        Ok(())
                    },
                )
                .unwrap();
            assert_eq!(seen.len(), 100);
        }
    }

    #[test]
    fn a_panic_is_an_error_and_not_a_hang() {
        let workers = Workers::start(2, || Ok(())).unwrap();
        let failed = workers.run(
            10,
            4,
            |piece, ()| {
                assert!(piece != 3, "on purpose");
                Ok(())
            },
            |_, ()| Ok(()),
        );
        assert!(matches!(failed, Err(ExportError::Panicked)));
    }
}
