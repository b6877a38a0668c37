//! The JSON schema of the report, made from what the code lists, and reports held to it.

use jsonschema::Validator;
use odmkit_checks::rules::RULES;
use odmkit_core::{Compression, DataFormat, FileKind};
use odmkit_diagnostics::{Effect, Severity};
use serde_json::{Map, Value, json};

use crate::support::{entries, name, odmkit, read, root};

/// The schema of `odmkit check --format json`. Every key is always there, and there are no others.
pub(crate) fn schema() -> Value {
    let codes: Vec<&str> = RULES.iter().map(|rule| rule.code.as_str()).collect();
    let severities = [Severity::Error, Severity::Warning, Severity::Info].map(Severity::name);
    let effects = [Effect::Rejected, Effect::Flagged, Effect::Degraded, Effect::None].map(Effect::name);
    let kinds = FileKind::ALL.map(FileKind::name);
    let formats = DataFormat::ALL.map(DataFormat::name);
    let compressions = Compression::ALL.map(Compression::name);
    let mut schema = object(&json!({
        "schema": {"const": "odmkit.report/1"},
        "tool": object(&json!({"name": {"const": "odmkit"}, "version": text("The version of odmkit.")})),
        "files": list("The files, in the order in which they were checked.", &object(&json!({
            "path": text("The file, as the user named it."),
            "kind": maybe("What it is to ODM; null where that could not be told.", &json!({"enum": kinds})),
            "format": maybe("How it is laid out; null where that could not be told.", &json!({"enum": formats})),
            "compression": {"enum": compressions, "description": "How it is packed."},
            "bytes": count("Bytes on disk."),
            "rows": count("Lines below the header that are not blank."),
            "columns": count("Tab-separated columns of the header."),
            "features": count("Rows of a matrix; 0 elsewhere."),
            "samples": count("Samples of a matrix, or records of a samples table; 0 elsewhere."),
            "feature_attributes": maybe("Feature columns of a matrix; null elsewhere.", &json!({"type": "integer", "minimum": 0})),
            "measurements": list("Measurements per sample, where a separator was given.", &json!({"type": "string"})),
            "missing": count("Values that are missing."),
        }))),
        "links": list("How the files hang on each other.", &object(&json!({
            "from": text("The file that names records."),
            "from_kind": {"enum": kinds, "description": "What it is."},
            "to": list("The files that hold the records.", &json!({"type": "string"})),
            "to_kind": {"enum": kinds, "description": "What they are."},
            "attribute": text("The attribute whose values are named."),
            "names": count("Distinct names in the file."),
            "matched": count("How many of them are records."),
            "unmatched": count("How many of them are none."),
            "unnamed": count("How many records the file does not name."),
            "unmatched_names": list("Some of the names that are no records.", &json!({"type": "string"})),
            "unnamed_records": list("Some of the records that the file does not name.", &json!({"type": "string"})),
        }))),
        "diagnostics": list("The findings, in the order of the files and of their places.", &object(&json!({
            "code": {"enum": codes, "description": "The rule; `odmkit rules CODE` explains it."},
            "name": text("The rule's name."),
            "severity": {"enum": severities, "description": "How grave it is, after --deny, --warn, --allow and --strict."},
            "effect": {"enum": effects, "description": "What ODM does: the import or link fails; imported and marked invalid; imported with some function lost; nothing."},
            "message": text("What is wrong."),
            "help": maybe("What to do about it.", &json!({"type": "string"})),
            "path": text("The file, as the user named it."),
            "line": maybe("The line, from 1.", &place()),
            "column": maybe("The tab-separated field, from 1; in JSON and TOML files the character.", &place()),
            "byte": maybe("Where the field, or the line, begins in the decompressed text, from 0.", &json!({"type": "integer", "minimum": 0})),
            "field": maybe("The name of the field.", &json!({"type": "string"})),
            "value": maybe("The text that was found.", &json!({"type": "string"})),
            "count": {"type": "integer", "minimum": 1, "description": "How many times the same cause occurs."},
            "odm_error": maybe("ODM's own error type, for template violations.", &json!({"type": "string"})),
            "fix": maybe("The mend that `odmkit fix` would make.", &object(&json!({
                "safe": {"type": "boolean", "description": "Whether it is made without --unsafe."},
                "title": text("What it does."),
            }))),
            "related": list("Other places that belong to it.", &object(&json!({
                "path": text("The file."),
                "line": maybe("The line, from 1.", &place()),
                "message": text("What is there."),
            }))),
        }))),
        "summary": object(&json!({
            "verdict": {"enum": ["rejected", "flagged", "clean"], "description": "The outcome."},
            "errors": count("Occurrences at error level."),
            "warnings": count("Occurrences at warning level."),
            "infos": count("Occurrences at information level."),
            "by_code": {
                "type": "object",
                "description": "Occurrences per rule, shown or not.",
                "propertyNames": {"enum": codes},
                "additionalProperties": {"type": "integer", "minimum": 1},
            },
            "truncated": {"type": "boolean", "description": "Whether reading stopped before the end of a file."},
            "elapsed_seconds": {"type": "number", "minimum": 0},
        })),
    }));
    let root = schema.as_object_mut().expect("it is one");
    root.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    root.insert(
        "title".to_owned(),
        json!("The report of odmkit check --format json"),
    );
    schema
}

