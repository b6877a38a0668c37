//! The threads on which requests are made.

use std::future::Future;
use std::sync::{OnceLock, mpsc};

use tokio::runtime::Runtime;

/// Runs a future on the threads of the network, and waits for what it gives. It may be called from any thread,
/// those of another runtime included.
///
/// # Panics
///
/// Where the system gives no thread, or the future panics.
pub fn wait<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let (give, take) = mpsc::sync_channel(1);
    runtime().spawn(async move {
        // Whoever waits does so until the end.
        let _ = give.send(future.await);
    });
    take.recv().expect("a request ends with an answer or an error")
}

/// The runtime, which lives as long as the program.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("network")
            .enable_all()
            .build()
            .expect("the system gives two threads")
    })
}
