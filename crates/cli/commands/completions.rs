//! `odmkit completions`: shell completions.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::Cli;
use crate::exit::Exit;
use crate::output::Output;

/// Writes completions for a shell to standard output
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

impl CompletionsArgs {
    pub(crate) fn run(&self) -> anyhow::Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "odmkit", &mut script);
        Output::stdout().with(|out| out.write_all(&script))?;
        Ok(Exit::Success)
    }
}
