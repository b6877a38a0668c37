//! Mending what can be mended without guessing.
//!
//! A file is checked, rewritten by what the check says, and checked again, until nothing is left to mend: what one
//! round lays bare (a quoted number with a decimal comma, say) the next one mends, and what comes out is not
//! changed by another run.

mod cells;
mod diff;
mod edits;
mod matrix;
mod table;
mod text;

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use odmkit_core::Compression;
use odmkit_diagnostics::{Collected, Collector, Overrides};
use odmkit_input::{Input, InputError, Scratch};
use odmkit_pipeline::ordered;
use odmkit_study::{Entity, Study};
use tempfile::TempDir;

pub use diff::unified;
pub use edits::Edits;

use self::matrix::MatrixRows;
use self::table::TableRows;
use self::text::{Endings, is_utf16};
use crate::check::{CheckOptions, CheckRequest, CheckedFile, Judge, file};
use crate::resources::to_usize;
use crate::study::gather;
use crate::whole::WholeFile;
use crate::{EngineError, Progress, Resources};

/// Files to be mended.
#[derive(Debug, Clone)]
pub struct FixRequest {
    /// Files, folders, manifests.
    pub inputs: Vec<PathBuf>,
    /// What the user says of them.
    pub options: CheckOptions,
    /// Also mend what could hide that data was lost.
    pub with_unsafe: bool,
    /// Threads and memory.
    pub resources: Resources,
}

/// A file that was looked at.
#[derive(Debug)]
pub struct Fixed {
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// How it is packed.
    pub compression: Compression,
    /// What was mended, by rule.
    pub edits: Edits,
    /// Errors that are left.
    pub errors: u64,
    /// Warnings that are left.
    pub warnings: u64,
    /// The text before, decoded where it was UTF-16; `None` where the file itself is it.
    before: Option<PathBuf>,
    after: Option<PathBuf>,
    /// Holds both.
    _folder: TempDir,
}

/// A text and its mended form.
#[derive(Debug)]
pub struct Texts {
    /// As it was, decoded where it was UTF-16.
    pub before: Vec<u8>,
    /// As it is to be.
    pub after: Vec<u8>,
}

/// Why a file could not be mended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FixError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}")]
    Input {
        /// The file.
        path: Arc<str>,
        /// Why.
        source: InputError,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A packed file is not rewritten in its place.
    #[error(
        "{path} is packed ({compression}): unpack it first, or write the mended text elsewhere with -o DIR"
    )]
    Packed {
        /// The file.
        path: Arc<str>,
        /// How.
        compression: Compression,
    },
    /// There is a backup already.
    #[error("{} is there already: move it away, or keep no copy with --no-backup", path.display())]
    Backup {
        /// The backup.
        path: PathBuf,
    },
    /// There is a file of the name already.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The text is too large to be compared side by side.
    #[error(
        "{path} is too large for a diff: write the mended text elsewhere with -o DIR and compare the two"
    )]
    TooLarge {
        /// The file.
        path: Arc<str>,
    },
}

/// Every fix opens something for the next, and there are not many.
const ROUNDS: usize = 8;

/// Findings of a rule that are looked at in one round.
const FINDINGS: usize = 10_000;

/// Mends the files, one after another, and hands each over as it is ready. Nothing is written but temporary files;
/// the receiver says what becomes of them.
///
/// # Errors
///
/// Where a folder or a manifest cannot be read. What is wrong with one file is handed over, and the others go on.
pub fn fix(
    request: &FixRequest,
    progress: &dyn Progress,
    mut take: impl FnMut(Result<Fixed, FixError>),
) -> Result<(), EngineError> {
    for study in gather(&request.inputs)? {
        let mut unheard = Vec::new();
        let judge = Judge::new(&request.options, &study, &mut unheard);
        let run = Run {
            request,
            judge: &judge,
            progress,
            check: CheckRequest {
                inputs: Vec::new(),
                options: request.options.clone(),
                overrides: Overrides::new(),
                max_per_rule: FINDINGS,
                resources: request.resources,
            },
        };
        for (path, entity, described) in files(&study) {
            take(run.fix(path, entity, described));
        }
    }
    Ok(())
}