#[test]
fn the_report_on_every_fixture_satisfies_the_schema() {
    let validator = validator();
    let mut reports = 0;
    for directory in entries(&root().join("fixtures/rules")) {
        let output = odmkit(&directory, &["check", "--format", "json", "."]);
        satisfies(&validator, &output.stdout, name(&directory));
        let given: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        reports += usize::from(given["diagnostics"][0].is_object());
    }
    for study in ["trial", "detect/omics", "detect/frames", "detect/muddle"] {
        let output = odmkit(
            root(),
            &["check", "--format", "json", &format!("fixtures/{study}")],
        );
        satisfies(&validator, &output.stdout, study);
    }
    assert!(reports > 50, "{reports} of the reports have findings");
}

#[test]
fn what_is_no_report_does_not_satisfy_the_schema() {
    let validator = validator();
    let output = odmkit(
        root(),
        &["check", "--format", "json", "fixtures/rules/G003/fail.gct"],
    );
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(validator.is_valid(&report));
    for spoil in [
        |report: &mut Value| report["summary"]["errors"] = json!(-1),
        |report: &mut Value| report["diagnostics"][0]["code"] = json!("Z999"),
        |report: &mut Value| report["diagnostics"][0]["line"] = json!(0),
        |report: &mut Value| report["more"] = json!(1),
        |report: &mut Value| drop(report["files"][0].as_object_mut().expect("one").remove("rows")),
    ] {
        let mut spoilt = report.clone();
        spoil(&mut spoilt);
        assert!(!validator.is_valid(&spoilt), "{spoilt:#}");
    }
}

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&read("docs/report.schema.json")).expect("JSON");
    jsonschema::draft202012::new(&schema).expect("it is a schema")
}

fn satisfies(validator: &Validator, report: &[u8], of: &str) {
    let report: Value = serde_json::from_slice(report).unwrap_or_else(|error| panic!("{of}: {error}"));
    let faults: Vec<String> = validator
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{of}: {faults:#?}");
}

/// An object that has all of these keys and no others.
fn object(properties: &Value) -> Value {
    let keys: Vec<String> = properties
        .as_object()
        .map(Map::keys)
        .expect("properties are an object")
        .cloned()
        .collect();
    json!({"type": "object", "properties": properties, "required": keys, "additionalProperties": false})
}

fn list(description: &str, items: &Value) -> Value {
    json!({"type": "array", "description": description, "items": items})
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn count(description: &str) -> Value {
    json!({"type": "integer", "minimum": 0, "description": description})
}

fn place() -> Value {
    json!({"type": "integer", "minimum": 1})
}

/// A value that may be null.
fn maybe(description: &str, value: &Value) -> Value {
    json!({"description": description, "anyOf": [value, {"type": "null"}]})
}
