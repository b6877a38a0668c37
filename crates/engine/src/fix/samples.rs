//! Where the samples go that GCT 1.3 files describe: ODM takes each sample once, so that there is a samples table only
//! where no other has them.

use std::collections::HashSet;
use std::path::Path;

use odmkit_core::FileKind;
use odmkit_study::{Content, Entity, Location};

use super::gct13::{COLUMNS, KEY, SAMPLES};
use super::places::home;
use super::run::Run;
use super::write::{is_same, table_name};
use super::{FixError, Fixed, Table, Waiting};
use crate::check::CheckedFile;

/// The samples that a study has so far: in its own tables, and in those that were written for it.
#[derive(Debug, Default)]
pub(super) struct Known {
    own: HashSet<String>,
    written: HashSet<String>,
}

/// What is to be said of a table that goes beside a mended file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// There is a manifest, which has to name the samples table to make it a part of the study.
    ForManifest {
        /// The manifest.
        manifest: String,
        /// The table, as the manifest is to name it.
        entry: String,
    },
    /// The samples have a table already, or some have.
    Beside {
        /// How many samples it describes.
        samples: usize,
        /// How many of them stand in another table.
        known: usize,
        /// One that stands in none.
        unknown: Option<String>,
        /// What it would be called as a samples table.
        as_samples: String,
    },
}

impl Known {
    /// Takes in the samples of a table of the study.
    pub(super) fn add(&mut self, fixed: &Fixed) {
        self.own.extend(fixed.samples.iter().cloned());
    }

    fn has(&self, name: &String) -> bool {
        self.own.contains(name) || self.written.contains(name)
    }
}

/// The samples that a table names.
pub(super) fn named(checked: &CheckedFile) -> Vec<String> {
    let table = checked
        .table
        .as_ref()
        .filter(|table| table.kind == FileKind::Samples);
    let key = table.and_then(|table| table.kept.iter().find(|column| column.name == KEY));
    let values = key.into_iter().flat_map(|key| &key.values);
    values
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, _)| name.clone())
        .collect()
}

impl Run<'_> {
    /// Makes the tables beside a mended file ready for ODM and gives them their names, of which each is free, or that
    /// of the same table.
    pub(super) fn settle(&self, fixed: &mut Fixed, known: &mut Known) -> Result<(), FixError> {
        let folder = match &self.request.waiting {
            Waiting::In(folder) => folder.join(&fixed.place),
            Waiting::Elsewhere | Waiting::Beside => home(&fixed.path),
        };
        let path = &fixed.path;
        for table in &mut fixed.beside {
            if table.suffix == SAMPLES {
                self.settle_samples(table, path, &folder, known)?;
            }
            let target = folder.with_file_name(table_name(path, table.suffix));
            if target.symlink_metadata().is_ok() && !is_same(&table.path, &target) {
                return Err(FixError::Exists { path: target });
            }
        }
        Ok(())
    }

    /// A table of samples that are in no other is one for ODM; any other gets a name that nobody takes for one: which of
    /// two tables is right, or whether two names are meant to be one, is not ours to guess.
    fn settle_samples(
        &self,
        table: &mut Table,
        path: &str,
        folder: &Path,
        known: &mut Known,
    ) -> Result<(), FixError> {
        let waiting = table.path.to_string_lossy().into_owned();
        let samples = Entity::new(FileKind::Samples, Content::File(Location::Path(waiting.clone())));
        let mut mended = self.fix(&waiting, Some(&samples), false)?;
        if let Some(after) = mended.after.take() {
            table.path = after;
        }
        let names = std::mem::take(&mut mended.samples);
        table.mended = Some(Box::new(mended));
        let as_samples = table_name(path, SAMPLES);
        let target = folder.with_file_name(&as_samples);
        let is_there = target.symlink_metadata().is_ok();
        if is_there && is_same(&table.path, &target) {
            // A run that was stopped has written it.
        } else if self.has_samples || is_there || names.iter().any(|name| known.has(name)) {
            table.suffix = COLUMNS;
            table.note = Some(Note::Beside {
                samples: names.len(),
                known: names.iter().filter(|name| known.has(name)).count(),
                unknown: names.iter().find(|name| !known.has(name)).cloned(),
                as_samples,
            });
        } else if let Some(manifest) = &self.manifest {
            table.note = Some(Note::ForManifest {
                manifest: manifest.clone(),
                entry: self
                    .places
                    .entry(path, manifest, &as_samples, &self.request.waiting),
            });
        }
        if table.suffix == SAMPLES {
            known.written.extend(names);
        }
        Ok(())
    }
}
