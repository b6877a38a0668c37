//! How a file is packed, by its first bytes and by its name.

use std::path::Path;

use brotli::enc::StandardAlloc;
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};
use odmkit_core::Compression;

/// How the bytes say that they are packed. Brotli has no signature: see [`is_brotli`].
pub(crate) fn sniff(head: &[u8]) -> Compression {
    match head {
        [0x1F, 0x8B, 8, flags, ..] if flags & 4 != 0 && is_bgzf(head) => Compression::Bgzf,
        [0x1F, 0x8B, ..] => Compression::Gzip,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Compression::Zip,
        [0x04, 0x22, 0x4D, 0x18, ..] => Compression::Lz4,
        // A frame, or one to be skipped, with which pzstd begins.
        [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Compression::Zstd,
        _ => Compression::None,
    }
}

/// Whether bytes without a signature are Brotli: they are no text, and unpack to some.
pub(crate) fn is_brotli(head: &[u8]) -> bool {
    if is_text(head) {
        return false;
    }
    let alloc = StandardAlloc::default;
    let mut state = BrotliState::new(alloc(), alloc(), alloc());
    let mut text = [0; 1024];
    let (mut there, mut taken) = (head.len(), 0);
    let (mut room, mut given) = (text.len(), 0);
    let result = BrotliDecompressStream(
        &mut there, &mut taken, head, &mut room, &mut given, &mut text, &mut 0, &mut state,
    );
    let text = &text[..given];
    !matches!(result, BrotliResult::ResultFailure) && text.contains(&b'\n') && is_text(text)
}

/// UTF-8 without control characters but tabs and ends of lines, and perhaps with half a character at its end.
fn is_text(bytes: &[u8]) -> bool {
    let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    let utf8 = std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true);
    utf8 && !bytes.iter().any(control)
}

/// BGZF is gzip whose extra field begins with the subfield `BC` of two bytes (SAM specification, section 4.1).
fn is_bgzf(head: &[u8]) -> bool {
    head.get(12..16) == Some(&[b'B', b'C', 2, 0])
}

/// How the name says that the file is packed.
pub fn named_compression(path: &Path) -> Compression {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "gz" | "gzip" => Compression::Gzip,
        "bgz" => Compression::Bgzf,
        "zip" => Compression::Zip,
        "br" => Compression::Brotli,
        "lz4" => Compression::Lz4,
        "zst" | "zstd" => Compression::Zstd,
        _ => Compression::None,
    }
}
