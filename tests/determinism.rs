//! The same findings for any number of threads and any memory limit, which decides the size of blocks.

use std::fmt::Write as _;

use serde_json::Value;

use crate::support::odmkit;

/// A matrix with faults near its beginning, in its middle and at its end.
fn faulty() -> String {
    let mut text = "#1.2\t\n30001\t4\nName\tDescription\tA\tB\tC\tD\n".to_owned();
    for row in 0..30_000 {
        match row {
            7 => text.push_str("G7\tna\t1\t2\n"),
            12_000 => text.push_str("\r\n"),
            15_001 => text.push_str("G9\tna\t1\t2\t3\t1,5\n"),
            29_998 => text.push_str("\tna\tNA\t2\t3\t1e999\n"),
            _ => {
                let _ = writeln!(text, "G{row}\tna\t{row}.5\t{}\t\t-1e-3", row * 7 % 13);
            }
        }
    }
    text
}

#[test]
fn reports_do_not_depend_on_threads_or_blocks() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("m.gct"), faulty()).expect("it is written");
    let report = |threads: &str, memory: &str| -> Value {
        let args = [
            "check",
            "m.gct",
            "--format",
            "json",
            "-j",
            threads,
            "--memory-limit",
            memory,
        ];
        let output = odmkit(directory.path(), &args);
        let mut report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        report["summary"]["elapsed_seconds"] = Value::Null;
        report
    };
    let expected = report("1", "1GiB");
    let codes = expected["summary"]["by_code"].as_object().expect("counts");
    for code in [
        "F005", "G003", "G009", "G011", "G012", "G015", "T001", "T005", "T007", "T011",
    ] {
        assert!(codes.contains_key(code), "{code} is found: {codes:?}");
    }
    for (threads, memory) in [("2", "1GiB"), ("3", "1MiB"), ("1", "1MiB"), ("7", "3MiB")] {
        assert_eq!(
            report(threads, memory),
            expected,
            "-j {threads} --memory-limit {memory}"
        );
    }
}
