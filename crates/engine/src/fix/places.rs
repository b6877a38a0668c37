//! Where copies of files go: they lie beside each other as the files do, with what belongs to their study.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use odmkit_study::{Study, names};

use super::{FixRequest, Waiting, files};
use crate::EngineError;
use crate::study::is_manifest;

/// Where the copies of files go.
pub(super) struct Places {
    /// The folders that were named, and those of the manifests that were.
    roots: Vec<PathBuf>,
    /// What is copied as it is, where copies are made: manifests, and what belongs to their studies beside the files that are
    /// looked into.
    pub(super) companions: Vec<String>,
}

impl Places {
    /// # Errors
    ///
    /// Where two files would go to the same place.
    pub(super) fn new(request: &FixRequest, studies: &[Study]) -> Result<Self, EngineError> {
        let mut roots = Vec::new();
        for input in &request.inputs {
            if input.is_dir() {
                roots.push(input.clone());
            } else if is_manifest(input) {
                roots.extend(input.parent().map(Path::to_owned));
            }
        }
        let mut places = Self {
            roots,
            companions: Vec::new(),
        };
        if let Waiting::In(folder) = &request.waiting {
            let beside = studies.iter().flat_map(companions);
            places.companions = beside
                .filter(|path| places.below_a_root(path).is_some())
                .collect();
            places.tell_apart(folder, studies)?;
            places.are_free(folder, studies)?;
        }
        Ok(places)
    }

    /// Where a file lies, seen from the folder that was named; its name, where it was named itself.
    pub(super) fn of(&self, path: &str) -> PathBuf {
        self.below_a_root(path)
            .unwrap_or_else(|| PathBuf::from(names::file_name(path)))
    }

    pub(super) fn below_a_root(&self, path: &str) -> Option<PathBuf> {
        let path = tidy(Path::new(path));
        let below = |root: &PathBuf| path.strip_prefix(tidy(root)).ok().map(Path::to_owned);
        let mut below = self.roots.iter().filter_map(below);
        below.find(|below| {
            below
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
        })
    }

    fn tell_apart(&self, folder: &Path, studies: &[Study]) -> Result<(), EngineError> {
        let mut taken: HashMap<PathBuf, &str> = HashMap::new();
        let looked_into = studies.iter().flat_map(files).map(|(path, _, _)| path);
        for path in looked_into.chain(self.companions.iter().map(String::as_str)) {
            let place = self.of(path);
            if let Some(one) = taken.insert(place.clone(), path) {
                return Err(EngineError::SamePlace {
                    one: one.to_owned(),
                    other: path.to_owned(),
                    target: folder.join(place),
                });
            }
        }
        Ok(())
    }

    /// # Errors
    ///
    /// Where files are there already that copies would replace.
    fn are_free(&self, folder: &Path, studies: &[Study]) -> Result<(), EngineError> {
        let looked_into = studies.iter().flat_map(files).map(|(path, _, _)| path);
        let copied = looked_into.chain(self.companions.iter().map(String::as_str));
        let mut taken = copied.filter_map(|path| {
            let place = folder.join(self.of(path));
            let unpacked = place.with_file_name(names::unpacked(names::file_name(path)));
            [place, unpacked]
                .into_iter()
                .find(|place| place.symlink_metadata().is_ok())
        });
        match taken.next() {
            None => Ok(()),
            Some(first) => Err(EngineError::Taken {
                first,
                others: taken.count(),
            }),
        }
    }

    /// How a manifest is to name a table that goes beside a file of its study.
    pub(super) fn entry(&self, path: &str, manifest: &str, table: &str, waiting: &Waiting) -> String {
        let beside = |path: &Path| path.with_file_name(table).to_string_lossy().into_owned();
        match waiting {
            Waiting::In(_) => {
                let manifest = self.of(manifest);
                relative(&beside(&self.of(path)), folder_of(&manifest.to_string_lossy()))
            }
            Waiting::Elsewhere | Waiting::Beside => relative(&beside(Path::new(path)), folder_of(manifest)),
        }
    }
}

/// The manifest, the template, the dictionaries and the attachments of a study.
fn companions(study: &Study) -> Vec<String> {
    let template = study.template.iter().map(|file| file.as_str().to_owned());
    let mut found: Vec<String> = study.manifest.iter().cloned().chain(template).collect();
    if let Some(folder) = &study.dictionaries {
        // What cannot be listed was told when the dictionaries were read.
        let entries = std::fs::read_dir(folder.as_str()).into_iter().flatten().flatten();
        let files = entries.map(|entry| entry.path()).filter(|path| path.is_file());
        let mut files: Vec<String> = files.map(|path| path.to_string_lossy().into_owned()).collect();
        files.sort_unstable();
        found.extend(files);
    }
    for attachment in &study.attachments {
        let described = attachment.metadata.iter();
        found.extend(
            std::iter::once(&attachment.file)
                .chain(described)
                .map(|file| file.as_str().to_owned()),
        );
    }
    found.retain(|path| Path::new(path).is_file());
    found
}

/// The path beside which the tables of a file go: its own, or, where it is a link into another folder, that of the file
/// itself.
pub(super) fn home(path: &str) -> PathBuf {
    let named = Path::new(path);
    let parent = named.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = std::fs::canonicalize(parent.unwrap_or(Path::new(".")));
    match (std::fs::canonicalize(named), folder) {
        (Ok(target), Ok(folder)) if target.parent() != Some(&folder) => target,
        _ => named.to_owned(),
    }
}

/// A path as a file in `folder` names it.
pub(super) fn relative(path: &str, folder: &str) -> String {
    let (path, folder) = (names::plain_path(path), names::plain_path(folder));
    let parts = |text: &str| -> Vec<String> {
        let parts = text.split('/').filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let (to, from) = (parts(&path), parts(&folder));
    let shared = to
        .iter()
        .zip(&from)
        .take_while(|(one, other)| one == other)
        .count();
    // What lies above a folder that is named by the way up to it is not known.
    if path.starts_with('/') != folder.starts_with('/') || from[shared..].iter().any(|part| part == "..") {
        return std::fs::canonicalize(&path).map_or(path, |whole| whole.to_string_lossy().into_owned());
    }
    let up = from[shared..].iter().map(|_| "..".to_owned());
    up.chain(to[shared..].iter().cloned())
        .collect::<Vec<_>>()
        .join("/")
}

/// The folder that a path names a file in.
pub(super) fn folder_of(path: &str) -> &str {
    path[..path.len() - names::file_name(path).len()].trim_end_matches('/')
}

/// The path without what says no more than "here".
fn tidy(path: &Path) -> PathBuf {
    path.components()
        .filter(|part| !matches!(part, Component::CurDir))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_their_place_below_what_was_named() {
        let places = Places {
            roots: vec![PathBuf::from("s"), PathBuf::from("./t"), PathBuf::from(".")],
            companions: Vec::new(),
        };
        for (path, place) in [
            ("s/a/e.gct", "a/e.gct"),
            ("t/x.tsv", "x.tsv"),
            ("u/v.gct", "u/v.gct"),
            ("../other/z.gct", "z.gct"),
            ("/abs/z.gct", "z.gct"),
            ("s/../z.gct", "z.gct"),
        ] {
            assert_eq!(places.of(path), Path::new(place), "{path}");
        }
        let alone = Places {
            roots: Vec::new(),
            companions: Vec::new(),
        };
        assert_eq!(alone.of("u/v.gct"), Path::new("v.gct"));
    }
}
