//! AVX-512 BW: one comparison of 64 bytes gives one mask.

#![expect(
    clippy::inline_always,
    reason = "vector instructions are single instructions only where the caller has the features"
)]
#![expect(
    unsafe_code,
    reason = "vector instructions that the processor is known to have"
)]

use std::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_cmpeq_epi8_mask, _mm512_cmple_epu8_mask, _mm512_loadu_epi8,
    _mm512_maskz_compress_epi32, _mm512_movepi8_mask, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_setr_epi32,
    _mm512_storeu_epi32, _mm512_sub_epi8, _mm512_testn_epi8_mask,
};

use std::mem::MaybeUninit;

use super::classes::{Classes, Classify, NumberClasses};
use super::{BlockFacts, Bounds, OddValue, RowFacts, Work, index, row};

struct Avx512;

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

pub(super) fn read(
    block: &[u8],
    start: usize,
    ends: &[u32],
    values: &mut [MaybeUninit<f64>],
    odd: &mut Vec<u32>,
) {
    // SAFETY: as above.
    unsafe { super::decimals::read(block, start, ends, values, odd) }
}

pub(super) fn between(row: &[f64], bounds: Bounds<'_>, values: &mut [f64], columns: &mut [u32]) -> usize {
    // SAFETY: as above.
    unsafe { super::between::between(row, bounds, values, columns) }
}

pub(super) fn run<W: Work>(work: W) -> W::Output {
    // SAFETY: as above.
    unsafe { run_inside(work) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn run_inside<W: Work>(work: W) -> W::Output {
    work.run()
}

#[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2,lzcnt,popcnt")]
fn index_inside(block: &[u8], ends: &mut Vec<u32>) -> BlockFacts {
    index::index::<Avx512>(block, ends)
}

#[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2,lzcnt,popcnt")]
fn row_inside(
    block: &[u8],
    start: usize,
    described: usize,
    ends: &mut Vec<u32>,
    odd: &mut Vec<OddValue>,
) -> RowFacts {
    row::row::<Avx512>(block, start, described, ends, odd)
}

impl Classify for Avx512 {
    #[inline(always)]
    fn text(bytes: &[u8; 64]) -> Classes {
        let bytes = load(bytes);
        // SAFETY: reached only from the functions above, which have the features.
        unsafe {
            Classes {
                tab: equal(bytes, b'\t'),
                line_feed: equal(bytes, b'\n'),
                carriage_return: equal(bytes, b'\r'),
                nul: _mm512_testn_epi8_mask(bytes, bytes),
                high: _mm512_movepi8_mask(bytes),
            }
        }
    }

    #[inline(always)]
    fn places(mask: u64, base: u32, places: &mut [u32; 64]) -> usize {
        let mut found = 0;
        // SAFETY: reached only from the functions above, which have the features; of the 64 places at most 48 are
        // taken when the last sixteen are written.
        unsafe {
            let mut place = _mm512_add_epi32(
                _mm512_set1_epi32(base.cast_signed()),
                _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
            );
            for [low, high] in mask.to_le_bytes().as_chunks::<2>().0 {
                let bits = u16::from_le_bytes([*low, *high]);
                let set = _mm512_maskz_compress_epi32(bits, place);
                _mm512_storeu_epi32(places.as_mut_ptr().add(found).cast(), set);
                found += bits.count_ones() as usize;
                place = _mm512_add_epi32(place, _mm512_set1_epi32(16));
            }
        }
        found
    }

    #[inline(always)]
    fn number(bytes: &[u8; 64]) -> NumberClasses {
        let bytes = load(bytes);
        // SAFETY: reached only from the functions above, which have the features.
        unsafe {
            let from_zero = _mm512_sub_epi8(bytes, _mm512_set1_epi8(b'0'.cast_signed()));
            NumberClasses {
                tab: equal(bytes, b'\t'),
                line_feed: equal(bytes, b'\n'),
                digit: _mm512_cmple_epu8_mask(from_zero, _mm512_set1_epi8(9)),
                dot: equal(bytes, b'.'),
                minus: equal(bytes, b'-'),
            }
        }
    }
}

#[inline(always)]
fn load(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes are there; the load needs no alignment, and the features are there as above.
    unsafe { _mm512_loadu_epi8(bytes.as_ptr().cast()) }
}

#[inline(always)]
unsafe fn equal(bytes: __m512i, byte: u8) -> u64 {
    // SAFETY: the features are there as above.
    unsafe { _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte.cast_signed())) }
}
