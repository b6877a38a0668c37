//! Metadata tables with typed columns.

mod typed;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_schema::{ArrowError, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use crate::atomic::AtomicFile;
use crate::error::{ExportError, Unsupported};
use crate::schema::keys;
use crate::spec::{Codec, Container};
use typed::Judge;

/// Rows that become one record batch.
const ROWS: usize = 1 << 14;

/// What a column is said to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// Whole numbers that fit 64 bits.
    Integer,
    /// Decimal numbers.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// `YYYY-MM-DD`, `YYYY-MM-DD hh:mm:ss`, or milliseconds since 1970.
    DateTime,
    /// Text. Where a value holds several, separated by `|`, the column becomes one of lists.
    Text,
    /// Lists of texts, separated by `|`.
    TextList,
}

/// A column of a metadata table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// What it is said to hold.
    pub kind: ColumnType,
}

/// A metadata table to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSpec {
    /// The columns, in order.
    pub columns: Vec<TableColumn>,
    /// Parquet or Arrow.
    pub container: Container,
    /// The compression of blocks.
    pub codec: Codec,
    /// Whether an existing file may be replaced.
    pub overwrite: bool,
    /// The version of the program.
    pub version: String,
    /// The kind of the input, such as `samples`.
    pub kind: String,
    /// The file name of the input, without its folder.
    pub source: String,
    /// The size of the input as it was given.
    pub source_bytes: u64,
    /// Bytes that the writer may hold. A single row is always accepted, however long.
    pub memory_budget: usize,
}

/// What became of a metadata table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableWritten {
    /// The size of the file.
    pub bytes: u64,
    /// The rows.
    pub rows: u64,
    /// The columns that became text, because of a value that is not of their type.
    pub demoted: Vec<Demoted>,
}

/// A column that became text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demoted {
    /// The place of the column, from 0.
    pub column: usize,
    /// The place of the first such value, from 0.
    pub row: u64,
    /// The value.
    pub value: String,
}

