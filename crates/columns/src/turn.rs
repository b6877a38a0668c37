//! Rows that are laid into columns while they are still in a near cache.

use std::mem::MaybeUninit;

/// Rows that are turned together: a column's share of them is what a line of the cache holds.
pub(crate) const TOGETHER: usize = 8;

/// Columns that are filled from the top.
#[derive(Debug)]
pub(crate) struct Turned {
    columns: usize,
    /// Rows that there is room for, and how many there are.
    height: usize,
    rows: usize,
    /// Empty, with room for `columns * height` values.
    values: Vec<f64>,
}

impl Turned {
    pub(crate) fn new(columns: usize, height: usize) -> Self {
        Self {
            columns,
            height,
            rows: 0,
            values: Vec::with_capacity(columns * height),
        }
    }

    /// Takes up to [`TOGETHER`] rows, one after the other.
    ///
    /// # Panics
    ///
    /// Where there is no room for so many.
    pub(crate) fn push(&mut self, rows: &[f64]) {
        if self.columns == 0 || rows.is_empty() {
            return;
        }
        let top = self.rows;
        let (columns, height) = (self.columns, self.height);
        let room = &mut self.values.spare_capacity_mut()[..columns * height];
        if rows.len() == columns * TOGETHER {
            let mut each = rows.chunks_exact(columns);
            let each: [&[f64]; TOGETHER] = std::array::from_fn(|_| each.next().unwrap_or_default());
            for (column, target) in room.chunks_exact_mut(height).enumerate() {
                for (value, row) in target[top..top + TOGETHER].iter_mut().zip(each) {
                    value.write(row[column]);
                }
            }
            self.rows += TOGETHER;
        } else {
            for (at, row) in rows.chunks_exact(columns).enumerate() {
                for (target, &found) in room.chunks_exact_mut(height).zip(row) {
                    target[top + at].write(found);
                }
                self.rows += 1;
            }
        }
    }

    /// All values of the first column, then all of the second.
    pub(crate) fn finish(self) -> Vec<f64> {
        let Self {
            columns,
            height,
            rows,
            mut values,
        } = self;
        let room = &mut values.spare_capacity_mut()[..columns * height];
        if rows < height {
            for column in room.chunks_exact_mut(height) {
                column[rows..].fill(MaybeUninit::new(0.0));
            }
        }
        #[expect(
            unsafe_code,
            reason = "what was written need not be written with zeros before"
        )]
        // SAFETY: there is room for so many, and of each column the first `rows` values were written by `push` and
        // the others above.
        unsafe {
            values.set_len(columns * height);
        }
        if rows < height {
            for column in 0..columns {
                values.copy_within(column * height..column * height + rows, column * rows);
            }
            values.truncate(columns * rows);
            // Blocks may be held, and a block of blank lines has room for rows that it has not.
            values.shrink_to_fit();
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::transpose;

    #[test]
    fn what_is_turned_in_pieces_is_what_is_turned_at_once() {
        for (rows, columns) in [(1, 1), (8, 3), (17, 5), (40, 1), (3, 70), (0, 4), (5, 0)] {
            let values: Vec<f64> = (0u32..).take(rows * columns).map(f64::from).collect();
            let mut whole = vec![0.0; values.len()];
            transpose(&values, rows, columns, &mut whole);
            // With room for more rows than there are, too.
            for height in [rows, rows + 1, rows + 9] {
                let mut turned = Turned::new(columns, height);
                for piece in values.chunks((columns * TOGETHER).max(1)) {
                    turned.push(piece);
                }
                assert_eq!(turned.finish(), whole, "{rows} rows of {columns} in {height}");
            }
        }
    }
}
