//! Which ODM server, and who we are to it. A token is never an argument: arguments show in the list of processes.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use odmkit_odm_api::{
    Api, Auth, BoxFuture, Client, HttpTransport, PathFamily, Request, Response, RetryPolicy, Server,
    Transport, TransportError,
};
use odmkit_report::escape;

use crate::global::Global;

/// The flags that say which server.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct Connection {
    /// The address of the ODM server [default: from ODM_HOST]
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,

    /// Read the API token from FILE [default: from ODM_API_TOKEN, or an access token from ODM_ACCESS_TOKEN]
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,

    /// The paths of the server's API
    #[arg(long, value_name = "FAMILY", default_value = "v1")]
    pub(crate) api: Family,

    /// Send the token, or serve files, over plain http beyond this machine all the same
    #[arg(long)]
    pub(crate) insecure_http: bool,
}

/// The two families of paths that servers offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Family {
    /// /api/v1/jobs/…
    V1,
    /// /frontend/rs/genestack/job/default-released/…
    Legacy,
}

impl From<Family> for PathFamily {
    fn from(family: Family) -> Self {
        match family {
            Family::V1 => Self::V1,
            Family::Legacy => Self::Legacy,
        }
    }
}

impl Connection {
    /// The server.
    pub(crate) fn server(&self) -> anyhow::Result<Server> {
        let Some(text) = self.server.clone().or_else(|| variable("ODM_HOST")) else {
            bail!("no server: give --server URL or set ODM_HOST");
        };
        Ok(Server::parse(&text, self.insecure_http)?)
    }

    /// The token, from the file or else from the environment. Exactly one must be there.
    pub(crate) fn auth(&self) -> anyhow::Result<Auth> {
        if let Some(file) = &self.token_file {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read the token from {}", file.display()))?;
            return Auth::api_token(&text).with_context(|| format!("{}", file.display()));
        }
        match (variable("ODM_API_TOKEN"), variable("ODM_ACCESS_TOKEN")) {
            (Some(token), None) => Auth::api_token(&token).context("ODM_API_TOKEN"),
            (None, Some(token)) => Auth::access_token(&token).context("ODM_ACCESS_TOKEN"),
            (Some(_), Some(_)) => bail!("both ODM_API_TOKEN and ODM_ACCESS_TOKEN are set: unset one of them"),
            (None, None) => {
                bail!("no token: set ODM_API_TOKEN or ODM_ACCESS_TOKEN, or give --token-file FILE")
            }
        }
    }
}

/// A client; where the user asks for as much, it tells every request.
pub(crate) fn connect(api: Api, global: &Global) -> Result<Client, TransportError> {
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(api.server())?);
    let transport = if global.verbose > 1 {
        Arc::new(Told(transport))
    } else {
        transport
    };
    Ok(Client::with_transport(api, transport, RetryPolicy::default()))
}

/// Tells every request on stderr, and what came of it: method, address and status, never a header or a body.
#[derive(Debug)]
struct Told(Arc<dyn Transport>);

impl Transport for Told {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let line = request.line();
        Box::pin(async move {
            let began = Instant::now();
            let result = self.0.send(request).await;
            let came = match &result {
                Ok(response) => response.status.to_string(),
                Err(error) => error.to_string(),
            };
            // Where stderr is gone there is nobody to tell.
            let _ = writeln!(
                io::stderr(),
                "  {} {came} in {:.3} s",
                escape(&line.to_string()),
                began.elapsed().as_secs_f64()
            );
            result
        })
    }
}

/// An environment variable that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
