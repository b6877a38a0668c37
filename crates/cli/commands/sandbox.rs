//! `odmkit sandbox`: a local stand-in for ODM's import API.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use odmkit_engine::check::CheckOptions;
use odmkit_odm_api::Auth;
use odmkit_sandbox::{Fault, Sandbox, SandboxConfig};

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

    /// Take this token. It guards nothing but the sandbox; it shows in the list of processes [default: sandbox]
    #[arg(long, value_name = "T", conflicts_with = "token_file")]
    token: Option<String>,

    /// Take the token in FILE
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// Judge metadata by this template (JSON) [default: a bundled one with ODM's default attributes]
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,

    /// Make something go wrong, written WHERE:WHAT or WHERE:WHAT:COUNT; may be given several times
    #[arg(
        long = "fault",
        value_name = "SPEC",
        long_help = FAULTS,
        help_heading = "Faults"
    )]
    faults: Vec<Fault>,
}

/// The grammar of faults, for `--help`; the parser is the sandbox's own.
const FAULTS: &str = "\
Make something go wrong, written WHERE:WHAT or WHERE:WHAT:COUNT; may be given several times

WHERE
  any               every request
  import[/KIND]     imports, of KIND only: study, samples, libraries,
                    preparations, cells, expression, variant,
                    flow-cytometry, file
  link[/KIND]       links from groups of KIND
  info, output, restart, stop
                    these calls about a job
  read              reading studies, samples, groups and links
  sign-in           signing in, and the list of templates
  job[/KIND]        the work of jobs

WHAT, for requests
  delay=TIME        hold the answer back
  503, 429=2s       answer with this status; 2s is its Retry-After
  html=502          answer with an HTML page, as a gateway does
  reset             reset the connection
  after-504, after-html=502, after-reset
                    the same, but the request is carried out first
  old-job           import: 409 with an earlier job of the same links
  partial[=N]       link: link only half, or N, and answer 200
  nothing           link: link nothing and answer 204

WHAT, for jobs
  fail              end as FAILED, with a stage and a stack
  abandon           end as ABANDONED, as when a server is restarted
  hang              never end, unless stopped
  slow=TIME         take this much longer

COUNT
  N the first N; N-M from the N-th to the M-th; N- from the N-th on;
  every one where it is left out

TIME is written 100ms, 5s or 2m. Delays add up; of other faults that
meet, the first one given strikes.

Examples
  --fault import/samples:after-reset:1
                    the samples are imported, the answer is lost
  --fault any:401:8-
                    the token expires after seven requests
  --fault link/expression:partial=2
                    only two samples are linked";

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
            faults: self.faults.clone(),
            ..SandboxConfig::new(&self.data, self.token()?, judge)
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
                    if self.token.is_none() && self.token_file.is_none() {
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

    fn token(&self) -> anyhow::Result<String> {
        let Some(file) = &self.token_file else {
            return Ok(self.token.clone().unwrap_or_else(|| DEFAULT_TOKEN.to_owned()));
        };
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the token from {}", file.display()))?;
        // As clients read it: without the line end, and one word.
        let auth = Auth::api_token(&text).with_context(|| format!("{}", file.display()))?;
        Ok(auth.secret().expose().to_owned())
    }
}
