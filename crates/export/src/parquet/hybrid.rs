//! The run-length and bit-packing hybrid that Parquet uses for levels and dictionary indices.

use crate::parquet::thrift::varint;

/// Appends `values`, each below `2^width`, as runs or packed, whichever is shorter.
pub(crate) fn encode(out: &mut Vec<u8>, values: &[u32], width: u8) {
    let runs = values.chunk_by(|a, b| a == b).count();
    let bytes_per_run = 2 + usize::from(width.div_ceil(8));
    if runs * bytes_per_run <= (values.len() * usize::from(width)).div_ceil(8) {
        for run in values.chunk_by(|a, b| a == b) {
            push_run(out, run.len(), run[0], width);
        }
    } else {
        packed(out, values, width);
    }
}

/// Appends one run.
pub(crate) fn push_run(out: &mut Vec<u8>, length: usize, value: u32, width: u8) {
    varint(out, (length as u64) << 1);
    out.extend_from_slice(&value.to_le_bytes()[..usize::from(width.div_ceil(8))]);
}

/// Appends the levels of `count` values of which those at `nulls` (ascending) are one below `full`.
pub(crate) fn definition_levels(out: &mut Vec<u8>, count: usize, nulls: &[usize], full: u32, width: u8) {
    if nulls.len() * 5 < count / 8 || nulls.len() == count {
        let mut next = 0;
        for run in nulls.chunk_by(|a, b| a + 1 == *b) {
            if run[0] > next {
                push_run(out, run[0] - next, full, width);
            }
            push_run(out, run.len(), full - 1, width);
            next = run[0] + run.len();
        }
        if next < count {
            push_run(out, count - next, full, width);
        }
    } else {
        let mut levels = vec![full; count];
        for &null in nulls {
            levels[null] = full - 1;
        }
        encode(out, &levels, width);
    }
}

/// Appends one bit-packed run.
fn packed(out: &mut Vec<u8>, values: &[u32], width: u8) {
    let groups = values.len().div_ceil(8);
    varint(out, (groups as u64) << 1 | 1);
    let padding = groups * 8 - values.len();
    match width {
        8 => {
            #[expect(clippy::cast_possible_truncation, reason = "values are below 2^width")]
            out.extend(values.iter().map(|&value| value as u8));
            out.resize(out.len() + padding, 0);
        }
        16 => {
            let start = out.len();
            out.resize(start + values.len() * 2 + padding * 2, 0);
            for (pair, value) in out[start..].chunks_exact_mut(2).zip(values) {
                pair.copy_from_slice(&value.to_le_bytes()[..2]);
            }
        }
        _ => {
            let mut bits = 0u64;
            let mut held = 0;
            for value in values.iter().copied().chain(std::iter::repeat_n(0, padding)) {
                bits |= u64::from(value) << held;
                held += u32::from(width);
                while held >= 8 {
                    out.push((bits & 0xff) as u8);
                    bits >>= 8;
                    held -= 8;
                }
            }
        }
    }
}
