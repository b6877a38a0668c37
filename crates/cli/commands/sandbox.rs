//! `odmkit sandbox`: a local stand-in for ODM's import API.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use odmkit_engine::check::CheckOptions;
use odmkit_sandbox::{Sandbox, SandboxConfig};

use crate::exit::Exit;
use crate::global::Global;
use crate::judge::EngineJudge;
use crate::output::Output;
use crate::runtime;

/// Runs a local stand-in for ODM's import API, on loopback, until it is interrupted
///
/// It judges what it gets with the same rules as `odmkit check`, and keeps the files and a line for every request in
/// its folder. Its first line on stdout is `listening on http://127.0.0.1:PORT`.
#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// Listen on this port of 127.0.0.1; 0 picks a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,

    /// Keep the journal and what it is given in DIR
    #[arg(long, value_name = "DIR", default_value = "odmkit-sandbox")]
    data: PathBuf,

    /// Take this token. It guards nothing but the sandbox
    #[arg(long, value_name = "T", default_value = DEFAULT_TOKEN)]
    token: String,

    /// Judge metadata by this template (JSON) [default: a bundled one with ODM's default attributes]
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

/// It guards nothing but the sandbox, so it may be shown; one that was chosen is not.
const DEFAULT_TOKEN: &str = "sandbox";

impl SandboxArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        let options = CheckOptions {
            template: self.template.clone(),
            ..CheckOptions::default()
        };
        let judge = EngineJudge::shared(global.resources(), options);
        let config = SandboxConfig {
            port: self.port,
            ..SandboxConfig::new(&self.data, &self.token, judge)
        };
        runtime::block_on(async {
            let sandbox = Sandbox::start(config).await?;
            Output::stdout().with(|out| writeln!(out, "listening on {}", sandbox.url()))?;
            if !global.quiet {
                // Where stderr is gone there is nobody to tell.
                let _ = writeln!(
                    std::io::stderr(),
                    "try: ODM_HOST={} ODM_API_TOKEN={} odmkit submit DIR --stage serve\njournal: {}\nstop with Ctrl-C",
                    sandbox.url(),
                    if self.token == DEFAULT_TOKEN {
                        DEFAULT_TOKEN
                    } else {
                        "…"
                    },
                    sandbox.journal().display()
                );
            }
            tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")?;
            sandbox.stop().await;
            Ok(Exit::Success)
        })
    }
}
