//! Runs `odmkit check` on every rule's fixtures and compares the exact findings.
//!
//! In `fixtures/rules/CODE/` every file or directory whose name begins with `pass` or `fail` is a case. Beside it
//! `NAME.expect.json` (with or without the case's own ending) holds `{"args": [...], "diagnostics": [{"code", "line", "column", "byte", "path"}]}`: the
//! findings at error and warning level, in order; `byte`, `path` and `count` are compared where they are given.
//! With `"make": true` the case is not the file itself, which would be too large for the repository, but what its brackets
//! stand for, such as `<a, 64000000 times>`.
//! A passing case without such a file has no findings. Other files (templates, dictionaries) are for `args`.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::examples::bytes;
use crate::support::{entries, name, odmkit, root};

/// What a case expects.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    make: bool,
    #[serde(default)]
    diagnostics: Vec<Expected>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    code: String,
    line: Option<u64>,
    column: Option<u64>,
    byte: Option<u64>,
    path: Option<String>,
    count: Option<u64>,
}

#[test]
fn rules_find_exactly_what_their_fixtures_say() {
    let mut cases = 0;
    let mut wrong = Vec::new();
    for directory in entries(&root().join("fixtures/rules")) {
        for case in entries(&directory) {
            let is_case = name(&case).starts_with("pass") || name(&case).starts_with("fail");
            if is_case && !name(&case).ends_with(".expect.json") {
                cases += 1;
                if let Err(problem) = run(name(&directory), &case) {
                    wrong.push(problem);
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cases} cases differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(cases > 0, "there are fixtures");
}

fn run(code: &str, case: &Path) -> Result<(), String> {
    let directory = case.parent().expect("a case stands in a directory");
    let case_name = name(case);
    let label = format!("{code}/{case_name}");
    let expectation = expectation(case, code).map_err(|problem| format!("{label}: {problem}"))?;

    let mut args = vec!["check", "--format", "json"];
    args.extend(expectation.args.iter().map(String::as_str));
    args.push(case_name);
    let made = tempfile::tempdir().expect("a directory");
    let output = if expectation.make {
        let text = std::fs::read_to_string(case).expect("a case that is made is written as text");
        std::fs::write(made.path().join(case_name), bytes(&text)).expect("it is written");
        odmkit(made.path(), &args)
    } else {
        odmkit(directory, &args)
    };
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{label}: {error}\n{}", String::from_utf8_lossy(&output.stderr)))?;
    let found: Vec<&Value> = report["diagnostics"]
        .as_array()
        .expect("a report lists findings")
        .iter()
        .filter(|finding| finding["severity"] != "info" || finding["code"] == code)
        .collect();

    let same = found.len() == expectation.diagnostics.len()
        && found
            .iter()
            .zip(&expectation.diagnostics)
            .all(|(found, expected)| agrees(found, expected));
    let errors = found.iter().any(|finding| finding["severity"] == "error");
    if !same {
        return Err(format!(
            "{label}:\n  expected {}\n  found    {}",
            expected_text(&expectation),
            found_text(&found)
        ));
    }
    let exit = output.status.code();
    if exit != Some(i32::from(errors)) {
        return Err(format!("{label}: exit code {exit:?} with errors = {errors}"));
    }
    Ok(())
}

fn expectation(case: &Path, code: &str) -> Result<Expectation, String> {
    let full = case.with_file_name(format!("{}.expect.json", name(case)));
    let short = case.with_extension("expect.json");
    let Ok(text) = std::fs::read_to_string(&full).or_else(|_| std::fs::read_to_string(&short)) else {
        if name(case).starts_with("pass") {
            return Ok(Expectation::default());
        }
        return Err(format!("{} is missing", name(&full)));
    };
    let expectation: Expectation = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let has_code = expectation
        .diagnostics
        .iter()
        .any(|expected| expected.code == code);
    if has_code != name(case).starts_with("fail") {
        return Err(format!(
            "a failing case expects {code} and a passing one does not"
        ));
    }
    Ok(expectation)
}

fn agrees(found: &Value, expected: &Expected) -> bool {
    let number = |key: &str| found[key].as_u64();
    found["code"] == expected.code.as_str()
        && number("line") == expected.line
        && number("column") == expected.column
        && expected.byte.is_none_or(|byte| number("byte") == Some(byte))
        && expected.count.is_none_or(|count| number("count") == Some(count))
        && expected
            .path
            .as_ref()
            .is_none_or(|path| found["path"] == path.as_str())
}

fn expected_text(expectation: &Expectation) -> String {
    let list: Vec<String> = expectation
        .diagnostics
        .iter()
        .map(|expected| {
            format!(
                "{} {:?}:{:?} @{:?}",
                expected.code, expected.line, expected.column, expected.byte
            )
        })
        .collect();
    list.join("; ")
}

fn found_text(found: &[&Value]) -> String {
    let list: Vec<String> = found
        .iter()
        .map(|finding| {
            let number = |key: &str| finding[key].as_u64();
            format!(
                "{} {:?}:{:?} @{:?} {}",
                finding["code"].as_str().unwrap_or("?"),
                number("line"),
                number("column"),
                number("byte"),
                finding["message"]
            )
        })
        .collect();
    list.join("; ")
}
