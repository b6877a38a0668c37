//! Cells of up to eight bytes: all eight of them are one register.

#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "dozens of instructions, each named where it is used"
    )
)]
use std::arch::x86_64::*;

use super::{LANES, POWERS, signed};

/// The doubles next to the reciprocals of the powers of ten that so few digits can be divided by.
const RECIPROCALS: [f64; LANES] = {
    let mut reciprocals = [0.0; LANES];
    let mut at = 0;
    while at < LANES {
        reciprocals[at] = 1.0 / POWERS[at];
        at += 1;
    }
    reciprocals
};

/// Eight cells of up to eight bytes: their values, and a bit for each that is left to others.
///
/// # Safety
///
/// Every end is within the block and at least 8.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,bmi1,bmi2,lzcnt,popcnt,fma,avx2")]
pub(super) unsafe fn read(block: &[u8], ends: &[u32; LANES], lengths: __m256i) -> (__m512d, u8) {
    let base = block.as_ptr();
    // SAFETY: eight bytes before each end are there, as the caller says.
    let load = |at: usize| unsafe { base.add(ends[at] as usize - 8).cast::<i64>().read_unaligned() };
    let pair = |at: usize| _mm_set_epi64x(load(at + 1), load(at));
    let half = |at: usize| _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(pair(at)), pair(at + 2));
    let bytes = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(half(0)), half(4));
    let digits = _mm512_sub_epi8(bytes, _mm512_set1_epi8(b'0'.cast_signed()));

    // Eight bits to a cell: those of its own bytes, and of these the digits, the dots and the minus signs.
    let before = _mm256_sub_epi32(_mm256_set1_epi32(8), lengths);
    let own = _mm256_cvtepi32_epi8(_mm256_sllv_epi32(_mm256_set1_epi32(0xFF), before));
    let own_bits = _mm_cvtsi128_si64(own).cast_unsigned();
    let is = |byte: u8| _mm512_mask_cmpeq_epi8_mask(own_bits, bytes, _mm512_set1_epi8(byte.cast_signed()));
    let digit_bits = _mm512_mask_cmple_epu8_mask(own_bits, digits, _mm512_set1_epi8(9));
    let word = |bits: u64| _mm_cvtsi64_si128(bits.cast_signed());
    let (digit, dot, minus) = (word(digit_bits), word(is(b'.')), word(is(b'-')));

    let none = _mm_setzero_si128();
    let lowest = |bits: __m128i| _mm_and_si128(bits, _mm_sub_epi8(none, bits));
    let sign = _mm_and_si128(minus, lowest(own));
    let body = _mm_xor_si128(own, sign);
    let below_dot = _mm_add_epi8(dot, _mm_set1_epi8(-1));
    let other = _mm_xor_si128(body, _mm_or_si128(digit, dot));
    // A dot has a digit on either side, and there is one.
    let edges = _mm_or_si128(lowest(body), _mm_set1_epi8(i8::MIN));
    let misplaced = _mm_and_si128(dot, _mm_or_si128(edges, below_dot));
    let wrong = _mm_or_si128(other, misplaced);
    let [bad, _] = (_mm_test_epi8_mask(wrong, wrong) | _mm_testn_epi8_mask(body, body)).to_le_bytes();
    let [negative, _] = _mm_test_epi8_mask(sign, sign).to_le_bytes();

    // Up to the dot, digits move one place.
    let dotless = _mm_cmpeq_epi8(dot, none);
    let moving = _mm_andnot_si128(dotless, _mm_xor_si128(dot, below_dot));
    let moving = _mm_cvtsi128_si64(moving).cast_unsigned();
    let digits = _mm512_maskz_mov_epi8(digit_bits, digits);
    let digits = _mm512_mask_mov_epi8(digits, moving, _mm512_slli_epi64::<8>(digits));

    let tens = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010A));
    let fours = _mm512_madd_epi16(tens, _mm512_set1_epi32(0x0001_0064));
    let mantissa = _mm512_add_epi64(
        _mm512_mul_epu32(fours, _mm512_set1_epi64(10_000)),
        _mm512_srli_epi64::<32>(fours),
    );
    // Bits above the dot: as many as places behind it, and 56 more; without a dot 64. Tables look at the last three.
    let places = _mm512_lzcnt_epi64(_mm512_cvtepu8_epi64(dot));
    // SAFETY: there are eight powers, and more.
    let (power, reciprocal) = unsafe {
        (
            _mm512_permutexvar_pd(places, _mm512_loadu_pd(POWERS.as_ptr())),
            _mm512_permutexvar_pd(places, _mm512_loadu_pd(RECIPROCALS.as_ptr())),
        )
    };
    (
        signed(divide(_mm512_cvtepu64_pd(mantissa), power, reciprocal), negative),
        bad,
    )
}

/// Integers below 10^8 divided by powers of ten up to 10^7, correctly rounded: a product, and what its remainder adds
/// to it. A test goes through all of them.
#[inline]
#[target_feature(enable = "avx512f,fma")]
fn divide(integer: __m512d, power: __m512d, reciprocal: __m512d) -> __m512d {
    let quotient = _mm512_mul_pd(integer, reciprocal);
    let rest = _mm512_fnmadd_pd(quotient, power, integer);
    _mm512_fmadd_pd(rest, reciprocal, quotient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Kernel;

    #[test]
    fn every_quotient_is_that_of_a_division() {
        if Kernel::best() == Kernel::Avx512 {
            // SAFETY: the processor has what that kernel needs.
            unsafe { go_through_all() };
        }
    }

    #[target_feature(enable = "avx512f,fma")]
    fn go_through_all() {
        let steps = _mm512_setr_pd(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0);
        for (power, reciprocal) in POWERS.into_iter().zip(RECIPROCALS) {
            let (power, reciprocal) = (_mm512_set1_pd(power), _mm512_set1_pd(reciprocal));
            let mut wrong = 0;
            for first in (0..100_000_000).step_by(LANES) {
                let integer = _mm512_add_pd(_mm512_set1_pd(f64::from(first)), steps);
                let expected = _mm512_div_pd(integer, power);
                let found = divide(integer, power, reciprocal);
                wrong |= _mm512_cmpneq_epi64_mask(_mm512_castpd_si512(found), _mm512_castpd_si512(expected));
            }
            assert_eq!(wrong, 0, "some quotient is wrong");
        }
    }
}
