//! What goes in comes out, in every layout, container, codec and precision, from whatever threads and batches.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, StringArray};
use odmkit_columns::batch::{MatrixBatch, ValueOrder};
use odmkit_export::{
    Codec, Container, ExportError, ExportSpec, Exporter, Layout, MatrixReader, TableMeta, ValueColumn,
    ValueType,
};
use parquet::file::metadata::{ParquetMetaDataReader, RowGroupMetaData};

/// How the values of a test matrix look.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    /// Four decimals, many zeros.
    Decimals,
    /// Few distinct whole numbers.
    Counts,
    /// Every bit of the mantissa in use.
    Mantissa,
    /// Infinities, both zeros, subnormals, the largest and the smallest.
    Edges,
    /// One value.
    Constant,
}

struct Matrix {
    meta: TableMeta,
    names: Vec<Option<String>>,
    lengths: Vec<Option<f64>>,
    cells: Vec<Option<f64>>,
    rows: usize,
}

impl Matrix {
    fn new(shape: Shape, rows: usize, columns: usize, nulls: bool) -> Self {
        let mut state = 0x2545_F491_4F6C_DD1D_u64 ^ (rows * 31 + columns) as u64;
        let mut random = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let edges = [
            0.0,
            -0.0,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            -1.5,
        ];
        let mut cell = || {
            let bits = random();
            if nulls && bits % 7 == 0 {
                return None;
            }
            let small = f64::from(u32::try_from(bits >> 40).unwrap());
            Some(match shape {
                Shape::Decimals if bits % 5 < 2 => 0.0,
                Shape::Decimals => (small / 1e3).floor() / 1e4,
                Shape::Counts => f64::from(u32::try_from(bits % 90).unwrap()),
                Shape::Mantissa => f64::from_bits(0x3FF0_0000_0000_0000 | bits >> 12),
                Shape::Edges => edges[usize::try_from(bits % 8).unwrap()],
                Shape::Constant => 2.5,
            })
        };
        let cells = (0..rows * columns).map(|_| cell()).collect();
        let samples: Vec<String> = (0..columns)
            .map(|column| format!("sample {column} \u{3b2}"))
            .collect();
        Self {
            meta: TableMeta {
                version: "1.2.3".to_owned(),
                kind: "expression".to_owned(),
                source: "matrix.gct".to_owned(),
                source_bytes: 12_345,
                feature_attributes: vec![("Name".to_owned(), false), ("Length".to_owned(), true)],
                columns: TableMeta::columns_of_samples(&samples),
                samples,
                measurements: Vec::new(),
                data_class: Some("Bulk transcriptomics".to_owned()),
            },
            names: (0..rows)
                .map(|row| (row % 11 != 3).then(|| format!("gene-{row}")))
                .collect(),
            lengths: (0..rows)
                .map(|row| (row % 5 != 1).then_some(f64::from(u32::try_from(row).unwrap())))
                .collect(),
            cells,
            rows,
        }
    }

    fn columns(&self) -> usize {
        self.meta.columns.len()
    }

