//! Files that ODM fetches from a bucket, by signed links.
//!
//! An object's key holds the content's hash: the same content is put there once, and another content never stands behind
//! the same object. A link is signed anew each time it is asked for, so ODM does not know it again: whether an import
//! whose answer was lost has arrived cannot be found out by sending it once more, except within the one request that is
//! tried again as it is. The state file names objects, never links.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use odmkit_odm_api::{FileLink, Mapping};
use odmkit_remote::{Object, RemoteError, RemoteUrl};

use crate::files::Mark;
use crate::observer::Event;
use crate::plan::{Entity, EntityKind, Origin, Source};
use crate::run::Run;
use crate::staging::{self, Staged};
use crate::state::Via;

/// A place in a bucket, and how long links from there are good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The place under which objects are put.
    pub folder: RemoteUrl,
    /// How long ODM can fetch what it was given a link of.
    pub lasts: Duration,
}

/// Bytes of files whose way into the bucket takes a while.
const WORTH_TELLING: u64 = 8 << 20;

/// How much of a hash makes a key: enough that no two files of a folder share it by chance.
const HASH_DIGITS: usize = 32;

impl Bucket {
    /// Where a file of this content and name is put.
    fn address(&self, mark: &Mark) -> RemoteUrl {
        let hash = mark.sha256.get(..HASH_DIGITS).unwrap_or(&mark.sha256);
        let name = Path::new(&mark.path).file_name().unwrap_or_default();
        self.folder.child(hash).child(&name.to_string_lossy())
    }

    /// What an entity's import looks like, without hash and signature.
    pub(crate) fn shown(&self, entity: &Entity) -> Option<Staged> {
        let link = |source: &Source| match source {
            Source::Link(link) => link.clone(),
            Source::File(path) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let (bucket, key) = (self.folder.bucket(), self.folder.key());
                FileLink::from(format!("https://{bucket}/{key}/CONTENT/{name}?signature=x"))
            }
        };
        let links: Vec<FileLink> = entity.sources().map(link).collect();
        (!links.is_empty()).then(|| linked(entity, links))
    }

    /// How these files are to get to ODM, for the state file.
    pub(crate) fn via(&self, files: &[Mark]) -> Via {
        Via::Object {
            objects: files
                .iter()
                .map(|mark| self.address(mark).expose().to_owned())
                .collect(),
            link_ends: None,
        }
    }
}

impl Run<'_> {
    /// Puts an entity's files into the bucket, as far as they are not there, and makes an import of links to them.
    pub(crate) async fn lend(&self, index: usize, bucket: &Bucket) -> Result<Staged, RemoteError> {
        let Origin::Import { file, metadata } = self.plan.entities[index].origin.clone() else {
            return Ok(Staged::Bucket(bucket.clone()));
        };
        let marks = self.state().entities[index].files.clone();
        let of = marks.iter().map(|mark| mark.bytes).sum();
        let sent = AtomicU64::new(0);
        let mut marks = marks.iter();
        let mut links = Vec::new();
        for source in std::iter::once(&file).chain(&metadata) {
            links.push(match (source, source_mark(source, &mut marks)) {
                (Source::File(path), Some(mark)) => {
                    let label = self.plan.label(index);
                    let told = |bytes| {
                        let sent = sent.fetch_add(bytes, Ordering::Relaxed) + bytes;
                        if of < WORTH_TELLING {
                            return;
                        }
                        self.observer.observe(&Event::Sending {
                            path: &label,
                            sent,
                            of,
                        });
                    };
                    lent(bucket, path, mark, told).await?
                }
                (Source::File(path), None) => FileLink::from(path.display().to_string()),
                (Source::Link(link), _) => link.clone(),
            });
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        if let Some(Via::Object { link_ends, .. }) = &mut self.state().entities[index].via {
            *link_ends = Some(now.saturating_add(bucket.lasts).as_secs());
        }
        Ok(linked(&self.plan.entities[index], links))
    }

    /// Whether the links by which an entity was imported are good no longer.
    pub(crate) fn links_have_ended(&self, index: usize) -> bool {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        matches!(
            self.state().entities[index].via,
            Some(Via::Object { link_ends: Some(end), .. }) if end <= now.as_secs()
        )
    }
}

/// An entity's import by links to its file and, where it has one, its metadata.
fn linked(entity: &Entity, links: Vec<FileLink>) -> Staged {
    let mut links = links.into_iter();
    let data = links.next().unwrap_or_else(|| FileLink::new(""));
    let identity = String::new();
    if entity.kind == EntityKind::Mapping {
        let mapping = Mapping::new(data);
        return Staged::Mapping { mapping, identity };
    }
    let import = staging::import(entity, data, links.next());
    Staged::Link { import, identity }
}

fn source_mark<'a>(source: &Source, marks: &mut impl Iterator<Item = &'a Mark>) -> Option<&'a Mark> {
    matches!(source, Source::File(_)).then(|| marks.next()).flatten()
}

/// Puts one file into the bucket, unless it is there, and signs a link to it.
async fn lent(
    bucket: &Bucket,
    path: &Path,
    mark: &Mark,
    told: impl Fn(u64) + Send,
) -> Result<FileLink, RemoteError> {
    let object = Object::at(&bucket.address(mark))?;
    // Who may write need not be allowed to look: what cannot be seen is written.
    if object.length().await.ok() != Some(mark.bytes) {
        object.upload_file(path, told).await?;
    }
    let link = object.signed_get(bucket.lasts).await?;
    Ok(FileLink::new(link.expose()))
}
