//! The number in the middle of each column, by selection: nothing is sorted, nothing is estimated.

use std::convert::Infallible;
use std::ops::Range;

use odmkit_pipeline::ordered;

use super::Block;
use crate::Resources;

/// The numbers of some columns.
pub(super) struct Medians {
    first: usize,
    columns: Vec<Vec<f64>>,
}

impl Medians {
    /// Room for these columns with so many rows.
    pub(super) fn new(columns: Range<usize>, rows: usize) -> Self {
        Self {
            first: columns.start,
            columns: columns.map(|_| Vec::with_capacity(rows)).collect(),
        }
    }

    /// Takes the finite numbers of a block.
    pub(super) fn take(&mut self, block: &Block) {
        let parts = block.values.chunks_exact(block.rows.max(1)).skip(self.first);
        for (column, part) in self.columns.iter_mut().zip(parts) {
            column.extend(part.iter().copied().filter(|value| value.is_finite()));
        }
    }

    /// The medians; `None` for a column without numbers.
    pub(super) fn find(self, resources: &Resources) -> Vec<Option<f64>> {
        let mut found = Vec::with_capacity(self.columns.len());
        let mut columns = self.columns.into_iter();
        let Ok(()) = ordered::<_, _, _, Infallible>(
            resources.bounds(),
            || Ok(columns.next()),
            || (),
            |(), mut column| Ok(median(&mut column)),
            |median| {
                found.push(median);
                Ok(())
            },
        );
        found
    }
}

/// The number in the middle, or halfway between the two that are.
fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let (below, &mut upper, _) = values.select_nth_unstable_by(values.len() / 2, f64::total_cmp);
    if below.len() * 2 + 1 == values.len() {
        return Some(upper);
    }
    let lower = values[..values.len() / 2]
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    Some(lower.midpoint(upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_median_is_that_of_the_sorted_values(mut values in proptest::collection::vec(-9_i32..9, 0..40)) {
            let mut numbers: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
            values.sort_unstable();
            let expected = match (values.len() / 2, values.len() % 2) {
                (0, 0) => None,
                (half, 1) => Some(f64::from(values[half])),
                (half, _) => Some(f64::from(values[half - 1] + values[half]) / 2.0),
            };
            assert_eq!(median(&mut numbers), expected);
        }
    }

    #[test]
    fn the_greatest_numbers_have_a_middle() {
        assert_eq!(median(&mut [f64::MAX, f64::MAX]), Some(f64::MAX));
        assert_eq!(median(&mut [0.0, -0.0]).map(f64::abs), Some(0.0));
    }
}