    /// The rows as batches of these sizes, in turn.
    fn batches(&self, sizes: &[usize], order: ValueOrder) -> Vec<MatrixBatch> {
        let mut batches = Vec::new();
        let mut start = 0;
        for size in sizes.iter().cycle() {
            let rows = (*size).min(self.rows - start);
            let cells = &self.cells[start * self.columns()..][..rows * self.columns()];
            let names: StringArray = self.names[start..start + rows]
                .iter()
                .map(Option::as_deref)
                .collect();
            let lengths: Float64Array = self.lengths[start..start + rows].iter().copied().collect();
            let missing = cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| cell.is_none())
                .map(|(at, _)| at);
            let place = |at: usize| u32::try_from(at).unwrap();
            let batch = MatrixBatch {
                rows,
                features: vec![Arc::new(names) as ArrayRef, Arc::new(lengths)],
                values: cells.iter().map(|cell| cell.unwrap_or(0.0)).collect(),
                order: ValueOrder::RowMajor,
                columns: self.columns(),
                nulls: missing
                    .map(|at| (place(at / self.columns()), place(at % self.columns())))
                    .collect(),
            };
            batches.push(batch.into_order(order));
            start += rows;
            if start == self.rows {
                return batches;
            }
        }
        batches
    }

    /// The specification of an output of this matrix.
    fn spec(&self, container: Container, layout: Layout) -> ExportSpec {
        let mut spec = ExportSpec::new(self.meta.clone());
        (spec.container, spec.layout) = (container, layout);
        spec
    }

    fn write(&self, path: &Path, spec: &ExportSpec, sizes: &[usize], order: ValueOrder) -> Vec<u8> {
        let mut exporter = Exporter::create(
            path,
            ExportSpec {
                overwrite: true,
                ..spec.clone()
            },
        )
        .unwrap();
        for batch in self.batches(sizes, order) {
            exporter.write(batch).unwrap();
        }
        let written = exporter.finish().unwrap();
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(written.bytes, bytes.len() as u64);
        assert_eq!(written.rows, self.rows as u64);
        bytes
    }

    /// The file at `path` holds this matrix.
    fn assert_reads_back(&self, path: &Path, spec: &ExportSpec) {
        let mut row = 0;
        for batch in MatrixReader::open(path, spec).unwrap() {
            let batch = batch.unwrap().into_order(ValueOrder::RowMajor);
            let names = batch.features[0].as_any().downcast_ref::<StringArray>().unwrap();
            let lengths = batch.features[1].as_any().downcast_ref::<Float64Array>().unwrap();
            let mut nulls = batch.nulls.iter().peekable();
            for at in 0..batch.rows {
                let name = names.is_valid(at).then(|| names.value(at));
                assert_eq!(name, self.names[row].as_deref(), "name of row {row}");
                let length = lengths.is_valid(at).then(|| lengths.value(at));
                assert_eq!(length, self.lengths[row], "length of row {row}");
                for column in 0..self.columns() {
                    let pair = (u32::try_from(at).unwrap(), u32::try_from(column).unwrap());
                    let found = match nulls.next_if_eq(&&pair) {
                        Some(_) => None,
                        None => Some(batch.values[at * self.columns() + column].to_bits()),
                    };
                    let cell = self.cells[row * self.columns() + column];
                    #[expect(clippy::cast_possible_truncation, reason = "rounding is what was asked for")]
                    let wanted = cell.map(|value| match spec.values {
                        ValueType::F64 => value,
                        ValueType::F32 => f64::from(value as f32),
                    });
                    // Where zeros are left out, their sign is lost with them.
                    let wanted = wanted.map(|value| {
                        if spec.skip_zeros && value == 0.0 {
                            0.0
                        } else {
                            value
                        }
                    });
                    assert_eq!(found, wanted.map(f64::to_bits), "row {row}, column {column}");
                }
                row += 1;
            }
            assert!(nulls.next().is_none(), "every missing value was expected");
        }
        assert_eq!(row, self.rows);
    }
}

const SHAPES: [Shape; 5] = [
    Shape::Decimals,
    Shape::Counts,
    Shape::Mantissa,
    Shape::Edges,
    Shape::Constant,
];
const LAYOUTS: [Layout; 3] = [Layout::Wide, Layout::Long, Layout::Matrix];
const CODECS: [Codec; 5] = [
    Codec::Zstd(3),
    Codec::Zstd(9),
    Codec::Snappy,
    Codec::Lz4,
    Codec::None,
];

