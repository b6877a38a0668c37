//! How many rows are encoded at a time.

use odmkit_columns::batch::ValueOrder;

use crate::spec::{Container, ExportSpec, Layout};

/// The size of groups, and how many of them are encoded together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) order: ValueOrder,
    pub(crate) rows_per_group: usize,
    /// Bytes of feature text: as many as a group may have of values.
    pub(crate) text_per_group: usize,
    pub(crate) groups_per_flight: usize,
    /// Where memory holds too few rows at a time: how many are put aside, group by group, and then written together.
    pub(crate) rows_aside: Option<usize>,
}

/// Cells in a group of the wide layout, memory permitting: half a gibibyte of doubles. Fewer would cut the
/// columns of broad tables into chunks that compress badly.
const WIDE_CELLS: usize = 1 << 26;

/// Rows in a group of the wide layout: one page per column.
const WIDE_ROWS: usize = 1 << 17;

/// Fewer rows than these in a chunk of a column are too few: what is said of the chunk, in the footer and at the head
/// of its pages, is then no longer small beside them, and there is little to compress.
const FEW: usize = 1 << 10;

/// Cells in a record batch of a wide Arrow file: readers that stream hold one at a time, and a small one is still
/// in the processor's cache when it is written.
const BATCH_CELLS: usize = 1 << 22;

/// Cells in a group of the other layouts: what a reader of one row or of one sample has to go through.
const CELLS: usize = 1 << 20;

/// Cells in a group of tiles, each of which is compressed by itself.
const TILED_CELLS: usize = 1 << 21;

/// What a value of the long layout takes with its keys, in cells: they are held as numbers while they are encoded.
const LONG_CELL: usize = 3;

/// What a feature takes, in cells: where its text ends, its place among the distinct ones, and the text once more.
const FEATURE: usize = 6;

/// Groups of the other layouts that are under way together.
const FLIGHT: usize = 16;

/// Bytes of feature text in a group, memory permitting, where its values take less.
const TEXT: usize = 32 << 20;

impl Plan {
    /// The plan for an output. It depends on the specification alone, and not on threads.
    pub(crate) fn new(spec: &ExportSpec) -> Self {
        // One flight is encoded while the next is gathered, each with its text, and encoded blocks need room too.
        let affordable = (spec.memory_budget / 4 / size_of::<f64>()).max(1);
        let columns = spec.meta.columns.len().max(1);
        // A column of a batch is compressed in one piece, and not page by page.
        let in_lists = spec.container == Container::Arrow && spec.layout != Layout::Wide;
        let affordable = if in_lists {
            affordable.div_ceil(2)
        } else {
            affordable
        };
        let (order, most, flight) = match (spec.layout, spec.container) {
            (Layout::Wide, Container::Parquet) => (ValueOrder::ColumnMajor, WIDE_CELLS, 1),
            (Layout::Wide, Container::Arrow) => (ValueOrder::ColumnMajor, BATCH_CELLS, 1),
            _ if spec.tile.is_some() => (ValueOrder::RowMajor, TILED_CELLS, FLIGHT / 2),
            _ => (ValueOrder::RowMajor, CELLS, FLIGHT),
        };
        // Beside its values a row has its features, and in the long layout a value has what is repeated for it.
        let cell = if spec.layout == Layout::Long { LONG_CELL } else { 1 };
        let row = columns * cell + spec.meta.feature_attributes.len() * FEATURE;
        let rows = (most / columns).min(affordable / row).clamp(1, WIDE_ROWS);
        let wide_parquet = spec.layout == Layout::Wide && spec.container == Container::Parquet;
        let more = spec.expected_rows.is_none_or(|expected| expected > rows as u64);
        let rows_aside = (wide_parquet && rows < FEW && more).then(|| {
            // A column of all of them is in each thread's hands, some times over.
            let column = (spec.memory_budget / 64 / size_of::<f64>()).max(rows);
            (most / columns).clamp(1, WIDE_ROWS).min(column)
        });
        let rows_aside = rows_aside.filter(|together| *together > rows);
        let groups = (affordable / (rows * row)).clamp(1, flight);
        let text = TEXT
            .min(affordable * size_of::<f64>() / groups)
            .max(rows * columns * size_of::<f64>());
        Self {
            order,
            rows_per_group: rows,
            text_per_group: text,
            groups_per_flight: groups,
            rows_aside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::TableMeta;

    #[test]
    fn no_shape_takes_more_memory_than_there_is() {
        for columns in [1, 2, 500, 10_000, 100_000] {
            for budget in [1 << 20, 64 << 20, 1 << 30, 1 << 40] {
                for layout in [Layout::Wide, Layout::Long, Layout::Matrix] {
                    for container in [Container::Parquet, Container::Arrow, Container::Tsv] {
                        let names: Vec<String> =
                            (0..columns).map(|column: usize| column.to_string()).collect();
                        let columns = TableMeta::columns_of_samples(&names);
                        let meta = TableMeta {
                            columns,
                            samples: names,
                            ..TableMeta::default()
                        };
                        let memory_budget = budget;
                        let spec = ExportSpec {
                            layout,
                            container,
                            memory_budget,
                            ..ExportSpec::new(meta)
                        };
                        let plan = Plan::new(&spec);
                        let row = spec.meta.columns.len() * size_of::<f64>();
                        let flight = plan.rows_per_group * row * plan.groups_per_flight;
                        assert!(2 * flight <= budget / 2 || plan.rows_per_group == 1, "{plan:?}");
                        assert!(plan.rows_per_group * row <= WIDE_CELLS * 8 || plan.rows_per_group == 1);
                    }
                }
            }
        }
    }
}
