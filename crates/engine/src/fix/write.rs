//! What becomes of a file that was looked at.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use odmkit_core::{ByteOffset, Compression};
use odmkit_input::Input;

use super::diff::{lines_of, unified};
use super::places::home;
use super::{FixError, Fixed, Note, Table};
use crate::whole::{WholeFile, sync_folder};

impl Fixed {
    /// Whether anything was mended.
    pub fn is_changed(&self) -> bool {
        !self.edits.is_empty()
    }

    /// Files of a manifest that have other names where copies go: as it names them, and as its copy does.
    pub fn renamed(&self) -> &[(String, String)] {
        &self.renamed
    }

    /// Where it goes in the folder of copies.
    pub(super) fn copied(&self) -> PathBuf {
        let mut place = self.place.clone();
        if self.after.is_some() {
            let name = odmkit_study::names::file_name(&self.path);
            place.set_file_name(odmkit_study::names::unpacked(name));
        }
        place
    }

    /// The names of the tables that go beside the file, such as the samples of a GCT 1.3 file.
    pub fn tables(&self) -> Vec<String> {
        self.beside.iter().map(|table| self.table_name(table)).collect()
    }

    fn table_name(&self, table: &Table) -> String {
        table_name(&self.path, table.suffix)
    }

    /// What is to be said of tables that go beside the file, with the names of these.
    pub fn notes(&self) -> impl Iterator<Item = (String, &Note)> {
        let noted = self.beside.iter();
        noted.filter_map(|table| Some((self.table_name(table), table.note.as_ref()?)))
    }

    /// Writes the tables beside a path. One that is there already must be the same.
    fn write_tables(&self, home: &Path) -> Result<(), FixError> {
        let names = self.tables();
        let targets: Vec<PathBuf> = names.iter().map(|name| home.with_file_name(name)).collect();
        let mut due = Vec::new();
        for (table, target) in self.beside.iter().zip(targets) {
            match same(&table.path, &target) {
                Ok(true) => {}
                Ok(false) => return Err(FixError::Exists { path: target }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => due.push((&table.path, target)),
                Err(source) => return Err(FixError::Write { path: target, source }),
            }
        }
        for (table, target) in due {
            copy(table, &target, false).map_err(|source| FixError::Write { path: target, source })?;
        }
        Ok(())
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
        let kept = if backup { keep(&target)? } else { None };
        let write = || {
            self.write_tables(&home(&self.path))?;
            let permissions = target.metadata().map_err(failed(&target))?.permissions();
            std::fs::set_permissions(after, permissions).map_err(failed(after))?;
            replace(after, &target).map_err(failed(&target))
        };
        let written = write();
        if let (Err(_), Some(kept)) = (&written, kept) {
            // The file is as it was: a copy of it would only be in the way of the next run.
            let _ = std::fs::remove_file(kept);
        }
        written
    }

    /// Writes the text, mended or as it was, under the file's name into a folder; a packed one is unpacked. Gives
    /// where it is.
    ///
    /// # Errors
    ///
    /// Where a file of the name is there already, or the disk does not take it.
    pub fn write_into(&self, folder: &Path) -> Result<PathBuf, FixError> {
        let target = folder.join(self.copied());
        let folder = target.parent().unwrap_or(folder);
        let failed = |source: io::Error| {
            let path = target.clone();
            if source.kind() == io::ErrorKind::AlreadyExists {
                FixError::Exists { path }
            } else {
                FixError::Write { path, source }
            }
        };
        std::fs::create_dir_all(folder).map_err(failed)?;
        match &self.after {
            Some(after) => entitle(after, &target),
            None => copy(Path::new(&*self.path), &target, false),
        }
        .map_err(failed)?;
        self.write_tables(&target)?;
        Ok(target.clone())
    }

    /// Writes a unified diff of what is mended, and of the tables beside it; nothing where nothing is.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read or the diff not be written.
    pub fn diff(&self, out: &mut dyn Write) -> Result<(), FixError> {
        let Some(after) = &self.after else { return Ok(()) };
        let failed = |source| FixError::Diff {
            path: Arc::clone(&self.path),
            source,
        };
        let read = |path: &Path| {
            let input = Input::open(path).map_err(|source| FixError::Input {
                path: Arc::clone(&self.path),
                source,
            })?;
            let (block, line) = (self.resources.block_bytes(), self.resources.longest_line());
            Ok::<_, FixError>(lines_of(input.into_blocks(ByteOffset(0), block, line)))
        };
        let new = format!("{} (mended)", self.path);
        let diff = if let Some((before, encoding)) = &self.before {
            // Both sides are shown as text: the bytes of the old one would be no part of a readable diff.
            let old = format!("{} ({})", self.path, encoding.name());
            let differs = |line: &[u8]| encoding.differs(line);
            unified((&old, &new), read(before)?, read(after)?, differs, out)
        } else {
            let before = read(Path::new(&*self.path))?;
            unified((&self.path, &new), before, read(after)?, |_| false, out)
        };
        diff.map_err(failed)?;
        for (table, name) in self.beside.iter().zip(self.tables()) {
            let path = Path::new(&*self.path).with_file_name(name);
            let name = path.to_string_lossy();
            let none = std::iter::empty();
            unified(("/dev/null", &name), none, read(&table.path)?, |_| false, out).map_err(failed)?;
        }
        Ok(())
    }
}

/// What a table beside a file is called.
pub(super) fn table_name(file: &str, suffix: &str) -> String {
    let name = odmkit_study::names::unpacked(odmkit_study::names::file_name(file));
    let name = Path::new(name).with_extension(suffix);
    name.to_string_lossy().into_owned()
}

/// Whether two files hold the same, as far as they can be read.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    same(one, other).unwrap_or(false)
}

