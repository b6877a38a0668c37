//! The server's address.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The base address of an ODM server, without a trailing slash, user name or query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    base: String,
    loopback: bool,
}

/// Text that cannot be a server's address, or one that is not safe to send a token to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadServer {
    /// Not a URL.
    #[error("the server's address is not a URL; it looks like https://odm.example.org")]
    NotUrl,
    /// Neither http nor https.
    #[error("the server's address must start with https:// (or http://), not {scheme}://")]
    Scheme {
        /// What it starts with.
        scheme: String,
    },
    /// A user name or password in the address.
    #[error("the server's address carries a user name or password; ODM takes a token instead")]
    Credentials,
    /// A query or a fragment.
    #[error("the server's address ends at its path; leave out what follows ? or #")]
    Query,
    /// Plain http to another machine.
    #[error(
        "{server} is plain http to another machine: the token would travel unencrypted. Use https://, \
         or allow plain http explicitly"
    )]
    PlainHttp {
        /// The address.
        server: String,
    },
}

impl Server {
    /// Reads an address; plain http is taken for loopback addresses, and elsewhere only with `insecure_http`.
    pub fn parse(text: &str, insecure_http: bool) -> Result<Self, BadServer> {
        let url = Url::parse(text.trim()).map_err(|_| BadServer::NotUrl)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadServer::Scheme {
                scheme: url.scheme().to_owned(),
            });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadServer::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BadServer::Query);
        }
        let host = url.host_str().ok_or(BadServer::NotUrl)?;
        let address: Result<IpAddr, _> = host.trim_start_matches('[').trim_end_matches(']').parse();
        let loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        let base = url.as_str().trim_end_matches('/').to_owned();
        if url.scheme() == "http" && !loopback && !insecure_http {
            return Err(BadServer::PlainHttp { server: base });
        }
        Ok(Self { base, loopback })
    }

    /// The address, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.base
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_slashes_go() {
        assert_eq!(
            Server::parse("https://odm.example.org/", false).unwrap().as_str(),
            "https://odm.example.org"
        );
        assert_eq!(
            Server::parse("https://example.org/odm//", false)
                .unwrap()
                .as_str(),
            "https://example.org/odm"
        );
    }

    #[test]
    fn plain_http_only_to_this_machine() {
        for near in [
            "http://127.0.0.1:80",
            "http://127.9.9.9",
            "http://localhost:8",
            "http://[::1]:3",
        ] {
            assert!(Server::parse(near, false).unwrap().is_loopback(), "{near}");
        }
        for far in [
            "http://odm.example.org",
            "http://10.0.0.1",
            "http://localhost.example.org",
        ] {
            assert!(
                matches!(Server::parse(far, false), Err(BadServer::PlainHttp { .. })),
                "{far}"
            );
            assert!(!Server::parse(far, true).unwrap().is_loopback(), "{far}");
        }
    }

    #[test]
    fn what_is_no_server() {
        assert_eq!(Server::parse("odm.example.org", false), Err(BadServer::NotUrl));
        assert!(matches!(
            Server::parse("ftp://a", false),
            Err(BadServer::Scheme { .. })
        ));
        assert_eq!(
            Server::parse("https://me:pw@a", false),
            Err(BadServer::Credentials)
        );
        assert_eq!(Server::parse("https://a/?x=1", false), Err(BadServer::Query));
    }
}
