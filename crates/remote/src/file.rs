//! A file to be read, wherever it is.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;

use crate::error::{RemoteError, RemoteErrorKind};
use crate::retry::{Failed, Patience};
use crate::runtime::wait;
use crate::web::{Begun, WebFile};
use crate::window::{Fetch, Window};
use crate::{Object, RemoteUrl};

/// Bytes that the first request asks for: as much as one looks at to tell what a file is.
const FIRST: u64 = 256 << 10;

/// A file that a server gives in ranges, read by position, by any thread. It is always the one that was opened: where
/// it changes meanwhile, reading fails.
pub struct RemoteFile {
    length: u64,
    first: Bytes,
    fetch: Arc<dyn Fetch>,
    window: Window,
}

/// A file, opened.
#[derive(Debug)]
pub enum Opened {
    /// It is read in ranges.
    Ranged(RemoteFile),
    /// The server gives no ranges: this is a copy, in a temporary file that vanishes with the program.
    Kept(File),
}

impl RemoteFile {
    /// Opens the file at an address, and waits for its first bytes.
    pub fn open(url: &RemoteUrl) -> Result<Opened, RemoteError> {
        Self::open_with(url, Patience::default())
    }

    /// The same with another patience.
    pub fn open_with(url: &RemoteUrl, patience: Patience) -> Result<Opened, RemoteError> {
        let url = url.clone();
        if url.is_bucket() {
            let object = Object::at(&url)?;
            return wait(async move { object_file(object, patience).await }).map(Opened::Ranged);
        }
        match wait(async move { WebFile::open(&url, FIRST, patience).await })? {
            Begun::Ranged(file, length, first) => {
                Ok(Opened::Ranged(Self::new(length, first, Arc::new(file))))
            }
            Begun::Whole(file) => Ok(Opened::Kept(file)),
        }
    }

    fn new(length: u64, first: Bytes, fetch: Arc<dyn Fetch>) -> Self {
        Self {
            length,
            first,
            window: Window::new(Arc::clone(&fetch), length),
            fetch,
        }
    }

    /// The same version of the file once more. What one fetches is not kept for the other, but for the beginning.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::new(self.length, self.first.clone(), Arc::clone(&self.fetch))
    }

    /// Bytes of the file.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads at `offset` as much as is at hand or comes next; nothing at the end of the file alone.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let first = usize::try_from(offset)
            .ok()
            .and_then(|offset| self.first.get(offset..));
        match first {
            Some(first) if !first.is_empty() => {
                let count = first.len().min(buffer.len());
                buffer[..count].copy_from_slice(&first[..count]);
                Ok(count)
            }
            _ => self.window.read_at(buffer, offset),
        }
    }
}

impl std::fmt::Debug for RemoteFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RemoteFile({} bytes)", self.length)
    }
}

/// One version of an object.
struct ObjectFile {
    object: Object,
    version: Option<String>,
    patience: Patience,
}

async fn object_file(object: Object, patience: Patience) -> Result<RemoteFile, RemoteError> {
    let begun = patience
        .until_done(|| within(&object, 0..FIRST, None, patience))
        .await;
    let (first, length, version) = match begun {
        Ok(begun) => begun,
        // Of nothing there is no range.
        Err(error)
            if matches!(error.kind(), RemoteErrorKind::Status(status) if status.starts_with("416"))
                || matches!(error.kind(), RemoteErrorKind::Settings(_)) =>
        {
            if object.length().await? > 0 {
                return Err(error);
            }
            (Bytes::new(), 0, None)
        }
        Err(error) => return Err(error),
    };
    let fetch = Arc::new(ObjectFile {
        object,
        version,
        patience,
    });
    Ok(RemoteFile::new(length, first, fetch))
}

/// A range of an object; a server that stays silent has failed.
async fn within(
    object: &Object,
    range: Range<u64>,
    version: Option<&str>,
    patience: Patience,
) -> Result<(Bytes, u64, Option<String>), Failed> {
    // The store tries again by itself where a request fails, each time for as long as the line may need.
    match tokio::time::timeout(patience.silence * 4, object.get(range, version)).await {
        Ok(got) => {
            let got = got?;
            Ok((got.bytes, got.length, got.version))
        }
        Err(_) => Err(RemoteError::new(object.url(), RemoteErrorKind::Timeout).into()),
    }
}

impl Fetch for ObjectFile {
    fn fetch(&self, range: Range<u64>) -> BoxFuture<'static, Result<Bytes, RemoteError>> {
        let (object, version, patience) = (self.object.clone(), self.version.clone(), self.patience);
        Box::pin(async move {
            let wanted = range.end - range.start;
            let attempt = || async {
                let (bytes, ..) = within(&object, range.clone(), version.as_deref(), patience).await?;
                if bytes.len() as u64 == wanted {
                    return Ok(bytes);
                }
                let kind = RemoteErrorKind::Short {
                    promised: wanted,
                    got: bytes.len() as u64,
                };
                Err(RemoteError::new(object.url(), kind).into())
            };
            patience.until_done(attempt).await
        })
    }
}
