//! Reading both sides of a conversion again, and comparing every value.

use arrow_array::{Array, ArrayRef};
use odmkit_columns::batch::{MatrixBatch, ValueOrder};
use odmkit_export::{ExportSpec, MatrixReader, ValueType};

use std::path::Path;

use super::{ConvertError, parse_rows};
use crate::check::{CheckedFile, CheckedMatrix};
use crate::{Progress, Resources};

/// Compares a file that was written to `spec` with the matrix it was made of, value by value.
pub(super) fn matrix(
    file: &CheckedFile,
    matrix: &CheckedMatrix,
    written: &Path,
    spec: &ExportSpec,
    resources: &Resources,
    progress: &dyn Progress,
) -> Result<(), ConvertError> {
    let mut found = Rows::new(MatrixReader::open(written, spec)?);
    let mut row = 0;
    parse_rows(
        file,
        matrix,
        ValueOrder::RowMajor,
        resources,
        progress,
        |parsed| {
            let wanted = parsed.batch.into_order(ValueOrder::RowMajor);
            let nulls = Nulls::new(&wanted);
            for at in 0..wanted.rows {
                let missing = nulls.of(at).len();
                let values = &wanted.values[at * wanted.columns..(at + 1) * wanted.columns];
                // Of a row of nothing but zeros the long layout without zeros keeps no trace.
                if spec.skip_zeros && missing == 0 && values.iter().all(|value| *value == 0.0) {
                    row += 1;
                    continue;
                }
                found.compare(&wanted, at, nulls.of(at), spec, row)?;
                row += 1;
            }
            Ok(())
        },
    )?;
    found.end(row)
}

/// The rows of the output, one after another.
struct Rows {
    reader: MatrixReader,
    batch: Option<(MatrixBatch, usize)>,
}

impl Rows {
    fn new(reader: MatrixReader) -> Self {
        Self { reader, batch: None }
    }

    /// Makes sure that there is a row at hand, unless the output has ended.
    fn fill(&mut self) -> Result<bool, ConvertError> {
        while self.batch.as_ref().is_none_or(|(batch, at)| *at >= batch.rows) {
            let Some(batch) = self.reader.next().transpose()? else {
                return Ok(false);
            };
            self.batch = Some((batch.into_order(ValueOrder::RowMajor), 0));
        }
        Ok(true)
    }

    fn compare(
        &mut self,
        wanted: &MatrixBatch,
        at: usize,
        missing: &[(u32, u32)],
        spec: &ExportSpec,
        row: u64,
    ) -> Result<(), ConvertError> {
        let differs = |what: String| Err(ConvertError::Differs { row: row + 1, what });
        if !self.fill()? {
            return differs("the output has no such row".to_owned());
        }
        let Some((found, place)) = &mut self.batch else {
            return differs("the output has no such row".to_owned());
        };
        for (index, (a, b)) in wanted.features.iter().zip(&found.features).enumerate() {
            if !same(a, at, b, *place) {
                let name = spec
                    .meta
                    .feature_attributes
                    .get(index)
                    .map_or("", |(name, _)| name);
                return differs(format!("the column `{name}`"));
            }
        }
        let columns = wanted.columns;
        let a = &wanted.values[at * columns..(at + 1) * columns];
        let b = &found.values[*place * columns..(*place + 1) * columns];
        let name = |column: usize| spec.meta.columns.get(column).map_or("", |column| &column.name);
        for (column, (a, b)) in a.iter().zip(b).enumerate() {
            if !equal(*a, *b, spec) {
                return differs(format!("the column `{}`: {a} is {b} there", name(column)));
            }
        }
        let gone = Nulls::new(found)
            .of(*place)
            .iter()
            .map(|(_, column)| *column)
            .collect::<Vec<_>>();
        if !missing.iter().map(|(_, column)| *column).eq(gone.iter().copied()) {
            return differs("not the same values are missing".to_owned());
        }
        *place += 1;
        Ok(())
    }

    fn end(mut self, row: u64) -> Result<(), ConvertError> {
        if self.fill()? {
            let what = "the output has more rows".to_owned();
            return Err(ConvertError::Differs { row: row + 1, what });
        }
        Ok(())
    }
}

/// Whether two values are one, to the last bit that the output keeps.
#[expect(clippy::cast_possible_truncation, reason = "singles are what was asked for")]
fn equal(wanted: f64, found: f64, spec: &ExportSpec) -> bool {
    let kept = match spec.values {
        ValueType::F64 => wanted,
        ValueType::F32 => f64::from(wanted as f32),
    };
    kept.to_bits() == found.to_bits() || (spec.skip_zeros && kept == 0.0 && found == 0.0)
}

fn same(a: &ArrayRef, at: usize, b: &ArrayRef, place: usize) -> bool {
    a.slice(at, 1).to_data() == b.slice(place, 1).to_data()
}

/// The missing values of a batch by row.
struct Nulls<'a> {
    all: &'a [(u32, u32)],
}

impl<'a> Nulls<'a> {
    fn new(batch: &'a MatrixBatch) -> Self {
        Self { all: &batch.nulls }
    }

    fn of(&self, row: usize) -> &'a [(u32, u32)] {
        let start = self.all.partition_point(|(at, _)| (*at as usize) < row);
        let end = self.all.partition_point(|(at, _)| (*at as usize) <= row);
        &self.all[start..end]
    }
}
