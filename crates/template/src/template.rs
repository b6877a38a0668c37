//! A valid template: which attributes an entity has.

mod bundled;
mod raw;

use std::fmt::Write as _;
use std::sync::Arc;

use odmkit_core::FileKind;

use crate::attribute::{Attribute, DataType};
use crate::json::TextPlace;
use crate::violation::Violation;

/// A template that keeps to the published schema. Attributes stand in the order of the file, which is the
/// order in which ODM shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    attributes: Vec<Attribute>,
}

impl Template {
    /// Reads ODM's template JSON. Everything that is wrong with it is reported, in the order of the text; with
    /// a syntax error, that one.
    pub fn from_json(text: &[u8]) -> Result<Self, Vec<Violation>> {
        Self::with_places(text).map(|(template, _)| template)
    }

    /// The same, and where in the text each attribute names its dictionary.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json).
    pub fn with_places(text: &[u8]) -> Result<(Self, Vec<Option<TextPlace>>), Vec<Violation>> {
        let (attributes, places) = raw::read(text)?.into_iter().unzip();
        Ok((Self { attributes }, places))
    }

    /// A template that knows no attribute: nothing is required and nothing is judged by it. It stands for a
    /// template that could not be read.
    pub fn empty() -> Self {
        Self {
            attributes: Vec::new(),
        }
    }

    /// The template that ODM installs by default, in its 1.64 form: the same attributes, types, flags and
    /// dictionaries.
    pub fn bundled() -> Self {
        Self {
            attributes: bundled::attributes(),
        }
    }

    /// All attributes, in order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The attributes of one data type, in order.
    pub fn of(&self, data_type: DataType) -> impl Iterator<Item = &Attribute> {
        self.attributes
            .iter()
            .filter(move |attribute| attribute.data_type == data_type)
    }

    /// The attribute of exactly this name.
    pub fn find(&self, data_type: DataType, name: &str) -> Option<&Attribute> {
        self.of(data_type)
            .find(|attribute| attribute.name.as_ref() == name)
    }

    /// The names of the dictionaries that attributes refer to, each once, in order.
    pub fn dictionary_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self
            .attributes
            .iter()
            .filter_map(|attribute| attribute.dictionary.as_deref())
        {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The header of an empty table of this kind: what a person fills in, without what ODM fills in itself.
    /// Empty for kinds that no template judges.
    pub fn blank_columns(&self, kind: FileKind, describes: Option<FileKind>) -> Vec<Arc<str>> {
        let Some(data_type) = DataType::judging(kind, describes) else {
            return Vec::new();
        };
        // ODM wants these two though its template does not list them.
        let recommended = match kind {
            FileKind::Study => Some("Study Title"),
            FileKind::Samples => Some("Sample Source"),
            _ => None,
        };
        let listed = |name: &str| self.find(data_type, name).is_some();
        let before = recommended.filter(|name| !listed(name)).map(Arc::from);
        let key = kind.key_attribute().filter(|name| !listed(name)).map(Arc::from);
        let own = self.of(data_type).filter(|attribute| !attribute.is_technical());
        key.into_iter()
            .chain(before)
            .chain(own.map(|attribute| Arc::clone(&attribute.name)))
            .collect()
    }

    /// The template as ODM's JSON, one key a line, ready to be loaded or edited.
    pub fn to_json(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut json = String::from("[");
        for (index, attribute) in self.attributes.iter().enumerate() {
            json.push_str(if index == 0 { "\n  {\n" } else { ",\n  {\n" });
            let mut lines = vec![
                format!("\"name\": {}", quoted(&attribute.name)),
                format!("\"dataType\": {}", quoted(attribute.data_type.name())),
                format!("\"metainfoType\": {}", quoted(attribute.value_type.name())),
                format!("\"isRequired\": {}", attribute.required),
                format!("\"isReadOnly\": {}", attribute.read_only),
            ];
            lines.extend(
                attribute
                    .dictionary
                    .as_deref()
                    .map(|name| format!("\"dictionaryName\": {}", quoted(name))),
            );
            lines.extend(
                attribute
                    .description
                    .as_deref()
                    .map(|text| format!("\"description\": {}", quoted(text))),
            );
            let _ = write!(json, "    {}\n  }}", lines.join(",\n    "));
        }
        json.push_str("\n]\n");
        json
    }
}

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
