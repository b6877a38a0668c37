//! What programs read.

use super::*;

#[test]
fn json_has_the_fields_of_the_contract_in_their_order() {
    let report = report(Overrides::new(), 20);
    let text = written(|out| write_json(&report, out));
    let value: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(
        keys(&value),
        ["schema", "tool", "files", "links", "diagnostics", "summary"]
    );
    assert_eq!(value["schema"], "odmkit.report/1");
    assert_eq!(value["tool"]["name"], "odmkit");
    assert_eq!(
        keys(&value["files"][0]),
        [
            "path",
            "kind",
            "format",
            "compression",
            "bytes",
            "rows",
            "columns",
            "features",
            "samples",
            "feature_attributes",
            "measurements",
            "missing"
        ]
    );
    assert_eq!(
        keys(&value["diagnostics"][0]),
        [
            "code",
            "name",
            "severity",
            "effect",
            "message",
            "help",
            "path",
            "line",
            "column",
            "byte",
            "field",
            "value",
            "count",
            "odm_error",
            "fix",
            "related"
        ]
    );
    assert_eq!(
        keys(&value["summary"]),
        [
            "verdict",
            "errors",
            "warnings",
            "infos",
            "by_code",
            "truncated",
            "elapsed_seconds"
        ]
    );
    assert_eq!(value["files"][0]["kind"], "expression");
    assert_eq!(value["files"][0]["format"], "gct-1.2");
    assert_eq!(value["files"][0]["compression"], "none");
    let first = &value["diagnostics"][0];
    assert_eq!(first["effect"], "rejected");
    assert_eq!(
        (&first["line"], &first["column"], &first["byte"]),
        (&4.into(), &3.into(), &38.into())
    );
    assert_eq!(first["fix"], serde_json::Value::Null);
    let folded = &value["diagnostics"][2];
    assert_eq!(folded["count"], 7);
    assert_eq!(folded["odm_error"], "SYNONYM_ATTRIBUTE");
    assert_eq!(
        folded["fix"],
        serde_json::json!({"safe": true, "title": "write `male`"})
    );
    assert_eq!(
        folded["related"][0],
        serde_json::json!({"path": "s, 100%.tsv", "line": 5, "message": "also at field 2"})
    );
    assert_eq!(
        value["summary"]["by_code"],
        serde_json::json!({"G012": 2, "M005": 7})
    );
}

#[test]
fn json_lines_are_files_then_findings_then_the_summary() {
    let report = report(Overrides::new(), 20);
    let text = written(|out| write_jsonl(&report, out));
    let types: Vec<String> = text
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
            value["type"].as_str().expect("it says what it is").to_owned()
        })
        .collect();
    assert_eq!(
        types,
        [
            "file",
            "file",
            "diagnostic",
            "diagnostic",
            "diagnostic",
            "summary"
        ]
    );
    let last = text.lines().last().expect("a summary");
    assert!(
        last.starts_with(r#"{"type":"summary","schema":"odmkit.report/1","tool":{"name":"odmkit""#),
        "{last}"
    );
    assert!(last.contains(r#""verdict":"rejected","errors":2"#), "{last}");
}
