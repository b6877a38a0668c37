//! Progress bars on stderr.

use std::io::IsTerminal as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::global::Global;

/// Shows one bar at a time, or nothing.
pub(crate) struct Bars {
    shown: bool,
    current: Mutex<ProgressBar>,
}

impl Bars {
    /// Bars where the flags and the terminal want them.
    pub(crate) fn new(global: &Global) -> Self {
        let terminal = std::io::stderr().is_terminal() && !global.quiet;
        Self {
            shown: global.progress.decide(terminal),
            current: Mutex::new(ProgressBar::hidden()),
        }
    }

    fn current(&self) -> MutexGuard<'_, ProgressBar> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A bar where the end is known, else a spinner with what has been done.
    fn bar(label: &str, total: Option<u64>) -> ProgressBar {
        let target = ProgressDrawTarget::stderr_with_hz(10);
        let (bar, template) = match total {
            Some(total) => (
                ProgressBar::with_draw_target(Some(total), target),
                "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
            ),
            None => (
                ProgressBar::with_draw_target(None, target),
                "{msg} {spinner} {bytes} {bytes_per_sec}",
            ),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(odmkit_report::escape(label));
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

impl odmkit_engine::Progress for Bars {
    fn begin(&self, label: &str, total_bytes: Option<u64>) {
        if self.shown {
            let mut current = self.current();
            current.finish_and_clear();
            *current = Self::bar(label, total_bytes);
        }
    }

    fn advance(&self, bytes: u64) {
        if self.shown {
            self.current().inc(bytes);
        }
    }

    fn end(&self) {
        self.current().finish_and_clear();
    }
}
