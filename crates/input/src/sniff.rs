//! How a file is packed, by its first bytes and by its name.

use std::path::Path;

use odmkit_core::Compression;

/// How the bytes say that they are packed. Brotli has no signature.
pub(crate) fn sniff(head: &[u8]) -> Compression {
    match head {
        [0x1F, 0x8B, 8, flags, ..] if flags & 4 != 0 && is_bgzf(head) => Compression::Bgzf,
        [0x1F, 0x8B, ..] => Compression::Gzip,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Compression::Zip,
        [0x04, 0x22, 0x4D, 0x18, ..] => Compression::Lz4,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Compression::Zstd,
        _ => Compression::None,
    }
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
