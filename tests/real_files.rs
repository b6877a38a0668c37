//! Runs over files from other projects, where they lie beside the repository. Nothing of them is part of it, and
//! without them there is nothing to run.

use std::collections::BTreeMap;
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

/// What a report says, sorted: rule, severity, file, and how often.
fn said(report: &Value) -> Vec<(String, String, String, u64)> {
    let mut counts: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    for finding in report["diagnostics"].as_array().expect("findings") {
        let text = |key: &str| finding[key].as_str().expect("a text").to_owned();
        let path = text("path");
        let key = (text("code"), text("severity"), name(Path::new(&path)).to_owned());
        *counts.entry(key).or_default() += finding["count"].as_u64().expect("a count");
    }
    counts
        .into_iter()
        .map(|((code, severity, file), count)| (code, severity, file, count))
        .collect()
}

/// The links of a report: from, to, names, found, and records that nobody names.
fn linked(report: &Value) -> Vec<(String, String, u64, u64, u64)> {
    let file = |path: &Value| name(Path::new(path.as_str().expect("a path"))).to_owned();
    let links = report["links"].as_array().expect("links");
    let figures =
        |link: &Value| ["names", "matched", "unnamed"].map(|key| link[key].as_u64().expect("a figure"));
    links
        .iter()
        .map(|link| {
            let [names, matched, unnamed] = figures(link);
            (file(&link["from"]), file(&link["to"][0]), names, matched, unnamed)
        })
        .collect()
}

/// A study gives exactly these findings and links, so that one that is new shows as one that is lost does.
fn gives(study: &str, findings: &[(&str, &str, &str, u64)], links: &[(&str, &str, u64, u64, u64)]) {
    let Some(folder) = folder(&format!("studies/{study}")) else {
        return;
    };
    let (report, exit) = check(&folder, &["."]);
    let said = said(&report);
    let said: Vec<(&str, &str, &str, u64)> = said
        .iter()
        .map(|(code, severity, file, count)| (code.as_str(), severity.as_str(), file.as_str(), *count))
        .collect();
    assert_eq!(said, findings, "{study}");
    let linked = linked(&report);
    let linked: Vec<(&str, &str, u64, u64, u64)> = linked
        .iter()
        .map(|(from, to, names, matched, unnamed)| (from.as_str(), to.as_str(), *names, *matched, *unnamed))
        .collect();
    assert_eq!(linked, links, "{study}");
    assert_eq!(exit, 1, "the rows of a GCT file are not those that it declares");
}

#[test]
fn the_study_with_libraries_gives_what_is_known_of_it() {
    gives(
        "study-samples-libraries-omics",
        &[
            // Lone carriage returns, and no line end at the end, which is fine.
            ("F005", "warning", "Test.expression.gct.tsv", 1),
            // Three rows are declared, and two follow.
            ("G003", "error", "Test.expression.gct", 1),
            ("G010", "warning", "Test.expression.gct", 2),
            // `SRR…|SRR…`
            ("L009", "info", "Test.libraries.tsv", 1),
            ("L009", "info", "Test.preparations.tsv", 1),
            // No `Study Source ID`.
            ("M001", "warning", "Test.study.tsv", 1),
            // Decimal commas: three fragment sizes and a RIN value.
            ("M003", "warning", "Test.libraries.tsv", 4),
            // `Tx`, `RNA-Seq-1` and its like, and two instruments that no dictionary has.
            ("M004", "warning", "Test.libraries.tsv", 9),
            // `M` and `F`
            ("M005", "warning", "Test.samples.tsv", 4),
            ("M006", "info", "Test.expression.gct.tsv", 1),
            ("M006", "info", "Test.preparations.tsv", 1),
            ("M006", "info", "Test.samples.tsv", 1),
            // `fragmentation` for `Fragmentation`
            ("M007", "warning", "Test.libraries.tsv", 1),
            // A Cyrillic letter in `Flow Cell`.
            ("T009", "warning", "Test.libraries.tsv", 1),
        ],
        &[
            ("Test.libraries.tsv", "Test.samples.tsv", 4, 4, 0),
            ("Test.preparations.tsv", "Test.samples.tsv", 4, 4, 0),
            ("Test.expression.gct", "Test.libraries.tsv", 3, 3, 0),
        ],
    );
}

#[test]
fn the_study_without_libraries_gives_what_is_known_of_it() {
    gives(
        "study-samples-omics",
        &[
            ("F005", "warning", "Test.expression.gct.tsv", 1),
            ("G003", "error", "Test.expression.gct", 1),
            ("G010", "warning", "Test.expression.gct", 2),
            // One sample has no data.
            ("L002", "warning", "Test.samples.tsv", 1),
            ("M001", "warning", "Test.study.tsv", 1),
            ("M005", "warning", "Test.samples.tsv", 4),
            ("M006", "info", "Test.expression.gct.tsv", 1),
            ("M006", "info", "Test.samples.tsv", 1),
        ],
        &[("Test.expression.gct", "Test.samples.tsv", 3, 3, 1)],
    );
    let Some(folder) = folder("studies/study-samples-omics") else {
        return;
    };
    let (report, _) = check(&folder, &["."]);
    let findings = report["diagnostics"].as_array().expect("findings");
    let lonely = findings.iter().find(|finding| finding["code"] == "L002");
    assert!(lonely.is_some_and(|lonely| lonely["message"].to_string().contains("`SRR6441197`")));
}

#[test]
fn the_study_with_variants_gives_what_is_known_of_it() {
    gives(
        "study-variants",
        &[
            // 23686 rows are declared, and 97 follow.
            ("G003", "error", "Example.expression.gct", 1),
            ("G010", "warning", "Example.expression.gct", 97),
            ("M004", "warning", "Example.expression.gct.tsv", 1),
            ("M005", "warning", "Example.samples.tsv", 80),
            ("M006", "info", "Example.expression.gct.tsv", 1),
            ("M006", "info", "Example.samples.tsv", 11),
            ("M006", "info", "Example.study.tsv", 1),
            // The record has one value less than there are names.
            ("T001", "warning", "Example.expression.gct.tsv", 1),
            // Tabs that a spreadsheet left: on lines 1 and 2, and on every line of meta-information.
            ("T007", "warning", "Example.expression.gct", 2),
            ("T007", "warning", "Example.gx-dummy.vcf", 27),
        ],
        &[
            ("Example.expression.gct", "Example.samples.tsv", 80, 80, 0),
            ("Example.gx-dummy.vcf", "Example.samples.tsv", 80, 80, 0),
        ],
    );
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
