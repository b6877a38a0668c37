//! What a file is: its kind, its dimensions, its likely structure, and a summary of each column of values.

mod digits;
mod median;
mod sample;
mod sieve;
mod sums;
mod tally;
pub(crate) mod values;

use std::path::{Path, PathBuf};

use odmkit_diagnostics::{Diagnostic, Overrides};
use odmkit_input::{Input, InputError, Scratch};
use odmkit_pipeline::ordered;
use odmkit_report::Summary;
use odmkit_study::FrameHints;

use self::digits::Digits;
use self::median::Held;
use self::tally::Tally;
use self::values::{Block, Buffers, Reader, Values};
use crate::check::{Along, CheckOptions, CheckRequest, CheckedFile, CheckedMatrix, check_but};
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
    /// Cells without a value: empty ones, missing tokens and infinities, as the report counts them. Text is none of them.
    pub missing: u64,
    /// Infinities, numbers included that no double can hold.
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

/// Looks at a file: checks it, and sums up the columns of a matrix in the same pass over its rows. Medians need
/// numbers side by side: of a large file those that lie near the middle of their columns, as some of its rows tell: rows from
/// all over a plain file, the first ones of any other. Columns whose middle lies elsewhere, and those that do not fit into
/// half of the memory, are read again, as many at a time as do; a column that does not fit by itself is gone through four
/// times. Nothing is an estimate.
///
/// # Errors
///
/// Where it is no file, or cannot be read. What is wrong with it is in the inspection.
pub fn inspect(request: &InspectRequest, progress: &dyn Progress) -> Result<Inspection, InspectError> {
    let path = || request.path.clone();
    if request.path.is_dir() {
        return Err(InspectError::Folder { path: path() });
    }
    let check = CheckRequest {
        inputs: vec![path()],
        options: request.options.clone(),
        overrides: Overrides::new(),
        max_per_rule: 1,
        resources: request.resources,
    };
    let mut checked = check_but(&check, &|_| false, Along::Values, progress)?;
    let study = match &checked.studies[..] {
        [study] if checked.files.len() == 1 => study,
        _ => return Err(InspectError::NoFile { path: path() }),
    };
    let entity = study.entities.first();
    let skipped = study.skipped.first();
    let because = entity
        .map(|entity| entity.because.clone())
        .or_else(|| skipped.map(odmkit_study::Skipped::because))
        .filter(|_| request.options.kind.is_none())
        .unwrap_or_else(|| "as you say".to_owned());
    let mut file = checked.files.remove(0);
    let hints = file.hints.take().unwrap_or_default();
    let values = file.values.take().filter(|(values, _)| values.even);
    let columns = match (&file.matrix, values) {
        (Some(matrix), Some((values, reader))) if !file.truncated => {
            let again = Again {
                path: &request.path,
                matrix,
                resources: &request.resources.for_matrix(matrix),
                progress,
            };
            again
                .summaries(values, &reader)
                .map_err(|source| InspectError::Input { path: path(), source })?
        }
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

/// A matrix whose rows may have to be read again.
struct Again<'a> {
    path: &'a Path,
    matrix: &'a CheckedMatrix,
    resources: &'a Resources,
    progress: &'a dyn Progress,
}

impl Again<'_> {
    fn summaries(&self, values: Values, reader: &Reader) -> Result<Vec<ColumnSummary>, InputError> {
        let Values {
            tallies,
            blocks,
            held,
            beside,
            ..
        } = values;
        let held = Held {
            blocks: &blocks,
            columns: held,
            sieve: reader.sieve().map(|sieve| (sieve, &beside[..])),
        };
        let mut medians = median::medians(&held, self.resources);
        drop(blocks);
        medians.resize(tallies.len(), None);
        let left: Vec<usize> = (0..tallies.len())
            .filter(|column| medians[*column].is_none() && tallies[*column].numbers > 0)
            .collect();
        let room = self.resources.export_bytes();
        let column = to_usize(self.matrix.summary.rows).saturating_mul(8).max(1);
        let at_once = if column <= room {
            room / column
        } else {
            room / digits::COST
        };
        for columns in left.chunks(at_once.max(1)) {
            let found = if column <= room {
                self.side_by_side(columns)?
            } else {
                self.by_digits(&tallies, columns)?
            };
            for (column, median) in columns.iter().zip(found) {
                medians[*column] = median;
            }
        }
        let layout = &self.matrix.layout;
        let summary = |((column, tally), median): ((usize, &Tally), Option<f64>)| {
            let odd = self.matrix.summary.odd.get(&column).copied().unwrap_or_default();
            tally.summary(layout.name(column), odd, median)
        };
        Ok((layout.features..)
            .zip(&tallies)
            .zip(medians)
            .map(summary)
            .collect())
    }

    /// The medians of columns that fit into memory together.
    fn side_by_side(&self, columns: &[usize]) -> Result<Vec<Option<f64>>, InputError> {
        let mut blocks = Vec::new();
        self.read(columns, |mut block, reader| {
            block.ends = columns.iter().map(|column| block.ends[*column]).collect();
            reader.use_again(std::mem::take(&mut block.figures));
            blocks.push(block);
        })?;
        let held = Held {
            blocks: &blocks,
            columns: columns.len(),
            sieve: None,
        };
        Ok(median::medians(&held, self.resources))
    }

    /// The medians of columns each of which is too long.
    fn by_digits(&self, tallies: &[Tally], columns: &[usize]) -> Result<Vec<Option<f64>>, InputError> {
        let numbers = columns.iter().map(|column| tallies[*column].numbers);
        let mut digits: Vec<Digits> = numbers.clone().map(Digits::new).collect();
        for _ in 0..digits::DIGITS {
            self.read(columns, |block, _| {
                for (digits, column) in digits.iter_mut().zip(columns) {
                    digits.add(block.column(*column));
                }
            })?;
            digits.iter_mut().for_each(Digits::narrow);
        }
        let medians = digits.iter().zip(numbers);
        Ok(medians
            .map(|(digits, numbers)| (numbers > 0).then(|| digits.median()))
            .collect())
    }

    /// One more pass over the rows, which are known to have the columns of the header, for the numbers of some columns.
    fn read(&self, columns: &[usize], mut take: impl FnMut(Block, &Reader)) -> Result<(), InputError> {
        let (resources, progress, body) = (self.resources, self.progress, self.matrix.body.byte);
        let reader = Reader::of(&self.matrix.layout, resources.kernel, |column| {
            columns.binary_search(&column).is_ok()
        });
        let mut input = Input::open(self.path)?;
        input.head(to_usize(body.0) + 1)?;
        progress.begin(&self.path.to_string_lossy(), input.text_bytes());
        progress.advance(body.0);
        let mut blocks = input.into_blocks(body, resources.convert_block_bytes(), resources.longest_row());
        let outcome = ordered(
            resources.convert_bounds(),
            || blocks.draw(),
            <(Scratch, Buffers)>::default,
            |(scratch, buffers), ticket| {
                let block = scratch.load(ticket)?;
                progress.advance(block.text.len() as u64);
                Ok(reader.read(block.text, buffers, &mut ()))
            },
            |block| {
                // A file that has changed since is summed up as far as it was.
                if let Ok(block) = block {
                    take(block, &reader);
                }
                Ok(())
            },
        );
        progress.end();
        outcome
    }
}

#[cfg(test)]
#[path = "inspect/inspect_tests.rs"]
mod tests;
