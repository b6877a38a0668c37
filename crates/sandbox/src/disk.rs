//! Files under the data folder.

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// Why a file was not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeepError {
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    #[error("the file did not arrive whole: {0}")]
    Source(String),
    #[error("cannot write: {0}")]
    Disk(#[from] io::Error),
}

/// Writes a stream to `folder/name`, whatever the sender calls it, and at most `limit` bytes of it.
pub(crate) async fn keep<E: std::fmt::Display>(
    folder: &Path,
    name: &str,
    limit: u64,
    mut stream: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<PathBuf, KeepError> {
    fs::create_dir_all(folder).await?;
    let path = folder.join(file_name(name));
    let mut file = fs::File::create(&path).await?;
    let mut bytes = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| KeepError::Source(error.to_string()))?;
        bytes += chunk.len() as u64;
        if bytes > limit {
            return Err(KeepError::TooLarge(limit));
        }
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    Ok(path)
}

/// The last part of a name that somebody sent: never a path, never hidden, never empty, never too long.
pub(crate) fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control() && *c != ':').collect();
    let clean = clean.trim().trim_start_matches('.');
    let mut start = 0;
    // Keep the end: the extension says how a file is packed.
    while clean.len() - start > 200 {
        start += clean[start..].chars().next().map_or(1, char::len_utf8);
    }
    if clean.is_empty() {
        "file".to_owned()
    } else {
        clean[start..].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_leave_their_folder() {
        for (sent, kept) in [
            ("trial.gct", "trial.gct"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("..", "file"),
            ("", "file"),
            ("/", "file"),
            (".hidden", "hidden"),
            ("a\0b\n.tsv", "ab.tsv"),
            ("C:evil", "Cevil"),
            ("sample réf.tsv", "sample réf.tsv"),
        ] {
            assert_eq!(file_name(sent), kept, "{sent:?}");
        }
        let long = file_name(&format!("{}.tsv.gz", "é".repeat(300)));
        assert!(long.len() <= 200 && long.ends_with(".tsv.gz"));
    }
}
