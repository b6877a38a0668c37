//! Columns of numbers.

use parquet::basic::Encoding;

use crate::error::ExportError;
use crate::leaf::Values;
use crate::parquet::chunk::{Chunk, ChunkBuilder};
use crate::parquet::compress::{Compressor, Content};
use crate::parquet::dictionary::Dictionary;
use crate::parquet::hybrid;
use crate::parquet::levels::Levels;
use crate::word::{Word, put_words, split_words};

/// Words looked at before a dictionary is tried.
const SAMPLE: usize = 1 << 10;

/// Words whose tails are looked at before they are taken to be all different.
const TAILS: usize = 1 << 15;

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
        levels: Levels,
        compressor: &mut Compressor,
    ) -> Result<Chunk, ExportError> {
        let Values {
            words,
            nulls: all_nulls,
        } = values;
        let encoding = choose(words, &mut self.dictionary, compressor);
        let mut chunk = ChunkBuilder::new(encoding, compressor);
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
            let present_words = &words[present.clone()];
            let content = match encoding {
                Encoding::RLE_DICTIONARY => {
                    self.page.push(width);
                    hybrid::encode(&mut self.page, &self.dictionary.indices[present.clone()], width);
                    Some(Content::Indices { base })
                }
                Encoding::BYTE_STREAM_SPLIT => {
                    split_words(&mut self.page, present_words);
                    Some(Content::Streams {
                        base,
                        each: present_words.len(),
                    })
                }
                _ if W::doubles(present_words)
                    .is_some_and(|doubles| chunk.doubles(&self.page, doubles, count)) =>
                {
                    None
                }
                _ => {
                    put_words(&mut self.page, present_words);
                    Some(Content::Bytes)
                }
            };
            if let Some(content) = content {
                chunk.data(&self.page, count, content)?;
            }
            word = present.end;
            null += missing;
        }
        Ok(chunk.finish(levels.rows(total), all_nulls.len()))
    }
}

/// Chooses how to encode the words; the dictionary is built when it is chosen.
///
/// A dictionary where few values recur often. The bytes of doubles apart, for zstd, where not even their tails
/// recur: then only the bytes of sign, exponent and first digits can shrink. Else the words as they are, which
/// leaves whatever recurs to the compressor.
fn choose<W: Word>(words: &[W], dictionary: &mut Dictionary<W>, compressor: &Compressor) -> Encoding {
    if words.is_empty() {
        return Encoding::PLAIN;
    }
    let limit = if compressor.is_none() {
        words.len() * 3 / 4
    } else {
        words.len() / 8
    };
    let limit = limit.clamp(1, DICTIONARY_LIMIT);
    let sample: Vec<W> = words
        .iter()
        .step_by(words.len().div_ceil(SAMPLE))
        .copied()
        .collect();
    // A sample that is half distinct says that the whole will be beyond the limit, without building it.
    let sampled = words.len() > 4 * SAMPLE && !compressor.is_none();
    if (!sampled || dictionary.build(&sample, SAMPLE / 2)) && dictionary.build(words, limit) {
        return Encoding::RLE_DICTIONARY;
    }
    let mostly_new = |words: &[W], dictionary: &mut Dictionary<W>| {
        let tails: Vec<W> = words.iter().map(|word| word.tail()).collect();
        !dictionary.build(&tails, (words.len() * 7 / 8).max(1))
    };
    // Tails may recur seldom enough to escape the sample, and still often enough to be worth finding.
    let split = W::BYTES == 8 && compressor.has_streams();
    if split && mostly_new(&sample, dictionary) && mostly_new(&words[..words.len().min(TAILS)], dictionary) {
        return Encoding::BYTE_STREAM_SPLIT;
    }
    Encoding::PLAIN
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
