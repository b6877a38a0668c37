//! Columns of numbers.

use parquet::basic::Encoding;
use parquet::schema::types::ColumnDescPtr;

use crate::error::ExportError;
use crate::leaf::Values;
use crate::parquet::chunk::{Chunk, ChunkBuilder};
use crate::parquet::compress::Compressor;
use crate::parquet::dictionary::Dictionary;
use crate::parquet::hybrid;
use crate::parquet::levels::Levels;
use crate::word::{Word, put_words};

/// Words looked at before a dictionary is tried.
const SAMPLE: usize = 1 << 10;

/// Values in a page: a mebibyte of doubles.
pub(crate) const PAGE_VALUES: usize = 1 << 17;

/// The most distinct values that a dictionary may have: its indices fit two bytes.
const DICTIONARY_LIMIT: usize = 1 << 16;

/// Encodes columns of one width; its memory is kept from column to column.
#[derive(Default)]
pub(crate) struct Encoder<W> {
    dictionary: Dictionary<W>,
    page: Vec<u8>,
}

impl<W: Word> Encoder<W> {
    /// Encodes a column.
    pub(crate) fn encode(
        &mut self,
        values: &Values<W>,
        column: ColumnDescPtr,
        levels: Levels,
        compressor: &mut Compressor,
    ) -> Result<Chunk, ExportError> {
        let Values {
            words,
            nulls: all_nulls,
        } = values;
        let encoding = choose(words, &mut self.dictionary, compressor.is_none());
        let mut chunk = ChunkBuilder::new(column, encoding, compressor);
        if encoding == Encoding::RLE_DICTIONARY {
            self.page.clear();
            put_words(&mut self.page, &self.dictionary.distinct);
            chunk.dictionary(&self.page, self.dictionary.distinct.len())?;
        }
        let width = index_width(self.dictionary.distinct.len(), chunk.compresses());
        let total = values.len();
        let page_values = levels.whole_rows(PAGE_VALUES);
        let mut word = 0;
        let mut null = 0;
        for start in (0..total).step_by(page_values) {
            let count = page_values.min(total - start);
            let missing = all_nulls[null..].partition_point(|&at| at < start + count);
            let nulls: Vec<usize> = all_nulls[null..null + missing]
                .iter()
                .map(|at| at - start)
                .collect();
            let present = word..word + count - missing;
            self.page.clear();
            levels.encode(&mut self.page, count, &nulls);
            let base = self.page.len();
            match encoding {
                Encoding::RLE_DICTIONARY => {
                    self.page.push(width);
                    hybrid::encode(&mut self.page, &self.dictionary.indices[present.clone()], width);
                }
                Encoding::BYTE_STREAM_SPLIT => split(&mut self.page, &words[present.clone()]),
                _ => put_words(&mut self.page, &words[present.clone()]),
            }
            chunk.data(
                &self.page,
                count,
                (W::BYTES == 8 && encoding == Encoding::PLAIN).then_some(base),
            )?;
            word = present.end;
            null += missing;
        }
        Ok(chunk.finish(levels.rows(total), all_nulls.len()))
    }
}

/// Chooses how to encode the words; the dictionary is built when it is chosen.
fn choose<W: Word>(words: &[W], dictionary: &mut Dictionary<W>, uncompressed: bool) -> Encoding {
    if words.is_empty() {
        return Encoding::PLAIN;
    }
    let limit = if uncompressed {
        words.len() * 3 / 4
    } else {
        words.len() / 8
    };
    let limit = limit.clamp(1, DICTIONARY_LIMIT);
    // A sample that is half distinct says that the whole will be beyond the limit, without building it.
    if words.len() > 4 * SAMPLE {
        let sample: Vec<W> = words.iter().step_by(words.len() / SAMPLE).copied().collect();
        if !uncompressed && !dictionary.build(&sample, SAMPLE / 2) {
            return Encoding::PLAIN;
        }
    }
    if dictionary.build(words, limit) {
        Encoding::RLE_DICTIONARY
    } else {
        Encoding::PLAIN
    }
}

/// The bits of an index. Compressors work on bytes: whole ones serve them better than tight packing.
fn index_width(distinct: usize, compresses: bool) -> u8 {
    let bits = usize::BITS - distinct.saturating_sub(1).leading_zeros();
    let bits = u8::try_from(bits).unwrap_or(32);
    if compresses && bits > 4 {
        bits.next_multiple_of(8)
    } else {
        bits.max(1)
    }
}

/// All first bytes, then all second bytes, and so on.
fn split<W: Word>(out: &mut Vec<u8>, words: &[W]) {
    let start = out.len();
    out.resize(start + words.len() * W::BYTES, 0);
    let mut bytes = [0; 8];
    for (at, word) in words.iter().enumerate() {
        word.put(&mut bytes[..W::BYTES]);
        for (stream, byte) in bytes[..W::BYTES].iter().enumerate() {
            out[start + stream * words.len() + at] = *byte;
        }
    }
}
