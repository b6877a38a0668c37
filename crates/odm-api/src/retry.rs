//! What is sent again after a failure, and when.
//!
//! A request that does no harm when it arrives twice is repeated after every passing failure: no connection, no
//! answer, 429, 502, 503, 504. One that would do harm (an upload, which ODM does not recognise as a duplicate) is
//! repeated only when it certainly did nothing: no connection was made, or the server refused it unread with 429.
//! Other statuses are answers and are never asked for again.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

use crate::request::Response;
use crate::transport::TransportError;

/// Whether a request may arrive twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// A read, or an import by link: the second arrival changes nothing.
    Harmless,
    /// Everything else.
    Harmful,
}

/// How often and how long a request is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all, the first included.
    pub tries: u32,
    /// The wait after the first failure; it doubles with each further one.
    pub first_wait: Duration,
    /// The longest wait that we choose ourselves.
    pub longest_wait: Duration,
    /// The longest wait that a server's `Retry-After` may ask for.
    pub longest_asked_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            tries: 6,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(20),
            longest_asked_wait: Duration::from_mins(5),
        }
    }
}

impl RetryPolicy {
    /// One try.
    pub const NONE: Self = Self {
        tries: 1,
        first_wait: Duration::ZERO,
        longest_wait: Duration::ZERO,
        longest_asked_wait: Duration::ZERO,
    };

    /// How long to wait before the next try; `None` to stop here. `done` tries were made, the last with `result`.
    pub fn wait_before_next(
        &self,
        done: u32,
        repeat: Repeat,
        result: &Result<Response, TransportError>,
    ) -> Option<Duration> {
        if done >= self.tries || !may_repeat(repeat, result) {
            return None;
        }
        if let Ok(response) = result
            && let Some(asked) = retry_after(response, SystemTime::now())
        {
            return (asked <= self.longest_asked_wait).then_some(asked);
        }
        let doubled = self.first_wait.saturating_mul(1 << (done - 1).min(16));
        Some(jittered(doubled.min(self.longest_wait)))
    }
}

fn may_repeat(repeat: Repeat, result: &Result<Response, TransportError>) -> bool {
    match (result, repeat) {
        (Err(error), Repeat::Harmless) => error.kind.transient(),
        (Err(error), Repeat::Harmful) => error.kind.transient() && error.kind.not_arrived(),
        (Ok(response), Repeat::Harmless) => matches!(response.status, 429 | 502 | 503 | 504),
        (Ok(response), Repeat::Harmful) => response.status == 429,
    }
}

/// `Retry-After`: seconds, or a date.
fn retry_after(response: &Response, now: SystemTime) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    // By the server's clock where it tells: ours may be wrong, or set while we run.
    let told = response
        .header("date")
        .and_then(|date| httpdate::parse_http_date(date).ok());
    Some(date.duration_since(told.unwrap_or(now)).unwrap_or_default())
}

/// Between half of the wait and the whole of it, so that many clients do not come back at once.
fn jittered(wait: Duration) -> Duration {
    let random = RandomState::new().hash_one(0_u8) % 1024;
    wait / 2 + (wait / 2).saturating_mul(u32::try_from(random).unwrap_or(0)) / 1024
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
