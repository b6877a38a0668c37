//! Eight decimals at a time, with AVX-512.
//!
//! The last bytes of each cell are loaded, so that numbers stand at the right ends of their lanes; one bit mask per
//! class of byte, a lane's bits beside each other, says of all eight at once whether they are spelled plainly; the
//! bytes before a dot move one place to close the gap; multiplications and additions of neighbours make the integer.
//! Up to sixteen bytes that integer is below 2^53, and one division by an exact power of ten rounds correctly; up to
//! eight, as most cells are, a product that is mended once does. Longer ones have up to nineteen digits: then the rest
//! that the first division leaves is divided too, and what comes out is taken where it is the same for the least and
//! the greatest that this second quotient can be. Everything else is left to the exact grammar.
#![expect(
    unsafe_code,
    reason = "vector instructions that the processor is known to have"
)]

#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "nearly a hundred instructions, each named where it is used"
    )
)]
use std::arch::x86_64::*;
use std::mem::MaybeUninit;

mod brief;

/// Cells that are read at a time.
const LANES: usize = 8;
/// Bytes before the end of a cell that are looked at.
const REACH: u32 = 33;

/// Powers of ten that doubles hold exactly. Beyond 10^22 stands no number, and nothing is spelled so.
const POWERS: [f64; 32] = {
    let mut powers = [f64::NAN; 32];
    powers[0] = 1.0;
    let mut at = 1;
    while at <= 22 {
        powers[at] = powers[at - 1] * 10.0;
        at += 1;
    }
    powers
};

/// Reads the cells of a row, of which the first begins at `start` and each ends at one of `ends`, where the next
/// begins a byte later. Writes all values. Adds to `odd` which of them are left to others; their values mean nothing.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,bmi1,bmi2,lzcnt,popcnt,fma,avx2")]
pub(super) fn read(
    block: &[u8],
    start: usize,
    ends: &[u32],
    values: &mut [MaybeUninit<f64>],
    odd: &mut Vec<u32>,
) {
    assert!(ends.len() == values.len(), "a value for each cell");
    let places = u32::try_from(block.len()).ok().zip(u32::try_from(start).ok());
    let Some((length, start)) = places.filter(|_| ends.len() >= LANES) else {
        values.fill(MaybeUninit::new(0.0));
        odd.extend((0_u32..).take(ends.len()));
        return;
    };
    let mut done = 0;
    while done < ends.len() {
        // The last eight may have been read in part: what is known of them is written once more.
        let at = done.min(ends.len() - LANES);
        let Some(cell_ends) = ends[at..].first_chunk::<LANES>() else {
            unreachable!("eight ends are left");
        };
        let before = if at == 0 {
            start.wrapping_sub(1)
        } else {
            ends[at - 1]
        };
        let (numbers, mut bad) = group(block, length, before, cell_ends);
        // SAFETY: eight values begin at `at`: there are as many of them as of ends.
        unsafe { _mm512_storeu_pd(values[at..at + LANES].as_mut_ptr().cast(), numbers) };
        bad &= u8::MAX << (done - at);
        while bad != 0 {
            odd.push(u32::try_from(at).unwrap_or(u32::MAX) + bad.trailing_zeros());
            bad &= bad - 1;
        }
        done = at + LANES;
    }
}

