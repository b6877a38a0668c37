//! Where a submission goes, and how the server gets at the files.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use odmkit_engine::check::CheckOptions;
use odmkit_odm_api::{Api, Auth, Server};
use odmkit_remote::RemoteUrl;
use odmkit_sandbox::{FileServer, Listen, Sandbox, SandboxConfig, ServedFiles};
use odmkit_submit::{Bucket, Plan, Staging};
use tempfile::TempDir;

use super::serving::{self, Serving};
use crate::connection::{Connection, variable};
use crate::global::Global;
use crate::judge::EngineJudge;
use crate::submission::Destination;
use crate::units;

/// The flags that say where a submission goes.
#[derive(Debug, Clone, Args)]
pub(super) struct Target {
    #[command(flatten)]
    connection: Connection,

    /// Submit to a sandbox that is started for this run and gone after it: no server and no token are needed
    #[arg(long, conflicts_with_all = ["server", "token_file"], help_heading = "Server")]
    sandbox: bool,

    /// How the server gets at the files: sent along (multipart), fetched from --source-url (link), fetched from this
    /// machine (serve), or fetched by signed links from a bucket that they are put into (s3://BUCKET/FOLDER,
    /// gs://BUCKET/FOLDER, az://CONTAINER/FOLDER) [default: multipart; for the sandbox, serve]
    #[arg(long, value_name = "STAGE", help_heading = "Server", value_parser = stage)]
    stage: Option<Stage>,

    #[command(flatten)]
    serving: Serving,

    /// How long links from a bucket are good for: longer than the longest job, at most 168h
    #[arg(long, value_name = "TIME", help_heading = "Server", default_value = "24h", value_parser = units::duration)]
    link_lasts: Duration,

    /// The URL of the study's folder, where the server can fetch the files; for --stage link [default: from
    /// ODM_SOURCE_URL, which does not show in the list of processes]
    #[arg(long, value_name = "BASE", help_heading = "Server")]
    source_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Multipart,
    Link,
    Serve,
    Bucket(RemoteUrl),
}

/// Clouds sign links for no longer.
const LONGEST_LINK: Duration = Duration::from_hours(168);

fn stage(text: &str) -> Result<Stage, String> {
    match text {
        "multipart" => Ok(Stage::Multipart),
        "link" => Ok(Stage::Link),
        "serve" => Ok(Stage::Serve),
        _ if RemoteUrl::is_remote(text) => match RemoteUrl::parse(text) {
            Ok(url) if url.is_bucket() => Ok(Stage::Bucket(url)),
            Ok(_) => Err(
                "files cannot be put there: give s3://, gs:// or az://; for files that are at a URL already \
                          there is --stage link --source-url BASE"
                    .to_owned(),
            ),
            Err(error) => Err(error.to_string()),
        },
        _ => {
            Err("it is multipart, link, serve, or a place in a bucket such as s3://BUCKET/FOLDER".to_owned())
        }
    }
}

/// A server that can be spoken to, and the sandbox where it is that.
pub(super) struct Host {
    pub(super) api: Api,
    /// What the server is called where its address says nothing.
    pub(super) server_name: Option<String>,
    stage: Stage,
    source_url: Option<String>,
    /// What serves the files of every study, where it was said where.
    files: Option<FileServer>,
    _sandbox: Option<Sandbox>,
}

/// How the server gets at the files of one study, and what has to live as long as that.
pub(super) struct Reach {
    pub(super) staging: Staging,
    _files: Option<(ServedFiles, Option<FileServer>)>,
}

/// The sandbox of a run guards nothing; it takes a token because ODM does.
const SANDBOX_TOKEN: &str = "sandbox";

impl Target {
    /// Where submissions go to.
    pub(super) const fn destination(&self) -> Destination {
        if self.sandbox {
            Destination::Sandbox
        } else {
            Destination::Odm
        }
    }

    /// The folder of the run's own sandbox, where there is one. It is gone after the run.
    pub(super) fn sandbox_folder(&self) -> anyhow::Result<Option<TempDir>> {
        if !self.sandbox {
            return Ok(None);
        }
        let folder = tempfile::Builder::new().prefix("odmkit-sandbox-").tempdir();
        folder.map(Some).context("cannot make a folder for the sandbox")
    }

    /// Whether it matters where the studies of a batch lie among each other.
    pub(super) fn uses_places(&self) -> bool {
        self.source_url.is_some() || matches!(self.stage, Some(Stage::Link | Stage::Bucket(_)))
    }

