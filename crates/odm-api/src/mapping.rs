//! Cross-references from transcripts to genes, which ODM makes at once and without a job.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::file_link::FileLink;
use crate::ids::Accession;
use crate::import::{UnusableImport, source};

/// A cross-reference to be made: a table of transcripts (`TXNAME`) and genes (`GENEID`), at a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The table.
    pub table: FileLink,
    /// What ODM is to keep with it, by name.
    pub metadata: BTreeMap<String, String>,
}

/// A cross-reference that was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MadeMapping {
    /// Its accession.
    pub xref_set_id: Accession,
    /// What ODM left out of it, and why.
    #[serde(default, deserialize_with = "texts")]
    pub warnings: Vec<String>,
}

impl Mapping {
    /// A cross-reference with nothing kept with it.
    pub fn new(table: FileLink) -> Self {
        Self {
            table,
            metadata: BTreeMap::new(),
        }
    }

    /// Whether ODM could be asked to make it.
    pub fn check(&self) -> Result<(), UnusableImport> {
        self.body(false).map(drop)
    }

    /// The JSON body. `data_source` is wanted on the older paths, and unknown on the newer ones.
    pub(crate) fn body(&self, data_source: bool) -> Result<Value, UnusableImport> {
        let source = match source(&self.table)? {
            "HTTP" => "http",
            "S3" => "s3",
            _ => {
                return Err(UnusableImport::LocalMapping {
                    link: self.table.clone(),
                });
            }
        };
        let mut body = Map::new();
        body.insert("xrefSetType".to_owned(), "gene-transcript".into());
        body.insert("dataLink".to_owned(), self.table.expose().into());
        if !self.metadata.is_empty() {
            body.insert("metadata".to_owned(), json!(self.metadata));
        }
        if data_source {
            body.insert("dataSource".to_owned(), source.into());
        }
        Ok(Value::Object(body))
    }
}

/// A list of texts, or of whatever else is to be read by people; `null` is none.
fn texts<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let values: Option<Vec<Value>> = Option::deserialize(deserializer)?;
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(values.unwrap_or_default().into_iter().map(text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_says_its_source_where_that_is_wanted() {
        let mut mapping = Mapping::new("https://a/m.tsv".into());
        assert_eq!(
            mapping.body(false).unwrap(),
            json!({"xrefSetType": "gene-transcript", "dataLink": "https://a/m.tsv"})
        );
        mapping.metadata.insert("Species".to_owned(), "human".to_owned());
        mapping.table = "s3://b/m.tsv".into();
        assert_eq!(
            mapping.body(true).unwrap(),
            json!({
                "xrefSetType": "gene-transcript", "dataLink": "s3://b/m.tsv",
                "metadata": {"Species": "human"}, "dataSource": "s3"
            })
        );
        let local = Mapping::new("file:///m.tsv".into());
        assert!(matches!(
            local.body(false),
            Err(UnusableImport::LocalMapping { .. })
        ));
    }

    #[test]
    fn warnings_are_read_in_any_form() {
        let made: MadeMapping =
            serde_json::from_str(r#"{"xrefSetId":"GSF5","warnings":["twice",{"row":3}],"createdDate":1}"#)
                .unwrap();
        assert_eq!(made.warnings, ["twice", r#"{"row":3}"#]);
        let made: MadeMapping = serde_json::from_str(r#"{"xrefSetId":"GSF5","warnings":null}"#).unwrap();
        assert!(made.warnings.is_empty());
    }
}
