//! How ODM gets at the files.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use odmkit_odm_api::{
    Accession, Attachment, Expression, FileLink, Import, Mapping, Metadata, Signal, UnusableImport, redact,
};
use reqwest::Url;

use crate::bucket::Bucket;
use crate::error::Refusal;
use crate::files;
use crate::plan::{Entity, EntityKind, Origin, Plan, Source};

/// The data class of an attachment that names none: ODM's own default.
const ATTACHED: &str = "Other";

/// How ODM gets at files on this machine. Files at links are always fetched from there.
#[derive(Clone, PartialEq, Eq)]
pub enum Staging {
    /// They are sent along; ODM has this for everything but a study.
    Multipart,
    /// They lie under a base URL already, in the same arrangement as in the study's folder.
    Link {
        /// The base, as in `https://files.example.org/trial`.
        base: String,
    },
    /// They are served under these links, by path.
    Hosted(BTreeMap<PathBuf, String>),
    /// ODM reads them from this machine's file system, by `file://` links.
    SharedDisk,
    /// They are put into a bucket, and fetched from there by signed links.
    Bucket(Bucket),
}

/// An import, ready to be asked for.
#[derive(Debug, Clone)]
pub(crate) enum Staged {
    Link {
        import: Import<FileLink>,
        identity: String,
    },
    Mapping {
        mapping: Mapping,
        identity: String,
    },
    Upload(Import<PathBuf>),
    /// Is put into a bucket when its turn comes, and imported by a link from there.
    Bucket(Bucket),
}

impl Staged {
    /// The same under a study whose accession has become known.
    pub(crate) fn under(mut self, study: Option<&Accession>) -> Self {
        match (&mut self, study) {
            (
                Self::Link {
                    import: Import::File(file),
                    ..
                },
                Some(study),
            ) => file.study = study.clone(),
            (Self::Upload(Import::File(file)), Some(study)) => file.study = study.clone(),
            _ => {}
        }
        self
    }
}

/// Shows links without what they hide.
impl fmt::Debug for Staging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Multipart => f.write_str("Multipart"),
            Self::Link { base } => write!(f, "Link({})", redact::link(base)),
            Self::Hosted(links) => {
                let links = links.iter().map(|(path, link)| (path, redact::link(link)));
                f.write_str("Hosted")?;
                f.debug_map().entries(links).finish()
            }
            Self::SharedDisk => f.write_str("SharedDisk"),
            Self::Bucket(bucket) => write!(f, "Bucket({})", bucket.folder),
        }
    }
}

impl Staging {
    /// An entity's import, or why there is none; `None` for an entity that exists already.
    pub(crate) fn stage(&self, plan: &Plan, entity: &Entity) -> Result<Option<Staged>, Refusal> {
        let Origin::Import { file, metadata } = &entity.origin else {
            return Ok(None);
        };
        let label = || plan.source_label(file);
        let local = |source: &Source| matches!(source, Source::File(_));
        if *self == Self::Multipart && local(file) {
            if entity.kind == EntityKind::Study {
                return Err(Refusal::StudyUpload { path: label() });
            }
            let path = |source: &Source| match source {
                Source::File(path) => Ok(path.clone()),
                Source::Link(_) => Err(Refusal::HalfLinked { path: label() }),
            };
            if entity.kind == EntityKind::Mapping {
                return Err(Refusal::MappingUpload { path: label() });
            }
            let import = import(entity, path(file)?, metadata.as_ref().map(path).transpose()?);
            return Ok(Some(Staged::Upload(import)));
        }
        if let Self::Bucket(bucket) = self
            && (local(file) || metadata.as_ref().is_some_and(local))
        {
            if let Some(Staged::Link { import, .. }) = bucket.shown(entity) {
                import
                    .body()
                    .map_err(|why: UnusableImport| Refusal::Unusable { path: label(), why })?;
            }
            return Ok(Some(Staged::Bucket(bucket.clone())));
        }
        let link = |source: &Source| match source {
            Source::Link(link) => Ok(link.clone()),
            Source::File(path) => self.link(plan, path).map(FileLink::from),
        };
        if *self == Self::Multipart && metadata.as_ref().is_some_and(local) {
            return Err(Refusal::HalfLinked { path: label() });
        }
        let (data, metadata) = (link(file)?, metadata.as_ref().map(link).transpose()?);
        let identity = files::digest(&[
            data.expose(),
            metadata.as_ref().map(FileLink::expose).unwrap_or_default(),
        ]);
        let unusable = |why: UnusableImport| Refusal::Unusable { path: label(), why };
        if entity.kind == EntityKind::Mapping {
            let mapping = Mapping::new(data);
            mapping.check().map_err(unusable)?;
            return Ok(Some(Staged::Mapping { mapping, identity }));
        }
        let import = import(entity, data, metadata);
        import.body().map_err(unusable)?;
        Ok(Some(Staged::Link { import, identity }))
    }

