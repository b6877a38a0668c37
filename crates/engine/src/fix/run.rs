//! Mending one file: it is checked, rewritten in one pass by what the check says, and checked again.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use odmkit_checks::matrix::ScanBuffers;
use odmkit_checks::metadata::MetadataInput;
use odmkit_core::FileKind;
use odmkit_diagnostics::{Collected, Collector, Diagnostic, Overrides};
use odmkit_formats::head::BYTE_ORDER_MARK;
use odmkit_input::{Input, InputError, Scratch};
use odmkit_pipeline::ordered;
use odmkit_study::head::HEAD_BYTES;
use odmkit_study::{Entity, Study};
use tempfile::TempDir;

use super::kept::{is_in_doubt, is_miscounted};
use super::matrix::MatrixRows;
use super::mender::{Mender, Rows};
use super::places::Places;
use super::plain::PlainRows;
use super::promise::keeps_line_ends;
use super::table::TableRows;
use super::text::{self, Encoding, Endings, byte_order};
use super::{Edits, FixError, FixRequest, Fixed, Table, WAITING};
use crate::check::{Along, CheckRequest, CheckedFile, Judge, file};
use crate::resources::to_usize;
use crate::{EngineError, Progress};

/// A text of another encoding is decoded before anything else. Beyond that one round is enough for all but the oddest
/// headers: what a mended one means may be more than what the file's own meant.
const ROUNDS: usize = 8;

/// Findings of a rule of which one may say that something can be mended.
const FINDINGS: usize = 1_000;

/// A file with findings of these rules is no text, or not a whole one: it is not ours to rewrite.
pub(super) const BARRIERS: [&str; 6] = ["F001", "F002", "F006", "F007", "F008", "F010"];

/// A file with findings of these rules is not even decoded.
pub(super) const UNREADABLE: [&str; 4] = ["F001", "F006", "F007", "F010"];

pub(super) struct Run<'a> {
    pub(super) request: &'a FixRequest,
    judge: &'a Judge,
    pub(super) places: &'a Places,
    /// Whether the study has samples, of which those of a GCT 1.3 file may be some.
    pub(super) has_samples: bool,
    /// What says which files are the study's.
    pub(super) manifest: Option<String>,
    progress: ByName<'a>,
    check: CheckRequest,
}

/// Tells of a text that waits in a folder of ours by its name alone.
struct ByName<'a>(&'a dyn Progress);

impl Progress for ByName<'_> {
    fn begin(&self, label: &str, total_bytes: Option<u64>) {
        let name = odmkit_study::names::file_name(label);
        let ours = label.split('/').any(|part| part.starts_with(WAITING));
        self.0.begin(if ours { name } else { label }, total_bytes);
    }

    fn advance(&self, bytes: u64) {
        self.0.advance(bytes);
    }

    fn end(&self) {
        self.0.end();
    }
}

/// What is known of a file before it is rewritten.
struct Judged<'a> {
    checked: &'a CheckedFile,
    found: &'a Collected,
    entity: Option<&'a Entity>,
    described: bool,
}

impl<'r> Run<'r> {
    pub(super) fn new(
        request: &'r FixRequest,
        judge: &'r Judge,
        study: &Study,
        places: &'r Places,
        progress: &'r dyn Progress,
    ) -> Self {
        Self {
            request,
            judge,
            places,
            has_samples: study.of(FileKind::Samples).next().is_some(),
            manifest: study.manifest.clone(),
            progress: ByName(progress),
            check: CheckRequest {
                inputs: Vec::new(),
                options: request.options.clone(),
                overrides: Overrides::new(),
                max_per_rule: FINDINGS,
                resources: request.resources,
            },
        }
    }

