//! An ordered, bounded, parallel map.
//!
//! Tickets are drawn one at a time from a source, worked on by several threads, and taken in by the caller in
//! the order in which they were drawn. Never more than a fixed number of tickets are under way, so memory is
//! bounded by that number times what one ticket holds. An error, or a panic in a worker, arrives at its place
//! in the order: everything before it has been taken in, nothing after it is.

use std::any::Any;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

/// How many threads work, and how far they may run ahead of the caller.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Threads that work, the caller's among them. With one, everything runs on the caller's thread.
    pub threads: NonZeroUsize,
    /// Tickets under way at the most: drawn and not yet taken in. At least one per thread is useful.
    pub window: NonZeroUsize,
}

impl Bounds {
    /// `threads` threads with a window of three tickets each: one at work, one done, one being taken in.
    pub fn threads(threads: NonZeroUsize) -> Self {
        Self {
            threads,
            window: threads.saturating_mul(THREE),
        }
    }
}

const THREE: NonZeroUsize = NonZeroUsize::new(3).expect("three is not zero");

/// Draws tickets with `next` until it gives `None`, maps each with `work`, and hands the results to `absorb`
/// on the caller's thread in the order of drawing.
///
/// The caller works as the others do while there is nothing to take in: no core has more than one thread to run.
///
/// `next` runs under a lock, by whichever thread is free; `scratch` makes one value per working thread, for
/// buffers that are used again.
///
/// # Errors
///
/// The first error in the order of drawing, whether it came from `next`, `work` or `absorb`.
///
/// # Panics
///
/// Where `next` or `work` panics, the panic goes on in the caller once all earlier results are taken in.
pub fn ordered<T, R, W, E>(
    bounds: Bounds,
    mut next: impl FnMut() -> Result<Option<T>, E> + Send,
    scratch: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, T) -> Result<R, E> + Sync,
    mut absorb: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    T: Send,
    R: Send,
    E: Send,
{
    if bounds.threads.get() == 1 {
        let mut own = scratch();
        while let Some(ticket) = next()? {
            absorb(work(&mut own, ticket)?)?;
        }
        return Ok(());
    }

    let window = bounds.window.get().max(bounds.threads.get());
    let shared = Shared {
        drawing: Mutex::new(Drawing {
            next: &mut next,
            drawn: 0,
            ended: false,
        }),
        progress: Mutex::new(Progress {
            done: BTreeMap::new(),
            absorbed: 0,
            end: None,
            stop: false,
        }),
        changed: Condvar::new(),
        window,
    };
    thread::scope(|scope| {
        for _ in 1..bounds.threads.get() {
            scope.spawn(|| {
                let mut own = None;
                while let Some(drawing) = turn(&shared) {
                    if !step(&shared, drawing, &mut own, &scratch, &work) {
                        return;
                    }
                }
            });
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            collect(&shared, &scratch, &work, &mut absorb)
        }));
        // Whatever the outcome, workers must be let go before the scope waits for them.
        lock(&shared.progress).stop = true;
        shared.changed.notify_all();
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// A result, an error, or a panic, at its place in the order.
enum Outcome<R, E> {
    Value(R),
    Failed(E),
    Panicked(Box<dyn Any + Send>),
}

struct Drawing<N> {
    next: N,
    drawn: u64,
    ended: bool,
}

struct Progress<R, E> {
    done: BTreeMap<u64, Outcome<R, E>>,
    absorbed: u64,
    /// How many tickets there are in all, once the source has ended.
    end: Option<u64>,
    stop: bool,
}

struct Shared<N, R, E> {
    drawing: Mutex<Drawing<N>>,
    progress: Mutex<Progress<R, E>>,
    changed: Condvar,
    window: usize,
}

/// Waits until a ticket may be drawn; `None` where there is none any more.
fn turn<N, R, E>(shared: &Shared<N, R, E>) -> Option<MutexGuard<'_, Drawing<N>>> {
    let drawing = lock(&shared.drawing);
    if drawing.ended {
        return None;
    }
    let mut progress = lock(&shared.progress);
    while !progress.stop && drawing.drawn >= progress.absorbed + shared.window as u64 {
        progress = wait(shared, progress);
    }
    (!progress.stop).then_some(drawing)
}