#[test]
fn every_combination_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    for shape in SHAPES {
        for (rows, columns, nulls) in [
            (300, 7, true),
            (41, 300, false),
            (1, 1, false),
            (1, 5, true),
            (20, 1, true),
        ] {
            let matrix = Matrix::new(shape, rows, columns, nulls);
            for layout in LAYOUTS {
                for container in [Container::Parquet, Container::Arrow] {
                    // Every codec with the first size: the others are about sizes.
                    for &codec in if rows == 300 { &CODECS[..] } else { &CODECS[..1] } {
                        for values in [ValueType::F64, ValueType::F32] {
                            if container == Container::Arrow && codec == Codec::Snappy {
                                continue;
                            }
                            let spec = ExportSpec {
                                codec,
                                values,
                                ..matrix.spec(container, layout)
                            };
                            let path = folder.path().join("out");
                            matrix.write(&path, &spec, &[64], ValueOrder::ColumnMajor);
                            matrix.assert_reads_back(&path, &spec);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_bytes_depend_on_neither_threads_nor_batches() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    for (shape, nulls) in [
        (Shape::Decimals, true),
        (Shape::Counts, false),
        (Shape::Mantissa, false),
    ] {
        let matrix = Matrix::new(shape, 523, 37, nulls);
        for layout in LAYOUTS {
            for container in [Container::Parquet, Container::Arrow, Container::Tsv] {
                if container == Container::Tsv && layout == Layout::Matrix {
                    continue;
                }
                // Small enough for several groups and flights, but for the texts that Arrow has to keep.
                let kept = container == Container::Arrow && layout == Layout::Long;
                let budget = if kept { 240_000 } else { 3 * 8 * 37 * 100 };
                let spec = ExportSpec {
                    memory_budget: budget,
                    ..matrix.spec(container, layout)
                };
                let one = matrix.write(&path, &spec, &[523], ValueOrder::RowMajor);
                for (threads, sizes) in [(2, &[1][..]), (3, &[7, 1, 200]), (8, &[100, 0, 99])] {
                    for order in [ValueOrder::RowMajor, ValueOrder::ColumnMajor] {
                        let spec = ExportSpec {
                            threads,
                            ..spec.clone()
                        };
                        let other = matrix.write(&path, &spec, sizes, order);
                        assert!(
                            one == other,
                            "{layout:?} {container:?} {threads} {sizes:?} {order:?}"
                        );
                    }
                }
                if container != Container::Tsv {
                    matrix.assert_reads_back(&path, &spec);
                }
            }
        }
    }
}

#[test]
fn rows_put_aside_come_back_in_few_groups() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    for nulls in [false, true] {
        let matrix = Matrix::new(Shape::Decimals, 700, 301, nulls);
        for expected_rows in [None, Some(700)] {
            let generous = ExportSpec {
                expected_rows,
                ..matrix.spec(Container::Parquet, Layout::Wide)
            };
            // Room for seven rows at a time, and for four hundred rows of a column.
            let tight = ExportSpec {
                memory_budget: 4 * 8 * 301 * 7,
                ..generous.clone()
            };
            let whole = matrix.write(&path, &generous, &[700], ValueOrder::RowMajor);
            let aside = matrix.write(&path, &tight, &[700], ValueOrder::RowMajor);
            matrix.assert_reads_back(&path, &tight);
            let groups = row_groups(&aside);
            assert_eq!(row_groups(&whole), [700]);
            assert_eq!(groups.iter().sum::<i64>(), 700);
            assert!(groups.len() <= 6, "{groups:?}");
            for (threads, sizes) in [(2, &[1][..]), (5, &[60, 1, 11])] {
                let spec = ExportSpec {
                    threads,
                    ..tight.clone()
                };
                let other = matrix.write(&path, &spec, sizes, ValueOrder::ColumnMajor);
                assert!(other == aside, "{threads} {sizes:?}");
            }
        }
    }
}

/// The rows of each row group of a Parquet file.
fn row_groups(file: &[u8]) -> Vec<i64> {
    let length = &file[file.len() - 8..file.len() - 4];
    let length = u32::from_le_bytes(length.try_into().unwrap()) as usize;
    let footer = &file[file.len() - 8 - length..file.len() - 8];
    let metadata = ParquetMetaDataReader::decode_metadata(footer).unwrap();
    metadata
        .row_groups()
        .iter()
        .map(RowGroupMetaData::num_rows)
        .collect()
}

#[test]
fn nothing_at_all_is_a_table_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let matrix = Matrix::new(Shape::Counts, 0, 3, false);
    for layout in LAYOUTS {
        for container in [Container::Parquet, Container::Arrow] {
            let spec = ExportSpec {
                overwrite: true,
                ..matrix.spec(container, layout)
            };
            let written = Exporter::create(&path, spec.clone()).unwrap().finish().unwrap();
            assert_eq!(written.rows, 0);
            matrix.assert_reads_back(&path, &spec);
        }
    }
}

#[test]
fn ten_thousand_columns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let matrix = Matrix::new(Shape::Decimals, 5, 10_000, true);
    for layout in LAYOUTS {
        for container in [Container::Parquet, Container::Arrow] {
            let spec = ExportSpec {
                threads: 2,
                ..matrix.spec(container, layout)
            };
            matrix.write(&path, &spec, &[2], ValueOrder::RowMajor);
            matrix.assert_reads_back(&path, &spec);
        }
    }
}

#[test]
fn tiles_of_every_width_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    for (rows, columns) in [(300, 37), (1, 1), (5, 2_000)] {
        let matrix = Matrix::new(Shape::Decimals, rows, columns, true);
        for container in [Container::Parquet, Container::Arrow] {
            for (width, values) in [
                (1, ValueType::F64),
                (5, ValueType::F32),
                (36, ValueType::F64),
                (37, ValueType::F64),
                (256, ValueType::F64),
                (usize::MAX, ValueType::F64),
            ] {
                let spec = ExportSpec {
                    tile: NonZeroUsize::new(width),
                    memory_budget: 1 << 20,
                    values,
                    ..matrix.spec(container, Layout::Matrix)
                };
                let one = matrix.write(&path, &spec, &[64], ValueOrder::RowMajor);
                matrix.assert_reads_back(&path, &spec);
                let threads = ExportSpec {
                    threads: 3,
                    ..spec.clone()
                };
                let other = matrix.write(&path, &threads, &[1, 100, 7], ValueOrder::ColumnMajor);
                assert!(one == other, "{container:?} {width}");
                let plain = ExportSpec { tile: None, ..spec };
                assert!(matches!(
                    MatrixReader::open(&path, &plain),
                    Err(ExportError::Foreign { .. })
                ));
            }
        }
    }
}

#[test]
fn zeros_that_were_left_out_come_back_as_zeros() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    for shape in [Shape::Decimals, Shape::Edges] {
        let matrix = Matrix::new(shape, 200, 30, true);
        for container in [Container::Parquet, Container::Arrow] {
            let spec = ExportSpec {
                skip_zeros: true,
                ..matrix.spec(container, Layout::Long)
            };
            let shorter = matrix.write(&path, &spec, &[33], ValueOrder::RowMajor);
            matrix.assert_reads_back(&path, &spec);
            let spec = ExportSpec {
                skip_zeros: false,
                codec: Codec::None,
                ..spec
            };
            let longer = matrix.write(&path, &spec, &[33], ValueOrder::RowMajor);
            assert!(shorter.len() < longer.len());
        }
    }
}

