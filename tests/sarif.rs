//! Every SARIF log keeps to what SARIF 2.1.0 asks of the parts that we write. The schema below is that of the standard,
//! cut down to these parts; nothing else may stand in a log.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{entries, name, odmkit, root};

fn schema() -> Value {
    let text = json!({"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}, "additionalProperties": false});
    let location = json!({
        "type": "object", "required": ["physicalLocation"], "additionalProperties": false,
        "properties": {
            "message": text,
            "physicalLocation": {
                "type": "object", "required": ["artifactLocation"], "additionalProperties": false,
                "properties": {
                    "artifactLocation": {
                        "type": "object", "required": ["uri"], "additionalProperties": false,
                        "properties": {"uri": {"type": "string", "pattern": "^[A-Za-z0-9%._~/:?#@!$&'()*+,;=\\[\\]-]+$"}}
                    },
                    "region": {
                        "type": "object", "required": ["startLine"], "additionalProperties": false,
                        "properties": {"startLine": {"type": "integer", "minimum": 1}}
                    }
                }
            }
        }
    });
    let level = json!({"enum": ["none", "note", "warning", "error"]});
    let rule = json!({
        "type": "object", "required": ["id"], "additionalProperties": false,
        "properties": {
            "id": {"type": "string"}, "name": {"type": "string"},
            "shortDescription": text, "fullDescription": text, "help": text,
            "defaultConfiguration": {
                "type": "object", "additionalProperties": false, "properties": {"level": level}
            }
        }
    });
    let result = json!({
        "type": "object", "required": ["message"], "additionalProperties": false,
        "properties": {
            "ruleId": {"type": "string"}, "level": level, "message": text,
            "occurrenceCount": {"type": "integer", "minimum": 1},
            "locations": {"type": "array", "items": location},
            "relatedLocations": {"type": "array", "items": location, "uniqueItems": true},
            "properties": {"type": "object"}
        }
    });
    json!({
        "type": "object", "required": ["version", "runs"], "additionalProperties": false,
        "properties": {
            "$schema": {"type": "string", "format": "uri"},
            "version": {"const": "2.1.0"},
            "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {
                "type": "object", "required": ["tool", "results"], "additionalProperties": false,
                "properties": {
                    "tool": {"type": "object", "required": ["driver"], "additionalProperties": false, "properties": {
                        "driver": {"type": "object", "required": ["name"], "additionalProperties": false, "properties": {
                            "name": {"type": "string", "minLength": 1}, "version": {"type": "string"},
                            "rules": {"type": "array", "items": rule, "uniqueItems": true}
                        }}
                    }},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": result},
                    "properties": {"type": "object"}
                }
            }}
        }
    })
}

#[test]
fn every_log_keeps_to_the_standard() {
    let schema = jsonschema::draft7::new(&schema()).expect("it is a schema");
    let mut logs = 0;
    for directory in entries(&root().join("fixtures/rules")) {
        let cases = entries(&directory);
        let failing = cases
            .iter()
            .find(|case| name(case).starts_with("fail") && !name(case).contains(".expect."));
        let Some(case) = failing else { continue };
        let log = log(&directory, name(case));
        let problems: Vec<String> = schema
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{}: {problems:#?}", case.display());
        let run = &log["runs"][0];
        let ids = |list: &Value, key: &str| -> BTreeSet<String> {
            let list = list.as_array().expect("a list");
            list.iter()
                .map(|one| one[key].as_str().expect("an id").to_owned())
                .collect()
        };
        assert_eq!(
            ids(&run["results"], "ruleId"),
            ids(&run["tool"]["driver"]["rules"], "id")
        );
        logs += 1;
    }
    assert!(logs > 50, "{logs} logs");
}

#[test]
fn a_run_says_how_the_files_hang_together() {
    let log = log(&root().join("fixtures/rules/L001"), "fail-pool");
    let link = &log["runs"][0]["properties"]["links"][0];
    assert_eq!(
        (&link["matched"], &link["unmatched"]),
        (&json!(1), &json!(1)),
        "{link}"
    );
}

fn log(directory: &std::path::Path, case: &str) -> Value {
    let output = odmkit(directory, &["check", case, "--format", "sarif"]);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{case}: {error}; {}", String::from_utf8_lossy(&output.stderr)))
}