/// Eight cells that follow one another, the first of which begins after `before`: their values, and a bit for each
/// that is left to others.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,bmi1,bmi2,lzcnt,popcnt,fma,avx2")]
fn group(block: &[u8], length: u32, before: u32, cell_ends: &[u32; LANES]) -> (__m512d, u8) {
    // SAFETY: eight words are there.
    let ends = unsafe { _mm256_loadu_si256(cell_ends.as_ptr().cast()) };
    let first = _mm256_set1_epi32(before.cast_signed());
    let order = _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6);
    let previous = _mm256_mask_blend_epi32(1, _mm256_permutevar8x32_epi32(ends, order), first);
    let lengths = _mm256_sub_epi32(_mm256_sub_epi32(ends, previous), _mm256_set1_epi32(1));
    let inside = _mm256_cmple_epu32_mask(ends, _mm256_set1_epi32(length.cast_signed()))
        & _mm256_cmpge_epu32_mask(ends, _mm256_set1_epi32(REACH.cast_signed()));
    if inside != u8::MAX {
        return (_mm512_setzero_pd(), u8::MAX);
    }
    // SAFETY: every end lies in the block and at least as far into it as is looked back.
    unsafe {
        if _mm256_cmpgt_epu32_mask(lengths, _mm256_set1_epi32(8)) == 0 {
            brief::read(block, cell_ends, lengths)
        } else if _mm256_cmpgt_epu32_mask(lengths, _mm256_set1_epi32(16)) == 0 {
            short(block, cell_ends, lengths)
        } else {
            long(block, cell_ends, lengths)
        }
    }
}

/// Cells of up to 16 bytes.
///
/// # Safety
///
/// Every end is within the block and at least 16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,bmi1,bmi2,lzcnt,popcnt,fma,avx2")]
unsafe fn short(block: &[u8], ends: &[u32; LANES], lengths: __m256i) -> (__m512d, u8) {
    let base = block.as_ptr();
    // SAFETY: 16 bytes before each end are there, as the caller says.
    let load = |at: usize| unsafe { base.add(ends[at] as usize - 16) };
    // SAFETY: as above.
    let (low, high) = unsafe {
        (
            four(load(0), load(1), load(2), load(3)),
            four(load(4), load(5), load(6), load(7)),
        )
    };
    let zero = _mm512_set1_epi8(b'0'.cast_signed());
    let (low_digits, high_digits) = (_mm512_sub_epi8(low, zero), _mm512_sub_epi8(high, zero));

    // Sixteen bits to a cell: those of its own bytes, and of these the digits, the dots and the minus signs.
    let own = _mm_sllv_epi16(
        _mm_set1_epi16(-1),
        _mm_sub_epi16(_mm_set1_epi16(16), _mm256_cvtepi32_epi16(lengths)),
    );
    let own_low = _mm_cvtsi128_si64(own).cast_unsigned();
    let own_high = _mm_extract_epi64::<1>(own).cast_unsigned();
    let nine = _mm512_set1_epi8(9);
    let digit_low = _mm512_mask_cmple_epu8_mask(own_low, low_digits, nine);
    let digit_high = _mm512_mask_cmple_epu8_mask(own_high, high_digits, nine);
    let dot_sign = _mm512_set1_epi8(b'.'.cast_signed());
    let dot = words(
        _mm512_mask_cmpeq_epi8_mask(own_low, low, dot_sign),
        _mm512_mask_cmpeq_epi8_mask(own_high, high, dot_sign),
    );
    let minus_sign = _mm512_set1_epi8(b'-'.cast_signed());
    let minus = words(
        _mm512_mask_cmpeq_epi8_mask(own_low, low, minus_sign),
        _mm512_mask_cmpeq_epi8_mask(own_high, high, minus_sign),
    );
    let digit = words(digit_low, digit_high);

    let none = _mm_setzero_si128();
    let lowest = |bits: __m128i| _mm_and_si128(bits, _mm_sub_epi16(none, bits));
    let sign = _mm_and_si128(minus, lowest(own));
    let body = _mm_xor_si128(own, sign);
    let below_dot = _mm_add_epi16(dot, _mm_set1_epi16(-1));
    let other = _mm_xor_si128(body, _mm_or_si128(digit, dot));
    // A dot has a digit on either side, and there is one.
    let edges = _mm_or_si128(lowest(body), _mm_set1_epi16(i16::MIN));
    let misplaced = _mm_or_si128(_mm_and_si128(dot, edges), _mm_and_si128(dot, below_dot));
    let wrong = _mm_or_si128(other, misplaced);
    let mut bad = _mm_test_epi16_mask(wrong, wrong) | _mm_testn_epi16_mask(body, body);

    // Up to the dot, digits move one place.
    let dotless = _mm_cmpeq_epi16(dot, none);
    let moving = _mm_andnot_si128(dotless, _mm_xor_si128(dot, below_dot));
    let moving_low = _mm_cvtsi128_si64(moving).cast_unsigned();
    let moving_high = _mm_extract_epi64::<1>(moving).cast_unsigned();
    let low_digits = _mm512_maskz_mov_epi8(digit_low, low_digits);
    let high_digits = _mm512_maskz_mov_epi8(digit_high, high_digits);
    let low_digits = _mm512_mask_mov_epi8(low_digits, moving_low, _mm512_bslli_epi128::<1>(low_digits));
    let high_digits = _mm512_mask_mov_epi8(high_digits, moving_high, _mm512_bslli_epi128::<1>(high_digits));

    let halves = eights(low_digits, high_digits);
    let order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    let mantissa = _mm512_permutexvar_epi64(order, sixteens(halves));
    bad |= _mm512_cmpge_epu64_mask(mantissa, _mm512_set1_epi64(1 << 53));
    // Bits above the dot: as many as places behind it, and 16 more; without a dot 32, which is none of the table's 16.
    let places = _mm512_cvtepi32_epi64(_mm256_lzcnt_epi32(_mm256_cvtepu16_epi32(dot)));
    // SAFETY: the table has 32 entries.
    let (first, second) = unsafe {
        (
            _mm512_loadu_pd(POWERS.as_ptr()),
            _mm512_loadu_pd(POWERS.as_ptr().add(LANES)),
        )
    };
    let power = _mm512_permutex2var_pd(first, places, second);
    let value = _mm512_div_pd(_mm512_cvtepu64_pd(mantissa), power);
    (signed(value, _mm_test_epi16_mask(sign, sign)), bad)
}

