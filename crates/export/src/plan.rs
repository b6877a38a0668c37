//! How many rows are encoded at a time.

use odmkit_columns::batch::ValueOrder;

use crate::spec::{Container, ExportSpec, Layout};

/// The size of groups, and how many of them are encoded together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) order: ValueOrder,
    pub(crate) rows_per_group: usize,
    pub(crate) groups_per_flight: usize,
}

/// Cells in a group of the wide layout, memory permitting: half a gibibyte of doubles. Fewer would cut the
/// columns of broad tables into chunks that compress badly.
const WIDE_CELLS: usize = 1 << 26;

/// Rows in a group of the wide layout: one page per column.
const WIDE_ROWS: usize = 1 << 17;

/// Cells in a record batch of a wide Arrow file: readers that stream hold one at a time.
const BATCH_CELLS: usize = 1 << 24;

/// Cells in a group of the other layouts: what a reader of one row or of one sample has to go through.
const CELLS: usize = 1 << 20;

/// Groups of the other layouts that are under way together.
const FLIGHT: usize = 16;

impl Plan {
    /// The plan for an output. It depends on the specification alone, and not on threads.
    pub(crate) fn new(spec: &ExportSpec) -> Self {
        // One flight is encoded while the next is gathered, and encoded blocks and scratch need room too.
        let affordable = (spec.memory_budget / 3 / size_of::<f64>()).max(1);
        let columns = spec.meta.columns.len().max(1);
        if spec.layout == Layout::Wide && spec.container == Container::Parquet {
            let rows = (WIDE_CELLS.min(affordable) / columns).clamp(1, WIDE_ROWS);
            return Self {
                order: ValueOrder::ColumnMajor,
                rows_per_group: rows,
                groups_per_flight: 1,
            };
        }
        if spec.layout == Layout::Wide && spec.container == Container::Arrow {
            let rows = (BATCH_CELLS.min(affordable) / columns).clamp(1, WIDE_ROWS);
            return Self {
                order: ValueOrder::ColumnMajor,
                rows_per_group: rows,
                groups_per_flight: 1,
            };
        }
        let order = ValueOrder::RowMajor;
        let rows = (CELLS.min(affordable) / columns).clamp(1, WIDE_ROWS);
        let groups = (affordable / (rows * columns)).clamp(1, FLIGHT);
        Self {
            order,
            rows_per_group: rows,
            groups_per_flight: groups,
        }
    }
}
