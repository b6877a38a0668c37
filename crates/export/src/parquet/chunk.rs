//! One column of one row group, as bytes and as its entry in the footer.

use parquet::basic::{Encoding, PageType};
use parquet::file::metadata::{ColumnChunkMetaData, ColumnChunkMetaDataBuilder, PageEncodingStats};
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::schema::types::ColumnDescPtr;

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
    metadata: ColumnChunkMetaDataBuilder,
    data_start: usize,
    dictionary: bool,
}

impl Chunk {
    /// The entry in the footer, for a chunk that begins at `offset` of the file.
    pub(crate) fn metadata(self, offset: u64) -> Result<ColumnChunkMetaData, ExportError> {
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        self.metadata
            .set_data_page_offset(offset + signed(self.data_start))
            .set_dictionary_page_offset(self.dictionary.then_some(offset))
            .build()
            .map_err(ExportError::Parquet)
    }
}

/// Collects the pages of a column chunk.
pub(crate) struct ChunkBuilder<'a> {
    compressor: &'a mut Compressor,
    column: ColumnDescPtr,
    bytes: Vec<u8>,
    plain_bytes: usize,
    dictionary: bool,
    data_start: usize,
    values: usize,
    encoding: Encoding,
    data_pages: i32,
}

impl<'a> ChunkBuilder<'a> {
    /// A chunk of `column` whose data pages are all encoded in one way.
    pub(crate) fn new(column: ColumnDescPtr, encoding: Encoding, compressor: &'a mut Compressor) -> Self {
        Self {
            compressor,
            column,
            bytes: Vec::new(),
            plain_bytes: 0,
            dictionary: false,
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
        self.dictionary = true;
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
        let mut encodings = vec![Encoding::RLE, self.encoding];
        let mut pages = vec![PageEncodingStats {
            page_type: PageType::DATA_PAGE,
            encoding: self.encoding,
            count: self.data_pages,
        }];
        if self.dictionary {
            encodings.push(Encoding::PLAIN);
            let page_type = PageType::DICTIONARY_PAGE;
            pages.insert(
                0,
                PageEncodingStats {
                    page_type,
                    encoding: Encoding::PLAIN,
                    count: 1,
                },
            );
        }
        let statistics = match self.column.physical_type() {
            parquet::basic::Type::DOUBLE => {
                Statistics::Double(ValueStatistics::new(None, None, None, Some(nulls as u64), false))
            }
            parquet::basic::Type::FLOAT => {
                Statistics::Float(ValueStatistics::new(None, None, None, Some(nulls as u64), false))
            }
            _ => Statistics::ByteArray(ValueStatistics::new(None, None, None, Some(nulls as u64), false)),
        };
        let metadata = ColumnChunkMetaData::builder(self.column)
            .set_encodings(encodings)
            .set_page_encoding_stats(pages)
            .set_compression(self.compressor.name())
            .set_num_values(signed(self.values))
            .set_total_compressed_size(signed(self.bytes.len()))
            .set_total_uncompressed_size(signed(self.plain_bytes))
            .set_statistics(statistics);
        let Self {
            bytes,
            plain_bytes,
            data_start,
            dictionary,
            ..
        } = self;
        Chunk {
            bytes,
            rows,
            plain_bytes,
            metadata,
            data_start,
            dictionary,
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

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