/// Cells of up to 32 bytes with up to 19 digits.
///
/// # Safety
///
/// Every end is within the block and at least 33.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,bmi1,bmi2,lzcnt,popcnt,fma,avx2")]
unsafe fn long(block: &[u8], ends: &[u32; LANES], lengths: __m256i) -> (__m512d, u8) {
    let base = block.as_ptr();
    // SAFETY: 33 bytes before each end are there, as the caller says.
    let load = |at: usize, back: usize| unsafe { base.add(ends[at] as usize - back) };
    // SAFETY: as above.
    let cells = unsafe {
        [
            two(load(0, 32), load(1, 32)),
            two(load(2, 32), load(3, 32)),
            two(load(4, 32), load(5, 32)),
            two(load(6, 32), load(7, 32)),
        ]
    };
    // The same one byte further back: what moves to close the gap of the dot.
    // SAFETY: as above.
    let moved = unsafe {
        [
            two(load(0, 33), load(1, 33)),
            two(load(2, 33), load(3, 33)),
            two(load(4, 33), load(5, 33)),
            two(load(6, 33), load(7, 33)),
        ]
    };
    let own = _mm256_sllv_epi32(
        _mm256_set1_epi32(-1),
        _mm256_sub_epi32(_mm256_set1_epi32(32), lengths),
    );
    let own_bits = quarters(own);
    let zero = _mm512_set1_epi8(b'0'.cast_signed());
    let nine = _mm512_set1_epi8(9);
    let (dot_sign, minus_sign) = (
        _mm512_set1_epi8(b'.'.cast_signed()),
        _mm512_set1_epi8(b'-'.cast_signed()),
    );
    let (mut digit, mut dot, mut minus) = ([0; 4], [0; 4], [0; 4]);
    for at in 0..4 {
        digit[at] = _mm512_mask_cmple_epu8_mask(own_bits[at], _mm512_sub_epi8(cells[at], zero), nine);
        dot[at] = _mm512_mask_cmpeq_epi8_mask(own_bits[at], cells[at], dot_sign);
        minus[at] = _mm512_mask_cmpeq_epi8_mask(own_bits[at], cells[at], minus_sign);
    }
    let (digit, dot, minus) = (gathered(digit), gathered(dot), gathered(minus));

    let none = _mm256_setzero_si256();
    let lowest = |bits: __m256i| _mm256_and_si256(bits, _mm256_sub_epi32(none, bits));
    let sign = _mm256_and_si256(minus, lowest(own));
    let body = _mm256_xor_si256(own, sign);
    let below_dot = _mm256_add_epi32(dot, _mm256_set1_epi32(-1));
    let other = _mm256_xor_si256(body, _mm256_or_si256(digit, dot));
    let edges = _mm256_or_si256(lowest(body), _mm256_set1_epi32(i32::MIN));
    let misplaced = _mm256_or_si256(_mm256_and_si256(dot, edges), _mm256_and_si256(dot, below_dot));
    let wrong = _mm256_or_si256(other, misplaced);
    let mut bad = _mm256_test_epi32_mask(wrong, wrong) | _mm256_testn_epi32_mask(body, body);

    let dotless = _mm256_cmpeq_epi32(dot, none);
    let moving = _mm256_andnot_si256(dotless, _mm256_xor_si256(dot, below_dot));
    let staying_digits = quarters(_mm256_andnot_si256(moving, digit));
    let moved_digits = quarters(_mm256_and_si256(_mm256_slli_epi32::<1>(digit), moving));
    let mut fours = cells;
    for at in 0..4 {
        let staying = _mm512_maskz_sub_epi8(staying_digits[at], cells[at], zero);
        fours[at] = _mm512_mask_sub_epi8(staying, moved_digits[at], moved[at], zero);
    }
    // Of each cell the first 16 digits and the last 16, in this order: cells 0, 2, 0, 2, 1, 3, 1, 3, and likewise.
    let first = sixteens(eights(fours[0], fours[1]));
    let second = sixteens(eights(fours[2], fours[3]));
    let top = _mm512_permutex2var_epi64(first, _mm512_setr_epi64(0, 4, 1, 5, 8, 12, 9, 13), second);
    let rest = _mm512_permutex2var_epi64(first, _mm512_setr_epi64(2, 6, 3, 7, 10, 14, 11, 15), second);
    bad |= _mm512_cmpgt_epu64_mask(top, _mm512_set1_epi64(999));
    let mantissa = _mm512_add_epi64(
        _mm512_mullo_epi64(top, _mm512_set1_epi64(10_000_000_000_000_000)),
        rest,
    );

    // Bits above the dot: places behind it; without a dot 32, which is none.
    let places = _mm256_and_si256(_mm256_lzcnt_epi32(dot), _mm256_set1_epi32(31));
    bad |= _mm256_cmpgt_epu32_mask(places, _mm256_set1_epi32(22));
    // SAFETY: the table has 32 entries, and places are below 32.
    let power = unsafe { _mm512_i32gather_pd::<8>(places, POWERS.as_ptr()) };
    let (value, certain) = divide(mantissa, power);
    (signed(value, _mm256_test_epi32_mask(sign, sign)), bad | !certain)
}

