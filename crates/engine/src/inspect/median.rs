//! The number in the middle of each column, by selection: nothing is sorted, nothing is estimated.

use std::convert::Infallible;

use odmkit_pipeline::ordered;

use super::sieve::{Beside, Sieve};
use super::values::Block;
use crate::Resources;

/// Columns that are gathered at once: a few lie side by side in each block.
const TOGETHER: usize = 16;

/// The numbers of which the medians are looked for.
pub(super) struct Held<'a> {
    pub(super) blocks: &'a [Block],
    /// The first columns.
    pub(super) columns: usize,
    /// What of their numbers the blocks have, if not all, and what is known of the others.
    pub(super) sieve: Option<(&'a Sieve, &'a [Beside])>,
}

/// The medians of the first columns of some rows; `None` for a column without numbers, and for one of which those in the
/// middle are not held.
pub(super) fn medians(held: &Held<'_>, resources: &Resources) -> Vec<Option<f64>> {
    let &Held {
        blocks,
        columns,
        sieve,
    } = held;
    let mut found = Vec::with_capacity(columns);
    let mut firsts = (0..columns).step_by(TOGETHER);
    let Ok(()) = ordered::<_, _, _, Infallible>(
        resources.bounds(),
        || Ok(firsts.next()),
        || vec![Vec::new(); TOGETHER],
        |gathered: &mut Vec<Vec<i64>>, first| {
            gathered.iter_mut().for_each(Vec::clear);
            let last = columns.min(first + TOGETHER);
            for block in blocks {
                for (column, keys) in (first..last).zip(gathered.iter_mut()) {
                    keys.extend(block.column(column).iter().map(|value| key(*value)));
                }
            }
            let medians = (first..last).zip(gathered).map(|(column, keys)| match sieve {
                Some((sieve, beside)) => sieve.median(column, &beside[column], keys),
                None => median(keys),
            });
            Ok(medians.collect::<Vec<_>>())
        },
        |medians| {
            found.extend(medians);
            Ok(())
        },
    );
    found
}

/// The number in the middle, or halfway between the two that are.
fn median(keys: &mut [i64]) -> Option<f64> {
    if keys.is_empty() {
        return None;
    }
    let middle = keys.len() / 2;
    let (below, &mut upper, _) = keys.select_nth_unstable(middle);
    if below.len() * 2 + 1 == keys.len() {
        return Some(number(upper));
    }
    let lower = keys[..middle].iter().copied().max().unwrap_or(upper);
    Some(number(lower).midpoint(number(upper)))
}

/// A whole number for a number, in the same order.
pub(super) const fn key(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    bits ^ ((bits >> 63) & i64::MAX)
}

/// The number that a whole number is for.
pub(super) const fn number(key: i64) -> f64 {
    f64::from_bits((key ^ ((key >> 63) & i64::MAX)).cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Option<f64> {
        median(&mut values.iter().copied().map(key).collect::<Vec<_>>())
    }

    proptest::proptest! {
        #[test]
        fn the_median_is_that_of_the_sorted_values(mut values in proptest::collection::vec(-9_i32..9, 0..40)) {
            let numbers: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
            values.sort_unstable();
            let expected = match (values.len() / 2, values.len() % 2) {
                (0, 0) => None,
                (half, 1) => Some(f64::from(values[half])),
                (half, _) => Some(f64::from(values[half - 1] + values[half]) / 2.0),
            };
            assert_eq!(of(&numbers), expected);
        }

        #[test]
        fn keys_have_the_order_of_numbers(one: f64, other: f64) {
            assert_eq!(key(one).cmp(&key(other)), one.total_cmp(&other));
            assert_eq!(number(key(one)).to_bits(), one.to_bits());
        }
    }

    #[test]
    fn the_greatest_numbers_have_a_middle() {
        assert_eq!(of(&[f64::MAX, f64::MAX]), Some(f64::MAX));
        assert_eq!(of(&[0.0, -0.0]).map(f64::abs), Some(0.0));
    }
}
