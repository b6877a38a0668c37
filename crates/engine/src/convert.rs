//! Converting: check the inputs, then write each as a table.

mod early;
mod matrix;
mod naming;
mod place;
mod table;
mod verify;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use odmkit_core::FileKind;
use odmkit_diagnostics::{Diagnostic, Overrides, Severity};
use odmkit_export::{Codec, Container, ExportError, Layout, ValueType};
use odmkit_input::InputError;
use odmkit_report::Report;

pub(crate) use matrix::parse_rows;
pub use naming::stem;
pub use place::STANDARD_OUTPUT;

use crate::check::{Along, CheckOptions, CheckRequest, CheckedFile, check_but};
use crate::error::size;
use crate::{EngineError, Need, Progress, Resources};
use early::Early;
use place::Place;

/// Where outputs go.
#[derive(Debug, Clone)]
pub enum Target {
    /// The one output: a file, an address, or `-` for the standard output.
    File(PathBuf),
    /// A folder for an output per input, or the address of one; it is made where it is not there.
    Folder(PathBuf),
}

/// A conversion to be made.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says yes or no to a thing of its own"
)]
pub struct ConvertRequest {
    /// Files, folders, manifests.
    pub inputs: Vec<PathBuf>,
    /// Where the outputs go.
    pub target: Target,
    /// The file format; by the name of the output where it is not said, else Parquet.
    pub container: Option<Container>,
    /// The layout; by the number of columns where it is not said.
    pub layout: Option<Layout>,
    /// The compression inside the file.
    pub codec: Codec,
    /// The precision of values.
    pub values: ValueType,
    /// Long layout only: leave out zeros.
    pub skip_zeros: bool,
    /// Matrix layout only: lists of so many values each.
    pub tile: Option<std::num::NonZeroUsize>,
    /// Convert files with errors too.
    pub no_check: bool,
    /// Replace outputs that exist.
    pub overwrite: bool,
    /// Read both sides again and compare every value before an output gets its name.
    pub verify: bool,
    /// Leave out inputs whose outputs are there and not older.
    pub resume: bool,
    /// Convert nothing more after the first file that could not be converted.
    pub fail_fast: bool,
    /// Outputs of single inputs, by input; the others go where `target` says.
    pub outputs: HashMap<String, PathBuf>,
    /// What the user says of the files.
    pub options: CheckOptions,
    /// Which findings are raised, lowered or silenced.
    pub overrides: Overrides,
    /// Threads and memory.
    pub resources: Resources,
}

/// What a conversion gave.
#[derive(Debug)]
pub struct ConvertOutcome {
    /// What the check said.
    pub report: Report,
    /// What became of each input, in the order of the report's files.
    pub files: Vec<Converted>,
}

/// What became of one input.
#[derive(Debug)]
pub struct Converted {
    /// The input, as the user named it.
    pub input: Arc<str>,
    /// Its output.
    pub output: PathBuf,
    /// What was done.
    pub fate: Fate,
}

/// What was done with an input.
#[derive(Debug)]
pub enum Fate {
    /// It was written.
    Written {
        /// Bytes of the output.
        bytes: u64,
        /// Rows of the input.
        rows: u64,
        /// The layout, for a matrix.
        layout: Option<Layout>,
        /// Values that are no numbers and were written as missing; only with [`ConvertRequest::no_check`].
        text: u64,
        /// Wall time.
        seconds: f64,
    },
    /// The check found errors.
    Rejected {
        /// How many, those aside that are not shown.
        errors: u64,
    },
    /// It is nothing that can be converted.
    NoTable,
    /// It is a metadata table, which is text already, and text was asked for.
    IsText {
        /// What it is a table of.
        kind: FileKind,
        /// What it would be written as.
        container: Container,
    },
    /// Its output is there already; only with [`ConvertRequest::resume`].
    Kept,
    /// Another file failed before it; only with [`ConvertRequest::fail_fast`].
    NotTried,
    /// It could not be done.
    Failed(ConvertError),
}

