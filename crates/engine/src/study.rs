//! From what the user names to the studies that are meant.

use std::path::{Path, PathBuf};

use odmkit_study::manifest::MANIFEST_NAME;
use odmkit_study::names::plain_path;
use odmkit_study::{Manifest, Study};

use crate::inputs::expand;
use crate::{EngineError, FileHeads};

/// The studies behind some paths: one for each manifest and each folder, and one for all single files together.
pub(crate) fn gather(inputs: &[PathBuf]) -> Result<Vec<Study>, EngineError> {
    let mut studies = Vec::new();
    let mut files = Vec::new();
    for input in &expand(inputs)? {
        if input.is_dir() {
            let found = from_tree(input)?;
            if found.iter().all(is_empty) {
                let path = input.clone();
                return Err(match found.iter().find_map(|study| study.manifest.clone()) {
                    Some(manifest) => EngineError::NothingListed {
                        path: PathBuf::from(manifest),
                    },
                    None => EngineError::NothingThere { path },
                });
            }
            studies.extend(found);
        } else if is_manifest(input) {
            studies.push(from_manifest(input)?);
        } else {
            files.push(odmkit_input::label(&input.to_string_lossy()));
        }
    }
    if !files.is_empty() {
        studies.push(Study::from_files(&files, &FileHeads));
    }
    Ok(studies)
}

/// The inputs of each study behind some paths, each good to be checked by itself: a manifest, a folder, or all single
/// files together.
///
/// # Errors
///
/// A folder cannot be listed, or holds nothing for ODM.
pub fn each_study(inputs: &[PathBuf]) -> Result<Vec<Vec<PathBuf>>, EngineError> {
    let mut studies: Vec<Vec<PathBuf>> = Vec::new();
    let mut files = Vec::new();
    for input in inputs {
        if input.is_dir() {
            studies.extend(folders(input)?.into_iter().map(|folder| vec![folder]));
        } else if is_manifest(input) {
            studies.push(vec![input.clone()]);
        } else {
            files.push(input.clone());
        }
    }
    if !files.is_empty() {
        studies.push(files);
    }
    Ok(studies)
}

/// Whether there is nothing to check and nothing to say of a study.
fn is_empty(study: &Study) -> bool {
    study.entities.is_empty() && !study.skipped.iter().any(|skipped| skipped.expected)
}

/// The study in a folder, or the studies in the folders below it.
fn from_tree(folder: &Path) -> Result<Vec<Study>, EngineError> {
    folders(folder)?
        .iter()
        .map(|folder| {
            let manifest = folder.join(MANIFEST_NAME);
            if manifest.is_file() {
                from_manifest(&manifest)
            } else {
                from_folder(folder)
            }
        })
        .collect()
}

/// The folders of studies at or below a folder.
fn folders(folder: &Path) -> Result<Vec<PathBuf>, EngineError> {
    let found =
        Study::folders(&folder.to_string_lossy(), &FileHeads).map_err(|source| EngineError::Folder {
            path: folder.to_owned(),
            source,
        })?;
    Ok(found.into_iter().map(PathBuf::from).collect())
}

pub(crate) fn is_manifest(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

fn from_folder(folder: &Path) -> Result<Study, EngineError> {
    Study::from_folder(&folder.to_string_lossy(), &FileHeads).map_err(|source| EngineError::Folder {
        path: folder.to_owned(),
        source,
    })
}

fn from_manifest(path: &Path) -> Result<Study, EngineError> {
    let bytes = std::fs::read(path).map_err(|source| EngineError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let text = String::from_utf8(bytes).map_err(|_| EngineError::NoText {
        path: path.to_owned(),
    })?;
    let manifest = Manifest::parse(&text).map_err(|problems| EngineError::Manifest {
        path: path.to_owned(),
        problems,
    })?;
    let folder = path
        .parent()
        .map_or_else(String::new, |folder| folder.to_string_lossy().into_owned());
    let mut study = Study::from_manifest(&manifest, &folder, &FileHeads);
    study.manifest = Some(plain_path(&path.to_string_lossy()));
    Ok(study)
}
