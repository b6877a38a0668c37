//! What the schema in the footer says of a column.

use std::borrow::Cow;

use crate::leaf::Leaf;
use crate::parquet::thrift::{Fields, I32, STRUCT};
use crate::spec::{ExportSpec, ValueType};

const FLOAT: usize = 4;
const DOUBLE: usize = 5;
const BYTE_ARRAY: usize = 6;

const REQUIRED: usize = 0;
const OPTIONAL: usize = 1;
const REPEATED: usize = 2;

/// The old and the new way to say what bytes or groups are for.
const UTF8: (usize, u8) = (0, 1);
const LIST: (usize, u8) = (3, 3);

/// A column of the file.
pub(crate) struct Element<'a> {
    name: Cow<'a, str>,
    kind: Kind,
    values: ValueType,
}

/// What a column holds.
enum Kind {
    /// Doubles that may be missing.
    Number,
    /// Values that may be missing, in the precision of the file.
    Value,
    /// Text; whether it may be missing.
    Text(bool),
    /// A list of values, which may be missing.
    List,
}

impl<'a> Element<'a> {
    /// What the schema says of `leaf`.
    pub(crate) fn of(leaf: Leaf, spec: &'a ExportSpec) -> Self {
        let kind = match leaf {
            Leaf::FeatureText(_) => Kind::Text(true),
            Leaf::FeatureNumber(_) => Kind::Number,
            Leaf::Column(_) | Leaf::Values => Kind::Value,
            Leaf::Lists { .. } => Kind::List,
            Leaf::Sample | Leaf::Measurement => Kind::Text(false),
        };
        Self {
            name: leaf.name(spec),
            kind,
            values: spec.values,
        }
    }

    /// The number of the type of its values.
    pub(crate) const fn physical(&self) -> usize {
        match (&self.kind, self.values) {
            (Kind::Text(_), _) => BYTE_ARRAY,
            (Kind::Number, _) | (_, ValueType::F64) => DOUBLE,
            (_, ValueType::F32) => FLOAT,
        }
    }

    /// The names from the root to its values.
    pub(crate) fn path(&self) -> Vec<&str> {
        match self.kind {
            Kind::List => vec![&self.name, "list", "element"],
            _ => vec![&self.name],
        }
    }

    /// The nodes of the schema that it takes.
    pub(crate) fn nodes(&self) -> usize {
        self.path().len()
    }

    /// Appends its nodes.
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        let physical = Some(self.physical());
        match self.kind {
            Kind::Number | Kind::Value => node(out, physical, OPTIONAL, &self.name, None, None),
            Kind::Text(true) => node(out, physical, OPTIONAL, &self.name, None, Some(UTF8)),
            Kind::Text(false) => node(out, physical, REQUIRED, &self.name, None, Some(UTF8)),
            Kind::List => {
                node(out, None, REQUIRED, &self.name, Some(1), Some(LIST));
                node(out, None, REPEATED, "list", Some(1), None);
                node(out, physical, OPTIONAL, "element", None, None);
            }
        }
    }
}

/// Appends the root, which has so many columns.
pub(crate) fn root(out: &mut Vec<u8>, columns: usize) {
    let mut root = Fields::begin();
    root.text(out, 4, "arrow_schema");
    root.number(out, 5, I32, columns);
    root.end(out);
}

fn node(
    out: &mut Vec<u8>,
    physical: Option<usize>,
    repetition: usize,
    name: &str,
    children: Option<usize>,
    meaning: Option<(usize, u8)>,
) {
    let mut node = Fields::begin();
    if let Some(physical) = physical {
        node.number(out, 1, I32, physical);
    }
    node.number(out, 3, I32, repetition);
    node.text(out, 4, name);
    if let Some(children) = children {
        node.number(out, 5, I32, children);
    }
    if let Some((converted, logical)) = meaning {
        node.number(out, 6, I32, converted);
        node.head(out, 10, STRUCT);
        let mut union = Fields::begin();
        union.head(out, logical, STRUCT);
        Fields::begin().end(out);
        union.end(out);
    }
    node.end(out);
}
