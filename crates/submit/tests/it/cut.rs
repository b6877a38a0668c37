//! A transport that goes dead at a chosen request, as when the process is killed there.

use std::future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use odmkit_odm_api::{HttpTransport, Request, Response, Transport, TransportError};
use odmkit_submit::{Options, Plan, Silent, Submission};
use tokio::sync::Notify;

use crate::setup::Setup;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The request never leaves.
    Before,
    /// The server has answered, and nobody hears it.
    After,
}

#[derive(Debug)]
struct Cut {
    inner: HttpTransport,
    left: AtomicUsize,
    moment: Moment,
    dead: Notify,
}

impl Transport for Cut {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let last = self.left.fetch_sub(1, Ordering::SeqCst) == 0;
            if !last {
                return self.inner.send(request).await;
            }
            if self.moment == Moment::After {
                let _ = self.inner.send(request).await;
            }
            self.dead.notify_one();
            future::pending().await
        })
    }
}

/// Runs until request number `after` and drops everything there; the submission where the run was done before.
pub(crate) async fn run_cut(
    setup: &Setup,
    plan: &Plan,
    options: &Options,
    after: usize,
    moment: Moment,
) -> Option<Submission> {
    let inner = HttpTransport::new(setup.client().api().server()).unwrap();
    let cut = Arc::new(Cut {
        inner,
        left: AtomicUsize::new(after),
        moment,
        dead: Notify::new(),
    });
    let client = setup.client_over(Arc::<Cut>::clone(&cut));
    tokio::select! {
        result = odmkit_submit::run(plan, &client, options, &Silent) => Some(result.unwrap()),
        () = cut.dead.notified() => None,
    }
}
