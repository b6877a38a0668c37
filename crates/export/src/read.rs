//! Reads an output back, to compare it with what went in.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type};
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_ipc::reader::FileReader;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use odmkit_columns::batch::{MatrixBatch, ValueOrder};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::error::{ExportError, Unsupported};
use crate::read_long::Assembler;
use crate::schema::{keys, schema};
use crate::spec::{Container, ExportSpec, Layout};

/// Cells that are read at a time, memory permitting: each is held some times over.
const CELLS: usize = 1 << 20;

/// How many of the bytes that may be held there are for one of them.
const CELL_COST: usize = 128;

/// The rows of a Parquet or Arrow file, as batches of the matrix that was written, in its order.
///
/// Singles come back as the doubles they equal. Rows of the long layout are put together again; where zeros were
/// left out they are zero again, but a row of nothing but zeros has left no trace.
pub struct MatrixReader {
    path: PathBuf,
    spec: ExportSpec,
    source: Source,
    assembler: Option<Assembler>,
}

enum Source {
    Parquet(ParquetRecordBatchReader),
    Arrow(Box<FileReader<BufReader<File>>>),
    Finished,
}

impl MatrixReader {
    /// Opens a file that was written to `spec`. The schema and its metadata must be those that `spec` asks for.
    pub fn open(path: &Path, spec: &ExportSpec) -> Result<Self, ExportError> {
        let file = File::open(path).map_err(|error| ExportError::io("open", path, error))?;
        let cells = CELLS.min(spec.memory_budget / CELL_COST).max(1);
        let rows = match spec.layout {
            Layout::Long => cells,
            Layout::Wide | Layout::Matrix => (cells / spec.meta.columns.len().max(1)).max(1),
        };
        let fail = |error| ExportError::parquet("read", path, error);
        let (source, found) = match spec.container {
            Container::Parquet => {
                let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(fail)?;
                let schema = Arc::clone(builder.schema());
                (
                    Source::Parquet(builder.with_batch_size(rows).build().map_err(fail)?),
                    schema,
                )
            }
            Container::Arrow => {
                let reader = FileReader::try_new_buffered(file, None).map_err(|e| arrow(path, e))?;
                let schema = reader.schema();
                (Source::Arrow(Box::new(reader)), schema)
            }
            Container::Gct | Container::Tsv => return Err(Unsupported::TextBack.into()),
        };
        judge(path, spec, &found)?;
        let assembler = (spec.layout == Layout::Long).then(|| Assembler::new(&spec.meta, cells));
        Ok(Self {
            path: path.to_path_buf(),
            spec: spec.clone(),
            source,
            assembler,
        })
    }

    fn next_record_batch(&mut self) -> Option<Result<RecordBatch, ExportError>> {
        let next = match &mut self.source {
            Source::Parquet(reader) => reader.next(),
            Source::Arrow(reader) => reader.next(),
            Source::Finished => None,
        };
        next.map(|batch| batch.map_err(|error| arrow(&self.path, error)))
    }

    fn next_batch(&mut self) -> Result<Option<MatrixBatch>, ExportError> {
        loop {
            if let Some(rows) = self.assembler.as_mut().and_then(Assembler::next) {
                return Ok(Some(rows));
            }
            let Some(batch) = self.next_record_batch().transpose()? else {
                self.source = Source::Finished;
                return Ok(self.assembler.take().and_then(Assembler::finish));
            };
            match &mut self.assembler {
                Some(assembler) => {
                    if !assembler.give(&batch) {
                        return Err(ExportError::Foreign {
                            path: self.path.clone(),
                            missing: "a known sample",
                        });
                    }
                }
                None if self.spec.layout == Layout::Matrix => return Ok(Some(lists(&batch, &self.spec))),
                None => return Ok(Some(columns(&batch, &self.spec))),
            }
        }
    }
}

impl Iterator for MatrixReader {
    type Item = Result<MatrixBatch, ExportError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next_batch().transpose();
        if matches!(next, Some(Err(_))) {
            self.source = Source::Finished;
            self.assembler = None;
        }
        next
    }
}

/// The numbers of a column, singles as doubles; a missing one is 0.0.
pub(crate) fn doubles(array: &ArrayRef) -> Vec<f64> {
    let missing = |row: usize| array.is_null(row);
    if let Some(numbers) = array.as_primitive_opt::<Float32Type>() {
        let value = |row| {
            if missing(row) {
                0.0
            } else {
                f64::from(numbers.value(row))
            }
        };
        return (0..numbers.len()).map(value).collect();
    }
    let numbers = array.as_primitive::<Float64Type>();
    if array.null_count() == 0 {
        return numbers.values().to_vec();
    }
    (0..numbers.len())
        .map(|row| if missing(row) { 0.0 } else { numbers.value(row) })
        .collect()
}

