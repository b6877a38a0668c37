//! Runs over files from other projects, where they lie beside the repository. Nothing of them is part of it, and
//! without them there is nothing to run.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{entries, name, odmkit, root};

/// The folder of this name among the files beside the repository.
fn folder(name: &str) -> Option<PathBuf> {
    let folder = root().parent()?.join("shared/data").join(name);
    folder.is_dir().then_some(folder)
}

/// The report on a path, and the exit code.
fn check(directory: &Path, args: &[&str]) -> (Value, i32) {
    let mut all = vec!["check", "--format", "json"];
    all.extend(args);
    let output = odmkit(directory, &all);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("panicked"), "{args:?}: {errors}");
    let report =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}; {errors}"));
    (report, output.status.code().expect("no signal ended it"))
}

/// The findings of a rule, as (file name, line, column, count).
fn findings(report: &Value, code: &str) -> Vec<(String, Option<u64>, Option<u64>, u64)> {
    report["diagnostics"]
        .as_array()
        .expect("a report lists findings")
        .iter()
        .filter(|finding| finding["code"] == code)
        .map(|finding| {
            let path = Path::new(finding["path"].as_str().expect("a path"));
            let number = |key: &str| finding[key].as_u64();
            (
                name(path).to_owned(),
                number("line"),
                number("column"),
                number("count").unwrap_or(0),
            )
        })
        .collect()
}

#[test]
fn every_gct_file_ends_with_a_report_and_a_sensible_exit_code() {
    let Some(folder) = folder("gct") else { return };
    let mut files = Vec::new();
    collect(&folder, &mut files);
    assert!(!files.is_empty());
    for file in files {
        let start = Instant::now();
        let (report, exit) = check(&folder, &[file.to_str().expect("a plain name")]);
        let took = start.elapsed();
        let errors = report["summary"]["errors"].as_u64().expect("a figure");
        assert_eq!(exit, i32::from(errors > 0), "{}", file.display());
        // The unoptimised build of the tests is some ten times slower than the real one.
        assert!(took < Duration::from_secs(10), "{}: {took:?}", file.display());
    }
}

#[test]
fn matrices_of_gct_1_3_are_checked_behind_their_version() {
    let Some(folder) = folder("gct") else { return };
    let mut files = Vec::new();
    collect(&folder, &mut files);
    let mut met = 0;
    for file in files {
        if std::fs::read(&file).is_ok_and(|bytes| bytes.starts_with(b"#1.3")) {
            let (report, _) = check(&folder, &[file.to_str().expect("a plain name")]);
            assert_eq!(findings(&report, "G013").len(), 1, "{}", file.display());
            met += usize::from(report["files"][0]["features"].as_u64() > Some(0));
        }
    }
    assert!(met > 0, "a matrix was read");
}

#[test]
fn the_study_with_libraries_gives_what_is_known_of_it() {
    let Some(folder) = folder("studies/study-samples-libraries-omics") else {
        return;
    };
    let (report, _) = check(&folder, &["."]);
    let at = |code: &str| findings(&report, code);
    assert_eq!(
        at("G003"),
        [("Test.expression.gct".to_owned(), Some(2), Some(1), 1)]
    );
    assert!(
        at("G010")
            .iter()
            .all(|finding| finding.0 == "Test.expression.gct")
            && !at("G010").is_empty()
    );
    assert!(
        at("F005")
            .iter()
            .any(|finding| finding.0 == "Test.expression.gct.tsv"),
        "the CR-only file is named"
    );
    assert!(
        at("T009").iter().any(|finding| finding.0 == "Test.libraries.tsv"),
        "the Cyrillic letter is named"
    );
    assert!(
        at("M003").iter().any(|finding| finding.0 == "Test.libraries.tsv"),
        "decimal commas are named"
    );
    assert!(
        at("M005").iter().any(|finding| finding.0 == "Test.samples.tsv"),
        "synonyms are named"
    );
    assert!(!at("M004").is_empty(), "terms that no dictionary has are named");
}

#[test]
fn the_study_without_libraries_gives_what_is_known_of_it() {
    let Some(folder) = folder("studies/study-samples-omics") else {
        return;
    };
    let (report, _) = check(&folder, &["."]);
    assert_eq!(
        findings(&report, "G003"),
        [("Test.expression.gct".to_owned(), Some(2), Some(1), 1)]
    );
    let lonely = report["diagnostics"]
        .as_array()
        .expect("findings")
        .iter()
        .find(|finding| finding["code"] == "L002")
        .expect("a sample without data is named");
    assert!(lonely.to_string().contains("SRR6441197"), "{lonely}");
}

#[test]
fn the_study_with_variants_gives_what_is_known_of_it() {
    let Some(folder) = folder("studies/study-variants") else {
        return;
    };
    let (report, _) = check(&folder, &["."]);
    assert_eq!(
        findings(&report, "G003"),
        [("Example.expression.gct".to_owned(), Some(2), Some(1), 1)]
    );
    let padding: Vec<_> = findings(&report, "T007")
        .into_iter()
        .filter(|finding| finding.0 == "Example.expression.gct")
        .collect();
    assert_eq!(padding.len(), 1, "81 padding tabs are one cause: {padding:?}");
    assert!(findings(&report, "L001").is_empty(), "all 80 columns are samples");
}

/// Every file below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in entries(folder) {
        if entry.is_dir() {
            collect(&entry, files);
        } else {
            files.push(entry);
        }
    }
}