    fn link(&self, plan: &Plan, path: &Path) -> Result<String, Refusal> {
        let label = || path.display().to_string();
        match self {
            Self::Multipart => Err(Refusal::HalfLinked { path: label() }),
            Self::Link { base } => {
                let outside = || Refusal::OutsideRoot {
                    path: label(),
                    base: redact::link(base),
                };
                let inner = path.strip_prefix(&plan.root).map_err(|_| outside())?;
                under(base, inner).ok_or_else(outside)
            }
            Self::Bucket(_) => Err(Refusal::NoLink { path: label() }),
            Self::Hosted(links) => links
                .get(path)
                .cloned()
                .ok_or_else(|| Refusal::NoLink { path: label() }),
            Self::SharedDisk => std::path::absolute(path)
                .ok()
                .and_then(|path| Url::from_file_path(path).ok())
                .map(String::from)
                .ok_or_else(|| Refusal::NoLink { path: label() }),
        }
    }
}

/// `base/inner`, percent-encoded; the base's query (a shared signature, say) stays behind it. `None` where no path under
/// the base leads there.
pub fn under(base: &str, inner: &Path) -> Option<String> {
    let mut url = Url::parse(base).ok()?;
    {
        let mut segments = url.path_segments_mut().ok()?;
        segments.pop_if_empty();
        for part in inner.components() {
            match part {
                std::path::Component::Normal(name) => segments.push(name.to_str()?),
                std::path::Component::CurDir => &mut segments,
                _ => return None,
            };
        }
    }
    Some(url.into())
}

pub(crate) fn import<S>(entity: &Entity, file: S, metadata: Option<S>) -> Import<S> {
    let parameters = &entity.parameters;
    let template = parameters.template.clone();
    let previous_version = parameters.previous_version.clone();
    match entity.kind {
        EntityKind::Study => Import::Study(Metadata {
            table: file,
            template,
        }),
        EntityKind::Samples => Import::Samples(Metadata {
            table: file,
            template,
        }),
        EntityKind::Libraries => Import::Libraries(Metadata {
            table: file,
            template,
        }),
        EntityKind::Preparations => Import::Preparations(Metadata {
            table: file,
            template,
        }),
        EntityKind::Cells => Import::Cells(file),
        EntityKind::Expression => Import::Expression(Expression {
            signal: Signal {
                data: file,
                metadata,
                template,
                previous_version,
            },
            feature_attributes: parameters.feature_attributes,
            data_class: parameters.data_class.clone(),
            measurement_separator: parameters.measurement_separator.clone(),
        }),
        EntityKind::Variant => Import::Variant(Signal {
            data: file,
            metadata,
            template,
            previous_version,
        }),
        EntityKind::FlowCytometry => Import::FlowCytometry(Signal {
            data: file,
            metadata,
            template,
            previous_version,
        }),
        // A cross-reference is made another way, and never comes here; as a file it would do no harm.
        EntityKind::File | EntityKind::Mapping => Import::File(Attachment {
            data: file,
            metadata,
            study: Accession::shell_variable("STUDY"),
            data_class: parameters
                .data_class
                .clone()
                .unwrap_or_else(|| ATTACHED.to_owned()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staged(staging: &Staging, kind: EntityKind, path: &str) -> Result<Option<Staged>, Refusal> {
        let plan = Plan::new("/study", "/study/state");
        staging.stage(&plan, &Entity::file(kind, path))
    }

    fn link(staging: &Staging, path: &str) -> String {
        match staged(staging, EntityKind::Samples, path) {
            Ok(Some(Staged::Link {
                import: Import::Samples(table),
                ..
            })) => table.table.expose().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn links_follow_the_folder() {
        for base in ["https://a.org/x", "https://a.org/x/"] {
            let staging = Staging::Link {
                base: base.to_owned(),
            };
            assert_eq!(
                link(&staging, "/study/in ner/s#1.tsv"),
                "https://a.org/x/in%20ner/s%231.tsv"
            );
            assert!(matches!(
                staged(&staging, EntityKind::Samples, "/other/s.tsv"),
                Err(Refusal::OutsideRoot { .. })
            ));
            assert!(staged(&staging, EntityKind::Samples, "/study/../s.tsv").is_err());
        }
        let signed = Staging::Link {
            base: "https://a.org/x?sig=1".to_owned(),
        };
        assert_eq!(link(&signed, "/study/s.tsv"), "https://a.org/x/s.tsv?sig=1");
        assert_eq!(
            link(&Staging::SharedDisk, "/study/s 1.tsv"),
            "file:///study/s%201.tsv"
        );
    }

    #[test]
    fn hosted_files_have_their_links() {
        let links = [(
            PathBuf::from("/study/s.tsv"),
            "http://127.0.0.1:1/k/s.tsv".to_owned(),
        )];
        let staging = Staging::Hosted(links.into());
        assert_eq!(link(&staging, "/study/s.tsv"), "http://127.0.0.1:1/k/s.tsv");
        assert!(matches!(
            staged(&staging, EntityKind::Cells, "/study/c.tsv"),
            Err(Refusal::NoLink { .. })
        ));
    }

    #[test]
    fn a_study_cannot_be_uploaded() {
        let refused = staged(&Staging::Multipart, EntityKind::Study, "/study/st.tsv");
        assert!(matches!(refused, Err(Refusal::StudyUpload { .. })));
        assert!(matches!(
            staged(&Staging::Multipart, EntityKind::Cells, "/study/c"),
            Ok(Some(Staged::Upload(_)))
        ));
        let bad = Staging::Link {
            base: "ftp://a.org/".to_owned(),
        };
        assert!(matches!(
            staged(&bad, EntityKind::Samples, "/study/s"),
            Err(Refusal::Unusable { .. })
        ));
    }
}
