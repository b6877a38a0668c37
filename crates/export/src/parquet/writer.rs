//! Groups of rows in, a Parquet file out.

use std::sync::Arc;

use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};

use crate::atomic::AtomicFile;
use crate::error::{ExportError, Unsupported};
use crate::exporter::TableWriter;
use crate::leaf::Leaf;
use crate::ordered::{Workers, together};
use crate::parquet::chunk::Chunk;
use crate::parquet::compress::Compressor;
use crate::parquet::footer::Footer;
use crate::parquet::leaf::{Scratch, encode};
use crate::plan::Plan;
use crate::rows::Group;
use crate::schema::{self, schema};
use crate::spec::{Codec, ExportSpec, Layout};
use crate::strips::Strips;

const MAGIC: &[u8] = b"PAR1";

/// The most row groups that every reader can number.
const MOST_GROUPS: usize = i16::MAX as usize;

/// Writes groups of rows to a Parquet file.
pub(crate) struct ParquetWriter {
    workers: Workers<Scratch>,
    spec: Arc<ExportSpec>,
    leaves: Vec<Leaf>,
    aside: Option<Aside>,
    body: Body,
}

/// Rows that are put aside until there are so many of them.
struct Aside {
    strips: Strips,
    rows: usize,
}

/// The part of the file that is written.
struct Body {
    file: AtomicFile,
    footer: Footer,
}

impl ParquetWriter {
    /// Starts the file.
    pub(crate) fn create(mut file: AtomicFile, spec: Arc<ExportSpec>) -> Result<Self, ExportError> {
        file.put(MAGIC)?;
        Compressor::new(spec.codec)?;
        let workers = Workers::start(spec.threads, || Scratch::new(spec.codec))?;
        let leaves = Leaf::all(&spec);
        let aside = match Plan::new(&spec).rows_aside {
            Some(rows) => Some(Aside {
                strips: Strips::new(file.folder(), spec.meta.columns.len())
                    .map_err(|error| ExportError::io("write", file.target(), error))?,
                rows,
            }),
            None => None,
        };
        let footer = Footer::new(file.folder(), leaves.len(), number(spec.codec));
        Ok(Self {
            workers,
            spec,
            leaves,
            aside,
            body: Body { file, footer },
        })
    }
}

impl TableWriter for ParquetWriter {
    fn write(&mut self, groups: &[Group]) -> Result<(), ExportError> {
        if self.aside.is_some() {
            groups.iter().try_for_each(|group| self.put_aside(group))
        } else {
            self.encode(groups)
        }
    }

    fn finish(mut self: Box<Self>) -> Result<AtomicFile, ExportError> {
        self.encode_aside()?;
        let Self { spec, body, .. } = *self;
        let Body { mut file, footer } = body;
        let mut pairs = schema::metadata(&spec);
        if spec.layout != Layout::Wide {
            // Text and doubles are what they seem; lists of a fixed size and dictionaries have to be told.
            pairs.push((
                ARROW_SCHEMA_META_KEY.to_owned(),
                encode_arrow_schema(&schema(&spec)),
            ));
        }
        let start = file.position();
        let written = footer.write(&mut file, &spec, &pairs);
        written.map_err(|error| ExportError::io("write", file.target(), error))?;
        let length = i32::try_from(file.position() - start).map_err(|_| Unsupported::FooterTooLarge)?;
        file.put(&length.to_le_bytes())?;
        file.put(MAGIC)?;
        Ok(file)
    }
}

impl ParquetWriter {
    /// Writes groups as they are.
    fn encode(&mut self, groups: &[Group]) -> Result<(), ExportError> {
        if self.body.footer.groups() + groups.len() > MOST_GROUPS {
            return Err(Unsupported::TooManyRowGroups.into());
        }
        let Self {
            workers,
            spec,
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
                encode(leaves[leaf], spec, &groups[group], scratch)
            },
            |piece, chunk| body.append(leaves[piece % leaves.len()], spec, &chunk),
        )
    }

    /// Puts the rows of a group aside; writes those before it where there would be too many.
    fn put_aside(&mut self, group: &Group) -> Result<(), ExportError> {
        let text = self.spec.memory_budget / 8;
        let full =
            |aside: &Aside| aside.strips.rows() + group.rows > aside.rows || aside.strips.text() > text;
        if self.aside.as_ref().is_some_and(full) {
            self.encode_aside()?;
        }
        let target = self.body.file.target();
        self.aside.as_mut().map_or(Ok(()), |aside| {
            let put = aside.strips.push(group);
            put.map_err(|error| ExportError::io("write", target, error))
        })
    }

    /// Writes the rows that were put aside as one row group: the features, and then some columns at a time.
    fn encode_aside(&mut self) -> Result<(), ExportError> {
        let Self {
            workers,
            spec,
            leaves,
            aside,
            body,
        } = self;
        let Some(Aside { strips, .. }) = aside.as_mut().filter(|aside| aside.strips.rows() > 0) else {
            return Ok(());
        };
        if body.footer.groups() == MOST_GROUPS {
            return Err(Unsupported::TooManyRowGroups.into());
        }
        let columns = spec.meta.columns.len();
        let features = leaves.len() - columns;
        let room = spec.memory_budget / (16 * spec.threads.max(1));
        let width = (room / (strips.rows() * size_of::<f64>())).clamp(1, columns);
        let target = body.file.target().to_owned();
        workers.run(
            1 + columns.div_ceil(width),
            1,
            spec.threads + 1,
            |piece, scratch| -> Result<Vec<Chunk>, ExportError> {
                let Some(window) = piece.checked_sub(1) else {
                    let group = strips.features();
                    let leaves = leaves[..features].iter();
                    return leaves.map(|leaf| encode(*leaf, spec, &group, scratch)).collect();
                };
                let window = window * width..columns.min((window + 1) * width);
                let group = strips
                    .load(window.clone())
                    .map_err(|error| ExportError::io("write", &target, error))?;
                let columns = 0..window.len();
                columns
                    .map(|column| encode(Leaf::Column(column), spec, &group, scratch))
                    .collect()
            },
            |piece, chunks| {
                let first = piece.checked_sub(1).map_or(0, |window| features + window * width);
                let mut chunks = leaves[first..].iter().zip(&chunks);
                chunks.try_for_each(|(leaf, chunk)| body.append(*leaf, spec, chunk))
            },
        )?;
        strips.clear();
        Ok(())
    }
}

impl Body {
    /// Takes the next chunk of the open row group. A group that lost all its rows is left out.
    fn append(&mut self, leaf: Leaf, spec: &ExportSpec, chunk: &Chunk) -> Result<(), ExportError> {
        if chunk.rows == 0 {
            return Ok(());
        }
        let offset = self.file.position();
        self.file.put(&chunk.bytes)?;
        let noted = self.footer.chunk(leaf, spec, chunk, offset);
        noted.map_err(|error| ExportError::io("write", self.file.target(), error))
    }
}

/// The number of a codec.
const fn number(codec: Codec) -> usize {
    match codec {
        Codec::None => 0,
        Codec::Snappy => 1,
        Codec::Zstd(_) => 6,
        Codec::Lz4 => 7,
    }
}
