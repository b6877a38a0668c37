//! Groups of rows in, a Parquet file out.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::Schema;
use parquet::arrow::{ARROW_SCHEMA_META_KEY, ArrowSchemaConverter, encode_arrow_schema};
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, KeyValue, ParquetMetaData, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::schema::types::SchemaDescPtr;

use crate::atomic::AtomicFile;
use crate::error::{ExportError, Unsupported};
use crate::exporter::TableWriter;
use crate::leaf::Leaf;
use crate::ordered::{Workers, together};
use crate::parquet::chunk::Chunk;
use crate::parquet::compress::Compressor;
use crate::parquet::leaf::{Scratch, encode};
use crate::rows::Group;
use crate::schema;
use crate::spec::{ExportSpec, Layout};

const MAGIC: &[u8] = b"PAR1";

/// The most row groups that every reader can number.
const MOST_GROUPS: usize = i16::MAX as usize;

/// Writes groups of rows to a Parquet file.
pub(crate) struct ParquetWriter {
    workers: Workers<Scratch>,
    spec: Arc<ExportSpec>,
    columns: SchemaDescPtr,
    leaves: Vec<Leaf>,
    pairs: Vec<KeyValue>,
    body: Body,
}

/// The part of the file that is written.
struct Body {
    file: AtomicFile,
    columns: SchemaDescPtr,
    groups: Vec<RowGroupMetaData>,
    open: Vec<ColumnChunkMetaData>,
    open_bytes: usize,
    rows: usize,
}

impl ParquetWriter {
    /// Starts the file.
    pub(crate) fn create(
        mut file: AtomicFile,
        schema: &Schema,
        spec: Arc<ExportSpec>,
    ) -> Result<Self, ExportError> {
        let bare = schema.clone().with_metadata(HashMap::new());
        let columns = Arc::new(
            ArrowSchemaConverter::new()
                .convert(&bare)
                .map_err(ExportError::Parquet)?,
        );
        let mut pairs: Vec<KeyValue> = schema::metadata(&spec)
            .into_iter()
            .map(|(key, value)| KeyValue::new(key, value))
            .collect();
        if spec.layout != Layout::Wide {
            // Text and doubles are what they seem; lists of a fixed size and dictionaries have to be told.
            pairs.push(KeyValue::new(
                ARROW_SCHEMA_META_KEY.to_owned(),
                encode_arrow_schema(schema),
            ));
        }
        file.put(MAGIC)?;
        Compressor::new(spec.codec)?;
        let workers = Workers::start(spec.threads, || Scratch::new(spec.codec))?;
        let body = Body {
            file,
            columns: Arc::clone(&columns),
            groups: Vec::new(),
            open: Vec::new(),
            open_bytes: 0,
            rows: 0,
        };
        let leaves = Leaf::all(&spec);
        Ok(Self {
            workers,
            spec,
            columns,
            leaves,
            pairs,
            body,
        })
    }
}

impl TableWriter for ParquetWriter {
    fn write(&mut self, groups: &[Group]) -> Result<(), ExportError> {
        if self.body.groups.len() + groups.len() > MOST_GROUPS {
            return Err(Unsupported::TooManyRowGroups.into());
        }
        let Self {
            workers,
            spec,
            columns,
            leaves,
            body,
            ..
        } = self;
        let values = match spec.layout {
            Layout::Wide => 1,
            Layout::Long => spec.meta.columns.len(),
            Layout::Matrix => spec.lists().first().map_or(1, ExactSizeIterator::len),
        };
        let cells = groups
            .iter()
            .map(|group| group.rows * values)
            .max()
            .unwrap_or(0)
            .max(1);
        // Enough pieces under way to keep every thread at work, few enough to stay small.
        let ahead = (spec.memory_budget / 8 / (cells * 8)).clamp(spec.threads + 1, spec.threads * 4 + 64);
        workers.run(
            groups.len() * leaves.len(),
            together(cells),
            ahead,
            |piece, scratch| {
                let (group, leaf) = (piece / leaves.len(), piece % leaves.len());
                encode(leaves[leaf], spec, &groups[group], columns.column(leaf), scratch)
            },
            |_, chunk| body.append(chunk),
        )
    }

    fn finish(self: Box<Self>) -> Result<AtomicFile, ExportError> {
        let Self {
            spec,
            columns,
            pairs,
            body,
            ..
        } = *self;
        let Body {
            mut file,
            groups,
            rows,
            ..
        } = body;
        let created_by = Some(format!("odmkit {}", spec.meta.version));
        let about = FileMetaData::new(1, signed(rows), created_by, Some(pairs), columns, None);
        let metadata = ParquetMetaData::new(about, groups);
        ParquetMetaDataWriter::new(&mut file, &metadata)
            .finish()
            .map_err(|error| ExportError::parquet("write", file.target(), error))?;
        Ok(file)
    }
}

impl Body {
    /// Takes the next chunk of the open row group, and closes the group with its last. A group that lost all
    /// its rows is left out.
    fn append(&mut self, chunk: Chunk) -> Result<(), ExportError> {
        if chunk.rows == 0 {
            return Ok(());
        }
        let rows = chunk.rows;
        let offset = self.file.position();
        self.file.put(&chunk.bytes)?;
        self.open_bytes += chunk.plain_bytes;
        self.open.push(chunk.metadata(offset)?);
        if self.open.len() == self.columns.num_columns() {
            self.close(rows)
        } else {
            Ok(())
        }
    }

    fn close(&mut self, rows: usize) -> Result<(), ExportError> {
        let ordinal = i16::try_from(self.groups.len()).map_err(|_| Unsupported::TooManyRowGroups)?;
        let chunks = std::mem::take(&mut self.open);
        let offset = chunks.first().map_or(0, |chunk| chunk.byte_range().0);
        let group = RowGroupMetaData::builder(Arc::clone(&self.columns))
            .set_num_rows(signed(rows))
            .set_total_byte_size(signed(std::mem::take(&mut self.open_bytes)))
            .set_ordinal(ordinal)
            .set_file_offset(offset.cast_signed())
            .set_column_metadata(chunks)
            .build()
            .map_err(ExportError::Parquet)?;
        self.groups.push(group);
        self.rows += rows;
        Ok(())
    }
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
