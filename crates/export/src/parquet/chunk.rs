//! One column of one row group, as bytes and as what the footer says of it.

use parquet::basic::Encoding;

use crate::error::ExportError;
use crate::parquet::compress::{Compressor, Content};
use crate::parquet::thrift;

/// A finished column chunk.
pub(crate) struct Chunk {
    /// The pages.
    pub(crate) bytes: Vec<u8>,
    /// The rows that the chunk holds a part of.
    pub(crate) rows: usize,
    /// The size of the pages before compression.
    pub(crate) plain_bytes: usize,
    /// The values, missing ones included.
    pub(crate) values: usize,
    /// The missing values.
    pub(crate) nulls: usize,
    /// How the data pages are encoded.
    pub(crate) encoding: Encoding,
    /// The number of data pages.
    pub(crate) data_pages: usize,
    /// Where the dictionary ends and the first data page begins; 0 where there is no dictionary.
    pub(crate) data_start: usize,
}

/// Collects the pages of a column chunk.
pub(crate) struct ChunkBuilder<'a> {
    compressor: &'a mut Compressor,
    bytes: Vec<u8>,
    plain_bytes: usize,
    data_start: usize,
    values: usize,
    encoding: Encoding,
    data_pages: usize,
}

impl<'a> ChunkBuilder<'a> {
    /// A chunk whose data pages are all encoded in one way.
    pub(crate) fn new(encoding: Encoding, compressor: &'a mut Compressor) -> Self {
        Self {
            compressor,
            bytes: Vec::new(),
            plain_bytes: 0,
            data_start: 0,
            values: 0,
            encoding,
            data_pages: 0,
        }
    }

    /// Adds the dictionary, which comes first: `entries` values in the plain encoding.
    pub(crate) fn dictionary(&mut self, page: &[u8], entries: usize) -> Result<(), ExportError> {
        self.page(page, Content::Bytes, |out, plain, packed| {
            thrift::dictionary_page(out, plain, packed, entries);
        })?;
        self.data_start = self.bytes.len();
        Ok(())
    }

    /// Adds a page of `values` values, missing ones included: levels, then values.
    pub(crate) fn data(&mut self, page: &[u8], values: usize, content: Content) -> Result<(), ExportError> {
        let encoding = self.encoding;
        self.page(page, content, |out, plain, packed| {
            thrift::data_page(out, plain, packed, values, encoding);
        })?;
        self.values += values;
        self.data_pages += 1;
        Ok(())
    }

    /// Adds a page of doubles if they are for the encoder of doubles; `false` where they are not.
    pub(crate) fn doubles(&mut self, lead: &[u8], doubles: &[u64], values: usize) -> bool {
        let encoding = self.encoding;
        let plain = lead.len() + doubles.len() * 8;
        let Some(packed) = self.compressor.compress_doubles(lead, doubles) else {
            return false;
        };
        self.plain_bytes += append(&mut self.bytes, plain, packed, |out, plain, packed| {
            thrift::data_page(out, plain, packed, values, encoding);
        });
        self.values += values;
        self.data_pages += 1;
        true
    }

    /// The chunk, a part of `rows` rows, with `nulls` values missing.
    pub(crate) fn finish(self, rows: usize, nulls: usize) -> Chunk {
        let Self {
            bytes,
            plain_bytes,
            data_start,
            values,
            encoding,
            data_pages,
            ..
        } = self;
        Chunk {
            bytes,
            rows,
            plain_bytes,
            values,
            nulls,
            encoding,
            data_pages,
            data_start,
        }
    }

    /// Whether pages shrink, so that whole bytes matter more than few bits.
    pub(crate) const fn compresses(&self) -> bool {
        !self.compressor.is_none()
    }

    fn page(
        &mut self,
        page: &[u8],
        content: Content,
        header: impl FnOnce(&mut Vec<u8>, usize, usize),
    ) -> Result<(), ExportError> {
        let packed = self.compressor.compress_page(page, content)?;
        self.plain_bytes += append(&mut self.bytes, page.len(), packed, header);
        Ok(())
    }
}

/// Appends a page with its header; gives the bytes of both before compression.
fn append(
    out: &mut Vec<u8>,
    plain: usize,
    packed: &[u8],
    header: impl FnOnce(&mut Vec<u8>, usize, usize),
) -> usize {
    let start = out.len();
    out.reserve(packed.len() + 48);
    header(out, plain, packed.len());
    let plain_bytes = out.len() - start + plain;
    out.extend_from_slice(packed);
    plain_bytes
}
