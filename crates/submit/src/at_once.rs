//! How much is done at the same time.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

/// How many imports may be under way at once. Clones share the number, so that several runs can share it, too.
#[derive(Debug, Clone)]
pub struct AtOnce(Arc<Semaphore>);

/// Jobs mostly wait, and ODM works on ten or so.
const USUAL: usize = 4;

impl AtOnce {
    /// At most so many.
    pub fn new(most: NonZeroUsize) -> Self {
        Self(Arc::new(Semaphore::new(most.get().min(Semaphore::MAX_PERMITS))))
    }

    /// Waits until one more may be begun; it counts until what is given is dropped. Nothing closes the semaphore.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.0.acquire().await.ok()
    }
}

impl Default for AtOnce {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(USUAL)))
    }
}
