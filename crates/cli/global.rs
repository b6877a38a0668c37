//! Flags that every command takes.

use std::num::NonZeroUsize;

use clap::{ArgAction, Args, ValueEnum};
use odmkit_engine::{Kernel, Resources};
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

    /// Say more; given twice, tell every request to a server as well
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Look at bytes with this kernel [default: the fastest that the processor can run]
    #[arg(long, global = true, hide = true, env = "ODMKIT_KERNEL", value_name = "NAME", value_parser = kernel)]
    pub(crate) kernel: Option<Kernel>,
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
    /// What a run may use.
    pub(crate) fn resources(&self) -> Resources {
        let cores = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let memory_limit = self.memory_limit.unwrap_or_else(default_memory_limit);
        let mut resources = Resources::new(self.jobs.unwrap_or_else(cores), memory_limit);
        resources.kernel = self.kernel.unwrap_or(resources.kernel);
        resources
    }

    /// How much reports for people say.
    pub(crate) const fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (_, 1..) => Detail::Verbose,
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

/// The kernel of this name.
fn kernel(name: &str) -> Result<Kernel, String> {
    Kernel::named(name).ok_or_else(|| {
        let names: Vec<&str> = Kernel::available().into_iter().map(Kernel::name).collect();
        format!("this processor has {}", names.join(", "))
    })
}

/// A quarter of the RAM, at most 4 GiB; 1 GiB where the system does not say how much there is.
fn default_memory_limit() -> u64 {
    std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| total_memory(&text))
        .map_or(1 << 30, |total| (total / 4).min(4 << 30))
}

/// The line `MemTotal:  16323456 kB`, in bytes.
fn total_memory(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let number = line.trim().strip_suffix("kB")?.trim();
    number.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read_in_bytes() {
        assert_eq!(
            total_memory("MemTotal:       2048 kB\nMemFree: 1 kB\n"),
            Some(2 << 20)
        );
        assert_eq!(total_memory("MemFree: 1 kB\n"), None);
    }

    #[test]
    fn the_default_limit_is_bounded() {
        let limit = default_memory_limit();
        assert!(limit > 0 && limit <= 4 << 30, "{limit}");
    }
}
