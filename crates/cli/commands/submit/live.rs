//! How far each study of a batch is, on stderr: a live table on a terminal, lines elsewhere.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use odmkit_report::{escape, text_columns};
use odmkit_submit::{Event, Observer};

use crate::global::{Global, When};
use crate::progress::{NAME, short};
use crate::submission;

/// What is shown of a batch.
pub(super) enum Live {
    Nothing,
    /// A row for each study that is at work, and one for all.
    Table {
        rows: MultiProgress,
        all: ProgressBar,
        /// Columns of the studies' names.
        wide: usize,
    },
    /// A line for each thing that happens.
    Lines {
        jobs: bool,
        of: usize,
        ended: AtomicUsize,
    },
}

/// What is shown of one study.
pub(super) struct Row<'a> {
    live: &'a Live,
    label: String,
    bar: Option<ProgressBar>,
}

impl Live {
    /// What the flags and the terminal want.
    pub(super) fn new(global: &Global, labels: &[&str]) -> Self {
        let studies = labels.len();
        if global.quiet {
            return Self::Nothing;
        }
        if !io::stderr().is_terminal() || global.progress == When::Never {
            return Self::Lines {
                jobs: global.verbose > 0,
                of: studies,
                ended: AtomicUsize::new(0),
            };
        }
        let rows = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        let all = rows.add(ProgressBar::new(studies as u64));
        style(&all, "{pos} of {len} studies {wide_bar} {elapsed}");
        all.enable_steady_tick(Duration::from_millis(250));
        let wide = labels.iter().map(|label| text_columns(&short(label))).max();
        let wide = wide.unwrap_or(NAME);
        Self::Table { rows, all, wide }
    }

    /// A study is begun.
    pub(super) fn begin(&self, label: &str) -> Row<'_> {
        let label = escape(label);
        let bar = match self {
            Self::Table { rows, all, wide } => {
                let bar = rows.insert_before(all, ProgressBar::new(0));
                style(&bar, "{prefix} {pos:>3}/{len} {wide_msg}");
                let name = short(&label);
                let rest = wide.saturating_sub(text_columns(&name));
                bar.set_prefix(name + &" ".repeat(rest));
                bar.set_message("checking");
                Some(bar)
            }
            Self::Nothing | Self::Lines { .. } => None,
        };
        let row = Row {
            live: self,
            label,
            bar,
        };
        row.line("checking");
        row
    }

    /// The batch is over.
    pub(super) fn end(&self) {
        if let Self::Table { all, .. } = self {
            all.finish_and_clear();
        }
    }
}

impl Row<'_> {
    /// A study has ended: in what, in a sentence.
    pub(super) fn end(&self, sentence: &str) {
        match self.live {
            Live::Nothing => {}
            Live::Table { rows, all, .. } => {
                if let Some(bar) = &self.bar {
                    bar.finish_and_clear();
                }
                all.inc(1);
                let _ = rows.println(format!("{}: {}", self.label, escape(sentence)));
            }
            Live::Lines { of, ended, .. } => {
                let ended = ended.fetch_add(1, Ordering::Relaxed) + 1;
                self.line(&format!("{sentence} ({ended} of {of} studies)"));
            }
        }
    }

    fn line(&self, text: &str) {
        if let Live::Lines { .. } = self.live {
            // Where stderr is gone there is nobody to tell.
            let _ = writeln!(io::stderr(), "{}: {}", self.label, escape(text));
        }
    }
}

impl Observer for Row<'_> {
    fn observe(&self, event: &Event<'_>) {
        if let (Some(bar), Event::Step { number, of }) = (&self.bar, event) {
            bar.set_length(*of as u64);
            bar.set_position(*number as u64);
        }
        let jobs = self.bar.is_some() || matches!(self.live, Live::Lines { jobs: true, .. });
        let Some(text) = submission::told(event, jobs) else {
            return;
        };
        match &self.bar {
            Some(bar) => bar.set_message(escape(&text)),
            None => self.line(&text),
        }
    }
}

fn style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}
