//! What a file is: its kind, its dimensions, its likely structure, and a summary of each column of values.

mod median;
mod tally;

use std::path::{Path, PathBuf};

use odmkit_columns::batch::ValueOrder;
use odmkit_columns::rows::RowShape;
use odmkit_diagnostics::{Diagnostic, Overrides};
use odmkit_input::{Input, InputError, Scratch};
use odmkit_pipeline::ordered;
use odmkit_report::Summary;
use odmkit_study::FrameHints;

use self::median::Medians;
use self::tally::Tally;
use crate::check::{CheckOptions, CheckRequest, CheckedFile, CheckedMatrix, check};
use crate::resources::to_usize;
use crate::{EngineError, Progress, Resources};

/// A file to be looked at.
#[derive(Debug, Clone)]
pub struct InspectRequest {
    /// The file.
    pub path: PathBuf,
    /// What the user says of it.
    pub options: CheckOptions,
    /// Threads and memory.
    pub resources: Resources,
}

/// What a file is.
#[derive(Debug)]
pub struct Inspection {
    /// What the check learnt of it.
    pub file: CheckedFile,
    /// What says that it is of its kind, or that it is none.
    pub because: String,
    /// What is likely of a data frame.
    pub hints: FrameHints,
    /// The figures of the check.
    pub check: Summary,
    /// The first finding at error level.
    pub first_error: Option<Diagnostic>,
    /// The columns of values of a matrix whose rows all have the columns of the header; else none.
    pub columns: Vec<ColumnSummary>,
}

/// What a column of values holds. Minimum, median, maximum and mean are of its finite numbers; all are exact, the
/// mean to the last bit or two.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSummary {
    /// Its name.
    pub name: String,
    /// Cells without a value, and cells of text.
    pub missing: u64,
    /// Infinities.
    pub infinite: u64,
    /// Zeros.
    pub zeros: u64,
    /// The least number.
    pub min: Option<f64>,
    /// The number in the middle; between the two in the middle where their count is even.
    pub median: Option<f64>,
    /// The greatest number.
    pub max: Option<f64>,
    /// The mean; `None` also where the sum is beyond what a double holds.
    pub mean: Option<f64>,
}

/// Why a file could not be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// It is a folder.
    #[error("{} is a folder: `odmkit check` and `odmkit init` look at all that is in it", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// It stands for no file.
    #[error("{} is no file to look at: name the files that it lists", path.display())]
    NoFile {
        /// What was named.
        path: PathBuf,
    },
    /// It cannot be checked.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// It cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// Why.
        source: InputError,
    },
}

/// Looks at a file: checks it, and sums up the columns of a matrix in one more pass over its rows. Medians need
/// the values side by side: where a matrix has more of them than half of the memory holds, the rows are read again
/// for as many columns at a time as fit.
///
/// # Errors
///
/// Where it is no file, or cannot be read. What is wrong with it is in the inspection.
pub fn inspect(request: &InspectRequest, progress: &dyn Progress) -> Result<Inspection, InspectError> {
    let path = || request.path.clone();
    if request.path.is_dir() {
        return Err(InspectError::Folder { path: path() });
    }
    let mut checked = check(
        &CheckRequest {
            inputs: vec![path()],
            options: request.options.clone(),
            overrides: Overrides::new(),
            max_per_rule: 1,
            resources: request.resources,
        },
        progress,
    )?;
    let study = match &checked.studies[..] {
        [study] if checked.files.len() == 1 => study,
        _ => return Err(InspectError::NoFile { path: path() }),
    };
    let entity = study.entities.first();
    let skipped = study.skipped.first();
    let because = entity
        .map(|entity| entity.because.clone())
        .or_else(|| skipped.map(odmkit_study::Skipped::because))
        .unwrap_or_default();
    let hints = entity.map_or_else(FrameHints::default, |entity| entity.hints.clone());
    let file = checked.files.remove(0);
    let columns = match &file.matrix {
        Some(matrix) if !file.truncated => summarise(&request.path, matrix, &request.resources, progress)
            .map_err(|source| InspectError::Input { path: path(), source })?,
        _ => Vec::new(),
    };
    let first_error = checked
        .report
        .diagnostics
        .into_iter()
        .find(|finding| finding.severity == odmkit_diagnostics::Severity::Error);
    Ok(Inspection {
        file,
        because,
        hints,
        check: checked.report.summary,
        first_error,
        columns,
    })
}

