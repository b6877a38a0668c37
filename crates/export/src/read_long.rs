//! Rows of a matrix put together from a table with one row per value.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use odmkit_columns::batch::{MatrixBatch, ValueOrder};

use crate::read::{doubles, feature};
use crate::spec::TableMeta;

/// Collects rows; a row ends where the columns start again.
pub(crate) struct Assembler {
    samples: HashMap<String, usize>,
    measurements: Option<HashMap<String, usize>>,
    /// The column of each sample and measurement.
    places: HashMap<(usize, usize), usize>,
    columns: usize,
    rows_per_batch: usize,
    current: Option<Current>,
    features: Vec<Feature>,
    values: Vec<f64>,
    nulls: Vec<(u32, u32)>,
    rows: usize,
    last: Option<usize>,
}

/// The batch that is being gone through.
struct Current {
    features: Vec<ArrayRef>,
    columns: Vec<usize>,
    values: Vec<f64>,
    value: ArrayRef,
    row: usize,
}

enum Feature {
    Text(StringBuilder),
    Number(Float64Builder),
}

impl Assembler {
    /// Makes batches of about `cells` cells.
    pub(crate) fn new(meta: &TableMeta, cells: usize) -> Self {
        let number = |names: &[String]| names.iter().cloned().zip(0..).collect::<HashMap<String, usize>>();
        let places = meta.columns.iter().enumerate();
        Self {
            samples: number(&meta.samples),
            measurements: meta.several_measurements().then(|| number(&meta.measurements)),
            places: places
                .map(|(at, key)| ((key.sample, key.measurement), at))
                .collect(),
            columns: meta.columns.len(),
            rows_per_batch: (cells / meta.columns.len().max(1)).max(1),
            current: None,
            features: meta
                .feature_attributes
                .iter()
                .map(|(_, number)| Feature::new(*number))
                .collect(),
            values: Vec::new(),
            nulls: Vec::new(),
            rows: 0,
            last: None,
        }
    }

    /// Takes a batch to be gone through; `false` when it names a sample or measurement that is not known.
    pub(crate) fn give(&mut self, batch: &RecordBatch) -> bool {
        let numbers = |feature: &Feature| matches!(feature, Feature::Number(_));
        let features: Vec<ArrayRef> = self
            .features
            .iter()
            .zip(batch.columns())
            .map(|(f, array)| feature(array, numbers(f)))
            .collect();
        let Some(samples) = codes(batch.column(features.len()), &self.samples) else {
            return false;
        };
        let measurements = match &self.measurements {
            Some(names) => codes(batch.column(features.len() + 1), names),
            None => Some(vec![0; batch.num_rows()]),
        };
        let Some(measurements) = measurements else {
            return false;
        };
        let keys = samples.into_iter().zip(measurements);
        let Some(columns) = keys.map(|key| self.places.get(&key).copied()).collect() else {
            return false;
        };
        let value = Arc::clone(batch.column(batch.num_columns() - 1));
        self.current = Some(Current {
            features,
            columns,
            values: doubles(&value),
            value,
            row: 0,
        });
        true
    }

    /// The next rows that are complete; `None` when another batch is needed.
    pub(crate) fn next(&mut self) -> Option<MatrixBatch> {
        let mut current = self.current.take()?;
        while current.row < current.columns.len() {
            let column = current.columns[current.row];
            if self.last.is_none_or(|last| column <= last) {
                if self.rows == self.rows_per_batch {
                    self.last = None;
                    self.current = Some(current);
                    return Some(self.take());
                }
                for (builder, array) in self.features.iter_mut().zip(&current.features) {
                    builder.push(array, current.row);
                }
                self.values.resize(self.values.len() + self.columns, 0.0);
                self.rows += 1;
            }
            self.values[(self.rows - 1) * self.columns + column] = current.values[current.row];
            if current.value.is_null(current.row) {
                #[expect(clippy::cast_possible_truncation, reason = "a batch has about 2^20 cells")]
                self.nulls.push(((self.rows - 1) as u32, column as u32));
            }
            self.last = Some(column);
            current.row += 1;
        }
        None
    }

    /// The rows that are left.
    pub(crate) fn finish(mut self) -> Option<MatrixBatch> {
        (self.rows > 0).then(|| self.take())
    }

    fn take(&mut self) -> MatrixBatch {
        MatrixBatch {
            rows: std::mem::take(&mut self.rows),
            features: self.features.iter_mut().map(Feature::finish).collect(),
            values: std::mem::take(&mut self.values),
            order: ValueOrder::RowMajor,
            columns: self.columns,
            nulls: std::mem::take(&mut self.nulls),
        }
    }
}

impl Feature {
    fn new(number: bool) -> Self {
        if number {
            Self::Number(Float64Builder::new())
        } else {
            Self::Text(StringBuilder::new())
        }
    }

    fn push(&mut self, array: &ArrayRef, row: usize) {
        match self {
            Self::Number(builder) => {
                let numbers = array.as_primitive::<Float64Type>();
                builder.append_option(numbers.is_valid(row).then(|| numbers.value(row)));
            }
            Self::Text(builder) => {
                let texts = array.as_string::<i32>();
                builder.append_option(texts.is_valid(row).then(|| texts.value(row)));
            }
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Number(builder) => Arc::new(builder.finish()),
        }
    }
}

/// The numbers of the names in a dictionary column.
fn codes(array: &ArrayRef, names: &HashMap<String, usize>) -> Option<Vec<usize>> {
    let dictionary = array.as_dictionary_opt::<Int32Type>()?;
    let known: Vec<Option<usize>> = dictionary
        .values()
        .as_string::<i32>()
        .iter()
        .map(|name| names.get(name?).copied())
        .collect();
    let code = |key: Option<i32>| known.get(usize::try_from(key?).ok()?).copied().flatten();
    dictionary.keys().iter().map(code).collect()
}
