//! AVX2: two comparisons of 32 bytes each, and a move of their sign bits, give one mask.

#![expect(
    clippy::inline_always,
    reason = "vector instructions are single instructions only where the caller has the features"
)]
#![expect(
    unsafe_code,
    reason = "vector instructions that the processor is known to have"
)]

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_set1_epi8,
    _mm256_sub_epi8,
};

use super::classes::{Classes, Classify, NumberClasses};
use super::{BlockFacts, index, shape};

struct Avx2;

pub(super) fn index(block: &[u8], ends: &mut Vec<u32>) -> BlockFacts {
    // SAFETY: `Kernel::available` offers this kernel only where the processor has these features.
    unsafe { index_inside(block, ends) }
}

pub(super) fn odd_bytes(block: &[u8], start: usize, end: usize, odd: &mut Vec<u32>) {
    // SAFETY: as above.
    unsafe { odd_bytes_inside(block, start, end, odd) }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn index_inside(block: &[u8], ends: &mut Vec<u32>) -> BlockFacts {
    index::index::<Avx2>(block, ends)
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn odd_bytes_inside(block: &[u8], start: usize, end: usize, odd: &mut Vec<u32>) {
    shape::odd_bytes::<Avx2>(block, start, end, odd);
}

impl Classify for Avx2 {
    #[inline(always)]
    fn text(bytes: &[u8; 64]) -> Classes {
        let halves = load(bytes);
        // SAFETY: reached only from the functions above, which have the features.
        unsafe {
            Classes {
                tab: equal(halves, b'\t'),
                line_feed: equal(halves, b'\n'),
                carriage_return: equal(halves, b'\r'),
                nul: equal(halves, 0),
                high: mask(halves),
            }
        }
    }

    #[inline(always)]
    fn number(bytes: &[u8; 64]) -> NumberClasses {
        let halves = load(bytes);
        // SAFETY: reached only from the functions above, which have the features.
        unsafe {
            let nine = _mm256_set1_epi8(9);
            let digit = halves.map(|half| {
                let from_zero = _mm256_sub_epi8(half, _mm256_set1_epi8(b'0'.cast_signed()));
                // There is no unsigned comparison: what the minimum leaves as it is, is at most nine.
                _mm256_cmpeq_epi8(_mm256_min_epu8(from_zero, nine), from_zero)
            });
            NumberClasses {
                tab: equal(halves, b'\t'),
                digit: mask(digit),
                dot: equal(halves, b'.'),
                minus: equal(halves, b'-'),
            }
        }
    }
}

#[inline(always)]
fn load(bytes: &[u8; 64]) -> [__m256i; 2] {
    let (low, high) = bytes.split_at(32);
    // SAFETY: each half has 32 bytes; the loads need no alignment, and the features are there as above.
    unsafe {
        [
            _mm256_loadu_si256(low.as_ptr().cast()),
            _mm256_loadu_si256(high.as_ptr().cast()),
        ]
    }
}

#[inline(always)]
unsafe fn equal(halves: [__m256i; 2], byte: u8) -> u64 {
    // SAFETY: the features are there as above.
    unsafe {
        let wanted = _mm256_set1_epi8(byte.cast_signed());
        mask(halves.map(|half| _mm256_cmpeq_epi8(half, wanted)))
    }
}

/// The sign bits of 64 bytes.
#[inline(always)]
unsafe fn mask(halves: [__m256i; 2]) -> u64 {
    // SAFETY: the features are there as above.
    let [low, high] = halves.map(|half| u64::from(unsafe { _mm256_movemask_epi8(half) }.cast_unsigned()));
    low | high << 32
}
