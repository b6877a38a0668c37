//! Arrow IPC files (Feather version 2).
//!
//! The messages are put together here, because the library's writer encodes and compresses one column after
//! another on one thread.

mod body;
mod message;
mod writer;

pub(crate) use writer::ArrowWriter;

use arrow_ipc::CompressionType;

use crate::spec::Codec;

/// What the format calls a codec.
pub(crate) const fn compression(codec: Codec) -> Option<CompressionType> {
    match codec {
        Codec::Zstd(_) => Some(CompressionType::ZSTD),
        Codec::Lz4 => Some(CompressionType::LZ4_FRAME),
        Codec::Snappy | Codec::None => None,
    }
}
