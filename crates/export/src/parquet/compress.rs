//! The block compressors of Parquet.

use parquet::basic::Compression;

use crate::error::ExportError;
use crate::spec::Codec;
use crate::zstandard::Words;

/// The highest level at which doubles are left to our own encoder. Above it the library is asked for all the
/// effort that was asked for.
const WORDS_LEVEL: u8 = 3;

/// A compressor whose working memory is kept from block to block.
pub(crate) struct Compressor {
    engine: Engine,
    room: Vec<u8>,
    frame: Vec<u8>,
}

enum Engine {
    Zstd(Box<zstd::bulk::Compressor<'static>>, Option<Box<Words>>),
    Snappy(Box<snap::raw::Encoder>),
    Lz4,
    None,
}

impl Compressor {
    /// A compressor for `codec`.
    pub(crate) fn new(codec: Codec) -> Result<Self, ExportError> {
        let engine = match codec {
            Codec::Zstd(level) => Engine::Zstd(
                Box::new(
                    zstd::bulk::Compressor::new(i32::from(level))
                        .map_err(|_| ExportError::Compressor("zstd"))?,
                ),
                (level <= WORDS_LEVEL).then(Box::default),
            ),
            Codec::Snappy => Engine::Snappy(Box::new(snap::raw::Encoder::new())),
            Codec::Lz4 => Engine::Lz4,
            Codec::None => Engine::None,
        };
        Ok(Self {
            engine,
            room: Vec::new(),
            frame: Vec::new(),
        })
    }

    /// What Parquet calls the codec.
    pub(crate) fn name(&self) -> Compression {
        match self.engine {
            Engine::Zstd(..) => Compression::ZSTD(parquet::basic::ZstdLevel::default()),
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
            Engine::Zstd(..) => zstd::zstd_safe::compress_bound(block.len()),
            Engine::Snappy(_) => snap::raw::max_compress_len(block.len()),
            Engine::Lz4 => lz4_flex::block::get_maximum_output_size(block.len()),
            Engine::None => return Ok(block),
        };
        if self.room.len() < room {
            self.room.resize(room, 0);
        }
        let written = match &mut self.engine {
            Engine::Zstd(zstd, _) => zstd
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

    /// A block of doubles that begin at the byte `base`, compressed. The slice lives until the next call.
    pub(crate) fn compress_doubles<'a>(
        &'a mut self,
        block: &'a [u8],
        base: usize,
    ) -> Result<&'a [u8], ExportError> {
        if let Engine::Zstd(_, Some(words)) = &mut self.engine {
            self.frame.clear();
            if words.compress(block, base, &mut self.frame) {
                return Ok(&self.frame);
            }
        }
        self.compress(block)
    }
}
