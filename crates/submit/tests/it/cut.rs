//! A transport that goes dead at a chosen request, as when the process is killed there. A question asked again, as a job
//! is asked whether it has ended, is not counted: how often that happens depends on how busy the machine is.

use std::collections::HashSet;
use std::future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use odmkit_odm_api::{HttpTransport, Method, Request, Response, Transport, TransportError};
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
    asked: Mutex<HashSet<String>>,
    moment: Moment,
    dead: Notify,
}

impl Cut {
    /// Whether the same was asked before; what is sent is no question.
    fn is_repeated(&self, request: &Request) -> bool {
        request.method == Method::Get && !self.asked.lock().unwrap().insert(request.url.clone())
    }
}

impl Transport for Cut {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            if self.is_repeated(&request) || self.left.fetch_sub(1, Ordering::SeqCst) != 0 {
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
        asked: Mutex::default(),
        moment,
        dead: Notify::new(),
    });
    let client = setup.client_over(Arc::<Cut>::clone(&cut));
    tokio::select! {
        result = odmkit_submit::run(plan, &client, options, &Silent) => Some(result.unwrap()),
        () = cut.dead.notified() => None,
    }
}
