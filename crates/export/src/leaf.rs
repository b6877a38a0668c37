//! The columns of a file, and where their values come from.

use std::borrow::Cow;
use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, StringArray};

use crate::rows::Group;
use crate::schema;
use crate::spec::{ExportSpec, Layout, TableMeta, ValueType};

/// A column of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaf {
    /// A feature column of text.
    FeatureText(usize),
    /// A feature column of numbers.
    FeatureNumber(usize),
    /// A value column of the wide layout.
    Column(usize),
    /// The lists of the matrix layout: of so many value columns from the first on.
    Lists {
        /// The first value column.
        first: usize,
        /// How many.
        width: usize,
    },
    /// The sample of each row of the long layout.
    Sample,
    /// The measurement of each row of the long layout.
    Measurement,
    /// The values of the long layout.
    Values,
}

/// Numbers of one column, as bits.
#[derive(Debug, Default)]
pub(crate) struct Values<W> {
    /// The values that are there.
    pub(crate) words: Vec<W>,
    /// The places of missing values, counted with the present ones, ascending.
    pub(crate) nulls: Vec<usize>,
}

/// Values of both widths, kept from column to column for their memory.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Doubles.
    pub(crate) doubles: Values<u64>,
    /// Singles.
    pub(crate) singles: Values<u32>,
}

/// One column of a group, in the form that its encoder takes.
pub(crate) enum Content<'a> {
    /// The doubles that were gathered.
    Doubles,
    /// The singles that were gathered.
    Singles,
    /// Text, in pieces.
    Texts(Vec<StringArray>),
    /// Text, in pieces, each entry as often as its count says.
    Repeated(Vec<StringArray>, Vec<usize>),
    /// Known names, and for each row the place of its own.
    Keys(&'a [String], Vec<u32>),
}

impl<W> Values<W> {
    /// The number of values, missing ones included.
    pub(crate) fn len(&self) -> usize {
        self.words.len() + self.nulls.len()
    }

    fn clear(&mut self) {
        self.words.clear();
        self.nulls.clear();
    }

    fn push(&mut self, word: Option<W>) {
        match word {
            Some(word) => self.words.push(word),
            None => self.nulls.push(self.len()),
        }
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
            Layout::Matrix => leaves.extend(spec.lists().into_iter().map(|columns| Self::Lists {
                first: columns.start,
                width: columns.len(),
            })),
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

    /// The name of the column.
    pub(crate) fn name(self, spec: &ExportSpec) -> Cow<'_, str> {
        match self {
            Self::FeatureText(at) | Self::FeatureNumber(at) => {
                Cow::Borrowed(&spec.meta.feature_attributes[at].0)
            }
            Self::Column(at) => Cow::Borrowed(&spec.meta.columns[at].name),
            Self::Lists { first, .. } => match spec.tile {
                None => Cow::Borrowed(schema::VALUES),
                Some(width) => Cow::Owned(format!("{}_{}", schema::VALUES, first / width)),
            },
            Self::Sample => Cow::Borrowed(schema::SAMPLE),
            Self::Measurement => Cow::Borrowed(schema::MEASUREMENT),
            Self::Values => Cow::Borrowed(schema::VALUE),
        }
    }

