//! ODM's default template, from a table of our own.

use std::sync::Arc;

use crate::attribute::{Attribute, DataType, ValueType};

const TABLE: &str = include_str!("../../assets/default-template.tsv");

/// The attributes of the bundled template. A test holds the table to its grammar: no line is dropped.
pub(super) fn attributes() -> Vec<Attribute> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(attribute)
        .collect()
}

fn attribute(line: &str) -> Option<Attribute> {
    let mut fields = line.split('\t');
    let data_type = DataType::find(fields.next()?)?;
    let name: Arc<str> = fields.next()?.into();
    let value_type = match fields.next()? {
        "Integer" => ValueType::Integer,
        "Decimal" => ValueType::Decimal,
        "String" => ValueType::String,
        "Boolean" => ValueType::Boolean,
        "DateTime" => ValueType::DateTime,
        "Link" => ValueType::Link,
        _ => return None,
    };
    let flags = fields.next()?;
    let dictionary = Some(fields.next()?).filter(|name| *name != "-").map(Arc::from);
    let description = fields.next().filter(|text| !text.is_empty()).map(Arc::from);
    Some(Attribute {
        data_type,
        name,
        value_type,
        required: flags.contains('R'),
        read_only: flags.contains('O'),
        dictionary,
        description,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_an_attribute() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!((attributes().len(), lines), (95, 95));
    }
}