/// Keeps the file under its name with `.orig` behind it; gives the copy, where it was not there already. A copy of the
/// same text is what a run leaves that was stopped before it wrote the file.
fn keep(target: &Path) -> Result<Option<PathBuf>, FixError> {
    let mut kept = target.to_owned().into_os_string();
    kept.push(".orig");
    let kept = PathBuf::from(kept);
    if kept.symlink_metadata().is_ok() {
        return match same(target, &kept) {
            Ok(true) => Ok(None),
            _ => Err(FixError::Backup { path: kept }),
        };
    }
    match std::fs::hard_link(target, &kept).or_else(|_| std::fs::copy(target, &kept).map(|_| ())) {
        Ok(()) => Ok(Some(kept)),
        Err(source) => Err(FixError::Write { path: kept, source }),
    }
}

/// Whether two files hold the same.
fn same(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let mut one = BufReader::new(one);
    let mut other = BufReader::new(other);
    loop {
        let (some, more) = (one.fill_buf()?, other.fill_buf()?);
        let both = some.len().min(more.len());
        if both == 0 || some[..both] != more[..both] {
            return Ok(both == 0);
        }
        one.consume(both);
        other.consume(both);
    }
}

/// Puts a finished file in the place of another: at no time is there half of one.
fn replace(from: &Path, to: &Path) -> io::Result<()> {
    File::open(from)?.sync_all()?;
    let folder = to.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".odmkit-").suffix(".tmp");
    // A second name for the same bytes, which the file gives up for its own.
    if let Ok(link) = builder.make_in(folder, |link| std::fs::hard_link(from, link)) {
        link.persist(to).map_err(|error| error.error)?;
        sync_folder(to)
    } else {
        let permissions = from.metadata()?.permissions();
        copy(from, to, true)?;
        std::fs::set_permissions(to, permissions)
    }
}

/// Gives a finished file a name that no file has yet.
fn entitle(from: &Path, to: &Path) -> io::Result<()> {
    File::open(from)?.sync_all()?;
    match std::fs::hard_link(from, to) {
        Ok(()) => sync_folder(to),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) => copy(from, to, false),
    }
}

fn copy(from: &Path, to: &Path, overwrite: bool) -> io::Result<()> {
    let mut out = WholeFile::create(to)?;
    io::copy(&mut File::open(from)?, &mut out)?;
    out.finish(overwrite)
}