    /// Collects this column of `group`; numbers go to `into`.
    pub(crate) fn gather<'a>(self, spec: &'a ExportSpec, group: &Group, into: &mut Gathered) -> Content<'a> {
        match self {
            Self::FeatureText(feature) => {
                let pieces = group
                    .parts
                    .iter()
                    .map(|part| part.feature(feature).as_string::<i32>().clone())
                    .collect();
                match spec.layout {
                    Layout::Long => Content::Repeated(pieces, kept_per_row(spec, group)),
                    _ => Content::Texts(pieces),
                }
            }
            Self::FeatureNumber(feature) => {
                feature_numbers(&mut into.doubles, spec, group, feature);
                Content::Doubles
            }
            Self::Column(at) => match spec.values {
                ValueType::F64 => {
                    column(&mut into.doubles, group, at, f64::to_bits);
                    Content::Doubles
                }
                ValueType::F32 => {
                    column(&mut into.singles, group, at, single);
                    Content::Singles
                }
            },
            Self::Lists { first, width } if width < spec.meta.columns.len() => match spec.values {
                ValueType::F64 => {
                    tile(&mut into.doubles, group, first..first + width, f64::to_bits);
                    Content::Doubles
                }
                ValueType::F32 => {
                    tile(&mut into.singles, group, first..first + width, single);
                    Content::Singles
                }
            },
            Self::Lists { .. } | Self::Values => match spec.values {
                ValueType::F64 => {
                    cells(&mut into.doubles, group, spec.skip_zeros, f64::to_bits);
                    Content::Doubles
                }
                ValueType::F32 => {
                    cells(&mut into.singles, group, spec.skip_zeros, single);
                    Content::Singles
                }
            },
            Self::Sample => {
                let rows = keys(spec, group, |meta, column| meta.columns[column].sample);
                Content::Keys(&spec.meta.samples, rows)
            }
            Self::Measurement => {
                let rows = keys(spec, group, |meta, column| meta.columns[column].measurement);
                Content::Keys(&spec.meta.measurements, rows)
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
fn column<W>(into: &mut Values<W>, group: &Group, column: usize, bits: impl Fn(f64) -> W) {
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
fn cells<W>(into: &mut Values<W>, group: &Group, skip_zeros: bool, bits: impl Fn(f64) -> W) {
    into.clear();
    let extend = |into: &mut Values<W>, values: &[f64]| {
        if skip_zeros {
            into.words.extend(
                values
                    .iter()
                    .filter(|value| **value != 0.0)
                    .map(|&value| bits(value)),
            );
        } else {
            into.words.extend(values.iter().map(|&value| bits(value)));
        }
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

/// Collects some columns of row-major parts, row by row.
fn tile<W>(into: &mut Values<W>, group: &Group, columns: Range<usize>, bits: impl Fn(f64) -> W) {
    into.clear();
    for part in &group.parts {
        for row in 0..part.rows {
            let values = &part.row(row)[columns.clone()];
            let mut next = 0;
            for null in part.row_nulls(row, &columns) {
                into.words
                    .extend(values[next..null].iter().map(|&value| bits(value)));
                into.push(None);
                next = null + 1;
            }
            into.words.extend(values[next..].iter().map(|&value| bits(value)));
        }
    }
}

fn feature_numbers(into: &mut Values<u64>, spec: &ExportSpec, group: &Group, feature: usize) {
    into.clear();
    let values = group.parts.iter().flat_map(|part| {
        let numbers = part.feature(feature).as_primitive::<Float64Type>().clone();
        (0..numbers.len()).map(move |row| numbers.is_valid(row).then(|| numbers.value(row).to_bits()))
    });
    if spec.layout == Layout::Long {
        for (value, &kept) in values.zip(&kept_per_row(spec, group)) {
            (0..kept).for_each(|_| into.push(value));
        }
    } else {
        values.for_each(|value| into.push(value));
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
        let rows = part.row_values().chunks_exact(columns);
        kept.extend(rows.map(|row| row.iter().filter(|value| **value != 0.0).count()));
        // A missing value is held as zero, and stays.
        part.cell_nulls()
            .for_each(|cell| kept[start + cell / columns] += 1);
    }
    kept
}

/// For each row of the long layout, the key of its column.
fn keys(spec: &ExportSpec, group: &Group, key: impl Fn(&TableMeta, usize) -> usize) -> Vec<u32> {
    let number = |column| u32::try_from(key(&spec.meta, column)).unwrap_or(u32::MAX);
    let keys: Vec<u32> = (0..spec.meta.columns.len()).map(number).collect();
    if !spec.skip_zeros {
        return keys.repeat(group.rows);
    }
    let mut rows = Vec::new();
    for part in &group.parts {
        let mut nulls = part.cell_nulls().peekable();
        for (cell, value) in part.row_values().iter().enumerate() {
            if nulls.next_if_eq(&cell).is_some() || *value != 0.0 {
                rows.push(keys[cell % keys.len()]);
            }
        }
    }
    rows
}
