//! The same code compiled twice: for every processor, and for those with BMI2 and AVX2.
//!
//! A compressor shifts by counts that it has only just computed and looks for the lowest bit of differences; newer
//! processors do each in one instruction. There is no second algorithm here, so the two give the same bytes.

#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "instructions that the processor is known to have")
)]

use super::frame::Words;

/// Appends the blocks of a frame of doubles.
pub(super) fn compress(words: &mut Words, lead: &[u8], numbers: &[u64], out: &mut Vec<u8>) {
    #[cfg(target_arch = "x86_64")]
    if available() {
        // SAFETY: the processor has the features.
        return unsafe { wide::compress(words, lead, numbers, out) };
    }
    words.blocks(lead, numbers, out);
}

/// Appends the blocks of a frame of bytes.
pub(super) fn compress_bytes(words: &mut Words, page: &[u8], cuts: &[usize], out: &mut Vec<u8>) {
    #[cfg(target_arch = "x86_64")]
    if available() {
        // SAFETY: the processor has the features.
        return unsafe { wide::compress_bytes(words, page, cuts, out) };
    }
    words.byte_blocks(page, cuts, out);
}

#[cfg(target_arch = "x86_64")]
fn available() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::Words;

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    pub(super) fn compress(words: &mut Words, lead: &[u8], numbers: &[u64], out: &mut Vec<u8>) {
        words.blocks(lead, numbers, out);
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    pub(super) fn compress_bytes(words: &mut Words, page: &[u8], cuts: &[usize], out: &mut Vec<u8>) {
        words.byte_blocks(page, cuts, out);
    }
}
