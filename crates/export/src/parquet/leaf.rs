//! The columns of a Parquet file, and where their values come from.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, StringArray};
use parquet::schema::types::ColumnDescPtr;

use crate::error::ExportError;
use crate::parquet::chunk::Chunk;
use crate::parquet::compress::Compressor;
use crate::parquet::dictionary::Word;
use crate::parquet::levels::Levels;
use crate::parquet::numbers::Numbers;
use crate::parquet::texts;
use crate::rows::Group;
use crate::spec::{Codec, ExportSpec, Layout, TableMeta, ValueType};

/// A column of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leaf {
    /// A feature column of text.
    FeatureText(usize),
    /// A feature column of numbers.
    FeatureNumber(usize),
    /// A value column of the wide layout.
    Column(usize),
    /// The lists of the matrix layout.
    Lists,
    /// The sample of each row of the long layout.
    Sample,
    /// The measurement of each row of the long layout.
    Measurement,
    /// The values of the long layout.
    Values,
}

/// The working memory of one thread.
pub(crate) struct Scratch {
    compressor: Compressor,
    doubles: Numbers<u64>,
    singles: Numbers<u32>,
}

impl Scratch {
    /// Working memory for columns compressed with `codec`.
    pub(crate) fn new(codec: Codec) -> Result<Self, ExportError> {
        let compressor = Compressor::new(codec)?;
        Ok(Self {
            compressor,
            doubles: Numbers::default(),
            singles: Numbers::default(),
        })
    }
}

impl Leaf {
    /// The columns that `spec` asks for, in the order of the schema.
    pub(crate) fn all(spec: &ExportSpec) -> Vec<Self> {
        let features = spec.meta.feature_attributes.iter().enumerate();
        let mut leaves: Vec<Self> = features
            .map(|(at, (_, number))| {
                if *number {
                    Self::FeatureNumber(at)
                } else {
                    Self::FeatureText(at)
                }
            })
            .collect();
        match spec.layout {
            Layout::Wide => leaves.extend((0..spec.meta.columns.len()).map(Self::Column)),
            Layout::Matrix => leaves.push(Self::Lists),
            Layout::Long => {
                leaves.push(Self::Sample);
                if spec.meta.several_measurements() {
                    leaves.push(Self::Measurement);
                }
                leaves.push(Self::Values);
            }
        }
        leaves
    }

    /// Encodes this column of `group`.
    pub(crate) fn encode(
        self,
        spec: &ExportSpec,
        group: &Group,
        column: ColumnDescPtr,
        scratch: &mut Scratch,
    ) -> Result<Chunk, ExportError> {
        let Scratch {
            compressor,
            doubles,
            singles,
        } = scratch;
        match self {
            Self::FeatureText(feature) => {
                let pieces: Vec<StringArray> = group
                    .parts
                    .iter()
                    .map(|part| part.feature(feature).as_string::<i32>().clone())
                    .collect();
                if spec.layout == Layout::Long {
                    let (distinct, places) = texts::places(&pieces);
                    let rows = repeat(&kept_per_row(spec, group), &places);
                    texts::indexed(&distinct, &rows, column, compressor)
                } else {
                    texts::encode(&pieces, column, compressor)
                }
            }
            Self::FeatureNumber(feature) => {
                doubles.clear();
                let mut values = group.parts.iter().flat_map(|part| {
                    let numbers = part.feature(feature).as_primitive::<Float64Type>().clone();
                    (0..numbers.len()).map(move |row| numbers.is_valid(row).then(|| numbers.value(row)))
                });
                if spec.layout == Layout::Long {
                    for (value, &kept) in values.zip(&kept_per_row(spec, group)) {
                        (0..kept).for_each(|_| doubles.push(value.map(f64::to_bits)));
                    }
                } else {
                    values
                        .by_ref()
                        .for_each(|value| doubles.push(value.map(f64::to_bits)));
                }
                doubles.encode(column, Levels::Flat, compressor)
            }
            Self::Column(at) => match spec.values {
                ValueType::F64 => {
                    gather_column(doubles, group, at, f64::to_bits);
                    doubles.encode(column, Levels::Flat, compressor)
                }
                ValueType::F32 => {
                    gather_column(singles, group, at, single);
                    singles.encode(column, Levels::Flat, compressor)
                }
            },
            Self::Lists | Self::Values => {
                let levels = match self {
                    Self::Lists => Levels::Lists(spec.meta.columns.len()),
                    _ => Levels::Flat,
                };
                match spec.values {
                    ValueType::F64 => {
                        gather_cells(doubles, group, spec.skip_zeros, f64::to_bits);
                        doubles.encode(column, levels, compressor)
                    }
                    ValueType::F32 => {
                        gather_cells(singles, group, spec.skip_zeros, single);
                        singles.encode(column, levels, compressor)
                    }
                }
            }
            Self::Sample => {
                let names: Vec<&str> = spec.meta.samples.iter().map(String::as_str).collect();
                let rows = keys(spec, group, |meta, column| meta.columns[column].sample);
                texts::indexed(&names, &rows, column, compressor)
            }
            Self::Measurement => {
                let names: Vec<&str> = spec.meta.measurements.iter().map(String::as_str).collect();
                let rows = keys(spec, group, |meta, column| meta.columns[column].measurement);
                texts::indexed(&names, &rows, column, compressor)
            }
        }
    }
}

