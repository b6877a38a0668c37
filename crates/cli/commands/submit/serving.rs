//! Serving the files of a run from this machine: where it listens, and under which address the server comes there.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use odmkit_odm_api::{BadServer, Server};
use odmkit_sandbox::{FileServer, LinkKey, Listen};

use crate::global::Global;

/// The flags of `--stage serve`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Server")]
pub(super) struct Serving {
    /// Where --stage serve listens, for a server that is another machine: an address of this one and a port, as in
    /// 192.0.2.7:8099, or 0.0.0.0:8099 for all of its addresses [default: 127.0.0.1, for a server on this machine]
    #[arg(long, value_name = "ADDRESS", value_parser = listen)]
    serve_on: Option<SocketAddr>,

    /// What the links of --stage serve begin with, where the server comes to this machine by a name or through a proxy:
    /// https or http, the host and any path [default: http and the address of --serve-on]
    // What clap refuses it shows, a password in it and all: it is read later.
    #[arg(long, value_name = "URL")]
    serve_as: Option<String>,
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse::<SocketAddr>();
    address.ok().filter(|address| address.port() > 0).ok_or_else(|| {
        "it is an address of this machine and a port, as in 192.0.2.7:8099, 0.0.0.0:8099 or [::1]:8099"
            .to_owned()
    })
}

/// What links begin with.
fn base(text: &str) -> anyhow::Result<String> {
    // What makes no address of a server makes no beginning of links either; whether it is encrypted is asked later.
    match Server::parse(text, true) {
        Ok(server) => Ok(server.as_str().to_owned()),
        Err(BadServer::Credentials) => {
            bail!("--serve-as: it carries a user name or password, which links cannot")
        }
        Err(BadServer::Query) => bail!("--serve-as: it ends at its path; leave out what follows ? or #"),
        Err(BadServer::NotUrl | BadServer::Scheme { .. } | BadServer::PlainHttp { .. }) => {
            bail!("--serve-as: it is not a URL such as https://lab.example.org/odm")
        }
    }
}

impl Serving {
    /// Whether anything is said of serving.
    pub(super) fn is_given(&self) -> bool {
        self.serve_on.is_some() || self.serve_as.is_some()
    }

    /// Starts what serves the files of every study, where an address was given; each study has its own server else.
    /// `server` is who is to fetch them.
    pub(super) async fn start(
        &self,
        server: &Server,
        insecure_http: bool,
        global: &Global,
    ) -> anyhow::Result<Option<FileServer>> {
        let reached_by = self.reached_by(server)?;
        if !reached_by.is_loopback() && reached_by.as_str().starts_with("http://") && !insecure_http {
            bail!(
                "the files would travel unencrypted from {reached_by}: put a proxy with https:// in front of it and name it \
                 with --serve-as, or allow plain http with --insecure-http"
            );
        }
        if !self.is_given() {
            return Ok(None);
        }
        let address = self
            .serve_on
            .unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT)));
        let listen = Listen {
            address,
            other_port: false,
            base: self.serve_as.as_deref().map(base).transpose()?,
        };
        let started = FileServer::start(&listen).await?;
        if !global.quiet {
            // Where stderr is gone there is nobody to tell.
            let _ = writeln!(
                std::io::stderr(),
                "serving the files on {address} while the run lasts, to those who have their links under {reached_by}"
            );
        }
        Ok(Some(started))
    }

    /// Under which address the server comes to this machine, or why it would not.
    fn reached_by(&self, server: &Server) -> anyhow::Result<Server> {
        let local = IpAddr::from(Ipv4Addr::LOCALHOST);
        let ip = self.serve_on.map_or(local, |address| address.ip());
        let base = match (&self.serve_as, self.serve_on) {
            (Some(text), _) => base(text)?,
            (None, Some(address)) if ip.is_unspecified() => bail!(
                "--serve-on {address} is every address of this machine, and no link leads there: say with --serve-as \
                 http://NAME:{} by which of them the server comes",
                address.port()
            ),
            (None, Some(address)) => format!("http://{address}"),
            (None, None) => format!("http://{local}"),
        };
        let base = Server::parse(&base, true)?;
        if base.is_loopback() && !server.is_loopback() {
            bail!(
                "--stage serve serves files to this machine only, and {server} is another one: say with --serve-on \
                 ADDRESS:PORT where it can fetch them from, or choose another --stage"
            );
        }
        Ok(base)
    }
}

