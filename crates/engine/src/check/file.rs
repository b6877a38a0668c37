//! Checking one file.

use std::io;
use std::path::Path;
use std::sync::Arc;

use odmkit_checks::Wrappings;
use odmkit_checks::links::{DataColumns, EntityTable};
use odmkit_checks::matrix::{MatrixLayout, MatrixSummary};
use odmkit_checks::rules::f002_empty_file::Holds;
use odmkit_checks::rules::f003_not_utf8::Encoding;
use odmkit_checks::rules::m003_type_mismatch::OpenDates;
use odmkit_checks::rules::{
    f001_unreadable, f002_empty_file, f003_not_utf8, f004_byte_order_mark, f007_bad_archive,
    f008_not_this_kind, f009_too_large, f010_line_too_long, f011_unknown_kind, f014_packing_not_taken,
};
use odmkit_core::{Compression, DataFormat, FileKind, Position};
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::Lines;
use odmkit_formats::head::BYTE_ORDER_MARK;
use odmkit_input::{ArchiveFault, Input, InputError};
use odmkit_report::FileReport;
use odmkit_study::detect::by_first_line;
use odmkit_study::{Detected, Entity, FrameHints, Head, Heads, Unclear, detect, names};
use odmkit_template::ValueType;

use super::{Along, CheckRequest, Judge, endings, facs, mapping, matrix, metadata, vcf};
use crate::inspect::values::{Reader, Values};
use crate::{EngineError, FileHeads, Progress, Resources, RowFacts};

/// What was learnt of a file.
#[derive(Debug)]
pub struct CheckedFile {
    /// What the report says of it.
    pub report: FileReport,
    /// Whether reading stopped before the end.
    pub truncated: bool,
    /// Its records, where it is a table that others are linked to.
    pub table: Option<EntityTable>,
    /// Its columns, where it is data that is linked.
    pub columns: Option<DataColumns>,
    /// How its rows are read, where it is a metadata table that could be read to its end.
    pub shape: Option<CheckedTable>,
    /// How its rows are read, where it is a matrix whose header could be read.
    pub matrix: Option<CheckedMatrix>,
    /// What was judged around its fields, where it is another table that could be read to its end.
    pub plain: Option<CheckedPlain>,
    /// What the names of its columns are suspected of. It is told where the links do not settle it.
    pub(super) awaiting: Vec<Diagnostic>,
    /// What is likely of it, where it is a data frame.
    pub(crate) hints: Option<FrameHints>,
    /// Its values, where it is a matrix of which they are wanted.
    pub(crate) values: Option<(Values, Reader)>,
}

/// A flow cytometry table, a mapping, or variants.
#[derive(Debug, Clone)]
pub struct CheckedPlain {
    /// Where the rows begin.
    pub body: Position,
    /// What is told of around names and values.
    pub wrappings: Wrappings,
}

/// How the rows of a matrix are read, and what they are.
#[derive(Debug, Clone)]
pub struct CheckedMatrix {
    /// The layout of the rows.
    pub layout: Arc<MatrixLayout>,
    /// Where the rows begin.
    pub body: Position,
    /// What the rows are, all in all.
    pub summary: MatrixSummary,
    /// The samples in the order of their columns.
    pub samples: Vec<String>,
    /// The measurements; empty without a separator.
    pub measurements: Vec<String>,
    /// What stands between sample and measurement.
    pub separator: Option<String>,
    /// The data class, where it is known.
    pub data_class: Option<String>,
    /// How much memory its rows take.
    pub facts: RowFacts,
    /// Lines of sample attributes of a GCT 1.3 file: the attribute's name and a value per sample.
    pub sample_attributes: Vec<(String, Vec<String>)>,
}

/// How the rows of a metadata table are read.
#[derive(Debug, Clone)]
pub struct CheckedTable {
    /// Where the rows begin.
    pub body: Position,
    /// The columns, each with the type that the template gives it; text where it knows nothing of it.
    pub columns: Vec<(String, ValueType)>,
    /// Those of them, 0-based, with dates that can be read as two, and what is known of these.
    pub open_dates: Vec<(usize, OpenDates)>,
}

