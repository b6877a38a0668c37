use arrow_array::Array;

use super::*;

fn batch(rows: usize, columns: usize, nulls: &[(u32, u32)]) -> MatrixBatch {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let values = (0..rows * columns).map(|cell| cell as f64).collect();
    MatrixBatch {
        rows,
        features: Vec::new(),
        values,
        order: ValueOrder::RowMajor,
        columns,
        nulls: nulls.to_vec(),
    }
}

#[test]
fn transposing_moves_every_cell_to_its_place() {
    for (rows, columns) in [
        (1, 1),
        (1, 7),
        (7, 1),
        (3, 5),
        (16, 16),
        (65, 17),
        (130, 33),
        (0, 4),
        (4, 0),
    ] {
        let original = batch(rows, columns, &[]);
        let turned = original.clone().into_order(ValueOrder::ColumnMajor);
        for row in 0..rows {
            for column in 0..columns {
                let (here, there) = (
                    original.values[row * columns + column],
                    turned.values[column * rows + row],
                );
                assert_eq!(
                    here.to_bits(),
                    there.to_bits(),
                    "{rows}x{columns} at {row},{column}"
                );
            }
        }
        let back = turned.into_order(ValueOrder::RowMajor);
        assert_eq!(original.values, back.values);
    }
}

#[test]
fn value_arrays_carry_their_own_nulls() {
    let arrays = batch(3, 4, &[(0, 1), (0, 3), (2, 1)]).into_value_arrays();
    let valid: Vec<Vec<bool>> = arrays
        .iter()
        .map(|a| (0..3).map(|row| a.is_valid(row)).collect())
        .collect();
    assert_eq!(
        valid,
        [
            [true, true, true],
            [false, true, false],
            [true, true, true],
            [false, true, true]
        ]
    );
    assert!(arrays[0].nulls().is_none());
    assert_eq!(arrays[2].values().to_vec(), [2.0, 6.0, 10.0]);
}

#[test]
fn column_major_values_are_shared() {
    let turned = batch(5, 3, &[]).into_order(ValueOrder::ColumnMajor);
    let start = turned.values.as_ptr();
    let arrays = turned.into_value_arrays();
    assert_eq!(arrays[0].values().as_ptr(), start);
    assert_eq!(arrays[1].values().as_ptr(), start.wrapping_add(5));
}

#[test]
fn nulls_outside_the_matrix_are_left_out() {
    let nulls = ColumnNulls::new(&[(0, 0), (1, 9)], 2);
    assert_eq!(nulls.column(0), [0]);
    assert!(nulls.column(1).is_empty() && nulls.column(9).is_empty());
}
