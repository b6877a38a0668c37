//! What `check` says of every file of other projects that lies beside the repository: the verdict and how often each
//! rule spoke. Written again with `ODMKIT_WRITE_VERDICTS=1 cargo test --test integration real_verdicts`; without the
//! files there is nothing to compare.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{entries, odmkit, root};

/// The folders that are looked into.
const FOLDERS: [&str; 5] = ["gct", "odm", "studies", "tsv", "vcf"];

const TABLE: &str = "tests/real_verdicts.tsv";

#[test]
fn every_real_file_gets_the_verdict_that_is_written_down() {
    let Some(data) = root()
        .parent()
        .map(|above| above.join("shared/data"))
        .filter(|data| data.is_dir())
    else {
        return;
    };
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&data.join(folder), &mut files);
    }
    assert!(!files.is_empty(), "the folders hold files");
    let mut table = String::from("path\tverdict\tcodes\n");
    for file in files {
        let shown = file.strip_prefix(&data).expect("it lies in there");
        let _ = writeln!(table, "{}\t{}", shown.display(), verdict(&data, shown));
    }
    let path = root().join(TABLE);
    if std::env::var_os("ODMKIT_WRITE_VERDICTS").is_some() {
        std::fs::write(&path, &table).expect("it is written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    let other: Vec<String> = differing(&there, &table);
    assert!(
        other.is_empty(),
        "{TABLE} says otherwise; where the new answers are right, run ODMKIT_WRITE_VERDICTS=1 cargo test --test \
         integration real_verdicts:\n{}",
        other.join("\n")
    );
}

/// The verdict on a file and the rules that spoke, each with its count.
fn verdict(data: &Path, file: &Path) -> String {
    let args = ["check", "--format", "json", file.to_str().expect("a plain name")];
    let output = odmkit(data, &args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("panicked"), "{}: {errors}", file.display());
    let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else {
        return format!("exit {}\t", output.status.code().expect("no signal ended it"));
    };
    let summary = &report["summary"];
    let codes: Vec<String> = summary["by_code"]
        .as_object()
        .expect("counts by code")
        .iter()
        .map(|(code, count)| format!("{code}={count}"))
        .collect();
    let verdict = summary["verdict"].as_str().expect("a verdict");
    format!("{verdict}\t{}", codes.join(" "))
}

/// The lines that only one of the two has, marked as a diff marks them.
fn differing(there: &str, now: &str) -> Vec<String> {
    let only = |mark: char, one: &str, other: &str| -> Vec<String> {
        one.lines()
            .filter(|line| !other.lines().any(|two| two == *line))
            .map(|line| format!("{mark} {line}"))
            .collect()
    };
    let mut lines = only('-', there, now);
    lines.extend(only('+', now, there));
    lines
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