/// A file under check: what the parts of the check share.
pub(super) struct Subject<'a> {
    pub(super) path: Arc<str>,
    pub(super) entity: Option<&'a Entity>,
    pub(super) judge: &'a Judge,
    pub(super) request: &'a CheckRequest,
    /// The attributes by which the manifest links data.
    pub(super) link_attributes: &'a [String],
    pub(super) progress: &'a dyn Progress,
    /// Threads and memory, what the names of the columns take not counted.
    pub(super) resources: Resources,
    /// The size of blocks.
    pub(super) block_bytes: usize,
    /// What is taken of the rows of a matrix.
    pub(super) along: Along<'a>,
    /// The files of the study that have been checked before it.
    pub(super) before: &'a [CheckedFile],
    pub(super) checked: CheckedFile,
    /// Why the work could not be done: not for what the file is.
    pub(super) failed: Option<EngineError>,
}

/// Bytes of text that detection looks at.
pub(super) const HEAD: usize = odmkit_study::head::HEAD_BYTES;

/// Checks the file of an entity, or a file that is none. What its columns name is looked for in the files of the study
/// that have been checked `before` it.
pub(crate) fn check(
    path: &str,
    entity: Option<&Entity>,
    judge: &Judge,
    request: &CheckRequest,
    (along, before): (Along<'_>, &[CheckedFile]),
    progress: &dyn Progress,
    sink: &mut dyn Sink,
) -> Result<CheckedFile, EngineError> {
    let known = entity.map(|entity| (entity.kind, entity.format));
    let mut subject = Subject::new(path, entity, judge, request, progress);
    subject.along = along;
    subject.before = before;
    subject.run(known, sink)
}

/// Checks the file with the one record that describes an entity's data.
pub(crate) fn check_described(
    path: &str,
    entity: &Entity,
    judge: &Judge,
    request: &CheckRequest,
    progress: &dyn Progress,
    sink: &mut dyn Sink,
) -> Result<CheckedFile, EngineError> {
    let known = Some((FileKind::ExpressionMetadata, Some(DataFormat::Tsv)));
    Subject::new(path, Some(entity), judge, request, progress).run(known, sink)
}

impl<'a> Subject<'a> {
    fn new(
        path: &str,
        entity: Option<&'a Entity>,
        judge: &'a Judge,
        request: &'a CheckRequest,
        progress: &'a dyn Progress,
    ) -> Self {
        let path: Arc<str> = Arc::from(odmkit_input::label(path));
        let checked = CheckedFile {
            report: FileReport::new(Arc::clone(&path)),
            truncated: false,
            table: None,
            columns: None,
            shape: None,
            matrix: None,
            plain: None,
            awaiting: Vec::new(),
            hints: None,
            values: None,
        };
        Self {
            path,
            entity,
            judge,
            request,
            link_attributes: judge.link_attributes(),
            progress,
            resources: request.resources,
            block_bytes: request.resources.block_bytes(),
            along: Along::Nothing,
            before: &[],
            checked,
            failed: None,
        }
    }

    fn run(
        mut self,
        known: Option<(FileKind, Option<DataFormat>)>,
        sink: &mut dyn Sink,
    ) -> Result<CheckedFile, EngineError> {
        match Input::open(Path::new(&*self.path)) {
            Ok(input) => {
                self.progress.begin(&self.path, input.text_bytes());
                self.check_input(input, known, sink);
                self.progress.end();
            }
            Err(error) => self.stop(&error, sink),
        }
        match self.failed {
            Some(failed) => Err(failed),
            None => Ok(self.checked),
        }
    }

    fn check_input(
        &mut self,
        mut input: Input,
        known: Option<(FileKind, Option<DataFormat>)>,
        sink: &mut dyn Sink,
    ) {
        self.checked.report.compression = input.compression();
        self.checked.report.bytes = input.bytes();
        let head = match self.first_text(&mut input) {
            Ok(head) => head,
            Err(error) => return self.stop(&error, sink),
        };
        if let Some(holds) = nothing_in(&head) {
            let packed = self.checked.report.compression != Compression::None;
            self.checked.truncated = true;
            return sink.push(f002_empty_file::finding(&self.path, packed, holds));
        }
        let doubled = endings::are_doubled(head.text);
        let itself = by_first_line(head.text);
        let found = detect(
            names::file_name(&self.path),
            &Head {
                bytes: head.text.to_vec(),
                whole: head.complete,
                compression: input.compression(),
            },
            &[],
        );
        let (first, broken) = input.head(0).map_or_else(
            |error| (Vec::new(), Some(error)),
            |head| {
                let first: Vec<u8> = head.text.iter().take(4).copied().collect();
                (first, head.broken.map(InputError::again))
            },
        );
        if let Detected::NotThisKind(foreign) = found.detected {
            self.checked.truncated = true;
            return sink.push(if foreign.is_encoding() {
                let wide = matches!(first[..], [0xFF, 0xFE, 0, 0] | [0, 0, 0xFE, 0xFF]);
                let encoding = if wide { Encoding::Utf32 } else { Encoding::Utf16 };
                f003_not_utf8::finding(&self.path, Position::START, &first, encoding, None)
            } else {
                f008_not_this_kind::finding(&self.path, &foreign.to_string(), foreign.help())
            });
        }
        let Some((kind, format)) = self.kind(known, &found) else {
            if let Some(broken) = broken {
                return self.stop(&broken, sink);
            }
            self.checked.truncated = true;
            let unclear = match found.detected {
                Detected::Unknown(unclear) => Some(unclear),
                _ => None,
            };
            let help = unclear.and_then(Unclear::help);
            let finding = f011_unknown_kind::finding(&self.path, &found.because, help);
            // Where the first line tells why, it is shown.
            let shown = matches!(
                unclear,
                Some(Unclear::NoHeader | Unclear::Comments | Unclear::Title)
            );
            return sink.push(if shown {
                finding.at(Position::START)
            } else {
                finding
            });
        };
        if let Some((_, what)) = itself.filter(|(other, _)| *other != kind) {
            self.checked.truncated = true;
            return sink.push(f008_not_this_kind::said_to_be(&self.path, what, kind));
        }
        self.checked.report.kind = Some(kind);
        self.checked.report.format = Some(format);
        if self.checked.report.bytes > f009_too_large::limit(kind) {
            let bytes = self.checked.report.bytes;
            sink.push(f009_too_large::finding(
                &self.path,
                bytes,
                f009_too_large::limit(kind),
            ));
        }
        if first.starts_with(BYTE_ORDER_MARK) {
            sink.push(f004_byte_order_mark::finding(&self.path));
        }
        // Who converts a file has no need of ODM for it.
        if !matches!(self.along, Along::Rows(_))
            && let Some(finding) =
                f014_packing_not_taken::check(&self.path, kind, self.checked.report.compression)
        {
            sink.push(finding);
        }
        self.checked.report.begun = true;
        let outcome = if doubled {
            self.check_as(kind, format, input, &mut endings::WithoutBlankLines(sink))
        } else {
            let mut once = endings::OnceOfBreaks::new(sink);
            let outcome = self.check_as(kind, format, input, &mut once);
            once.close();
            outcome
        };
        if let Err(error) = outcome {
            self.stop(&error, sink);
        }
    }

    /// Checks it as what it is.
    fn check_as(
        &mut self,
        kind: FileKind,
        format: DataFormat,
        input: Input,
        sink: &mut dyn Sink,
    ) -> Result<(), InputError> {
        match (kind, format) {
            (FileKind::Expression, DataFormat::Gct12 | DataFormat::Gct13) => {
                matrix::check_gct(self, input, sink)
            }
            (FileKind::Expression, _) => matrix::check_frame(self, input, sink),
            (FileKind::Variant, _) => vcf::check(self, input, sink),
            (FileKind::FlowCytometry, _) => facs::check(self, input, sink),
            (FileKind::Mapping, _) => mapping::check(self, input, sink),
            _ => metadata::check(self, kind, input, sink),
        }
    }

    /// The beginning of the text. Where it is blank, it is read on until something stands there.
    fn first_text<'i>(&self, input: &'i mut Input) -> Result<odmkit_input::Head<'i>, InputError> {
        let limit = self.request.resources.longest_head();
        let mut wanted = HEAD;
        loop {
            let head = input.head(wanted)?;
            let text = head.text.iter().position(|byte| !byte.is_ascii_whitespace());
            // What it is shows in so many bytes from the first that is not blank.
            let enough = text.map_or(limit, |at| at + HEAD);
            if head.complete || head.broken.is_some() || wanted >= enough {
                break;
            }
            wanted = if text.is_some() {
                enough
            } else {
                (wanted * 4).min(limit)
            };
        }
        input.head(wanted)
    }

    /// What the file is: as the user says, else as the study has it, else as it looks.
    fn kind(
        &self,
        known: Option<(FileKind, Option<DataFormat>)>,
        found: &odmkit_study::Detection,
    ) -> Option<(FileKind, DataFormat)> {
        let said = self.request.options.kind;
        let table = matches!(
            found.detected,
            Detected::Unknown(Unclear::SomeTable | Unclear::NoHeader)
        );
        // Who says how many feature columns a table has, says that it is a data frame.
        let frame =
            || (table && self.request.options.feature_attributes.is_some()).then_some(FileKind::Expression);
        let kind = said
            .or(known.map(|(kind, _)| kind))
            .or(found.kind())
            .or_else(frame)?;
        let by_kind = match kind {
            FileKind::Variant => DataFormat::Vcf,
            FileKind::FlowCytometry => DataFormat::Facs,
            FileKind::Expression => {
                let named = names::ends_with(&self.path, ".gct");
                if named { DataFormat::Gct12 } else { DataFormat::Tsv }
            }
            _ => DataFormat::Tsv,
        };
        let format = if said.is_none_or(|said| found.kind() == Some(said)) {
            known
                .and_then(|(_, format)| format)
                .filter(|_| said.is_none())
                .or(found.format())
        } else {
            None
        };
        Some((kind, format.unwrap_or(by_kind)))
    }

    /// The attribute that the data is tied by. The manifest's word goes before the flag's: a flag is for what the
    /// manifest leaves open.
    pub(super) fn link_attribute(&self) -> Option<String> {
        let stated = self.entity.and_then(|entity| entity.link_attribute.clone());
        stated.or_else(|| self.request.options.link_attribute.clone())
    }

    /// Says why reading ended before the end of the file.
    pub(super) fn stop(&mut self, error: &InputError, sink: &mut dyn Sink) {
        self.checked.truncated = true;
        let path = &self.path;
        sink.push(match error {
            InputError::LineTooLong { at, limit, length } => {
                let position = Position {
                    byte: *at,
                    ..Position::START
                };
                let mut finding =
                    f010_line_too_long::finding(path, position, *limit, self.enough_for(*length).as_deref());
                // Only the byte is known: lines before it have not been counted.
                finding.line = None;
                finding
            }
            InputError::Archive {
                fault: ArchiveFault::OfficeDocument,
                ..
            } => f008_not_this_kind::finding(
                path,
                "a spreadsheet or another office document",
                "open it and save the sheet as text (tab delimited) in UTF-8",
            ),
            InputError::Archive { fault, at, .. } => {
                let mut finding = f007_bad_archive::finding(path, &error.to_string(), archive_help(fault));
                finding.byte = *at;
                finding
            }
            other => match named_otherwise(path, other) {
                Some(name) => f001_unreadable::named_otherwise(path, &name),
                None => f001_unreadable::finding(path, &other.to_string()),
            },
        });
    }
}

