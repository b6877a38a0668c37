//! Picking out of a row what lies between two bounds, with AVX-512: what is wanted of eight values is moved together,
//! and all eight are written, of which the next ones take the places that are not wanted.
#![expect(
    unsafe_code,
    reason = "vector instructions that the processor is known to have"
)]

use std::arch::x86_64::{
    _CMP_LT_OQ, _mm256_add_epi32, _mm256_maskz_compress_epi32, _mm256_set1_epi32, _mm256_setr_epi32,
    _mm256_storeu_epi32, _mm512_mask_cmp_pd_mask, _mm512_maskz_compress_pd, _mm512_maskz_loadu_pd,
    _mm512_storeu_pd,
};

use super::{Bounds, SPARE};

/// Writes the values of a row that lie between the bounds, and their columns, each to the front of the room that it is
/// given, and says how many they are. There is room for all, and for [`SPARE`] more.
#[target_feature(enable = "avx512f,avx512vl,popcnt")]
pub(super) fn between(row: &[f64], bounds: Bounds<'_>, values: &mut [f64], columns: &mut [u32]) -> usize {
    let Bounds { low, high } = bounds;
    assert!(
        low.len() >= row.len() && high.len() >= row.len(),
        "bounds of each column"
    );
    let room = values.len().min(columns.len());
    assert!(room >= row.len() + SPARE, "room for each value");
    let mut found = 0;
    let mut column = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    let mut at = 0;
    while at < row.len() {
        let there = u8::MAX >> 8_usize.saturating_sub(row.len() - at);
        // SAFETY: what is loaded is there, and bounds are as many as values. Before the last eight values no more were
        // found than were looked at, so there is room for eight more.
        unsafe {
            let value = _mm512_maskz_loadu_pd(there, row.as_ptr().add(at));
            let low = _mm512_maskz_loadu_pd(there, low.as_ptr().add(at));
            let high = _mm512_maskz_loadu_pd(there, high.as_ptr().add(at));
            let above = _mm512_mask_cmp_pd_mask::<_CMP_LT_OQ>(there, low, value);
            let wanted = _mm512_mask_cmp_pd_mask::<_CMP_LT_OQ>(above, value, high);
            _mm512_storeu_pd(
                values.as_mut_ptr().add(found),
                _mm512_maskz_compress_pd(wanted, value),
            );
            _mm256_storeu_epi32(
                columns.as_mut_ptr().add(found).cast(),
                _mm256_maskz_compress_epi32(wanted, column),
            );
            found += wanted.count_ones() as usize;
        }
        column = _mm256_add_epi32(column, _mm256_set1_epi32(8));
        at += 8;
    }
    found
}
