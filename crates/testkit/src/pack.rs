//! Texts packed in every way that is read.

use std::io::{self, Read, Write as _};

/// Gzip, as one member.
pub fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).expect("packed");
    encoder.finish().expect("packed")
}

/// Gzip, as members of so many bytes of text each.
pub fn members(text: &[u8], size: usize) -> Vec<u8> {
    if text.is_empty() {
        return gzip(text);
    }
    text.chunks(size).flat_map(gzip).collect()
}

/// BGZF, in blocks of so many bytes of text each: a block says in its extra field how long it is.
pub fn bgzf(text: &[u8], size: usize) -> Vec<u8> {
    text.chunks(size).chain([&[][..]]).flat_map(bgzf_block).collect()
}

fn bgzf_block(text: &[u8]) -> Vec<u8> {
    let builder = flate2::GzBuilder::new().extra(&b"BC\x02\0\0\0"[..]);
    let mut encoder = builder.write(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).expect("packed");
    let mut block = encoder.finish().expect("packed");
    let size = u16::try_from(block.len() - 1).expect("a small block");
    block[16..18].copy_from_slice(&size.to_le_bytes());
    block
}

/// A zip archive of these files.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, text) in members {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("it has a member");
        writer.write_all(text).expect("packed");
    }
    writer.finish().expect("packed").into_inner()
}

/// A zip archive that says that its file is encrypted.
pub fn encrypted_zip(name: &str, text: &[u8]) -> Vec<u8> {
    const HEADERS: [(&[u8], usize); 2] = [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)];
    let mut archive = zip(&[(name, text)]);
    for (mark, flags) in HEADERS {
        let at = archive.windows(4).position(|bytes| bytes == mark);
        archive[at.expect("the header is there") + flags] |= 1;
    }
    archive
}

/// Brotli.
pub fn brotli(mut text: impl Read) -> Vec<u8> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 3,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut text, &mut packed, &params).expect("packed");
    packed
}

/// LZ4, in blocks of 64 KiB and with a checksum.
pub fn lz4(mut text: impl Read) -> Vec<u8> {
    let frame = lz4_flex::frame::FrameInfo::new()
        .content_checksum(true)
        .block_size(lz4_flex::frame::BlockSize::Max64KB);
    let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(frame, Vec::new());
    io::copy(&mut text, &mut encoder).expect("packed");
    encoder.finish().expect("packed")
}

/// Zstandard.
pub fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 3).expect("packed")
}

/// A file called `name` as it is and in every packing, each under a name of its own.
pub fn every(name: &str, text: &[u8]) -> Vec<(String, Vec<u8>)> {
    vec![
        (name.to_owned(), text.to_vec()),
        (format!("{name}.gz"), gzip(text)),
        (
            format!("members.{name}.gz"),
            members(text, text.len().div_ceil(3).clamp(1, 77_773)),
        ),
        (format!("{name}.bgz"), bgzf(text, 49_999)),
        (format!("{name}.zip"), zip(&[(name, text)])),
        (format!("{name}.br"), brotli(text)),
        (format!("{name}.lz4"), lz4(text)),
        (format!("{name}.zst"), zstd(text)),
    ]
}
