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
use super::{BlockFacts, OddValue, RowFacts, Work, index, row};

struct Avx2;

pub(super) fn index(block: &[u8], ends: &mut Vec<u32>) -> BlockFacts {
    // SAFETY: `Kernel::available` offers this kernel only where the processor has these features.
    unsafe { index_inside(block, ends) }
}

pub(super) fn row(
    block: &[u8],
    start: usize,
    described: usize,
    ends: &mut Vec<u32>,
    odd: &mut Vec<OddValue>,
) -> RowFacts {
    // SAFETY: as above.
    unsafe { row_inside(block, start, described, ends, odd) }
}

pub(super) fn run<W: Work>(work: W) -> W::Output {
    // SAFETY: as above.
    unsafe { run_inside(work) }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn run_inside<W: Work>(work: W) -> W::Output {
    work.run()
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn index_inside(block: &[u8], ends: &mut Vec<u32>) -> BlockFacts {
    index::index::<Avx2>(block, ends)
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn row_inside(
    block: &[u8],
    start: usize,
    described: usize,
    ends: &mut Vec<u32>,
    odd: &mut Vec<OddValue>,
) -> RowFacts {
    row::row::<Avx2>(block, start, described, ends, odd)
}

impl Classify for Avx2 {
    #[inline(always)]
    fn text(bytes: &[u8; 64]) -> Classes {
        let [low, high] = load(bytes);
        // SAFETY: reached only from the functions above, which have the features.
        unsafe {
            Classes {
                tab: equal(low, high, b'\t'),
                line_feed: equal(low, high, b'\n'),
                carriage_return: equal(low, high, b'\r'),
                nul: equal(low, high, 0),
                high: mask(low, high),
            }
        }
    }

    #[inline(always)]
    fn number(bytes: &[u8; 64]) -> NumberClasses {
        let [low, high] = load(bytes);
        // SAFETY: reached only from the functions above, which have the features.
        unsafe {
            NumberClasses {
                tab: equal(low, high, b'\t'),
                line_feed: equal(low, high, b'\n'),
                digit: mask(digit(low), digit(high)),
                dot: equal(low, high, b'.'),
                minus: equal(low, high, b'-'),
            }
        }
    }
}

// No closures below: they would not have the caller's features, and each instruction would become a call.

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
unsafe fn equal(low: __m256i, high: __m256i, byte: u8) -> u64 {
    // SAFETY: the features are there as above.
    unsafe {
        let wanted = _mm256_set1_epi8(byte.cast_signed());
        mask(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted))
    }
}

#[inline(always)]
unsafe fn digit(half: __m256i) -> __m256i {
    // SAFETY: the features are there as above.
    unsafe {
        let from_zero = _mm256_sub_epi8(half, _mm256_set1_epi8(b'0'.cast_signed()));
        // There is no unsigned comparison: what the minimum leaves as it is, is at most nine.
        _mm256_cmpeq_epi8(_mm256_min_epu8(from_zero, _mm256_set1_epi8(9)), from_zero)
    }
}

/// The sign bits of 64 bytes.
#[inline(always)]
unsafe fn mask(low: __m256i, high: __m256i) -> u64 {
    // SAFETY: the features are there as above.
    unsafe {
        let low = _mm256_movemask_epi8(low).cast_unsigned();
        let high = _mm256_movemask_epi8(high).cast_unsigned();
        u64::from(low) | u64::from(high) << 32
    }
}
