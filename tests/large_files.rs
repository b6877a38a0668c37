//! What needs files that are too large for the repository.

use std::io::{BufWriter, Seek as _, SeekFrom, Write as _};

use serde_json::Value;

use crate::support::odmkit;

#[test]
fn a_libraries_file_over_the_limit_of_odm_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("big.libraries.tsv");
    let mut file = std::fs::File::create(&path).expect("it is made");
    writeln!(file, "Library ID\tSample Source ID").expect("it is written");
    let mut rows = BufWriter::new(&file);
    for row in 0..50_000 {
        writeln!(rows, "L{row}\tS1").expect("it is written");
    }
    rows.flush().expect("it is written");
    drop(rows);
    // A hole costs no disk. The NUL bytes in it are a finding of their own; what matters here is the size.
    file.seek(SeekFrom::Start(128_000_000))
        .expect("a file can have a hole");
    file.write_all(b"\n").expect("it is written");
    drop(file);

    let args = [
        "check",
        "--format",
        "json",
        "--kind",
        "libraries",
        "big.libraries.tsv",
    ];
    let output = odmkit(directory.path(), &args);
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    assert_eq!(report["summary"]["by_code"]["F009"], 1, "{report:#}");
    assert_eq!(report["files"][0]["bytes"], 128_000_001);
}