    /// The server; the sandbox is started where it is that. `options` is what the sandbox judges by.
    pub(super) async fn host(
        &self,
        sandbox_folder: Option<&Path>,
        options: CheckOptions,
        global: &Global,
    ) -> anyhow::Result<Host> {
        let (sandbox, server, auth) = match sandbox_folder {
            Some(folder) => {
                let judge = EngineJudge::shared(global.resources(), options);
                let sandbox = Sandbox::start(SandboxConfig::new(folder, SANDBOX_TOKEN, judge)).await?;
                let server = Server::parse(&sandbox.url(), false)?;
                let auth = Auth::api_token(sandbox.token())?;
                (Some(sandbox), server, auth)
            }
            None => (None, self.connection.server()?, self.connection.auth()?),
        };
        let stage = self.stage.clone().unwrap_or(if sandbox.is_some() {
            Stage::Serve
        } else {
            Stage::Multipart
        });
        let files = if stage == Stage::Serve {
            let insecure_http = self.connection.insecure_http;
            self.serving.start(&server, insecure_http, global).await?
        } else if self.serving.is_given() {
            bail!("--serve-on and --serve-as are for --stage serve");
        } else {
            None
        };
        Ok(Host {
            source_url: self.source_url(&stage, global),
            stage,
            server_name: sandbox.as_ref().map(|_| "sandbox".to_owned()),
            api: Api::new(server, self.connection.api.into(), auth),
            files,
            _sandbox: sandbox,
        })
    }

    /// The place in a bucket for the files of a study.
    fn bucket(&self, url: &RemoteUrl, place: &Path) -> anyhow::Result<Bucket> {
        if self.link_lasts > LONGEST_LINK {
            bail!("--link-lasts is at most 168h: no cloud signs links for longer");
        }
        let mut folder = url.clone();
        for part in place {
            let part = part.to_str().context("the study's path is no text")?;
            folder = folder.child(part);
        }
        Ok(Bucket {
            folder,
            lasts: self.link_lasts,
        })
    }

    /// How long a job may take where its file is fetched by a link that ends.
    pub(super) fn check_link(&self, job_timeout: Duration) -> anyhow::Result<()> {
        if matches!(self.stage, Some(Stage::Bucket(_))) && self.link_lasts < job_timeout {
            bail!(
                "--link-lasts is shorter than --job-timeout: ODM might still need the file when the link has ended"
            );
        }
        Ok(())
    }

    /// How the server gets at the files of a study. `place` is where the study lies below the base that was given;
    /// empty where the base is the study's own.
    pub(super) async fn reach(
        &self,
        host: &Host,
        plan: &Plan,
        place: &Path,
        dry_run: bool,
    ) -> anyhow::Result<Reach> {
        let mut files = None;
        let staging = match (&host.stage, &host.source_url) {
            (Stage::Multipart, None) => Staging::Multipart,
            (Stage::Link, Some(base)) => Staging::Link {
                base: odmkit_submit::staging::under(base, place)
                    .with_context(|| format!("no link under --source-url leads to {}", place.display()))?,
            },
            (Stage::Serve, None) => {
                let own = match &host.files {
                    Some(_) => None,
                    None => Some(FileServer::start(&Listen::local(serving::port(&plan.state_file))).await?),
                };
                let key = serving::key(&plan.state_file, dry_run)?;
                let served = match (&host.files, &own) {
                    (Some(server), _) | (None, Some(server)) => server.serve(plan.files(), &key)?,
                    (None, None) => bail!("there is nothing to serve files with"),
                };
                let links = served.links().clone();
                files = Some((served, own));
                Staging::Hosted(links)
            }
            (Stage::Bucket(url), None) => Staging::Bucket(self.bucket(url, place)?),
            (Stage::Link, None) => bail!("--stage link needs --source-url BASE, or ODM_SOURCE_URL"),
            (Stage::Multipart | Stage::Serve | Stage::Bucket(_), Some(_)) => {
                bail!("--source-url is for --stage link")
            }
        };
        Ok(Reach {
            staging,
            _files: files,
        })
    }
}

impl Target {
    /// The base of the links: from the flag, or else, where links are what is wanted, from the environment.
    fn source_url(&self, stage: &Stage, global: &Global) -> Option<String> {
        if let Some(url) = &self.source_url {
            if url.contains(['?', '@']) && !global.quiet {
                // Where stderr is gone there is nobody to tell.
                let _ = writeln!(
                    std::io::stderr(),
                    "warning: what --source-url carries shows in the list of processes: set ODM_SOURCE_URL instead"
                );
            }
            return Some(url.clone());
        }
        (*stage == Stage::Link)
            .then(|| variable("ODM_SOURCE_URL"))
            .flatten()
    }
}
