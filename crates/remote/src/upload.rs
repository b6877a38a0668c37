//! Writing an object in parts.

use std::collections::VecDeque;
use std::io;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use object_store::{MultipartUpload, PutPayload};
use tokio::io::AsyncReadExt;
use tokio::task::JoinHandle;

use crate::Object;
use crate::error::{RemoteError, RemoteErrorKind};

/// Bytes of a part. Stores take at most 10,000 parts, so that an object may have 156 GiB.
const PART: usize = 16 << 20;
const MOST_PARTS: usize = 10_000;
/// Parts that travel at a time.
const AT_ONCE: usize = 3;

/// An object that is being written. What is smaller than a part is sent in one request.
///
/// Where writing fails, what has been sent is taken back. A program that is killed leaves parts without an object,
/// which stores clear away by their own rules.
pub struct Upload {
    object: Object,
    parts: Option<Box<dyn MultipartUpload>>,
    begun: usize,
    buffer: BytesMut,
    travelling: VecDeque<JoinHandle<object_store::Result<()>>>,
    written: u64,
}

impl Upload {
    pub(crate) fn new(object: Object) -> Self {
        Self {
            object,
            parts: None,
            begun: 0,
            buffer: BytesMut::new(),
            travelling: VecDeque::new(),
            written: 0,
        }
    }

    /// Takes more bytes. After an error the object will not come to be; [`Upload::abort`] clears away what was sent.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), RemoteError> {
        self.written += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, rest) = bytes.split_at(bytes.len().min(PART - self.buffer.len()));
            self.buffer.extend_from_slice(now);
            bytes = rest;
            if self.buffer.len() == PART {
                let part = self.buffer.split().freeze();
                self.send(part).await?;
            }
        }
        Ok(())
    }

    /// Makes the object of what was written, and says how many bytes it has. Where this fails, nothing is left.
    pub async fn complete(mut self) -> Result<u64, RemoteError> {
        match self.finish().await {
            Ok(()) => Ok(self.written),
            Err(error) => {
                self.abort().await;
                Err(error)
            }
        }
    }

    /// Gives up: parts that were sent are taken back as far as the server can be reached.
    pub async fn abort(mut self) {
        for part in self.travelling.drain(..) {
            part.abort();
        }
        if let Some(parts) = &mut self.parts {
            // There is nothing to be done where this fails too; the first error is the one to tell.
            let _ = parts.abort().await;
        }
    }

    pub(crate) async fn file(mut self, path: &Path, sent: impl Fn(u64) + Send) -> Result<u64, RemoteError> {
        match self.copy(path, sent).await {
            Ok(()) => self.complete().await,
            Err(error) => {
                self.abort().await;
                Err(error)
            }
        }
    }

    async fn copy(&mut self, path: &Path, sent: impl Fn(u64) + Send) -> Result<(), RemoteError> {
        let url = self.object.url().clone();
        let fail = |error: io::Error| RemoteError::local(&url, path, &error);
        let mut file = tokio::fs::File::open(path).await.map_err(fail)?;
        let mut buffer = vec![0; 1 << 20];
        loop {
            let count = file.read(&mut buffer).await.map_err(fail)?;
            if count == 0 {
                return Ok(());
            }
            self.write(&buffer[..count]).await?;
            sent(count as u64);
        }
    }

    async fn finish(&mut self) -> Result<(), RemoteError> {
        let rest = self.buffer.split().freeze();
        if self.parts.is_none() {
            return self.object.put(rest).await;
        }
        if !rest.is_empty() {
            self.send(rest).await?;
        }
        while let Some(part) = self.travelling.pop_front() {
            let part = part.await;
            self.arrived(part)?;
        }
        if let Some(parts) = &mut self.parts {
            parts
                .complete()
                .await
                .map_err(|error| self.object.error(&error))?;
        }
        Ok(())
    }

    async fn send(&mut self, part: Bytes) -> Result<(), RemoteError> {
        if self.parts.is_none() {
            let (store, key) = self.object.parts();
            let begun = store.put_multipart_opts(key, object_store::PutMultipartOptions::default());
            self.parts = Some(begun.await.map_err(|error| self.object.error(&error))?);
        }
        if self.begun == MOST_PARTS {
            let kind =
                RemoteErrorKind::Unsupported("the file is larger than 156 GiB, more than an upload may have");
            return Err(RemoteError::new(self.object.url(), kind));
        }
        while self.travelling.len() >= AT_ONCE {
            if let Some(part) = self.travelling.pop_front() {
                let part = part.await;
                self.arrived(part)?;
            }
        }
        if let Some(parts) = &mut self.parts {
            self.begun += 1;
            self.travelling
                .push_back(tokio::spawn(parts.put_part(PutPayload::from(part))));
        }
        Ok(())
    }

    fn arrived(
        &self,
        part: Result<object_store::Result<()>, tokio::task::JoinError>,
    ) -> Result<(), RemoteError> {
        match part {
            Ok(part) => part.map_err(|error| self.object.error(&error)),
            Err(_) => Err(RemoteError::new(
                self.object.url(),
                RemoteErrorKind::Interrupted("the upload was stopped".to_owned()),
            )),
        }
    }
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({}, {} bytes)", self.object.url(), self.written)
    }
}
