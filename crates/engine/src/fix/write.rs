//! What becomes of a file that was looked at.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use odmkit_core::Compression;
use odmkit_input::Input;

use super::{FixError, Fixed, Texts};
use crate::resources::to_usize;
use crate::whole::WholeFile;

impl Fixed {
    /// Whether anything was mended.
    pub fn is_changed(&self) -> bool {
        self.after.is_some()
    }

    /// Writes the mended text in the place of the file, which is kept under its name with `.orig` behind it where
    /// `backup` says so. A file in which nothing was mended is left alone.
    ///
    /// # Errors
    ///
    /// Where the file is packed, the backup is there already, or the disk does not take it; the file is as it was
    /// then.
    pub fn write(&self, backup: bool) -> Result<(), FixError> {
        let Some(after) = &self.after else { return Ok(()) };
        if self.compression != Compression::None {
            return Err(FixError::Packed {
                path: Arc::clone(&self.path),
                compression: self.compression,
            });
        }
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| FixError::Write { path, source }
        };
        // A link stays a link: what it leads to is mended.
        let named = Path::new(&*self.path);
        let target = std::fs::canonicalize(named).map_err(failed(named))?;
        if backup {
            let mut kept = target.clone().into_os_string();
            kept.push(".orig");
            let kept = PathBuf::from(kept);
            if kept.symlink_metadata().is_ok() {
                return Err(FixError::Backup { path: kept });
            }
            std::fs::hard_link(&target, &kept)
                .or_else(|_| std::fs::copy(&target, &kept).map(|_| ()))
                .map_err(failed(&kept))?;
        }
        let permissions = target.metadata().map_err(failed(&target))?.permissions();
        copy(after, &target, true).map_err(failed(&target))?;
        std::fs::set_permissions(&target, permissions).map_err(failed(&target))
    }

    /// Writes the text, mended or as it was, under the file's name into a folder; a packed one is unpacked. Gives
    /// where it is.
    ///
    /// # Errors
    ///
    /// Where a file of the name is there already, or the disk does not take it.
    pub fn write_into(&self, folder: &Path) -> Result<PathBuf, FixError> {
        let name = odmkit_study::names::file_name(&self.path);
        let name = match self.after {
            Some(_) => odmkit_study::names::unpacked(name),
            None => name,
        };
        let target = folder.join(name);
        let failed = |source: io::Error| {
            let path = target.clone();
            if source.kind() == io::ErrorKind::AlreadyExists {
                FixError::Exists { path }
            } else {
                FixError::Write { path, source }
            }
        };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let source = self.after.as_deref().unwrap_or(Path::new(&*self.path));
        copy(source, &target, false).map_err(failed)?;
        Ok(target)
    }

    /// The text before and after, for a diff; `None` where nothing was mended.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is larger than `limit` bytes.
    pub fn texts(&self, limit: u64) -> Result<Option<Texts>, FixError> {
        let Some(after) = &self.after else { return Ok(None) };
        let before = self.before.as_deref().unwrap_or(Path::new(&*self.path));
        let read = |path: &Path| {
            let failed = |source| FixError::Input {
                path: Arc::clone(&self.path),
                source,
            };
            let mut input = Input::open(path).map_err(failed)?;
            let head = input.head(to_usize(limit)).map_err(failed)?;
            if head.complete {
                Ok(head.text.to_vec())
            } else {
                Err(FixError::TooLarge {
                    path: Arc::clone(&self.path),
                })
            }
        };
        Ok(Some(Texts {
            before: read(before)?,
            after: read(after)?,
        }))
    }
}

fn copy(from: &Path, to: &Path, overwrite: bool) -> io::Result<()> {
    let mut out = WholeFile::create(to)?;
    io::copy(&mut File::open(from)?, &mut out)?;
    out.finish(overwrite)
}