/// Writes a metadata table. Rows shorter than the columns end with missing values; blank values are missing.
///
/// `rows` is asked twice: only when the last row is known it is known what the columns can be, and so long all texts
/// cannot be held. Where a row cannot be had, nothing is written.
pub fn export_table<I, R, F, E>(
    path: &Path,
    spec: &TableSpec,
    rows: impl Fn() -> I,
) -> Result<TableWritten, E>
where
    I: IntoIterator<Item = Result<R, E>>,
    R: IntoIterator<Item = F>,
    F: AsRef<str>,
    E: From<ExportError>,
{
    if spec.container == Container::Arrow && spec.codec == Codec::Snappy {
        return Err(ExportError::from(Unsupported::SnappyInArrow).into());
    }
    let mut names = HashSet::new();
    if !spec.columns.iter().all(|column| names.insert(&column.name)) {
        return Err(ExportError::from(Unsupported::DuplicateColumn).into());
    }
    let file = AtomicFile::create(path, spec.overwrite)?;
    let mut judges: Vec<Judge> = spec
        .columns
        .iter()
        .map(|column| Judge::new(column.kind))
        .collect();
    let mut count = 0;
    for row in rows() {
        let mut fields = row?.into_iter();
        for judge in &mut judges {
            match fields.next() {
                Some(field) if !is_blank(field.as_ref()) => judge.see(field.as_ref(), count),
                _ => {}
            }
        }
        count += 1;
    }
    let mut demoted = Vec::new();
    for (column, judge) in judges.iter_mut().enumerate() {
        if let Some((row, value)) = judge.fault.take() {
            demoted.push(Demoted { column, row, value });
        }
    }
    let mut table = Open::create(file, spec, judges)?;
    for row in rows() {
        table.push(row?)?;
    }
    Ok(TableWritten {
        bytes: table.finish()?.commit()?,
        rows: count,
        demoted,
    })
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// A table that is being written.
struct Open {
    writer: Writer,
    target: PathBuf,
    schema: Arc<Schema>,
    judges: Vec<Judge>,
    texts: Vec<StringBuilder>,
    /// Rows and bytes of text that wait to be written.
    rows: usize,
    bytes: usize,
    budget: usize,
}

enum Writer {
    Parquet(Box<ArrowWriter<AtomicFile>>),
    Arrow(Box<FileWriter<AtomicFile>>),
}

impl Open {
    fn create(file: AtomicFile, spec: &TableSpec, judges: Vec<Judge>) -> Result<Self, ExportError> {
        let target = file.target().to_path_buf();
        let schema = Arc::new(schema(spec, &judges));
        let writer = match spec.container {
            Container::Parquet => Writer::Parquet(Box::new(parquet(file, spec, &schema)?)),
            Container::Arrow => Writer::Arrow(Box::new(arrow(file, spec, &schema)?)),
            Container::Gct | Container::Tsv => return Err(Unsupported::TableAsText.into()),
        };
        Ok(Self {
            writer,
            target,
            schema,
            texts: judges.iter().map(|_| StringBuilder::new()).collect(),
            judges,
            rows: 0,
            bytes: 0,
            budget: spec.memory_budget,
        })
    }

    fn push<F: AsRef<str>>(&mut self, row: impl IntoIterator<Item = F>) -> Result<(), ExportError> {
        let mut fields = row.into_iter();
        for texts in &mut self.texts {
            match fields.next() {
                Some(field) if !is_blank(field.as_ref()) => {
                    self.bytes += field.as_ref().len();
                    texts.append_value(field);
                }
                _ => texts.append_null(),
            }
        }
        self.rows += 1;
        // A cell that is missing takes its place all the same.
        let held = self.bytes + self.rows * self.texts.len() * 8;
        if self.rows == ROWS || held > self.budget / 8 {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), ExportError> {
        let texts = self.texts.iter_mut().map(StringBuilder::finish);
        let arrays: Vec<ArrayRef> = self
            .judges
            .iter()
            .zip(texts)
            .map(|(judge, texts)| judge.convert(&texts))
            .collect();
        (self.rows, self.bytes) = (0, 0);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(ExportError::Arrow)?;
        match &mut self.writer {
            Writer::Parquet(writer) => {
                let fail = |error| ExportError::parquet("write", &self.target, error);
                writer.write(&batch).map_err(fail)?;
                if writer.in_progress_size().max(writer.memory_size()) > self.budget / 2 {
                    writer.flush().map_err(fail)?;
                }
                Ok(())
            }
            Writer::Arrow(writer) => writer
                .write(&batch)
                .map_err(|error| arrow_error(&self.target, error)),
        }
    }

    fn finish(mut self) -> Result<AtomicFile, ExportError> {
        if self.rows > 0 {
            self.write()?;
        }
        let fail = |error| ExportError::parquet("write", &self.target, error);
        match self.writer {
            Writer::Parquet(writer) => writer.into_inner().map_err(fail),
            Writer::Arrow(mut writer) => {
                let finished = writer.finish().and_then(|()| writer.into_inner());
                finished.map_err(|error| arrow_error(&self.target, error))
            }
        }
    }
}

fn schema(spec: &TableSpec, judges: &[Judge]) -> Schema {
    let fields: Vec<Field> = spec
        .columns
        .iter()
        .zip(judges)
        .map(|(column, judge)| Field::new(&column.name, judge.data_type(), true))
        .collect();
    let pairs: HashMap<String, String> = metadata(spec).into_iter().collect();
    Schema::new_with_metadata(fields, pairs)
}

fn metadata(spec: &TableSpec) -> [(String, String); 5] {
    [
        (keys::VERSION.to_owned(), spec.version.clone()),
        (keys::KIND.to_owned(), spec.kind.clone()),
        (keys::LAYOUT.to_owned(), "table".to_owned()),
        (keys::SOURCE.to_owned(), spec.source.clone()),
        (keys::SOURCE_BYTES.to_owned(), spec.source_bytes.to_string()),
    ]
}

fn parquet(
    file: AtomicFile,
    spec: &TableSpec,
    schema: &Arc<Schema>,
) -> Result<ArrowWriter<AtomicFile>, ExportError> {
    let target = file.target().to_path_buf();
    let fail = |error| ExportError::parquet("write", &target, error);
    let codec = match spec.codec {
        Codec::Zstd(level) => Compression::ZSTD(ZstdLevel::try_new(i32::from(level)).map_err(fail)?),
        Codec::Snappy => Compression::SNAPPY,
        Codec::Lz4 => Compression::LZ4_RAW,
        Codec::None => Compression::UNCOMPRESSED,
    };
    let pairs = metadata(spec)
        .into_iter()
        .map(|(key, value)| KeyValue::new(key, value))
        .collect();
    let properties = WriterProperties::builder()
        .set_compression(codec)
        .set_created_by(format!("odmkit {}", spec.version))
        .set_key_value_metadata(Some(pairs))
        .build();
    ArrowWriter::try_new(file, Arc::clone(schema), Some(properties)).map_err(fail)
}

fn arrow(file: AtomicFile, spec: &TableSpec, schema: &Schema) -> Result<FileWriter<AtomicFile>, ExportError> {
    let target = file.target().to_path_buf();
    let fail = |error| arrow_error(&target, error);
    let options = IpcWriteOptions::default()
        .try_with_compression(crate::arrow::compression(spec.codec))
        .map_err(fail)?;
    FileWriter::try_new_with_options(file, schema, options).map_err(fail)
}

fn arrow_error(target: &Path, error: ArrowError) -> ExportError {
    match error {
        ArrowError::IoError(_, source) => ExportError::io("write", target, source),
        other => ExportError::Arrow(other),
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