/// The name of the file that is there in place of one that is not: spelt with other capitals, packed or unpacked.
fn named_otherwise(path: &str, error: &InputError) -> Option<String> {
    let InputError::Open(error) = error else {
        return None;
    };
    if error.kind() != io::ErrorKind::NotFound {
        return None;
    }
    let name = names::file_name(path);
    let folder = Some(names::folder(path)).filter(|folder| !folder.is_empty());
    let mut beside = FileHeads.list(folder.unwrap_or(".")).ok()?;
    let plain = |name: &str| names::unpacked(name).to_lowercase();
    beside.retain(|other| other != name && plain(other) == plain(name));
    beside.into_iter().min()
}

/// What there is in a file with nothing in it.
fn nothing_in(head: &odmkit_input::Head<'_>) -> Option<Holds> {
    let marks = [BYTE_ORDER_MARK, b"\xFF\xFE", b"\xFE\xFF"];
    let is_blank = |text: &[u8]| Lines::new(text).all(|line| line.is_blank());
    match head.text {
        _ if !head.complete => None,
        [] => Some(Holds::Nothing),
        text if marks.contains(&text) => Some(Holds::Mark),
        text if is_blank(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)) => Some(Holds::BlankLines),
        _ => None,
    }
}

fn archive_help(fault: &ArchiveFault) -> &'static str {
    match fault {
        ArchiveFault::Truncated(_) | ArchiveFault::NoEndMarker => {
            "the copy is incomplete: transfer the file again and compare the sizes"
        }
        ArchiveFault::Corrupt(_) => "transfer the file again, or compress it again from its source",
        ArchiveFault::Trailing => "compress the file again, and add nothing to what comes of it",
        ArchiveFault::Members(_) => "put one file into one archive",
        ArchiveFault::Encrypted => "compress the file again, without a password",
        ArchiveFault::Misnamed { .. } => "give the file the name of what it is, or compress it",
        _ => "compress the file again with gzip",
    }
}
