//! How fast this machine checks, parses and converts a matrix, beside what the machine itself can do.
//!
//! Every stage and every ceiling is measured in the same process on the same file, several times; medians are
//! reported, with the fastest and the slowest run beside them. A figure is worth something as a ratio to a
//! ceiling of the same run.

mod ceilings;
mod generate;
mod peak;

use std::path::{Path, PathBuf};
use std::time::Instant;

use odmkit_columns::batch::ValueOrder;
use odmkit_diagnostics::Overrides;
use odmkit_export::{Codec, Container, ValueType};
use serde::Serialize;

pub use generate::{Shape, write_gct};

use crate::check::{CheckOptions, CheckRequest, check};
use crate::convert::{ConvertError, ConvertRequest, Fate, Target, convert, parse_rows};
use crate::{EngineError, NoProgress, Resources};

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct BenchRequest {
    /// A matrix of the user's; one is generated where none is given.
    pub file: Option<PathBuf>,
    /// What is generated.
    pub shape: Shape,
    /// Rows of what is generated; the shape's own number where it is not said.
    pub rows: Option<u64>,
    /// Samples of what is generated; likewise.
    pub samples: Option<u64>,
    /// How often each stage is run.
    pub runs: usize,
    /// What the user says of the file.
    pub options: CheckOptions,
    /// Threads and memory.
    pub resources: Resources,
}