    /// Mends a file; `described` says that it describes the entity's data, and is not the data.
    pub(super) fn fix(
        &self,
        path: &str,
        entity: Option<&Entity>,
        described: bool,
    ) -> Result<Fixed, FixError> {
        let shown: Arc<str> = path.into();
        let failed = |source| FixError::Input {
            path: Arc::clone(&shown),
            source,
        };
        let mut folder: Option<TempDir> = None;
        let name = odmkit_study::names::unpacked(odmkit_study::names::file_name(path));
        let mut edits = Edits::default();
        let mut beside = Vec::new();
        let mut before = None;
        let mut now = PathBuf::from(path);
        let mut round = 0;
        let compression = Input::open(&now).map_err(failed)?.compression();
        loop {
            let (checked, found) = self.look(&now, entity, described)?;
            let mut next = PathBuf::new();
            let mended = if round < ROUNDS && self.is_mendable(&found) {
                let folder = match &mut folder {
                    Some(folder) => folder,
                    none => none.insert(self.request.waiting.room(path)?),
                };
                next = folder.path().join(round.to_string()).join(name);
                let judged = Judged {
                    checked: &checked,
                    found: &found,
                    entity,
                    described,
                };
                self.rewrite(&now, &next, &judged, &mut edits, &mut beside)?
            } else {
                Mended::Nothing
            };
            if matches!(mended, Mended::Nothing) {
                let changed = !edits.is_empty();
                return Ok(Fixed {
                    path: shown,
                    place: self.places.of(path),
                    compression,
                    edits,
                    errors: found.errors,
                    warnings: found.warnings,
                    beside,
                    renamed: Vec::new(),
                    samples: super::samples::named(&checked),
                    before,
                    after: changed.then_some(now),
                    resources: self.request.resources,
                    _folder: folder,
                });
            }
            let is_before = |path: &PathBuf| matches!(&before, Some((before, _)) if before == path);
            if let Mended::Decoded(encoding) = mended {
                before = Some((next.clone(), encoding));
            } else if now != Path::new(path) && !is_before(&now) {
                // What lies between the first text and the last is of no use.
                let _ = std::fs::remove_file(&now);
            }
            now = next;
            round += 1;
        }
    }

    /// Whether something was found that a rewriting would mend.
    fn is_mendable(&self, found: &Collected) -> bool {
        found.diagnostics.iter().any(|finding| self.mends(finding))
    }

    fn mends(&self, finding: &Diagnostic) -> bool {
        let fix = finding.fix.as_ref();
        fix.is_some_and(|fix| fix.safe || self.request.with_unsafe)
    }

    fn look(
        &self,
        path: &Path,
        entity: Option<&Entity>,
        described: bool,
    ) -> Result<(CheckedFile, Collected), EngineError> {
        let mut sink = Collector::new(Overrides::new(), FINDINGS);
        let text = path.to_string_lossy();
        let (judge, check, progress) = (self.judge, &self.check, &self.progress);
        let mut checked = match entity {
            Some(entity) if described => {
                file::check_described(&text, entity, judge, check, progress, &mut sink)
            }
            _ => {
                let what = (Along::Nothing, &[][..]);
                file::check(&text, entity, judge, check, what, progress, &mut sink)
            }
        }?;
        // No link is judged here that could settle what waits for one.
        checked.tell_all(&mut sink);
        let order = [Arc::clone(&checked.report.path)];
        Ok((checked, sink.finish(&order)))
    }