#[test]
fn rows_of_nothing_but_zeros_vanish_without_their_zeros() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let mut matrix = Matrix::new(Shape::Constant, 50, 4, false);
    matrix.cells.fill(Some(0.0));
    for container in [Container::Parquet, Container::Arrow] {
        let spec = ExportSpec {
            skip_zeros: true,
            ..matrix.spec(container, Layout::Long)
        };
        matrix.write(&path, &spec, &[10], ValueOrder::RowMajor);
        assert_eq!(MatrixReader::open(&path, &spec).unwrap().count(), 0);
    }
}

#[test]
fn several_measurements_keep_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let mut matrix = Matrix::new(Shape::Decimals, 40, 6, true);
    matrix.meta.samples = ["a", "b", "c"].map(str::to_owned).to_vec();
    matrix.meta.measurements = ["count", "score"].map(str::to_owned).to_vec();
    // Measurements first, and samples not in order: nothing may be taken for granted.
    let keys = [(0, 0), (2, 0), (1, 0), (0, 1), (2, 1), (1, 1)];
    matrix.meta.columns = keys
        .map(|(sample, measurement)| ValueColumn {
            name: format!("{sample}:{measurement}"),
            sample,
            measurement,
        })
        .to_vec();
    for layout in LAYOUTS {
        for container in [Container::Parquet, Container::Arrow] {
            let spec = matrix.spec(container, layout);
            matrix.write(&path, &spec, &[13], ValueOrder::RowMajor);
            matrix.assert_reads_back(&path, &spec);
        }
    }
}

#[test]
fn a_file_of_another_table_is_foreign() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let matrix = Matrix::new(Shape::Counts, 4, 3, false);
    let other = Matrix::new(Shape::Counts, 4, 2, false);
    for container in [Container::Parquet, Container::Arrow] {
        matrix.write(
            &path,
            &matrix.spec(container, Layout::Wide),
            &[4],
            ValueOrder::RowMajor,
        );
        for spec in [
            other.spec(container, Layout::Wide),
            matrix.spec(container, Layout::Long),
        ] {
            assert!(matches!(
                MatrixReader::open(&path, &spec),
                Err(ExportError::Foreign { .. })
            ));
        }
    }
}