/// Why nothing could be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// The file to measure cannot be generated, or a temporary folder not be made.
    #[error("cannot write the file to measure: {0}")]
    Generate(#[source] std::io::Error),
    /// The file cannot be read.
    #[error("cannot read the file: {0}")]
    Read(#[source] std::io::Error),
    /// The file cannot be opened, or its text not be unpacked.
    #[error("cannot read the file: {0}")]
    Unpack(#[source] odmkit_input::InputError),
    /// The check could not be made.
    #[error(transparent)]
    Check(#[from] EngineError),
    /// The conversion could not be made.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// The file is no matrix that can be read.
    #[error("{0} is no matrix without errors; look at it with `odmkit check`")]
    NoMatrix(String),
}

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct BenchOutcome {
    /// The form of this record.
    pub schema: &'static str,
    /// The file, by its name.
    pub file: String,
    /// Bytes of the file as it lies there.
    pub bytes: u64,
    /// Bytes of its text: of a packed file, what it unpacks to. Rates are of these.
    pub text_bytes: u64,
    /// Rows of the matrix.
    pub rows: u64,
    /// Value columns of the matrix.
    pub columns: u64,
    /// Threads that worked.
    pub threads: usize,
    /// The kernel that looked at the bytes.
    pub kernel: String,
    /// What the machine can do.
    pub ceilings: Vec<Stage>,
    /// What odmkit does.
    pub stages: Vec<Stage>,
}

/// One thing that was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Stage {
    /// What it is.
    pub name: &'static str,
    /// Seconds of the middle run.
    pub median_seconds: f64,
    /// Seconds of the fastest run.
    pub fastest_seconds: f64,
    /// Seconds of the slowest run.
    pub slowest_seconds: f64,
    /// Million bytes of text per second, by the middle run.
    pub megabytes_per_second: f64,
    /// Million values per second, by the middle run; none for a ceiling.
    pub million_values_per_second: Option<f64>,
    /// The largest memory of the process during the stage, in bytes, where the system tells.
    pub peak_bytes: Option<u64>,
    /// Bytes of the output; for stages that write one.
    pub output_bytes: Option<u64>,
}

/// Measures.
///
/// # Errors
///
/// Where the file cannot be generated, read or converted.
pub fn bench(request: &BenchRequest) -> Result<BenchOutcome, BenchError> {
    let folder = tempfile::tempdir().map_err(BenchError::Generate)?;
    let path = if let Some(path) = &request.file {
        path.clone()
    } else {
        let path = folder.path().join(format!("{}.gct", request.shape.name()));
        generate::write(&path, request.shape, request.rows, request.samples).map_err(BenchError::Generate)?;
        path
    };
    let (bytes, text_bytes) = ceilings::sizes(&path, request)?;
    let ceilings = ceilings::all(&path, text_bytes, request)?;

    let checking = CheckRequest {
        inputs: vec![path.clone()],
        options: request.options.clone(),
        overrides: Overrides::new(),
        max_per_rule: 20,
        resources: request.resources,
    };
    let first = check(&checking, &NoProgress)?;
    let no_matrix = || BenchError::NoMatrix(path.display().to_string());
    let file = first.files.first().ok_or_else(no_matrix)?;
    let matrix = file.matrix.as_ref().ok_or_else(no_matrix)?;
    let values = file.report.rows * matrix.layout.value_columns().len() as u64;
    let stage = |name, run: &mut dyn FnMut() -> Result<Option<u64>, BenchError>| {
        measure(name, request.runs, text_bytes, Some(values), run)
    };

    let checked = stage("check", &mut || {
        check(&checking, &NoProgress)?;
        Ok(None)
    })?;
    let parsed = stage("parse", &mut || {
        let order = ValueOrder::ColumnMajor;
        parse_rows(file, matrix, order, &request.resources, &NoProgress, |rows| {
            std::hint::black_box(&rows);
            Ok(())
        })?;
        Ok(None)
    })?;
    let output = folder.path().join("out.parquet");
    let converting = convert_request(&path, &output, request);
    let converted = stage("convert", &mut || {
        let outcome = convert(&converting, &NoProgress)?;
        match outcome.files.into_iter().next().map(|file| file.fate) {
            Some(Fate::Written { bytes, .. }) => Ok(Some(bytes)),
            Some(Fate::Failed(error)) => Err(error.into()),
            _ => Err(no_matrix()),
        }
    })?;
    Ok(BenchOutcome {
        schema: "odmkit.bench/1",
        file: name(&path),
        bytes,
        text_bytes,
        rows: file.report.rows,
        columns: matrix.layout.value_columns().len() as u64,
        threads: request.resources.threads.get(),
        kernel: request.resources.kernel.name().to_owned(),
        ceilings,
        stages: vec![checked, parsed, converted],
    })
}

fn convert_request(path: &Path, output: &Path, request: &BenchRequest) -> ConvertRequest {
    ConvertRequest {
        inputs: vec![path.to_owned()],
        target: Target::File(output.to_owned()),
        container: Some(Container::Parquet),
        layout: None,
        codec: Codec::DEFAULT,
        values: ValueType::F64,
        skip_zeros: false,
        tile: None,
        no_check: false,
        overwrite: true,
        verify: false,
        resume: false,
        fail_fast: false,
        outputs: std::collections::HashMap::new(),
        options: request.options.clone(),
        overrides: Overrides::new(),
        resources: request.resources,
    }
}

/// Runs something several times, after a run that does not count.
fn measure<E>(
    name: &'static str,
    runs: usize,
    bytes: u64,
    values: Option<u64>,
    run: &mut dyn FnMut() -> Result<Option<u64>, E>,
) -> Result<Stage, E> {
    run()?;
    let peak = peak::Watch::start();
    let mut seconds = Vec::with_capacity(runs);
    let mut output_bytes = None;
    for _ in 0..runs.max(1) {
        let started = Instant::now();
        output_bytes = run()?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    Ok(Stage {
        name,
        median_seconds: median,
        fastest_seconds: seconds[0],
        slowest_seconds: seconds[seconds.len() - 1],
        megabytes_per_second: millions(bytes) / median,
        million_values_per_second: values.map(|values| millions(values) / median),
        peak_bytes: peak.and_then(|watch| watch.peak()),
        output_bytes,
    })
}

#[expect(clippy::cast_precision_loss, reason = "figures are shown to three digits")]
fn millions(count: u64) -> f64 {
    count as f64 / 1e6
}

fn name(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
#[path = "bench/tests.rs"]
mod tests;
