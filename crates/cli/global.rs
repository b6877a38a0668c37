//! Flags that every command takes.

use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};
use odmkit_report::Detail;

use crate::units;

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Use N threads [default: one per core]
    #[arg(short, long, global = true, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Keep working memory below SIZE, such as 256MiB or 2GB [default: a quarter of the RAM, at most 4GiB]
    #[arg(long, global = true, value_name = "SIZE", value_parser = units::size)]
    pub(crate) memory_limit: Option<u64>,

    /// Show progress bars on stderr
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) progress: When,

    /// Use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    /// Say only what matters: no progress, no informational findings, no notes
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say more
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// When to do something that suits people and not programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

impl When {
    /// The answer for a stream that is or is not a terminal.
    pub(crate) const fn decide(self, terminal: bool) -> bool {
        match self {
            Self::Auto => terminal,
            Self::Always => true,
            Self::Never => false,
        }
    }
}

impl Global {
    /// How much reports for people say.
    pub(crate) const fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Normal,
        }
    }

    /// Whether to colour what goes to a stream that is or is not a terminal. `NO_COLOR` and a dumb terminal are
    /// respected unless `--color always` is given.
    pub(crate) fn color(&self, terminal: bool) -> bool {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        self.color.decide(terminal && wanted)
    }
}
