//! Fetching what a link points to, as the server would.

use std::path::{Path, PathBuf};

use futures_util::stream;
use reqwest::Url;
use tokio::io::AsyncReadExt;

use crate::disk;
use crate::judge::JudgedError;
use crate::state::Shared;

/// How a link is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Http,
    S3,
    File,
}

/// How ODM would fetch a link; `None` where it would not.
pub(crate) fn way(link: &str) -> Option<Way> {
    match Url::parse(link).ok()?.scheme() {
        "http" | "https" => Some(Way::Http),
        "s3" => Some(Way::S3),
        "file" => Some(Way::File),
        _ => None,
    }
}

/// Fetches a link into `folder`.
pub(crate) async fn fetch(
    shared: &Shared,
    link: Option<&str>,
    folder: &Path,
) -> Result<PathBuf, JudgedError> {
    let link = link.ok_or_else(|| {
        error(
            "LinkNotKept",
            "the sandbox was restarted before it fetched this link, and keeps no link with a query",
        )
    })?;
    let url = Url::parse(link).map_err(|problem| error("MalformedLink", &problem.to_string()))?;
    let name = url
        .path_segments()
        .and_then(|mut segments| segments.next_back().map(decoded))
        .unwrap_or_default();
    let limit = shared.config.largest_file;
    match way(link) {
        Some(Way::Http) => {
            let answer = shared
                .fetcher
                .get(url)
                .send()
                .await
                .map_err(|problem| error("LinkNotReachable", &chain(&problem.without_url())))?;
            if !answer.status().is_success() {
                let status = answer.status().as_u16();
                return Err(error(
                    "LinkNotReachable",
                    &format!("the link's server answered {status}"),
                ));
            }
            let bytes = answer.bytes_stream();
            disk::keep(folder, &name, limit, Box::pin(bytes)).await
        }
        Some(Way::File) => {
            let path = url
                .to_file_path()
                .map_err(|()| error("MalformedLink", "not a path on this machine"))?;
            let file = tokio::fs::File::open(&path)
                .await
                .map_err(|problem| error("LinkNotReachable", &format!("{}: {problem}", path.display())))?;
            disk::keep(folder, &name, limit, Box::pin(chunks(file))).await
        }
        Some(Way::S3) => return Err(error("AccessDenied", "no S3 storage is set up for this server")),
        None => {
            return Err(error(
                "MalformedLink",
                "only http, https, s3 and file links are fetched",
            ));
        }
    }
    .map_err(|problem| error("LinkNotReachable", &problem.to_string()))
}

/// The bytes of a file, a piece at a time.
pub(crate) fn chunks(
    file: tokio::fs::File,
) -> impl futures_util::Stream<Item = std::io::Result<bytes::Bytes>> + Send + 'static {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = Vec::with_capacity(1 << 16);
        let length = file.read_buf(&mut piece).await?;
        Ok((length > 0).then(|| (piece.into(), file)))
    })
}

fn error(kind: &str, message: &str) -> JudgedError {
    JudgedError {
        kind: kind.to_owned(),
        message: message.to_owned(),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// Undoes percent-encoding.
fn decoded(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let code = segment
            .get(at + 1..at + 3)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(byte) if bytes[at] == b'%' => {
                plain.push(byte);
                at += 3;
            }
            _ => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded() {
        for (sent, plain) in [
            ("a%20b.tsv", "a b.tsv"),
            ("%C3%A9", "é"),
            ("100%", "100%"),
            ("%2G", "%2G"),
        ] {
            assert_eq!(decoded(sent), plain);
        }
    }

    #[test]
    fn ways() {
        assert_eq!(way("https://a/b"), Some(Way::Http));
        assert_eq!(way("file:///a/b"), Some(Way::File));
        assert_eq!(way("s3://b/c"), Some(Way::S3));
        for none in ["gs://b/c", "ftp://a", "/a/b", "a", ""] {
            assert_eq!(way(none), None, "{none}");
        }
    }
}