/// The files of a study, each with what is known of it, and whether it describes the entity's data.
fn files(study: &Study) -> Vec<(&str, Option<&Entity>, bool)> {
    let mut files = Vec::new();
    for entity in &study.entities {
        files.extend(entity.file().map(|path| (path, Some(entity), false)));
        let metadata = entity.metadata.as_ref();
        files.extend(metadata.map(|metadata| (metadata.as_str(), Some(entity), true)));
    }
    let skipped = study.skipped.iter().filter(|skipped| skipped.expected);
    files.extend(skipped.map(|skipped| (skipped.path.as_str(), None, false)));
    files
}

struct Run<'a> {
    request: &'a FixRequest,
    judge: &'a Judge,
    progress: &'a dyn Progress,
    check: CheckRequest,
}

/// How a text is rewritten.
struct Mender<'a> {
    mark: bool,
    endings: Endings,
    /// Bytes before the rows.
    head: usize,
    rows: Rows<'a>,
}

enum Rows<'a> {
    Text,
    Matrix(Box<MatrixRows<'a>>),
    Table(TableRows<'a>),
}

impl Run<'_> {
    fn fix(&self, path: &str, entity: Option<&Entity>, described: bool) -> Result<Fixed, FixError> {
        let shown: Arc<str> = path.into();
        let failed = |source| FixError::Input {
            path: Arc::clone(&shown),
            source,
        };
        let folder = tempfile::tempdir().map_err(|source| FixError::Write {
            path: std::env::temp_dir(),
            source,
        })?;
        let name = odmkit_study::names::unpacked(odmkit_study::names::file_name(path));
        let mut edits = Edits::default();
        let mut before = None;
        let mut now = PathBuf::from(path);
        let mut round = 0;
        let compression = Input::open(&now).map_err(failed)?.compression();
        loop {
            let (checked, found) = self.look(&now, entity, described);
            let next = folder.path().join(round.to_string()).join(name);
            let mended = if round < ROUNDS {
                self.rewrite(&now, &next, &checked, &found, entity, described, &mut edits)?
            } else {
                Mended::Nothing
            };
            if matches!(mended, Mended::Nothing) {
                let changed = !edits.is_empty();
                return Ok(Fixed {
                    path: shown,
                    compression,
                    edits,
                    errors: found.errors,
                    warnings: found.warnings,
                    before,
                    after: changed.then_some(now),
                    _folder: folder,
                });
            }
            if matches!(mended, Mended::Decoded) {
                before = Some(next.clone());
            } else if now != Path::new(path) && before.as_ref() != Some(&now) {
                // What lies between the first text and the last is of no use.
                let _ = std::fs::remove_file(&now);
            }
            now = next;
            round += 1;
        }
    }

    fn look(&self, path: &Path, entity: Option<&Entity>, described: bool) -> (CheckedFile, Collected) {
        let mut sink = Collector::new(Overrides::new(), FINDINGS);
        let text = path.to_string_lossy();
        let (judge, check, progress) = (self.judge, &self.check, self.progress);
        let checked = match entity {
            Some(entity) if described => {
                file::check_described(&text, entity, judge, check, progress, &mut sink)
            }
            _ => file::check(&text, entity, judge, check, progress, &mut sink),
        };
        let order = [Arc::clone(&checked.report.path)];
        (checked, sink.finish(&order))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "they are one round, and nothing else has them"
    )]
    fn rewrite(
        &self,
        from: &Path,
        to: &Path,
        checked: &CheckedFile,
        found: &Collected,
        entity: Option<&Entity>,
        described: bool,
        edits: &mut Edits,
    ) -> Result<Mended, FixError> {
        let failed = |source| FixError::Input {
            path: Arc::clone(&checked.report.path),
            source,
        };
        let unwritten = |source| FixError::Write {
            path: to.to_owned(),
            source,
        };
        let mut input = Input::open(from).map_err(failed)?;
        // A file that is no text, or not a whole one, is not ours to rewrite.
        let has = |code: &str| found.by_code.keys().any(|known| known.as_str() == code);
        let first = match input.head(4) {
            Ok(head) => head.text[..head.text.len().min(4)].to_vec(),
            Err(_) => return Ok(Mended::Nothing),
        };
        if has("F003") && is_utf16(&first) {
            let mut out = create(to).map_err(unwritten)?;
            let whole = text::decode(input, &self.request.resources, &mut out)
                .map_err(failed)?
                .map_err(unwritten)?;
            if whole {
                out.flush().map_err(unwritten)?;
                edits.add("F003", 1);
                return Ok(Mended::Decoded);
            }
            return Ok(Mended::Nothing);
        }
        if ["F001", "F002", "F003", "F006", "F007", "F008", "F010"]
            .iter()
            .any(|code| has(code))
            || checked.report.kind.is_none()
        {
            return Ok(Mended::Nothing);
        }
        let mender = self
            .mender(&mut input, checked, found, entity, described)
            .map_err(failed)?;
        let mut round = Edits::default();
        let mut out = create(to).map_err(unwritten)?;
        let head = input.head(mender.head).map_err(failed)?.text[..mender.head].to_vec();
        let mut text = Vec::new();
        mender.head(&head, &mut text, &mut round);
        out.write_all(&text).map_err(unwritten)?;
        let resources = &self.request.resources;
        let at = odmkit_core::ByteOffset(mender.head as u64);
        let mut blocks = input.into_blocks(at, resources.block_bytes(), resources.longest_line());
        ordered(
            resources.bounds(),
            || blocks.draw().map_err(failed),
            Scratch::default,
            |scratch, ticket| {
                let block = scratch.load(ticket).map_err(failed)?;
                let mut text = Vec::with_capacity(block.text.len());
                let mut edits = Edits::default();
                mender.block(block.text, &mut text, &mut edits);
                Ok((text, edits))
            },
            |(text, some)| {
                round.take(&some);
                out.write_all(&text).map_err(unwritten)
            },
        )?;
        out.flush().map_err(unwritten)?;
        if round.is_empty() {
            std::fs::remove_file(to).map_err(unwritten)?;
            return Ok(Mended::Nothing);
        }
        edits.take(&round);
        Ok(Mended::Something)
    }

    fn mender<'a>(
        &'a self,
        input: &mut Input,
        checked: &'a CheckedFile,
        found: &'a Collected,
        entity: Option<&Entity>,
        described: bool,
    ) -> Result<Mender<'a>, InputError> {
        let has = |code: &str| found.by_code.keys().any(|known| known.as_str() == code);
        let endings = Endings::of(has("F005"), input)?;
        let mut mender = Mender {
            mark: has("F004"),
            endings,
            head: if has("F004") { 3 } else { 0 },
            rows: Rows::Text,
        };
        if checked.truncated {
            return Ok(mender);
        }
        if let Some(matrix) = &checked.matrix {
            let body = to_usize(matrix.body.byte.0);
            let head = input.head(body + matrix::SAMPLE)?.text.to_vec();
            if let Some(rows) = MatrixRows::new(
                matrix,
                checked.report.format,
                &head,
                body,
                self.request.with_unsafe,
            ) {
                mender.head = body;
                mender.rows = Rows::Matrix(Box::new(rows));
            }
        } else if let (Some(table), Some(kind)) = (&checked.shape, checked.report.kind) {
            let describes = entity.filter(|_| described).map(|entity| entity.kind);
            mender.head = to_usize(table.body.byte.0);
            mender.rows = Rows::Table(TableRows::new(table, kind, describes, self.judge, found));
        }
        Ok(mender)
    }
}