/// Sums up each column of values; gives nothing where a row has other columns than the header.
fn summarise(
    path: &Path,
    matrix: &CheckedMatrix,
    resources: &Resources,
    progress: &dyn Progress,
) -> Result<Vec<ColumnSummary>, InputError> {
    let shape = RowShape {
        width: matrix.layout.width(),
        // What describes the feature is not looked at, and text is read as it stands.
        numeric_features: vec![false; matrix.layout.features],
    };
    let count = shape.value_columns();
    let rows = to_usize(matrix.summary.rows);
    let at_once = (resources.export_bytes() / rows.saturating_mul(8).max(1)).clamp(1, count.max(1));
    let mut tallies = vec![Tally::default(); count];
    let mut medians = Vec::with_capacity(count);
    for first in (0..count).step_by(at_once) {
        let mut values = Medians::new(first..count.min(first + at_once), rows);
        let even = read(path, matrix, &shape, resources, progress, |block| {
            if first == 0 {
                for (all, one) in tallies.iter_mut().zip(&block.tallies) {
                    all.add(one);
                }
            }
            values.take(&block);
        })?;
        if !even {
            return Ok(Vec::new());
        }
        medians.extend(values.find(resources));
    }
    let names = matrix.layout.value_columns().iter();
    Ok(names
        .zip(&tallies)
        .zip(medians)
        .map(|((name, tally), median)| tally.summary(name.text(), median))
        .collect())
}

/// The values of some rows, column by column, with what is missing as NaN.
struct Block {
    rows: usize,
    values: Vec<f64>,
    tallies: Vec<Tally>,
}

/// Why a pass over the rows ended early.
enum Stopped {
    Input(InputError),
    Ragged,
}

/// One pass over the rows; `false` where one of them has other columns than the header.
fn read(
    path: &Path,
    matrix: &CheckedMatrix,
    shape: &RowShape,
    resources: &Resources,
    progress: &dyn Progress,
    mut take: impl FnMut(Block),
) -> Result<bool, InputError> {
    let mut input = Input::open(path)?;
    input.head(to_usize(matrix.body.byte.0) + 1)?;
    progress.begin(&path.to_string_lossy(), input.text_bytes());
    progress.advance(matrix.body.byte.0);
    let mut blocks = input.into_blocks(
        matrix.body.byte,
        resources.convert_block_bytes(),
        resources.longest_line(),
    );
    let outcome = ordered(
        resources.bounds(),
        || blocks.draw().map_err(Stopped::Input),
        || (Scratch::default(), Vec::new()),
        |(scratch, ends), ticket| {
            let block = scratch.load(ticket).map_err(Stopped::Input)?;
            progress.advance(block.text.len() as u64);
            let parsed = shape
                .parse_fast(resources.kernel, block.text, ValueOrder::ColumnMajor, ends)
                .map_err(|_| Stopped::Ragged)?;
            let mut batch = parsed.batch;
            for &(row, column) in &batch.nulls {
                batch.values[column as usize * batch.rows + row as usize] = f64::NAN;
            }
            let columns = batch.values.chunks_exact(batch.rows.max(1));
            Ok(Block {
                rows: batch.rows,
                tallies: columns.map(Tally::of).collect(),
                values: batch.values,
            })
        },
        |block| {
            take(block);
            Ok(())
        },
    );
    progress.end();
    match outcome {
        Ok(()) => Ok(true),
        Err(Stopped::Ragged) => Ok(false),
        Err(Stopped::Input(error)) => Err(error),
    }
}

#[cfg(test)]
#[path = "inspect/inspect_tests.rs"]
mod tests;
