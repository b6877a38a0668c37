//! The asynchronous runtime of the commands that speak to a server.

use std::future::Future;

use anyhow::Context as _;

/// Runs a future to its end.
pub(crate) fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the network runtime")?
        .block_on(future)
}