impl Mender<'_> {
    /// Rewrites what comes before the rows.
    fn head(&self, head: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        let mut head = head;
        if self.mark
            && let Some(rest) = head.strip_prefix(odmkit_formats::head::BYTE_ORDER_MARK)
        {
            head = rest;
            edits.add("F004", 1);
        }
        match &self.rows {
            Rows::Text => {}
            Rows::Matrix(rows) => rows.head(head, self.endings, out, edits),
            Rows::Table(rows) => rows.head(head, self.endings, out, edits),
        }
    }

    /// Rewrites whole lines of rows.
    fn block(&self, block: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        for line in odmkit_formats::Lines::new(block) {
            match &self.rows {
                Rows::Text => out.extend_from_slice(line.text),
                Rows::Matrix(_) | Rows::Table(_) if line.is_blank() => {
                    edits.add("T005", 1);
                    continue;
                }
                Rows::Matrix(rows) => rows.row(line.text, out, edits),
                Rows::Table(rows) => rows.row(line.text, out, edits),
            }
            self.endings.end(line.terminator, out, edits);
        }
    }
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mended {
    Nothing,
    /// The text has another encoding now.
    Decoded,
    Something,
}

fn create(path: &Path) -> io::Result<BufWriter<File>> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    File::create(path).map(BufWriter::new)
}

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

#[cfg(test)]
#[path = "fix/fix_tests.rs"]
mod tests;
