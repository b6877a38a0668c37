//! The columns of an output, and what it says about itself.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Schema};
use serde_json::Value;

use crate::leaf::Leaf;
use crate::spec::{ExportSpec, Layout, TableMeta};

/// The name of the sample column of the long layout.
pub const SAMPLE: &str = "sample";
/// The name of the measurement column of the long layout.
pub const MEASUREMENT: &str = "measurement";
/// The name of the value column of the long layout.
pub const VALUE: &str = "value";
/// The name of the list column of the matrix layout. Tiles have their number, from 0, behind it: `values_0`.
pub const VALUES: &str = "values";

/// The keys of the schema metadata.
pub mod keys {
    /// The version of odmkit that wrote the file.
    pub const VERSION: &str = "odmkit.version";
    /// The kind of the input.
    pub const KIND: &str = "odmkit.kind";
    /// The layout.
    pub const LAYOUT: &str = "odmkit.layout";
    /// The file name of the input.
    pub const SOURCE: &str = "odmkit.source";
    /// The size of the input.
    pub const SOURCE_BYTES: &str = "odmkit.source_bytes";
    /// The feature columns, a JSON array.
    pub const FEATURE_ATTRIBUTES: &str = "odmkit.feature_attributes";
    /// The samples, a JSON array.
    pub const SAMPLES: &str = "odmkit.samples";
    /// The value columns of each tile but the last, which may have fewer: matrix layout in tiles only.
    pub const TILE: &str = "odmkit.tile";
    /// The measurements, a JSON array, where there are several.
    pub const MEASUREMENTS: &str = "odmkit.measurements";
    /// ODM's data class, where known.
    pub const DATA_CLASS: &str = "odmkit.data_class";
    /// The names of the list's places, a JSON array: matrix layout with several measurements only, where the
    /// samples alone do not tell.
    pub const COLUMNS: &str = "odmkit.columns";
}

/// The Arrow schema of an output, its metadata included.
pub fn schema(spec: &ExportSpec) -> Schema {
    let meta = &spec.meta;
    let mut fields: Vec<FieldRef> = meta
        .feature_attributes
        .iter()
        .map(|(name, number)| {
            let kind = match (number, spec.layout) {
                (true, _) => DataType::Float64,
                (false, Layout::Long) => dictionary(),
                (false, _) => DataType::Utf8,
            };
            Arc::new(Field::new(name, kind, true))
        })
        .collect();
    let value = spec.values.data_type();
    match spec.layout {
        Layout::Wide => {
            fields.extend(
                meta.columns
                    .iter()
                    .map(|c| Arc::new(Field::new(&c.name, value.clone(), true))),
            );
        }
        Layout::Long => {
            fields.push(Arc::new(Field::new(SAMPLE, dictionary(), false)));
            if meta.several_measurements() {
                fields.push(Arc::new(Field::new(MEASUREMENT, dictionary(), false)));
            }
            fields.push(Arc::new(Field::new(VALUE, value, true)));
        }
        Layout::Matrix => {
            let element = Arc::new(Field::new("element", value, true));
            fields.extend(spec.lists().iter().enumerate().map(|(place, columns)| {
                // A list of more than 2^31 entries cannot be asked for: each has a name in memory.
                let length = i32::try_from(columns.len()).unwrap_or(i32::MAX);
                let name = match spec.tile {
                    None => VALUES.to_owned(),
                    Some(_) => format!("{VALUES}_{place}"),
                };
                let list = DataType::FixedSizeList(Arc::clone(&element), length);
                Arc::new(Field::new(name, list, false))
            }));
        }
    }
    Schema::new_with_metadata(fields, metadata(spec).into_iter().collect::<HashMap<_, _>>())
}

/// The schema metadata, in the order in which it is written.
pub(crate) fn metadata(spec: &ExportSpec) -> Vec<(String, String)> {
    let meta = &spec.meta;
    let features = meta.feature_attributes.iter().map(|(name, _)| name);
    let mut pairs = vec![
        (keys::VERSION, meta.version.clone()),
        (keys::KIND, meta.kind.clone()),
        (keys::LAYOUT, spec.layout.name().to_owned()),
        (keys::SOURCE, meta.source.clone()),
        (keys::SOURCE_BYTES, meta.source_bytes.to_string()),
        (keys::FEATURE_ATTRIBUTES, json(features)),
        (keys::SAMPLES, json(&meta.samples)),
    ];
    if let Some(width) = spec.tile {
        pairs.push((keys::TILE, width.to_string()));
    }
    if meta.several_measurements() {
        pairs.push((keys::MEASUREMENTS, json(&meta.measurements)));
        if spec.layout == Layout::Matrix {
            pairs.push((
                keys::COLUMNS,
                json(meta.columns.iter().map(|column| &column.name)),
            ));
        }
    }
    if let Some(class) = &meta.data_class {
        pairs.push((keys::DATA_CLASS, class.clone()));
    }
    pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// Whether two columns of the output would share a name.
pub(crate) fn has_duplicates(spec: &ExportSpec) -> bool {
    let leaves = Leaf::all(spec);
    let mut seen = HashSet::with_capacity(leaves.len());
    !leaves.iter().all(|leaf| seen.insert(leaf.name(spec)))
}

/// The number of samples and measurements that the columns refer to is the number there is.
pub(crate) fn columns_agree(meta: &TableMeta) -> bool {
    let measurements = meta.measurements.len().max(1);
    meta.columns
        .iter()
        .all(|column| column.sample < meta.samples.len() && column.measurement < measurements)
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn json<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    Value::from(names.into_iter().map(String::as_str).collect::<Vec<_>>()).to_string()
}