/// The texts of a column, whether plain or through a dictionary.
pub(crate) fn texts(array: &ArrayRef) -> StringArray {
    match array.data_type() {
        DataType::Dictionary(..) => {
            let dictionary = array.as_dictionary::<Int32Type>();
            let names = dictionary.values().as_string::<i32>();
            dictionary
                .keys()
                .iter()
                .map(|key| key.and_then(|key| usize::try_from(key).ok()))
                .map(|key| key.map(|key| names.value(key)))
                .collect()
        }
        _ => array.as_string::<i32>().clone(),
    }
}

/// A feature column of the type that batches have.
pub(crate) fn feature(array: &ArrayRef, number: bool) -> ArrayRef {
    if number {
        let values = doubles(array);
        Arc::new(Float64Array::new(values.into(), array.nulls().cloned()))
    } else {
        Arc::new(texts(array))
    }
}

fn features(batch: &RecordBatch, spec: &ExportSpec) -> Vec<ArrayRef> {
    let attributes = spec.meta.feature_attributes.iter();
    attributes
        .zip(batch.columns())
        .map(|((_, number), array)| feature(array, *number))
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a batch has at most 2^20 rows, a table 2^31 columns"
)]
fn columns(batch: &RecordBatch, spec: &ExportSpec) -> MatrixBatch {
    let arrays = &batch.columns()[spec.meta.feature_attributes.len()..];
    let mut nulls: Vec<(u32, u32)> = Vec::new();
    for (column, array) in arrays
        .iter()
        .enumerate()
        .filter(|(_, array)| array.null_count() > 0)
    {
        let rows = (0..array.len()).filter(|&row| array.is_null(row));
        nulls.extend(rows.map(|row| (row as u32, column as u32)));
    }
    nulls.sort_unstable();
    MatrixBatch {
        rows: batch.num_rows(),
        features: features(batch, spec),
        values: arrays.iter().flat_map(doubles).collect(),
        order: ValueOrder::ColumnMajor,
        columns: arrays.len(),
        nulls,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a batch has at most 2^20 rows, a table 2^31 columns"
)]
fn lists(batch: &RecordBatch, spec: &ExportSpec) -> MatrixBatch {
    let columns = spec.meta.columns.len();
    let mut values = vec![0.0; batch.num_rows() * columns];
    let mut nulls = Vec::new();
    let arrays = &batch.columns()[spec.meta.feature_attributes.len()..];
    for (array, place) in arrays.iter().zip(spec.lists()) {
        let list = array.as_fixed_size_list();
        let width = place.len();
        let cells = list.values().slice(list.offset() * width, list.len() * width);
        for (row, found) in doubles(&cells).chunks_exact(width).enumerate() {
            values[row * columns..][place.clone()].copy_from_slice(found);
        }
        let missing = (0..cells.len()).filter(|&cell| cells.is_null(cell));
        nulls.extend(missing.map(|cell| ((cell / width) as u32, (place.start + cell % width) as u32)));
    }
    nulls.sort_unstable();
    MatrixBatch {
        rows: batch.num_rows(),
        features: features(batch, spec),
        values,
        order: ValueOrder::RowMajor,
        columns,
        nulls,
    }
}

/// The file says of itself what `spec` would have it say.
fn judge(path: &Path, spec: &ExportSpec, found: &SchemaRef) -> Result<(), ExportError> {
    let wanted = schema(spec);
    let foreign = |missing| ExportError::Foreign {
        path: path.to_path_buf(),
        missing,
    };
    let pairs: HashMap<&str, &str> = found
        .metadata()
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    for key in [keys::LAYOUT, keys::FEATURE_ATTRIBUTES, keys::SAMPLES, keys::TILE] {
        if pairs.get(key).copied() != wanted.metadata().get(key).map(String::as_str) {
            return Err(foreign(key));
        }
    }
    let types = |schema: &arrow_schema::Schema| {
        schema
            .fields()
            .iter()
            .map(|f| (f.name().clone(), f.data_type().clone()))
            .collect::<Vec<_>>()
    };
    if types(&wanted) == types(found) {
        Ok(())
    } else {
        Err(foreign("the expected column"))
    }
}

fn arrow(path: &Path, error: ArrowError) -> ExportError {
    match error {
        ArrowError::IoError(_, source) => ExportError::io("read", path, source),
        other => ExportError::Arrow(other),
    }
}
