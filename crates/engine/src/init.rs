//! Writing a `study.toml` for a folder.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use odmkit_core::FileKind;
use odmkit_study::manifest::MANIFEST_NAME;
use odmkit_study::{Entity, Location, Skipped, Study, names};

use crate::FileHeads;
use crate::check::CheckOptions;
use crate::whole::WholeFile;

/// What a `study.toml` for a folder would say.
#[derive(Debug)]
pub struct Init {
    /// The study that was found.
    pub study: Study,
    /// The text of the manifest.
    pub text: String,
    /// The manifest.
    pub target: PathBuf,
}

/// Why a folder gets no `study.toml`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InitError {
    /// The folder cannot be listed.
    #[error("cannot list the folder {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is nothing in it for ODM.
    #[error("{} holds no file for ODM: no study, samples, GCT or other table{}{}", path.display(), elsewhere(below), skipped.as_deref().unwrap_or_default())]
    NothingThere {
        /// The folder.
        path: PathBuf,
        /// The folders below it that do hold such files.
        below: Vec<String>,
        /// What stands in the way of a file whose name says that it should be one.
        skipped: Option<String>,
    },
    /// What is named on the command line cannot be found.
    #[error("cannot find {}: {source}", path.display())]
    NotFound {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is a manifest already.
    #[error("{} is there already: --overwrite replaces it", path.display())]
    Exists {
        /// The manifest.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The manifest.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Init {
    /// Finds out what each file of a folder is. A manifest that is there already is passed over. What the options
    /// say is written down where the manifest has a place for it.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be listed, or holds nothing for ODM.
    pub fn plan(folder: &Path, options: &CheckOptions) -> Result<Self, InitError> {
        let base = folder.to_string_lossy();
        let fail = |source| InitError::Folder {
            path: folder.to_owned(),
            source,
        };
        let mut study = Study::from_folder(&base, &FileHeads).map_err(fail)?;
        if study.entities.is_empty() {
            let mut below = Study::folders(&base, &FileHeads).map_err(fail)?;
            below.retain(|other| Path::new(other) != folder);
            return Err(InitError::NothingThere {
                path: folder.to_owned(),
                below,
                skipped: study.skipped.iter().find(|skipped| skipped.expected).map(said),
            });
        }
        if let Some(template) = &options.template {
            study.template = Some(place(template, folder)?);
        }
        if let Some(dictionaries) = &options.dictionary_folder {
            study.dictionaries = Some(place(dictionaries, folder)?);
        }
        study.add_hints(&FileHeads);
        for entity in study.entities.iter_mut().filter(|entity| entity.kind.is_data()) {
            settle(entity, options);
        }
        Ok(Self {
            text: study.to_manifest(&base),
            target: folder.join(MANIFEST_NAME),
            study,
        })
    }

    /// Writes the manifest: whole or not at all.
    ///
    /// # Errors
    ///
    /// Where there is one already and it is not to be overwritten, or the disk does not take it.
    pub fn write(&self, overwrite: bool) -> Result<(), InitError> {
        let fail = |source| InitError::Write {
            path: self.target.clone(),
            source,
        };
        let mut file = WholeFile::create(&self.target).map_err(fail)?;
        file.write_all(self.text.as_bytes()).map_err(fail)?;
        file.finish(overwrite).map_err(|source| {
            if source.kind() == io::ErrorKind::AlreadyExists {
                InitError::Exists {
                    path: self.target.clone(),
                }
            } else {
                fail(source)
            }
        })
    }
}

/// Writes down what the user says of data; what only data frames have stays with them.
fn settle(entity: &mut Entity, options: &CheckOptions) {
    if entity.kind == FileKind::Expression && entity.data_class.is_none() {
        entity.data_class.clone_from(&options.data_class);
    }
    entity.link_attribute.clone_from(&options.link_attribute);
    if entity.is_data_frame() {
        // A number that no manifest can hold cannot be right; the check says so of the flag.
        entity.feature_attributes = options
            .feature_attributes
            .map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        entity
            .measurement_separator
            .clone_from(&options.measurement_separator);
    }
}

/// A file that the user names, as seen from the folder: by its place in it, else by its full path.
fn place(path: &Path, folder: &Path) -> Result<Location, InitError> {
    let real = |path: &Path| {
        std::fs::canonicalize(path).map_err(|source| InitError::NotFound {
            path: path.to_owned(),
            source,
        })
    };
    let (full, base) = (real(path)?, real(folder)?);
    let location = match full.strip_prefix(&base) {
        Ok(inside) if !inside.as_os_str().is_empty() => {
            names::join(&folder.to_string_lossy(), &inside.to_string_lossy())
        }
        _ => full.to_string_lossy().into_owned(),
    };
    Ok(Location::Path(location))
}

/// Why a file is none.
fn said(skipped: &Skipped) -> String {
    let name = skipped.path.rsplit('/').next().unwrap_or(&skipped.path);
    format!("; {name}: {}", skipped.because())
}

fn elsewhere(below: &[String]) -> String {
    match below {
        [] => String::new(),
        [one] => format!("; {one} does"),
        [first, others @ ..] => format!(
            "; {first} and {} more below it do: each gets its own",
            others.len()
        ),
    }
}

#[cfg(test)]
#[path = "init_tests.rs"]
mod tests;