/// Where a proxy finds the files that it is to pass on, unless `--serve-on` says so.
const DEFAULT_PORT: u16 = 8099;

/// A port that stays the same from one run of a study to the next: the server knows an import by its link. It is none of
/// those that systems give to connections that go out, or it might be taken when the run goes on.
pub(super) fn port(state_file: &Path) -> u16 {
    let path: PathBuf = std::path::absolute(state_file).unwrap_or_else(|_| state_file.to_owned());
    let text = path.to_string_lossy();
    // FNV-1a: short, and the same on every machine and in every version.
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    20_000 + u16::try_from(hash % 12_000).unwrap_or(0)
}

/// What keeps a study's links from being guessed. It lies beside the state, so that a run that goes on has the same links;
/// a dry run leaves nothing behind.
pub(super) fn key(state_file: &Path, dry_run: bool) -> anyhow::Result<LinkKey> {
    let path = state_file.with_extension("key");
    let key = match LinkKey::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if dry_run {
                LinkKey::random()
            } else {
                LinkKey::kept_in(&path)
            }
        }
        read => read,
    };
    key.with_context(|| format!("cannot use {} for the links of served files", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_a_study_stays_the_same() {
        let first = port(Path::new("/data/trial.odmkit-run.json"));
        assert_eq!(first, port(Path::new("/data/trial.odmkit-run.json")));
        assert_ne!(first, port(Path::new("/data/other.odmkit-run.json")));
        assert!((20_000..32_000).contains(&first));
    }

    #[test]
    fn a_server_comes_to_what_it_can_reach() {
        let near = Server::parse("http://127.0.0.1:8080", false).unwrap();
        let far = Server::parse("https://odm.example.org", false).unwrap();
        let serving = |on: Option<&str>, at: Option<&str>| Serving {
            serve_on: on.map(|text| listen(text).unwrap()),
            serve_as: at.map(str::to_owned),
        };
        for (on, at, server, wanted) in [
            (None, None, &near, Ok("http://127.0.0.1")),
            (None, None, &far, Err("--serve-on")),
            (Some("127.0.0.1:8099"), None, &far, Err("--serve-on")),
            (Some("192.0.2.7:8099"), None, &far, Ok("http://192.0.2.7:8099")),
            (Some("[2001:db8::1]:80"), None, &far, Ok("http://[2001:db8::1]")),
            (
                Some("0.0.0.0:8099"),
                None,
                &near,
                Err("--serve-as http://NAME:8099"),
            ),
            (
                Some("0.0.0.0:8099"),
                Some("http://lab:8099/"),
                &far,
                Ok("http://lab:8099"),
            ),
            (
                None,
                Some("https://lab.example.org/odm/"),
                &far,
                Ok("https://lab.example.org/odm"),
            ),
            (None, Some("http://localhost:1"), &far, Err("another one")),
        ] {
            let found = serving(on, at).reached_by(server);
            match (found, wanted) {
                (Ok(found), Ok(wanted)) => assert_eq!(found.as_str(), wanted),
                (Err(error), Err(wanted)) => assert!(error.to_string().contains(wanted), "{error}"),
                (found, wanted) => panic!("{on:?} {at:?}: {found:?}, not {wanted:?}"),
            }
        }
        for wrong in ["8099", "127.0.0.1", "127.0.0.1:0", "lab:8099", ""] {
            assert!(listen(wrong).is_err(), "{wrong}");
        }
        for wrong in ["lab:8099", "ftp://lab", "https://me:pw@lab", "https://lab?x=1"] {
            assert!(!base(wrong).unwrap_err().to_string().contains("pw"), "{wrong}");
        }
    }
}