    fn rewrite(
        &self,
        from: &Path,
        to: &Path,
        judged: &Judged<'_>,
        edits: &mut Edits,
        tables: &mut Vec<Table>,
    ) -> Result<Mended, FixError> {
        let &Judged { checked, found, .. } = judged;
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
        let encoding = found
            .diagnostics
            .iter()
            .find(|finding| finding.rule.code.as_str() == "F003");
        let decodes = encoding.is_some_and(|finding| self.mends(finding));
        if decodes && !UNREADABLE.iter().any(|code| has(code)) {
            let Ok(head) = input.head(HEAD_BYTES) else {
                return Ok(Mended::Nothing);
            };
            let order = byte_order(head.text);
            let resources = &self.request.resources;
            let mut out = create(to).map_err(unwritten)?;
            // A western encoding is a guess, and mended on demand only; UTF-16 is sure.
            let sure = encoding
                .and_then(|finding| finding.fix.as_ref())
                .is_some_and(|fix| fix.safe);
            let (encoding, whole) = match order {
                Some(order) => (Encoding::Utf16, text::decode(input, order, resources, &mut out)),
                None if sure => return Ok(Mended::Nothing),
                None => {
                    let written = text::decode_western(input, resources, &mut out);
                    (
                        Encoding::Windows1252,
                        written.map(|written| written.map(|()| true)),
                    )
                }
            };
            if whole.map_err(failed)?.map_err(unwritten)? {
                out.flush().map_err(unwritten)?;
                edits.add("F003", 1);
                return Ok(Mended::Decoded(encoding));
            }
            return Ok(Mended::Nothing);
        }
        if BARRIERS.iter().any(|code| has(code)) || has("F003") || checked.report.kind.is_none() {
            return Ok(Mended::Nothing);
        }
        let mender = self.mender(&mut input, judged).map_err(failed)?;
        let mut round = Edits::default();
        let mut out = create(to).map_err(unwritten)?;
        let head = input.head(mender.head).map_err(failed)?.text[..mender.head].to_vec();
        let mut text = Vec::new();
        mender.head(&head, &mut text, &mut round);
        out.write_all(&text).map_err(unwritten)?;
        // What every row adds to goes last.
        let mut last_beside = None;
        if let (Rows::Matrix(rows), Some(matrix)) = (&mender.rows, &checked.matrix) {
            for table in rows.beside(&head, matrix) {
                let path = to.with_extension(table.suffix);
                let mut out = create(&path).map_err(unwritten)?;
                out.write_all(&table.text)
                    .and_then(|()| out.flush())
                    .map_err(unwritten)?;
                last_beside = Some(out);
                tables.push(Table {
                    suffix: table.suffix,
                    path,
                    mended: None,
                    note: None,
                });
            }
        }
        let resources = &self.request.resources;
        let at = odmkit_core::ByteOffset(mender.head as u64);
        self.progress.begin(&checked.report.path, input.text_bytes());
        self.progress.advance(at.0);
        let mut blocks = input.into_blocks(at, resources.block_bytes(), resources.longest_line());
        let rewritten = ordered(
            resources.bounds(),
            || blocks.draw().map_err(failed),
            <(Scratch, ScanBuffers)>::default,
            |(scratch, buffers), ticket| {
                let block = scratch.load(ticket).map_err(failed)?;
                let mut text = Vec::with_capacity(block.text.len());
                let mut beside = Vec::new();
                let mut edits = Edits::default();
                if mender.stays(resources.kernel, block.text, buffers) {
                    text.extend_from_slice(block.text);
                } else {
                    mender.block(block.text, &mut text, &mut beside, &mut edits);
                }
                self.progress.advance(block.text.len() as u64);
                Ok((text, beside, edits))
            },
            |(text, beside, some)| {
                round.take(&some);
                if let Some(table) = last_beside.as_mut().filter(|_| !beside.is_empty()) {
                    table.write_all(&beside).map_err(unwritten)?;
                }
                out.write_all(&text).map_err(unwritten)
            },
        );
        self.progress.end();
        rewritten?;
        if let Some(mut table) = last_beside {
            table.flush().map_err(unwritten)?;
        }
        out.flush().map_err(unwritten)?;
        if round.is_empty() {
            std::fs::remove_file(to).map_err(unwritten)?;
            return Ok(Mended::Nothing);
        }
        edits.take(&round);
        Ok(Mended::Something)
    }

    fn mender<'a>(&'a self, input: &mut Input, judged: &Judged<'a>) -> Result<Mender<'a>, InputError> {
        let &Judged {
            checked,
            found,
            entity,
            described,
        } = judged;
        let has = |code: &str| found.by_code.keys().any(|known| known.as_str() == code);
        let of_endings = |finding: &&Diagnostic| finding.rule.code.as_str() == "F005";
        let uneven = found.diagnostics.iter().find(of_endings);
        let uneven = uneven.is_some_and(|finding| !keeps_line_ends(finding, has));
        let endings = Endings::of(uneven, has("T005"), input)?;
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
            let head = input.head(body)?.text.to_vec();
            if let Some(rows) = MatrixRows::new(
                matrix,
                checked.report.format,
                &head,
                self.request.with_unsafe,
                is_in_doubt("G013", has) || (is_miscounted(has) && !self.request.with_unsafe),
                !is_in_doubt("D012", has),
            ) {
                mender.head = body;
                mender.rows = Rows::Matrix(Box::new(rows));
            }
        } else if let (Some(table), Some(kind)) = (&checked.shape, checked.report.kind) {
            let describes = entity.filter(|_| described).map(|entity| entity.kind);
            mender.head = to_usize(table.body.byte.0);
            let head = input.head(mender.head)?.text[..mender.head].to_vec();
            let mut lines = odmkit_formats::Lines::new(head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head));
            let header = lines.find(|line| !line.is_blank());
            let plan = MetadataInput {
                path: &checked.report.path,
                kind,
                describes,
                template: &self.judge.template,
                dictionaries: &self.judge.dictionaries,
                keep: &[],
                keep_all_up_to: 0,
            };
            let header = header.map_or(&b""[..], |line| line.text);
            mender.rows = Rows::Table(Box::new(TableRows::new(
                header,
                table,
                &plan,
                found,
                self.request.with_unsafe,
            )));
        } else if let Some(table) = &checked.plain {
            mender.head = to_usize(table.body.byte.0);
            mender.rows = Rows::Plain(PlainRows::new(&table.wrappings));
        }
        Ok(mender)
    }
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mended {
    Nothing,
    /// The text had this encoding, and is UTF-8 now.
    Decoded(Encoding),
    Something,
}

fn create(path: &Path) -> io::Result<BufWriter<File>> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    File::create(path).map(BufWriter::new)
}
