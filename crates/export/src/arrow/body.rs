//! The buffers of one column.

use std::io::Write;

use arrow_array::{Array, StringArray};
use arrow_buffer::ToByteSlice as _;

use crate::arrow::message::ALIGNMENT;
use crate::error::ExportError;
use crate::leaf::Values;
use crate::rows::Group;
use crate::spec::Codec;
use crate::word::{Word, put_words};
use crate::zstandard::{WORDS_LEVEL, Words};

/// The buffers of one column, one after another as they stand in the body of a message.
#[derive(Debug, Default)]
pub(crate) struct Column {
    /// Length and missing entries, of the column and of what it nests.
    pub(crate) nodes: Vec<(usize, usize)>,
    /// The length of each buffer, without and with its padding.
    pub(crate) buffers: Vec<(usize, usize)>,
    /// The buffers.
    pub(crate) bytes: Vec<u8>,
}

/// Puts buffers together; its memory is kept from column to column.
pub(crate) struct Packer {
    codec: Codec,
    zstd: Option<zstd::bulk::Compressor<'static>>,
    words: Option<Box<Words>>,
    plain: Vec<u8>,
    numbers: Vec<u64>,
}

impl Packer {
    /// A packer that compresses with `codec`.
    pub(crate) fn new(codec: Codec) -> Result<Self, ExportError> {
        let zstd = match codec {
            Codec::Zstd(level) => Some(
                zstd::bulk::Compressor::new(i32::from(level)).map_err(|_| ExportError::Compressor("zstd"))?,
            ),
            _ => None,
        };
        let words = matches!(codec, Codec::Zstd(1..=WORDS_LEVEL)).then(Box::default);
        Ok(Self {
            codec,
            zstd,
            words,
            plain: Vec::new(),
            numbers: Vec::new(),
        })
    }

    /// A column of numbers, or of lists of `lists` numbers each.
    pub(crate) fn numbers<W: Word>(
        &mut self,
        values: &Values<W>,
        lists: Option<usize>,
    ) -> Result<Column, ExportError> {
        let mut column = Column::default();
        if let Some(length) = lists {
            column.nodes.push((values.len() / length.max(1), 0));
            self.buffer(&mut column, |_| ())?;
        }
        column.nodes.push((values.len(), values.nulls.len()));
        self.validity(&mut column, values.len(), &values.nulls)?;
        self.fill(&mut column, W::BYTES == 8, |out| {
            out.reserve(values.len() * W::BYTES);
            let mut next = 0;
            for (before, &null) in values.nulls.iter().enumerate() {
                put_words(out, &values.words[next..null - before]);
                out.resize(out.len() + W::BYTES, 0);
                next = null - before;
            }
            put_words(out, &values.words[next..]);
        })?;
        Ok(column)
    }

    /// One column of column-major parts, copied but once: where nothing is compressed and nothing is missing, the
    /// bytes of the file are those in memory.
    pub(crate) fn doubles_as_they_are(&mut self, group: &Group, at: usize) -> Option<Column> {
        let whole = group
            .parts
            .iter()
            .all(|part| part.column_nulls(at).next().is_none());
        if self.codec != Codec::None || !whole || cfg!(target_endian = "big") {
            return None;
        }
        let length = group.rows * size_of::<f64>();
        let mut bytes = Vec::with_capacity(length.next_multiple_of(ALIGNMENT));
        for part in &group.parts {
            bytes.extend_from_slice(part.column(at).to_byte_slice());
        }
        bytes.resize(length.next_multiple_of(ALIGNMENT), 0);
        Some(Column {
            nodes: vec![(group.rows, 0)],
            buffers: vec![(0, 0), (length, bytes.len())],
            bytes,
        })
    }