/// The bits of the single nearest to the double.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what was asked for")]
fn single(value: f64) -> u32 {
    (value as f32).to_bits()
}

/// Collects one column of column-major parts.
fn gather_column<W: Word>(into: &mut Numbers<W>, group: &Group, column: usize, bits: impl Fn(f64) -> W) {
    into.clear();
    let mut before = 0;
    for part in &group.parts {
        let values = part.column(column);
        let mut next = 0;
        for null in part.column_nulls(column) {
            into.words
                .extend(values[next..null].iter().map(|&value| bits(value)));
            into.nulls.push(before + null);
            next = null + 1;
        }
        into.words.extend(values[next..].iter().map(|&value| bits(value)));
        before += part.rows;
    }
}

/// Collects the cells of row-major parts, row by row.
fn gather_cells<W: Word>(into: &mut Numbers<W>, group: &Group, skip_zeros: bool, bits: impl Fn(f64) -> W) {
    into.clear();
    let mut extend = |into: &mut Numbers<W>, values: &[f64]| {
        let kept = values.iter().filter(|value| !skip_zeros || **value != 0.0);
        into.words.extend(kept.map(|&value| bits(value)));
    };
    for part in &group.parts {
        let values = part.row_values();
        let mut next = 0;
        for null in part.cell_nulls() {
            extend(into, &values[next..null]);
            into.push(None);
            next = null + 1;
        }
        extend(into, &values[next..]);
    }
}

/// The number of cells of each row that become rows of the long layout.
fn kept_per_row(spec: &ExportSpec, group: &Group) -> Vec<usize> {
    let columns = spec.meta.columns.len();
    if !spec.skip_zeros {
        return vec![columns; group.rows];
    }
    let mut kept = Vec::with_capacity(group.rows);
    for part in &group.parts {
        let start = kept.len();
        kept.extend(
            part.row_values()
                .chunks_exact(columns)
                .map(|row| row.iter().filter(|v| **v != 0.0).count()),
        );
        // A missing value is held as zero, and stays.
        part.cell_nulls()
            .for_each(|cell| kept[start + cell / columns] += 1);
    }
    kept
}

/// For each row of the long layout, the key of its column.
fn keys(spec: &ExportSpec, group: &Group, key: impl Fn(&TableMeta, usize) -> usize) -> Vec<Option<u32>> {
    let keys: Vec<Option<u32>> = (0..spec.meta.columns.len())
        .map(|column| u32::try_from(key(&spec.meta, column)).ok())
        .collect();
    if !spec.skip_zeros {
        return keys.repeat(group.rows);
    }
    let mut rows = Vec::new();
    for part in &group.parts {
        let mut nulls = part.cell_nulls().peekable();
        for (cell, value) in part.row_values().iter().enumerate() {
            let missing = nulls.next_if_eq(&cell).is_some();
            if missing || *value != 0.0 {
                rows.push(keys[cell % keys.len()]);
            }
        }
    }
    rows
}

/// Each entry as often as its count says.
fn repeat(counts: &[usize], entries: &[Option<u32>]) -> Vec<Option<u32>> {
    counts
        .iter()
        .zip(entries)
        .flat_map(|(&count, &entry)| std::iter::repeat_n(entry, count))
        .collect()
}
