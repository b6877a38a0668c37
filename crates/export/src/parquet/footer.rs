//! The footer of a file: its columns, and where their chunks lie.
//!
//! Each chunk adds about a hundred bytes: ten megabytes for a row group of 100,000 columns. So what is known is
//! written at once as the bytes that it becomes, and beyond a mebibyte to a temporary file, until the end.

use std::io::{self, Read as _, Seek as _, Write};
use std::path::Path;

use parquet::basic::{Encoding, PageType};
use tempfile::{SpooledTempFile, spooled_tempfile_in};

use crate::leaf::Leaf;
use crate::parquet::chunk::Chunk;
use crate::parquet::element::{self, Element};
use crate::parquet::thrift::{self, FALSE, Fields, I16, I32, I64, STRUCT};
use crate::spec::ExportSpec;

/// The bytes that are kept in memory.
const KEPT: usize = 1 << 20;

/// Collects the entries of row groups.
pub(crate) struct Footer {
    groups: SpooledTempFile,
    codec: usize,
    columns: usize,
    rows: usize,
    closed: usize,
    open: Open,
    record: Vec<u8>,
}

/// The row group of which chunks are still to come.
#[derive(Default)]
struct Open {
    chunks: usize,
    start: usize,
    plain_bytes: usize,
    packed_bytes: usize,
}

impl Footer {
    /// The footer of a file with so many columns, all compressed with the codec of this number. A temporary file
    /// is made in `folder`.
    pub(crate) fn new(folder: &Path, columns: usize, codec: usize) -> Self {
        Self {
            groups: spooled_tempfile_in(KEPT, folder),
            codec,
            columns,
            rows: 0,
            closed: 0,
            open: Open::default(),
            record: Vec::new(),
        }
    }

    /// The number of complete row groups.
    pub(crate) const fn groups(&self) -> usize {
        self.closed
    }

    /// Takes in the next chunk of the open row group, which begins at `offset` of the file; the last closes the
    /// group.
    pub(crate) fn chunk(
        &mut self,
        leaf: Leaf,
        spec: &ExportSpec,
        chunk: &Chunk,
        offset: u64,
    ) -> io::Result<()> {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let out = &mut self.record;
        out.clear();
        if self.open.chunks == 0 {
            self.open.start = offset;
            Fields::begin().list(out, 1, self.columns, STRUCT);
        }
        put_chunk(out, &Element::of(leaf, spec), self.codec, chunk, offset);
        self.open.chunks += 1;
        self.open.plain_bytes += chunk.plain_bytes;
        self.open.packed_bytes += chunk.bytes.len();
        if self.open.chunks == self.columns {
            let Open {
                start,
                plain_bytes,
                packed_bytes,
                ..
            } = std::mem::take(&mut self.open);
            let mut group = Fields::after(1);
            group.number(out, 2, I64, plain_bytes);
            group.number(out, 3, I64, chunk.rows);
            group.number(out, 5, I64, start);
            group.number(out, 6, I64, packed_bytes);
            group.number(out, 7, I16, self.closed);
            group.end(out);
            self.closed += 1;
            self.rows += chunk.rows;
        }
        self.groups.write_all(out)
    }

    /// Writes the footer, without its length.
    pub(crate) fn write(
        mut self,
        out: &mut impl Write,
        spec: &ExportSpec,
        pairs: &[(String, String)],
    ) -> io::Result<()> {
        let mut record = Vec::new();
        let mut file = Fields::begin();
        file.number(&mut record, 1, I32, 1);
        let leaves = Leaf::all(spec);
        let elements: usize = leaves.iter().map(|leaf| Element::of(*leaf, spec).nodes()).sum();
        file.list(&mut record, 2, 1 + elements, STRUCT);
        element::root(&mut record, leaves.len());
        for leaf in leaves {
            Element::of(leaf, spec).put(&mut record);
            if record.len() >= KEPT {
                out.write_all(&record)?;
                record.clear();
            }
        }
        file.number(&mut record, 3, I64, self.rows);
        file.list(&mut record, 4, self.closed, STRUCT);
        out.write_all(&record)?;
        self.groups.rewind()?;
        record.resize(KEPT / 4, 0);
        loop {
            match self.groups.read(&mut record)? {
                0 => break,
                count => out.write_all(&record[..count])?,
            }
        }
        record.clear();
        file.list(&mut record, 5, pairs.len(), STRUCT);
        for (key, value) in pairs {
            let mut pair = Fields::begin();
            pair.text(&mut record, 1, key);
            pair.text(&mut record, 2, value);
            pair.end(&mut record);
        }
        file.text(&mut record, 6, &format!("odmkit {}", spec.meta.version));
        // Values of every column are ordered as their type is.
        file.list(&mut record, 7, self.columns, STRUCT);
        for _ in 0..self.columns {
            let mut order = Fields::begin();
            order.head(&mut record, 1, STRUCT);
            Fields::begin().end(&mut record);
            order.end(&mut record);
        }
        file.end(&mut record);
        out.write_all(&record)
    }
}

/// Appends what the footer says of a chunk.
fn put_chunk(out: &mut Vec<u8>, element: &Element<'_>, codec: usize, chunk: &Chunk, offset: usize) {
    let dictionary = chunk.data_start > 0;
    let mut column = Fields::begin();
    // Once the place of a copy of what follows; nobody writes one.
    column.number(out, 2, I64, 0);
    column.head(out, 3, STRUCT);
    let mut about = Fields::begin();
    about.number(out, 1, I32, element.physical());
    let mut encodings = vec![Encoding::RLE, chunk.encoding];
    if dictionary {
        encodings.push(Encoding::PLAIN);
    }
    encodings.sort_unstable_by_key(|encoding| *encoding as usize);
    about.list(out, 2, encodings.len(), I32);
    for encoding in encodings {
        thrift::number(out, encoding as usize);
    }
    let path = element.path();
    about.list(out, 3, path.len(), thrift::TEXT);
    for name in path {
        thrift::text(out, name);
    }
    about.number(out, 4, I32, codec);
    about.number(out, 5, I64, chunk.values);
    about.number(out, 6, I64, chunk.plain_bytes);
    about.number(out, 7, I64, chunk.bytes.len());
    about.number(out, 9, I64, offset + chunk.data_start);
    if dictionary {
        about.number(out, 11, I64, offset);
    }
    about.head(out, 12, STRUCT);
    let mut statistics = Fields::begin();
    statistics.number(out, 3, I64, chunk.nulls);
    // Of bounds that are not there the library says that they are not exact.
    statistics.head(out, 7, FALSE);
    statistics.head(out, 8, FALSE);
    statistics.end(out);
    about.list(out, 13, 1 + usize::from(dictionary), STRUCT);
    if dictionary {
        put_pages(out, PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1);
    }
    put_pages(out, PageType::DATA_PAGE, chunk.encoding, chunk.data_pages);
    about.end(out);
    column.end(out);
}

/// Appends how many pages of a type are encoded in a way.
fn put_pages(out: &mut Vec<u8>, kind: PageType, encoding: Encoding, count: usize) {
    let mut pages = Fields::begin();
    pages.number(out, 1, I32, kind as usize);
    pages.number(out, 2, I32, encoding as usize);
    pages.number(out, 3, I32, count);
    pages.end(out);
}

#[cfg(test)]
#[path = "footer_tests.rs"]
mod tests;
