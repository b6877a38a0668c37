//! The block compressors of Parquet.

use crate::error::ExportError;
use crate::spec::Codec;
use crate::zstandard::{WORDS_LEVEL, Words};

/// A compressor whose working memory is kept from block to block.
pub(crate) struct Compressor {
    engine: Engine,
    room: Vec<u8>,
    frame: Vec<u8>,
}

struct Zstd {
    library: zstd::bulk::Compressor<'static>,
    words: Words,
    /// Whether the library is asked for more effort than our encoder makes.
    effort: bool,
}

enum Engine {
    Zstd(Box<Zstd>),
    Snappy(Box<snap::raw::Encoder>),
    Lz4,
    None,
}

impl Compressor {
    /// A compressor for `codec`.
    pub(crate) fn new(codec: Codec) -> Result<Self, ExportError> {
        let engine = match codec {
            Codec::Zstd(level) => Engine::Zstd(Box::new(Zstd {
                library: zstd::bulk::Compressor::new(i32::from(level))
                    .map_err(|_| ExportError::Compressor("zstd"))?,
                words: Words::default(),
                effort: level > WORDS_LEVEL,
            })),
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

    /// Whether blocks stay as they are.
    pub(crate) const fn is_none(&self) -> bool {
        matches!(self.engine, Engine::None)
    }

    /// Whether bytes that are apart are compressed apart.
    pub(crate) const fn has_streams(&self) -> bool {
        matches!(self.engine, Engine::Zstd(_))
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
                .library
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

    /// A block of `lead` and then doubles, compressed by the encoder for doubles. `None` where that is not for this
    /// codec or not for this block. The slice lives until the next call.
    pub(crate) fn compress_doubles<'a>(&'a mut self, lead: &[u8], doubles: &[u64]) -> Option<&'a [u8]> {
        match &mut self.engine {
            Engine::Zstd(zstd) if !zstd.effort => {
                self.frame.clear();
                let done = zstd.words.compress(lead, doubles, &mut self.frame);
                done.then_some(&self.frame[..])
            }
            _ => None,
        }
    }

    /// A block, compressed as its content suggests. The slice lives until the next call.
    pub(crate) fn compress_page<'a>(
        &'a mut self,
        block: &'a [u8],
        content: Content,
    ) -> Result<&'a [u8], ExportError> {
        if let Engine::Zstd(zstd) = &mut self.engine {
            let Zstd { words, effort, .. } = &mut **zstd;
            self.frame.clear();
            let done = match content {
                Content::Streams { base, each } => {
                    let cuts: [usize; 8] = std::array::from_fn(|stream| base + stream * each);
                    words.compress_bytes(block, &cuts, &mut self.frame)
                }
                Content::Indices { base } if !*effort && varied(&block[base..]) => {
                    words.compress_bytes(block, &[base], &mut self.frame)
                }
                _ => false,
            };
            if done {
                return Ok(&self.frame);
            }
        }
        self.compress(block)
    }
}

/// What a page holds from the byte `base` on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    /// Anything.
    Bytes,
    /// The eight bytes of doubles, apart, `each` bytes of each.
    Streams { base: usize, each: usize },
    /// Places in a dictionary.
    Indices { base: usize },
}

/// Whether no byte makes up three quarters of the block. One that does comes in runs, which codes of a bit at
/// least cannot follow.
fn varied(block: &[u8]) -> bool {
    // Odd, so that the low and the high bytes of numbers are seen alike.
    const STEP: usize = 17;
    let mut counts = [0u32; 256];
    for &byte in block.iter().step_by(STEP) {
        counts[usize::from(byte)] += 1;
    }
    counts
        .iter()
        .all(|&count| (count as usize) < block.len() / STEP * 3 / 4)
}
