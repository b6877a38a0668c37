//! Definition and repetition levels: which values are missing, and where rows begin.

use crate::parquet::hybrid;

/// How the values of a column nest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Levels {
    /// A value per row, never missing: no levels at all.
    Required,
    /// A value per row, which may be missing.
    Flat,
    /// A list of this many values per row, each of which may be missing.
    Lists(usize),
}

impl Levels {
    /// The most values, at least one row, that make no more than `values` and end with a row.
    pub(crate) fn whole_rows(self, values: usize) -> usize {
        match self {
            Self::Required | Self::Flat => values,
            Self::Lists(length) => (values / length.max(1)).max(1) * length.max(1),
        }
    }

    /// The rows that `values` values make.
    pub(crate) fn rows(self, values: usize) -> usize {
        match self {
            Self::Required | Self::Flat => values,
            Self::Lists(length) => values / length.max(1),
        }
    }

    /// Appends the levels of `count` values of which those at `nulls` are missing.
    pub(crate) fn encode(self, out: &mut Vec<u8>, count: usize, nulls: &[usize]) {
        if let Self::Lists(length) = self {
            prefixed(out, |out| {
                if length == 1 {
                    hybrid::push_run(out, count, 0, 1);
                } else {
                    for _ in 0..count / length {
                        hybrid::push_run(out, 1, 0, 1);
                        hybrid::push_run(out, length - 1, 1, 1);
                    }
                }
            });
        }
        let (full, width) = match self {
            Self::Required => return,
            Self::Flat => (1, 1),
            Self::Lists(_) => (2, 2),
        };
        prefixed(out, |out| {
            hybrid::definition_levels(out, count, nulls, full, width);
        });
    }
}

/// Appends what `write` appends, with its length before it.
fn prefixed(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend([0; 4]);
    write(out);
    let length = u32::try_from(out.len() - start - 4).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}