/// Draws a ticket and works on it; false where there was none.
fn step<T, R, W, E, N>(
    shared: &Shared<N, R, E>,
    mut drawing: MutexGuard<'_, Drawing<N>>,
    own: &mut Option<W>,
    scratch: &(impl Fn() -> W + Sync),
    work: &(impl Fn(&mut W, T) -> Result<R, E> + Sync),
) -> bool
where
    N: FnMut() -> Result<Option<T>, E>,
{
    let number = drawing.drawn;
    let ticket = match catch_unwind(AssertUnwindSafe(|| (drawing.next)())) {
        Ok(Ok(Some(ticket))) => {
            drawing.drawn += 1;
            ticket
        }
        last => {
            drawing.ended = true;
            drop(drawing);
            let outcome = match last {
                Ok(Err(error)) => Some(Outcome::Failed(error)),
                Err(panic) => Some(Outcome::Panicked(panic)),
                Ok(Ok(_)) => None,
            };
            let mut progress = lock(&shared.progress);
            progress.end = Some(number + u64::from(outcome.is_some()));
            if let Some(outcome) = outcome {
                progress.done.insert(number, outcome);
            }
            shared.changed.notify_all();
            return false;
        }
    };
    drop(drawing);
    // The caller may be waiting for its turn to draw. It looks for it under this lock: without it, it could miss the call.
    drop(lock(&shared.progress));
    shared.changed.notify_all();

    let result = catch_unwind(AssertUnwindSafe(|| work(own.get_or_insert_with(scratch), ticket)));
    let outcome = match result {
        Ok(Ok(value)) => Outcome::Value(value),
        Ok(Err(error)) => Outcome::Failed(error),
        Err(panic) => Outcome::Panicked(panic),
    };
    lock(&shared.progress).done.insert(number, outcome);
    shared.changed.notify_all();
    true
}

/// Takes in what is done, in order; works while nothing is, and waits where no ticket may be drawn.
fn collect<T, R, W, E, N>(
    shared: &Shared<N, R, E>,
    scratch: &(impl Fn() -> W + Sync),
    work: &(impl Fn(&mut W, T) -> Result<R, E> + Sync),
    absorb: &mut impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    N: FnMut() -> Result<Option<T>, E>,
{
    let mut own = None;
    loop {
        let mut progress = lock(&shared.progress);
        let turn = progress.absorbed;
        if let Some(outcome) = progress.done.remove(&turn) {
            drop(progress);
            match outcome {
                Outcome::Value(value) => absorb(value)?,
                Outcome::Failed(error) => return Err(error),
                Outcome::Panicked(panic) => resume_unwind(panic),
            }
            lock(&shared.progress).absorbed += 1;
            shared.changed.notify_all();
        } else if progress.end == Some(turn) {
            return Ok(());
        } else if let Some(drawing) = free(shared, &progress) {
            drop(progress);
            step(shared, drawing, &mut own, scratch, work);
        } else {
            drop(wait(shared, progress));
        }
    }
}

/// The right to draw, where nobody has it and a ticket may be drawn now.
fn free<'a, N, R, E>(
    shared: &'a Shared<N, R, E>,
    progress: &Progress<R, E>,
) -> Option<MutexGuard<'a, Drawing<N>>> {
    let drawing = match shared.drawing.try_lock() {
        Ok(drawing) => drawing,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => return None,
    };
    let room = !drawing.ended && drawing.drawn < progress.absorbed + shared.window as u64;
    room.then_some(drawing)
}

fn wait<'a, N, R, E>(
    shared: &Shared<N, R, E>,
    progress: MutexGuard<'a, Progress<R, E>>,
) -> MutexGuard<'a, Progress<R, E>> {
    shared
        .changed
        .wait(progress)
        .unwrap_or_else(PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No lock is held while foreign code runs, but for `next`, whose panics are caught: poison means nothing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
