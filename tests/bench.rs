//! `odmkit bench`.

use serde_json::Value;

use crate::support::odmkit;

#[test]
fn the_figures_come_as_a_table_and_as_json() {
    let directory = tempfile::tempdir().expect("a directory");
    let size = ["--rows", "30", "--samples", "4", "--runs", "1"];
    for shape in ["tpm", "counts", "wide", "long-mantissa"] {
        let args = [
            ["bench", "--shape", shape].as_slice(),
            &size,
            &["--format", "json"],
        ]
        .concat();
        let output = odmkit(directory.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let outcome: Value = serde_json::from_slice(&output.stdout).expect("one object");
        assert_eq!(
            (&outcome["schema"], &outcome["rows"], &outcome["columns"]),
            (&"odmkit.bench/1".into(), &30.into(), &4.into())
        );
        assert_eq!(outcome["stages"].as_array().map(Vec::len), Some(3));
    }
    let output = odmkit(directory.path(), &[["bench"].as_slice(), &size].concat());
    let text = String::from_utf8_lossy(&output.stdout);
    for stage in ["memory-read", "line-feed-scan", "check", "parse", "convert"] {
        assert!(
            text.lines().any(|line| line.starts_with(stage)),
            "{stage}: {text}"
        );
    }
    let refused = odmkit(directory.path(), &["bench", "missing.gct"]);
    assert_eq!(refused.status.code(), Some(2));
}