/// Integers below 2^64 divided by powers of ten, correctly rounded where the bit says so.
///
/// The integer is the sum of two doubles. The rest that the first quotient leaves is a double exactly, so what has
/// still to be added to the quotient is known but for three roundings, each of which changes it by less than one part
/// in 2^52, and `LITTLE` is one in 2^49. Rounding never goes against the order of numbers: where a little less and a little more than it give the
/// same double, it gives that one too.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,bmi1,bmi2,lzcnt,popcnt,fma,avx2")]
fn divide(integer: __m512i, power: __m512d) -> (__m512d, u8) {
    const LITTLE: f64 = f64::EPSILON * 8.0;
    let high = _mm512_cvtepu64_pd(integer);
    let low = _mm512_cvtepi64_pd(_mm512_sub_epi64(integer, _mm512_cvtpd_epu64(high)));
    let quotient = _mm512_div_pd(high, power);
    let rest = _mm512_fnmadd_pd(quotient, power, high);
    let correction = _mm512_div_pd(_mm512_add_pd(rest, low), power);
    let least = _mm512_mul_pd(correction, _mm512_set1_pd(1.0 - LITTLE));
    let most = _mm512_mul_pd(correction, _mm512_set1_pd(1.0 + LITTLE));
    let value = _mm512_add_pd(quotient, least);
    let certain = _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(value, _mm512_add_pd(quotient, most));
    (value, certain)
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq")]
fn signed(value: __m512d, negative: u8) -> __m512d {
    _mm512_mask_xor_pd(value, negative, value, _mm512_set1_pd(-0.0))
}

/// Sixteen bytes from each of four places.
///
/// # Safety
///
/// They are there.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn four(a: *const u8, b: *const u8, c: *const u8, d: *const u8) -> __m512i {
    // SAFETY: as the caller says; the loads need no alignment.
    unsafe {
        let bytes = _mm512_castsi128_si512(_mm_loadu_si128(a.cast()));
        let bytes = _mm512_inserti32x4::<1>(bytes, _mm_loadu_si128(b.cast()));
        let bytes = _mm512_inserti32x4::<2>(bytes, _mm_loadu_si128(c.cast()));
        _mm512_inserti32x4::<3>(bytes, _mm_loadu_si128(d.cast()))
    }
}

