//! The block compressors of Parquet.

use parquet::basic::Compression;

use crate::error::ExportError;
use crate::spec::Codec;

/// A compressor whose working memory is kept from block to block.
pub(crate) struct Compressor {
    engine: Engine,
    room: Vec<u8>,
}

enum Engine {
    Zstd(Box<zstd::bulk::Compressor<'static>>),
    Snappy(Box<snap::raw::Encoder>),
    Lz4,
    None,
}

impl Compressor {
    /// A compressor for `codec`.
    pub(crate) fn new(codec: Codec) -> Result<Self, ExportError> {
        let engine = match codec {
            Codec::Zstd(level) => Engine::Zstd(Box::new(
                zstd::bulk::Compressor::new(i32::from(level)).map_err(|_| ExportError::Compressor("zstd"))?,
            )),
            Codec::Snappy => Engine::Snappy(Box::new(snap::raw::Encoder::new())),
            Codec::Lz4 => Engine::Lz4,
            Codec::None => Engine::None,
        };
        Ok(Self {
            engine,
            room: Vec::new(),
        })
    }

    /// What Parquet calls the codec.
    pub(crate) fn name(&self) -> Compression {
        match self.engine {
            Engine::Zstd(_) => Compression::ZSTD(parquet::basic::ZstdLevel::default()),
            Engine::Snappy(_) => Compression::SNAPPY,
            Engine::Lz4 => Compression::LZ4_RAW,
            Engine::None => Compression::UNCOMPRESSED,
        }
    }

    /// Whether blocks stay as they are.
    pub(crate) const fn is_none(&self) -> bool {
        matches!(self.engine, Engine::None)
    }

    /// The block, compressed. The slice lives until the next call.
    pub(crate) fn compress<'a>(&'a mut self, block: &'a [u8]) -> Result<&'a [u8], ExportError> {
        let room = match &self.engine {
            Engine::Zstd(_) => zstd::zstd_safe::compress_bound(block.len()),
            Engine::Snappy(_) => snap::raw::max_compress_len(block.len()),
            Engine::Lz4 => lz4_flex::block::get_maximum_output_size(block.len()),
            Engine::None => return Ok(block),
        };
        if self.room.len() < room {
            self.room.resize(room, 0);
        }
        let written = match &mut self.engine {
            Engine::Zstd(zstd) => zstd
                .compress_to_buffer(block, &mut self.room[..])
                .map_err(|_| "zstd"),
            Engine::Snappy(snappy) => snappy.compress(block, &mut self.room).map_err(|_| "Snappy"),
            Engine::Lz4 => lz4_flex::block::compress_into(block, &mut self.room).map_err(|_| "LZ4"),
            Engine::None => Ok(0),
        };
        // The room is what the compressor itself asked for, so only a block beyond its limits can fail.
        written
            .map(|written| &self.room[..written])
            .map_err(ExportError::Compressor)
    }
}
