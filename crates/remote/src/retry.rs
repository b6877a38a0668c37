//! How often a request is made again, and how long an answer is waited for.

use std::future::Future;
use std::time::{Duration, Instant, SystemTime};

use crate::error::RemoteError;

/// How often a request is made again, and how long an answer is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Requests, the first one counted.
    pub attempts: u32,
    /// The first pause; each is twice as long as the one before.
    pub pause: Duration,
    /// How long nothing may come before a server counts as silent.
    pub silence: Duration,
}

/// The longest pause of our own choice, and the longest that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_ASKED_PAUSE: Duration = Duration::from_mins(2);
/// Fewer bytes in twice the time of silence are next to nothing.
const LEAST: u64 = 4096;

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts: 5,
            pause: Duration::from_millis(250),
            silence: Duration::from_secs(30),
        }
    }
}

/// What became of one attempt.
pub(crate) struct Failed {
    pub(crate) error: RemoteError,
    /// How long the server asks to wait.
    pub(crate) after: Option<Duration>,
}

impl From<RemoteError> for Failed {
    fn from(error: RemoteError) -> Self {
        Self { error, after: None }
    }
}

impl Patience {
    /// Makes a request until it succeeds, fails for good, or has been made often enough.
    pub(crate) async fn until_done<T, F>(self, mut attempt: impl FnMut() -> F) -> Result<T, RemoteError>
    where
        F: Future<Output = Result<T, Failed>>,
    {
        let mut pause = self.pause;
        for _ in 1..self.attempts {
            match attempt().await {
                Ok(done) => return Ok(done),
                Err(failed) if !failed.error.is_transient() => return Err(failed.error),
                Err(failed) => {
                    let asked = failed.after.unwrap_or_default();
                    if asked > LONGEST_ASKED_PAUSE {
                        return Err(failed.error.asking(asked));
                    }
                    tokio::time::sleep(jittered(pause).min(LONGEST_PAUSE).max(asked)).await;
                    pause *= 2;
                }
            }
        }
        attempt().await.map_err(|failed| failed.error)
    }
}

/// Watches that a server which sends does not take for ever over it.
pub(crate) struct Pace {
    patience: Patience,
    since: Instant,
    bytes: u64,
}

impl Pace {
    pub(crate) fn new(patience: Patience) -> Self {
        Self {
            patience,
            since: Instant::now(),
            bytes: 0,
        }
    }

    /// How long nothing may come.
    pub(crate) fn silence(&self) -> Duration {
        self.patience.silence
    }

    /// Counts what came; whether it comes fast enough.
    pub(crate) fn keeps_up(&mut self, bytes: u64) -> bool {
        self.bytes += bytes;
        if self.since.elapsed() < self.patience.silence * 2 {
            return true;
        }
        let enough = self.bytes >= LEAST;
        *self = Self::new(self.patience);
        enough
    }
}

/// Between half and all of a pause, so that requests that failed together do not come back together.
fn jittered(pause: Duration) -> Duration {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let nanos = now.map_or(0, |now| now.subsec_nanos());
    pause / 2 + (pause / 2) * (nanos % 1000) / 1000
}
