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

/// Cells that are worth waking a thread for.
const CELLS: usize = 1 << 16;

/// How many pieces of so many cells are made at a time: short columns are not worth a thread's attention each.
pub(crate) const fn together(cells: usize) -> usize {
    let cells = if cells == 0 { 1 } else { cells };
    CELLS.div_ceil(cells)
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

    /// Makes `count` pieces in parallel, `together` of them at a time on one thread, and takes them in order on the
    /// calling thread. At most `ahead` pieces exist at any moment, or as many as are made at a time by each thread.
    /// The first failure ends the work.
    pub(crate) fn run<T: Send>(
        &self,
        count: usize,
        together: usize,
        ahead: usize,
        make: impl Fn(usize, &mut S) -> Result<T, ExportError> + Sync,
        mut take: impl FnMut(usize, T) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let together = together.max(1);
        let ahead = (ahead / together).max(self.scratch.len());
        let bundles = count.div_ceil(together);
        let bundle = |number: usize| number * together..count.min((number + 1) * together);
        let (sender, receiver) = mpsc::channel();
        let make = &make;
        self.pool.in_place_scope(|scope| {
            let mut waiting: VecDeque<Option<Vec<T>>> = VecDeque::new();
            let mut started = 0;
            let mut taken = 0;
            while taken < bundles {
                while started < bundles && started - taken < ahead {
                    let sender = sender.clone();
                    let number = started;
                    scope.spawn(move |_| {
                        let made = catch_unwind(AssertUnwindSafe(|| {
                            self.with_scratch(|s| bundle(number).map(|piece| make(piece, s)).collect())
                        }));
                        // The receiver is gone only when the work has already failed.
                        let _ = sender.send((number, made.unwrap_or(Err(ExportError::Panicked))));
                    });
                    waiting.push_back(None);
                    started += 1;
                }
                let (number, made) = receiver.recv().map_err(|_| ExportError::Panicked)?;
                waiting[number - taken] = Some(made?);
                while let Some(Some(_)) = waiting.front() {
                    if let Some(Some(made)) = waiting.pop_front() {
                        for (piece, made) in bundle(taken).zip(made) {
                            take(piece, made)?;
                        }
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
        for (threads, together) in [(1, 1), (2, 1), (2, 3), (5, 7), (3, 1_000)] {
            let workers = Workers::start(threads, || Ok(0usize)).unwrap();
            let mut seen = Vec::new();
            workers
                .run(
                    100,
                    together,
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
            2,
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
