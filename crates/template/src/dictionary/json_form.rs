//! Dictionaries in JSON.

use super::csv_form::{split_synonyms, unquoted};
use super::{DictionaryFault, RawTerm};
use crate::json::{Node, TextPlace, Value, parse};

/// Reads the terms.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<RawTerm>, DictionaryFault> {
    let line = |at: usize| TextPlace::of(bytes, at).line;
    let wrong = |node: &Node, expected| DictionaryFault::WrongType {
        line: line(node.span.start),
        expected,
        found: node.type_name(),
    };
    let root = parse(bytes).map_err(|(error, at)| DictionaryFault::NotJson {
        line: line(at),
        error,
    })?;
    let Value::Array(items) = &root.value else {
        return Err(wrong(&root, "an array of terms"));
    };
    items.iter().map(|item| term(item, &line, &wrong)).collect()
}

fn term(
    item: &Node,
    line: &impl Fn(usize) -> u64,
    wrong: &impl Fn(&Node, &'static str) -> DictionaryFault,
) -> Result<RawTerm, DictionaryFault> {
    let mut term = RawTerm::default();
    match &item.value {
        Value::String(label) => unquoted(label).clone_into(&mut term.label),
        Value::Object(members) => {
            for member in members {
                let key = member.key.to_ascii_lowercase();
                match (key.as_str(), &member.value.value) {
                    ("label", Value::String(label)) => unquoted(label).clone_into(&mut term.label),
                    ("label" | "name" | "synonyms" | "synonym", Value::Null) => {}
                    ("name", Value::String(name)) => term.short_name = Some(name.trim().to_owned()),
                    ("label" | "name", _) => return Err(wrong(&member.value, "a string")),
                    ("synonyms" | "synonym", Value::String(text)) => term.synonyms = split_synonyms(text),
                    ("synonyms" | "synonym", Value::Array(all)) => {
                        for synonym in all {
                            let Value::String(text) = &synonym.value else {
                                return Err(wrong(synonym, "a string"));
                            };
                            term.synonyms.push(text.trim().to_owned());
                        }
                    }
                    ("synonyms" | "synonym", _) => return Err(wrong(&member.value, "an array of strings")),
                    // Identifiers, definitions and parents are of no use here.
                    _ => {}
                }
            }
        }
        _ => return Err(wrong(item, "a label or an object with `label`")),
    }
    if term.label.is_empty() {
        return Err(DictionaryFault::BlankLabel {
            line: line(item.span.start),
        });
    }
    Ok(term)
}
