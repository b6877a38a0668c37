//! Metadata tables with typed columns.

mod typed;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
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
/// The texts are held in memory until the last row is known, for only then is it known what the columns can be.
pub fn export_table<R, F>(
    path: &Path,
    spec: &TableSpec,
    rows: impl IntoIterator<Item = R>,
) -> Result<TableWritten, ExportError>
where
    R: IntoIterator<Item = F>,
    F: AsRef<str>,
{
    if spec.container == Container::Arrow && spec.codec == Codec::Snappy {
        return Err(Unsupported::SnappyInArrow.into());
    }
    let mut names = HashSet::new();
    if !spec.columns.iter().all(|column| names.insert(&column.name)) {
        return Err(Unsupported::DuplicateColumn.into());
    }
    let file = AtomicFile::create(path, spec.overwrite)?;
    let mut columns: Vec<Column> = spec
        .columns
        .iter()
        .map(|column| Column::new(column.kind))
        .collect();
    let mut count = 0;
    for row in rows {
        let mut fields = row.into_iter();
        for column in &mut columns {
            let field = fields.next();
            column.push(field.as_ref().map_or("", AsRef::as_ref), count);
        }
        count += 1;
    }
    let mut demoted = Vec::new();
    for (at, column) in columns.iter_mut().enumerate() {
        column.end_piece();
        if let Some((row, value)) = column.judge.fault.take() {
            demoted.push(Demoted {
                column: at,
                row,
                value,
            });
        }
    }
    let file = match spec.container {
        Container::Parquet => parquet(file, spec, &columns)?,
        Container::Arrow => arrow(file, spec, &columns)?,
        Container::Gct | Container::Tsv => return Err(Unsupported::TableAsText.into()),
    };
    Ok(TableWritten {
        bytes: file.commit()?,
        rows: count,
        demoted,
    })
}

/// The texts of a column, and what they can be.
struct Column {
    judge: Judge,
    open: StringBuilder,
    pieces: Vec<StringArray>,
}

impl Column {
    fn new(kind: ColumnType) -> Self {
        Self {
            judge: Judge::new(kind),
            open: StringBuilder::new(),
            pieces: Vec::new(),
        }
    }

    fn push(&mut self, text: &str, row: u64) {
        if text.trim().is_empty() {
            self.open.append_null();
        } else {
            self.judge.see(text, row);
            self.open.append_value(text);
        }
        if (row + 1).is_multiple_of(ROWS as u64) {
            self.end_piece();
        }
    }

    fn end_piece(&mut self) {
        let piece = self.open.finish();
        if !piece.is_empty() {
            self.pieces.push(piece);
        }
    }
}

fn schema(spec: &TableSpec, columns: &[Column]) -> Schema {
    let fields: Vec<Field> = spec
        .columns
        .iter()
        .zip(columns)
        .map(|(column, held)| Field::new(&column.name, held.judge.data_type(), true))
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

/// The rows, a piece at a time.
fn batches<'a>(
    schema: &'a Arc<Schema>,
    columns: &'a [Column],
) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> + 'a {
    let pieces = columns.first().map_or(0, |column| column.pieces.len());
    (0..pieces).map(|piece| {
        let arrays: Vec<ArrayRef> = columns
            .iter()
            .map(|column| column.judge.convert(&column.pieces[piece]))
            .collect();
        RecordBatch::try_new(Arc::clone(schema), arrays)
    })
}

fn parquet(file: AtomicFile, spec: &TableSpec, columns: &[Column]) -> Result<AtomicFile, ExportError> {
    let target = file.target().to_path_buf();
    let fail = |error| ExportError::parquet("write", &target, error);
    let codec = match spec.codec {
        Codec::Zstd(level) => Compression::ZSTD(ZstdLevel::try_new(i32::from(level)).map_err(fail)?),
        Codec::Snappy => Compression::SNAPPY,
        Codec::Lz4 => Compression::LZ4_RAW,
        Codec::None => Compression::UNCOMPRESSED,
    };
    let schema = Arc::new(schema(spec, columns));
    let pairs = metadata(spec)
        .into_iter()
        .map(|(key, value)| KeyValue::new(key, value))
        .collect();
    let properties = WriterProperties::builder()
        .set_compression(codec)
        .set_created_by(format!("odmkit {}", spec.version))
        .set_key_value_metadata(Some(pairs))
        .build();
    let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties)).map_err(fail)?;
    for batch in batches(&schema, columns) {
        writer.write(&batch.map_err(ExportError::Arrow)?).map_err(fail)?;
    }
    writer.into_inner().map_err(fail)
}

fn arrow(file: AtomicFile, spec: &TableSpec, columns: &[Column]) -> Result<AtomicFile, ExportError> {
    let target = file.target().to_path_buf();
    let fail = |error| match error {
        ArrowError::IoError(_, source) => ExportError::io("write", &target, source),
        other => ExportError::Arrow(other),
    };
    let options = IpcWriteOptions::default()
        .try_with_compression(crate::arrow::compression(spec.codec))
        .map_err(fail)?;
    let schema = Arc::new(schema(spec, columns));
    let mut writer = FileWriter::try_new_with_options(file, &schema, options).map_err(fail)?;
    for batch in batches(&schema, columns) {
        writer.write(&batch.map_err(fail)?).map_err(fail)?;
    }
    writer.finish().map_err(fail)?;
    writer.into_inner().map_err(fail)
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
