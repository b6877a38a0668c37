//! How far a run has come, on stderr: bars on a terminal, lines elsewhere.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use odmkit_report::{escape, text_columns};

use crate::global::{Global, When};
use crate::table::bytes;

/// Shows one piece of work at a time, or nothing.
pub(crate) struct Bars {
    current: Mutex<Current>,
    form: Form,
}

/// How work is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Nothing,
    Bar,
    Lines,
}

/// The work that is shown.
enum Current {
    None,
    Bar(ProgressBar),
    Lines(Lines),
}

/// Work shown as lines.
struct Lines {
    label: String,
    total: Option<u64>,
    done: u64,
    begun: Instant,
    told: Instant,
}

/// Columns of a name in a row that is drawn.
pub(crate) const NAME: usize = 24;

/// Lines come no more often than this.
const PAUSE: Duration = Duration::from_secs(1);

impl Bars {
    /// What the flags and the terminal want.
    pub(crate) fn new(global: &Global) -> Self {
        let terminal = io::stderr().is_terminal();
        let form = match (global.progress, terminal) {
            (When::Never, _) | (When::Auto, false) => Form::Nothing,
            (When::Auto, true) if global.quiet => Form::Nothing,
            (When::Auto | When::Always, true) => Form::Bar,
            (When::Always, false) => Form::Lines,
        };
        Self {
            current: Mutex::new(Current::None),
            form,
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl odmkit_engine::Progress for Bars {
    fn begin(&self, label: &str, total_bytes: Option<u64>) {
        self.end();
        *self.current() = match self.form {
            Form::Nothing => Current::None,
            Form::Bar => Current::Bar(bar(label, total_bytes)),
            Form::Lines => Current::Lines(Lines::new(label, total_bytes)),
        };
    }

    fn advance(&self, bytes: u64) {
        if self.form != Form::Nothing {
            match &mut *self.current() {
                Current::None => {}
                Current::Bar(bar) => bar.inc(bytes),
                Current::Lines(lines) => lines.advance(bytes),
            }
        }
    }

    fn end(&self) {
        match std::mem::replace(&mut *self.current(), Current::None) {
            Current::None => {}
            Current::Bar(bar) => bar.finish_and_clear(),
            Current::Lines(lines) => lines.end(),
        }
    }
}

/// A bar where the end is known, else a spinner with what has been done.
fn bar(label: &str, total: Option<u64>) -> ProgressBar {
    let template = match total {
        Some(_) => "{msg} {wide_bar} {percent:>3}% {bytes_per_sec} {eta}",
        None => "{msg} {spinner} {bytes} {bytes_per_sec}",
    };
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(short(label));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A name, or its end where it is too long for a row: there names differ.
pub(crate) fn short(label: &str) -> String {
    let label = escape(label);
    if text_columns(&label) <= NAME {
        return label;
    }
    let mut end = label.as_str();
    while text_columns(end) >= NAME {
        let mut letters = end.chars();
        letters.next();
        end = letters.as_str();
    }
    format!("…{end}")
}

impl Lines {
    fn new(label: &str, total: Option<u64>) -> Self {
        let now = Instant::now();
        Self {
            label: escape(label),
            total,
            done: 0,
            begun: now,
            told: now,
        }
    }

    fn advance(&mut self, more: u64) {
        self.done += more;
        if self.told.elapsed() >= PAUSE {
            self.told = Instant::now();
            let of = self
                .total
                .map(|total| format!(" of {}", bytes(total)))
                .unwrap_or_default();
            tell(&format!("{}: {}{of}", self.label, bytes(self.done)));
        }
    }

    fn end(self) {
        tell(&format!(
            "{}: {} in {:.1} s",
            self.label,
            bytes(self.done),
            self.begun.elapsed().as_secs_f64()
        ));
    }
}

/// Writes a line on stderr. Where stderr is gone there is nobody to tell.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_end() {
        assert_eq!(short("studies/a"), "studies/a");
        let long = short("studies/of-a-long-name/number-07");
        assert_eq!(long, "…f-a-long-name/number-07");
        assert_eq!(text_columns(&long), NAME);
        assert_eq!(text_columns(&short(&"試料".repeat(20))), NAME - 1);
        assert!(!short("a\u{1b}[2J").contains('\u{1b}'));
    }
}