/// Thirty-two bytes from each of two places.
///
/// # Safety
///
/// They are there.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn two(a: *const u8, b: *const u8) -> __m512i {
    // SAFETY: as the caller says; the loads need no alignment.
    unsafe {
        let bytes = _mm512_castsi256_si512(_mm256_loadu_si256(a.cast()));
        _mm512_inserti64x4::<1>(bytes, _mm256_loadu_si256(b.cast()))
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn words(low: u64, high: u64) -> __m128i {
    _mm_set_epi64x(high.cast_signed(), low.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn gathered(bits: [u64; 4]) -> __m256i {
    let [a, b, c, d] = bits.map(u64::cast_signed);
    _mm256_setr_epi64x(a, b, c, d)
}

#[inline]
#[target_feature(enable = "avx2")]
fn quarters(bits: __m256i) -> [u64; 4] {
    [
        _mm256_extract_epi64::<0>(bits).cast_unsigned(),
        _mm256_extract_epi64::<1>(bits).cast_unsigned(),
        _mm256_extract_epi64::<2>(bits).cast_unsigned(),
        _mm256_extract_epi64::<3>(bits).cast_unsigned(),
    ]
}

/// From digits to numbers of eight digits. Of each 16 bytes of the two, side by side: two of the first, two of the
/// second.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn eights(first: __m512i, second: __m512i) -> __m512i {
    let tens = _mm512_set1_epi16(0x010A);
    let hundreds = _mm512_set1_epi32(0x0001_0064);
    let fours = |digits| _mm512_madd_epi16(_mm512_maddubs_epi16(digits, tens), hundreds);
    let packed = _mm512_packus_epi32(fours(first), fours(second));
    _mm512_madd_epi16(packed, _mm512_set1_epi32(0x0001_2710))
}

/// From pairs of numbers of eight digits to numbers of sixteen.
#[inline]
#[target_feature(enable = "avx512f")]
fn sixteens(pairs: __m512i) -> __m512i {
    _mm512_add_epi64(
        _mm512_mul_epu32(pairs, _mm512_set1_epi64(100_000_000)),
        _mm512_srli_epi64::<32>(pairs),
    )
}