    /// A column of text.
    pub(crate) fn texts(&mut self, pieces: &[StringArray]) -> Result<Column, ExportError> {
        let rows: usize = pieces.iter().map(StringArray::len).sum();
        let texts = || pieces.iter().flatten();
        let nulls: Vec<usize> = texts()
            .enumerate()
            .filter(|(_, text)| text.is_none())
            .map(|(row, _)| row)
            .collect();
        let mut column = Column {
            nodes: vec![(rows, nulls.len())],
            ..Column::default()
        };
        self.validity(&mut column, rows, &nulls)?;
        self.buffer(&mut column, |out| {
            let mut end = 0u32;
            out.extend(end.to_le_bytes());
            for text in texts() {
                // Arrow's own offsets keep the texts of a group below 2^31 bytes.
                end += u32::try_from(text.map_or(0, str::len)).unwrap_or(u32::MAX);
                out.extend(end.to_le_bytes());
            }
        })?;
        self.buffer(&mut column, |out| {
            for text in texts().flatten() {
                out.extend_from_slice(text.as_bytes());
            }
        })?;
        Ok(column)
    }

    /// A column of places in a dictionary.
    pub(crate) fn places(
        &mut self,
        rows: usize,
        places: impl Iterator<Item = Option<u32>> + Clone,
    ) -> Result<Column, ExportError> {
        let nulls: Vec<usize> = places
            .clone()
            .enumerate()
            .filter(|(_, place)| place.is_none())
            .map(|(row, _)| row)
            .collect();
        let mut column = Column {
            nodes: vec![(rows, nulls.len())],
            ..Column::default()
        };
        self.validity(&mut column, rows, &nulls)?;
        self.buffer(&mut column, |out| {
            out.reserve(rows * 4);
            places.for_each(|place| out.extend(place.unwrap_or(0).to_le_bytes()));
        })?;
        Ok(column)
    }

    /// One bit per entry, lowest first; no buffer at all where nothing is missing.
    fn validity(&mut self, column: &mut Column, length: usize, nulls: &[usize]) -> Result<(), ExportError> {
        self.buffer(column, |out| {
            if !nulls.is_empty() {
                out.resize(length.div_ceil(8), 0xff);
                for &null in nulls {
                    out[null / 8] &= !(1 << (null % 8));
                }
            }
        })
    }

    fn buffer(&mut self, column: &mut Column, fill: impl FnOnce(&mut Vec<u8>)) -> Result<(), ExportError> {
        self.fill(column, false, fill)
    }

    /// Appends what `fill` writes, compressed where that makes it shorter.
    fn fill(
        &mut self,
        column: &mut Column,
        doubles: bool,
        fill: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(), ExportError> {
        let start = column.bytes.len();
        if self.codec == Codec::None {
            fill(&mut column.bytes);
        } else {
            self.plain.clear();
            fill(&mut self.plain);
            if !self.plain.is_empty() {
                column
                    .bytes
                    .extend_from_slice(&(self.plain.len() as u64).to_le_bytes());
                self.compress(&mut column.bytes, doubles)?;
                if column.bytes.len() - start - 8 >= self.plain.len() {
                    column.bytes.truncate(start);
                    column.bytes.extend_from_slice(&(-1i64).to_le_bytes());
                    column.bytes.extend_from_slice(&self.plain);
                }
            }
        }
        let length = column.bytes.len() - start;
        let padded = length.next_multiple_of(ALIGNMENT);
        column.bytes.resize(start + padded, 0);
        column.buffers.push((length, padded));
        Ok(())
    }

    fn compress(&mut self, out: &mut Vec<u8>, doubles: bool) -> Result<(), ExportError> {
        if let Some(words) = &mut self.words
            && doubles
            && let (numbers, []) = self.plain.as_chunks::<8>()
        {
            self.numbers.clear();
            self.numbers
                .extend(numbers.iter().map(|bytes| u64::from_le_bytes(*bytes)));
            if words.compress(&[], &self.numbers, out) {
                return Ok(());
            }
        }
        if let Some(zstd) = &mut self.zstd {
            let start = out.len();
            out.resize(start + zstd::zstd_safe::compress_bound(self.plain.len()), 0);
            let written = zstd
                .compress_to_buffer(&self.plain[..], &mut out[start..])
                .map_err(|_| ExportError::Compressor("zstd"))?;
            out.truncate(start + written);
            return Ok(());
        }
        let mut frame = lz4_flex::frame::FrameEncoder::new(out);
        frame
            .write_all(&self.plain)
            .map_err(|_| ExportError::Compressor("LZ4"))?;
        frame
            .finish()
            .map(drop)
            .map_err(|_| ExportError::Compressor("LZ4"))
    }
}
