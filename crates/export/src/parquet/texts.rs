//! Columns of text.

use std::collections::HashMap;

use arrow_array::{Array, StringArray};
use parquet::basic::Encoding;

use crate::error::ExportError;
use crate::parquet::chunk::{Chunk, ChunkBuilder};
use crate::parquet::compress::{Compressor, Content};
use crate::parquet::hybrid;
use crate::parquet::levels::Levels;
use crate::parquet::numbers::PAGE_VALUES;

/// Bytes of text in a page.
const PAGE_BYTES: usize = 1 << 20;

/// Encodes a text column that comes in pieces.
pub(crate) fn encode(pieces: &[StringArray], compressor: &mut Compressor) -> Result<Chunk, ExportError> {
    let rows = pieces.iter().map(StringArray::len).sum();
    if let Some((distinct, indices)) = dictionary(pieces, rows) {
        return indexed(&distinct, &indices, Levels::Flat, compressor);
    }
    let mut chunk = ChunkBuilder::new(Encoding::PLAIN, compressor);
    let mut values = Vec::new();
    let mut nulls = Vec::new();
    let mut all_nulls = 0;
    let mut count = 0;
    let mut page = Vec::new();
    let mut flush = |values: &mut Vec<u8>, nulls: &mut Vec<usize>, count: &mut usize| {
        page.clear();
        Levels::Flat.encode(&mut page, *count, nulls);
        page.extend_from_slice(values);
        let done = chunk.data(&page, *count, Content::Bytes);
        values.clear();
        nulls.clear();
        *count = 0;
        done
    };
    for text in pieces.iter().flatten() {
        if let Some(text) = text {
            put_text(&mut values, text);
        } else {
            nulls.push(count);
            all_nulls += 1;
        }
        count += 1;
        if count == PAGE_VALUES || values.len() >= PAGE_BYTES {
            flush(&mut values, &mut nulls, &mut count)?;
        }
    }
    if count > 0 {
        flush(&mut values, &mut nulls, &mut count)?;
    }
    Ok(chunk.finish(rows, all_nulls))
}

/// Encodes a text column given as its distinct values and, for each row, the place of its value among them.
pub(crate) fn indexed(
    distinct: &[&str],
    indices: &[Option<u32>],
    levels: Levels,
    compressor: &mut Compressor,
) -> Result<Chunk, ExportError> {
    let mut chunk = ChunkBuilder::new(Encoding::RLE_DICTIONARY, compressor);
    let mut page = Vec::new();
    for text in distinct {
        put_text(&mut page, text);
    }
    chunk.dictionary(&page, distinct.len())?;
    let bits = usize::BITS - distinct.len().saturating_sub(1).leading_zeros();
    let width = u8::try_from(bits).unwrap_or(32).max(1);
    let width = if chunk.compresses() && width > 4 {
        width.next_multiple_of(8)
    } else {
        width
    };
    let mut all_nulls = 0;
    for rows in indices.chunks(PAGE_VALUES) {
        let nulls: Vec<usize> = rows
            .iter()
            .enumerate()
            .filter(|(_, index)| index.is_none())
            .map(|(row, _)| row)
            .collect();
        let present: Vec<u32> = rows.iter().copied().flatten().collect();
        page.clear();
        levels.encode(&mut page, rows.len(), &nulls);
        page.push(width);
        hybrid::encode(&mut page, &present, width);
        chunk.data(&page, rows.len(), Content::Bytes)?;
        all_nulls += nulls.len();
    }
    Ok(chunk.finish(indices.len(), all_nulls))
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    // Arrow's offsets keep a text below 2^31 bytes.
    out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// The distinct texts in order of appearance, and for each row the place of its text among them.
pub(crate) fn places(pieces: &[StringArray]) -> (Vec<&str>, Vec<Option<u32>>) {
    index(pieces, usize::MAX).unwrap_or_default()
}

/// The same, where few texts recur often.
fn dictionary(pieces: &[StringArray], rows: usize) -> Option<(Vec<&str>, Vec<Option<u32>>)> {
    index(pieces, (rows / 4).min(1 << 16))
}

fn index(pieces: &[StringArray], limit: usize) -> Option<(Vec<&str>, Vec<Option<u32>>)> {
    let mut places: HashMap<&str, u32> = HashMap::new();
    let mut distinct = Vec::new();
    let mut indices = Vec::new();
    for text in pieces.iter().flatten() {
        let place = match text {
            None => None,
            Some(text) => {
                let next = u32::try_from(distinct.len()).ok()?;
                Some(*places.entry(text).or_insert_with(|| {
                    distinct.push(text);
                    next
                }))
            }
        };
        if distinct.len() > limit {
            return None;
        }
        indices.push(place);
    }
    Some((distinct, indices))
}
