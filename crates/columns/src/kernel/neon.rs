//! NEON, which every 64-bit ARM processor has: four comparisons of 16 bytes each, whose bits are added up to one mask.

#![expect(
    unsafe_code,
    reason = "vector instructions that every such processor has, and loads from memory that is there"
)]

use std::arch::aarch64::{
    uint8x16_t, vandq_u8, vceqq_u8, vcgeq_u8, vcleq_u8, vdupq_n_u8, vgetq_lane_u64, vld1q_u8, vpaddq_u8,
    vreinterpretq_u64_u8, vsubq_u8,
};

use super::classes::{Classes, Classify, NumberClasses};

pub(super) struct Neon;

impl Classify for Neon {
    #[inline]
    fn text(bytes: &[u8; 64]) -> Classes {
        // SAFETY: Rust knows no 64-bit ARM processor without NEON.
        unsafe { text(bytes) }
    }

    #[inline]
    fn number(bytes: &[u8; 64]) -> NumberClasses {
        // SAFETY: as above.
        unsafe { number(bytes) }
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn text(bytes: &[u8; 64]) -> Classes {
    let parts = load(bytes);
    Classes {
        tab: equal(parts, b'\t'),
        line_feed: equal(parts, b'\n'),
        carriage_return: equal(parts, b'\r'),
        nul: equal(parts, 0),
        high: mask(parts.map(|part| vcgeq_u8(part, vdupq_n_u8(0x80)))),
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn number(bytes: &[u8; 64]) -> NumberClasses {
    let parts = load(bytes);
    let digit = |part| vcleq_u8(vsubq_u8(part, vdupq_n_u8(b'0')), vdupq_n_u8(9));
    NumberClasses {
        tab: equal(parts, b'\t'),
        line_feed: equal(parts, b'\n'),
        digit: mask(parts.map(digit)),
        dot: equal(parts, b'.'),
        minus: equal(parts, b'-'),
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn load(bytes: &[u8; 64]) -> [uint8x16_t; 4] {
    let (parts, _) = bytes.as_chunks::<16>();
    // SAFETY: each part has 16 bytes; the loads need no alignment.
    std::array::from_fn(|at| unsafe { vld1q_u8(parts[at].as_ptr()) })
}

#[inline]
#[target_feature(enable = "neon")]
fn equal(parts: [uint8x16_t; 4], byte: u8) -> u64 {
    mask(parts.map(|part| vceqq_u8(part, vdupq_n_u8(byte))))
}

/// One bit of each of 64 bytes that are all ones or all zeros: each keeps the bit of its place among eight, and three
/// additions of neighbours put eight into a byte.
#[inline]
#[target_feature(enable = "neon")]
fn mask(parts: [uint8x16_t; 4]) -> u64 {
    const PLACES: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
    // SAFETY: 16 bytes are there.
    let places = unsafe { vld1q_u8(PLACES.as_ptr()) };
    let [a, b, c, d] = parts.map(|part| vandq_u8(part, places));
    let pairs = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)))
}