/// Why a file could not be converted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The input cannot be read.
    #[error("cannot read the input: {0}")]
    Input(#[from] InputError),
    /// The output cannot be written.
    #[error("{0}")]
    Output(#[from] ExportError),
    /// The folder of outputs cannot be made.
    #[error("cannot make the folder {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A row does not have the columns of the header.
    #[error("the row at byte {at} has {found} fields where the header has {expected}; mend the file first")]
    Ragged {
        /// Where the row begins.
        at: odmkit_core::ByteOffset,
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// The output is not what the input is.
    #[error("the output differs from the input in row {row}: {what}; nothing was kept of it")]
    Differs {
        /// The row, the first being 1.
        row: u64,
        /// Where it differs.
        what: String,
    },
    /// There is no way to verify this output.
    #[error("only matrices written as Parquet or Arrow can be verified; leave --verify away for this file")]
    Unverifiable,
    /// It needs more memory than it may have.
    #[error("{need} within --memory-limit {}; give it --memory-limit {}", size(*limit), size(*least))]
    Memory {
        /// What does not fit.
        need: Need,
        /// The limit, in bytes.
        limit: u64,
        /// The least limit that is enough.
        least: u64,
    },
    /// A bucket or web server cannot be used.
    #[error(transparent)]
    Remote(#[from] odmkit_remote::RemoteError),
    /// The standard output cannot be written to.
    #[error("cannot write to the standard output: {0}")]
    Stdout(#[source] std::io::Error),
    /// Two inputs would be written to one output.
    #[error("`{other}` is written to the same file; convert the two into different folders")]
    SameOutput {
        /// The other input.
        other: Arc<str>,
    },
    /// One output for several inputs.
    #[error("one output file for {0} inputs; name a folder with --out-dir")]
    OneOutput(usize),
}

/// Errors of these rules do not stand in the way of a conversion: the file can be read all the same, and it is
/// ODM, or a link, that would refuse it.
const HARMLESS: [&str; 1] = ["G013"];

/// Checks the inputs and converts those without errors.
///
/// # Errors
///
/// Where a folder or a manifest cannot be read, or one output is named for several inputs. What goes wrong with
/// one file is in the outcome, and the others go on.
pub fn convert(request: &ConvertRequest, progress: &dyn Progress) -> Result<ConvertOutcome, EngineError> {
    let early = Early::new(request);
    let kept = RefCell::new(Vec::new());
    let leave = |path: &str| {
        let label = odmkit_input::label(path);
        let output = naming::output(request, &label);
        let left = request.resume && is_finished(&label, &output);
        if left {
            early.keep(output);
            kept.borrow_mut().push(label);
        }
        left
    };
    let checked = check_but(
        &CheckRequest {
            inputs: request.inputs.clone(),
            options: request.options.clone(),
            overrides: request.overrides.clone(),
            max_per_rule: 20,
            resources: request.resources,
        },
        &leave,
        Along::Rows(&early),
        progress,
    )?;
    let kept = kept.into_inner().into_iter().map(|input| Converted {
        output: naming::output(request, &input),
        input: input.into(),
        fate: Fate::Kept,
    });
    let mut files: Vec<Converted> = kept.collect();
    let mut failed = false;
    let convertible = checked.files.iter().filter(|file| is_table(file)).count();
    for file in &checked.files {
        let output = naming::output(request, &file.report.path);
        let same = files
            .iter()
            .find(|earlier| {
                earlier.output == output
                    && matches!(earlier.fate, Fate::Written { .. } | Fate::Failed(_) | Fate::Kept)
            })
            .map(|earlier| Arc::clone(&earlier.input));
        let errors = errors_of(file, &checked.report.diagnostics);
        let container = naming::container(request, &output);
        // A metadata table is text already.
        let as_text = file.matrix.is_none() && matches!(container, Container::Gct | Container::Tsv);
        let fate = if let Some(fate) = early.fate(&file.report.path) {
            fate
        } else if !is_table(file) || as_text {
            match file.report.kind.filter(|_| is_table(file)) {
                _ if errors > 0 => Fate::Rejected { errors },
                Some(kind) => Fate::IsText { kind, container },
                None => Fate::NoTable,
            }
        } else if failed && request.fail_fast {
            Fate::NotTried
        } else if errors > 0 && !request.no_check {
            Fate::Rejected { errors }
        } else if convertible > 1 && matches!(request.target, Target::File(_)) {
            Fate::Failed(ConvertError::OneOutput(convertible))
        } else if let Some(other) = same.or_else(|| early.holder(&output)) {
            Fate::Failed(ConvertError::SameOutput { other })
        } else {
            let written = match early.claim(file, &output) {
                Some((matrix, done)) => done.publish(file, matrix, request),
                None => write(file, &output, request, progress),
            };
            written.unwrap_or_else(Fate::Failed)
        };
        failed |= matches!(fate, Fate::Rejected { .. } | Fate::Failed(_));
        files.push(Converted {
            input: Arc::clone(&file.report.path),
            output,
            fate,
        });
    }
    Ok(ConvertOutcome {
        report: checked.report,
        files,
    })
}

/// Writes one checked matrix as a table, for callers that have checked it already.
///
/// # Errors
///
/// Where the input cannot be read or the output cannot be written; nothing is left under its name then.
pub fn convert_checked(
    file: &CheckedFile,
    request: &ConvertRequest,
    progress: &dyn Progress,
) -> Result<Converted, ConvertError> {
    let output = naming::output(request, &file.report.path);
    let fate = write(file, &output, request, progress)?;
    Ok(Converted {
        input: Arc::clone(&file.report.path),
        output,
        fate,
    })
}

fn write(
    file: &CheckedFile,
    output: &Path,
    request: &ConvertRequest,
    progress: &dyn Progress,
) -> Result<Fate, ConvertError> {
    let started = Instant::now();
    place::make_folder(request)?;
    let container = naming::container(request, output);
    let text_output = matches!(container, Container::Gct | Container::Tsv);
    if request.verify && (text_output || file.matrix.is_none()) {
        return Err(ConvertError::Unverifiable);
    }
    let place = Place::find(output, request)?;
    let (written, layout, text) = match &file.matrix {
        Some(matrix) => matrix::write(file, matrix, place.path(), container, request, progress)?,
        None => match &file.shape {
            Some(shape) => (
                table::write(file, shape, place.path(), container, request, progress)?,
                None,
                0,
            ),
            None => return Ok(Fate::NoTable),
        },
    };
    place.publish(output)?;
    let seconds = started.elapsed().as_secs_f64();
    Ok(Fate::Written {
        bytes: written.bytes,
        rows: written.rows,
        layout,
        text,
        seconds,
    })
}

/// Whether an output is there and not older than its input. It is complete then: it got its name last.
fn is_finished(input: &str, output: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|found| found.modified()).ok();
    match (time(Path::new(input)), time(output)) {
        (Some(input), Some(output)) => input <= output,
        // Of what is not on this machine the time says nothing.
        _ => place::exists(output).unwrap_or(false),
    }
}

/// Whether a file holds something that can be written as a table.
fn is_table(file: &CheckedFile) -> bool {
    file.matrix.is_some() || file.shape.is_some()
}

/// Whether a file is not converted for this: an error of the file itself. How it hangs together with others is no matter.
pub fn stands_in_the_way(finding: &Diagnostic) -> bool {
    let code = finding.rule.code;
    finding.severity == Severity::Error
        && !code.as_str().starts_with('L')
        && !HARMLESS.contains(&code.as_str())
}

/// How many errors there are of a file.
fn errors_of(file: &CheckedFile, diagnostics: &[Diagnostic]) -> u64 {
    let own = |finding: &&Diagnostic| finding.path == file.report.path && stands_in_the_way(finding);
    diagnostics.iter().filter(own).map(|finding| finding.count).sum()
}
