//! An object in a bucket.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStoreExt, PutPayload};

use crate::credentials::{self, Store};
use crate::error::RemoteError;
use crate::{RemoteUrl, Upload};

/// An object in a bucket, whether it exists yet or not.
#[derive(Clone)]
pub struct Object {
    url: RemoteUrl,
    store: Store,
    key: Key,
}

/// Some bytes of an object, and what was told of it along with them.
#[derive(Debug, Clone)]
pub struct ObjectBytes {
    /// The bytes.
    pub bytes: Bytes,
    /// Bytes of the whole object.
    pub length: u64,
    /// What tells this version of the object from others.
    pub version: Option<String>,
}

/// A link that lets whoever has it read an object for some time. It is not printed by accident.
#[derive(Clone)]
pub struct SignedUrl(String);

impl Object {
    /// An object by its address, with the credentials that the environment gives. Nothing is sent yet.
    pub fn at(url: &RemoteUrl) -> Result<Self, RemoteError> {
        let store = credentials::open(url)?;
        let key = Key::parse(url.key()).map_err(|error| RemoteError::of_store(url, &error.into()))?;
        Ok(Self {
            url: url.clone(),
            store,
            key,
        })
    }

    /// An object below this one, in the same bucket and with the same credentials.
    pub fn child(&self, name: &str) -> Result<Self, RemoteError> {
        let url = self.url.child(name);
        let key = Key::parse(url.key()).map_err(|error| RemoteError::of_store(&url, &error.into()))?;
        Ok(Self {
            url,
            store: self.store.clone(),
            key,
        })
    }

    /// The address.
    pub fn url(&self) -> &RemoteUrl {
        &self.url
    }

    /// Some bytes, fewer where the object ends before the range does. With a `version`, no other will do.
    pub async fn get(&self, range: Range<u64>, version: Option<&str>) -> Result<ObjectBytes, RemoteError> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(range)),
            if_match: version.map(str::to_owned),
            ..GetOptions::default()
        };
        let result = self.store.objects.get_opts(&self.key, options).await;
        let result = result.map_err(|error| self.error(&error))?;
        let (length, version) = (result.meta.size, result.meta.e_tag.clone());
        let bytes = result.bytes().await.map_err(|error| self.error(&error))?;
        Ok(ObjectBytes {
            bytes,
            length,
            version,
        })
    }

    /// Bytes of the object.
    pub async fn length(&self) -> Result<u64, RemoteError> {
        let meta = self.store.objects.head(&self.key).await;
        Ok(meta.map_err(|error| self.error(&error))?.size)
    }

    /// Whether the object exists.
    pub async fn exists(&self) -> Result<bool, RemoteError> {
        match self.store.objects.head(&self.key).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.error(&error)),
        }
    }

    /// Writes a small object in one request.
    pub async fn put(&self, bytes: Bytes) -> Result<(), RemoteError> {
        let done = self.store.objects.put(&self.key, PutPayload::from(bytes)).await;
        done.map(|_| ()).map_err(|error| self.error(&error))
    }

    /// Begins to write an object of any size. It exists when [`Upload::complete`] has come back, and not before.
    pub fn upload(&self) -> Upload {
        Upload::new(self.clone())
    }

    /// Writes a file of this machine, in parts where it is large. Nothing is left behind where it fails.
    pub async fn upload_file(&self, path: &Path, sent: impl Fn(u64) + Send) -> Result<u64, RemoteError> {
        self.upload().file(path, sent).await
    }

    /// Takes the object away. It is no error where there is none.
    pub async fn delete(&self) -> Result<(), RemoteError> {
        match self.store.objects.delete(&self.key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.error(&error)),
        }
    }

    /// The addresses of the objects whose keys begin as this one's, a folder's, in order.
    pub async fn list(&self) -> Result<Vec<RemoteUrl>, RemoteError> {
        let found = self.store.objects.list(Some(&self.key));
        let found: Vec<_> = found.try_collect().await.map_err(|error| self.error(&error))?;
        let scheme = self.url.expose().split("://").next().unwrap_or_default();
        let mut urls = found
            .iter()
            .map(|meta| format!("{scheme}://{}/{}", self.url.bucket(), meta.location))
            .map(|text| RemoteUrl::parse(&text))
            .collect::<Result<Vec<_>, _>>()?;
        urls.sort_by(|a, b| a.expose().cmp(b.expose()));
        Ok(urls)
    }

    /// A link to read the object with, good for so long.
    pub async fn signed_get(&self, lasts: Duration) -> Result<SignedUrl, RemoteError> {
        let link = self
            .store
            .signer
            .signed_url(reqwest::Method::GET, &self.key, lasts)
            .await;
        link.map(|link| SignedUrl(link.into()))
            .map_err(|error| self.error(&error))
    }

    pub(crate) fn parts(&self) -> (&dyn object_store::ObjectStore, &Key) {
        (&*self.store.objects, &self.key)
    }

    pub(crate) fn error(&self, error: &object_store::Error) -> RemoteError {
        RemoteError::of_store(&self.url, error)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({})", self.url)
    }
}

impl SignedUrl {
    /// The link, with its signature: for the request alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedUrl({})", odmkit_core::redact::link(&self.0))
    }
}
