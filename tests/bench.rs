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

#[test]
fn of_a_packed_file_both_sizes_are_said() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = odmkit_testkit::Matrix::gct(2_000, 8).text;
    let packed = odmkit_testkit::pack::gzip(text.as_bytes());
    std::fs::write(directory.path().join("m.gct.gz"), &packed).expect("it is written");
    let args = ["bench", "m.gct.gz", "--runs", "1"];
    let output = odmkit(directory.path(), &[&args[..], &["--format", "json"]].concat());
    let outcome: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(
        (&outcome["bytes"], &outcome["text_bytes"]),
        (&packed.len().into(), &text.len().into())
    );
    assert_eq!(outcome["ceilings"][1]["name"], "unpack");
    let output = odmkit(directory.path(), &args);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains(" of text, 2,000 rows"), "{shown}");
    assert!(
        shown.contains("of unpacking") && !shown.contains("scan"),
        "{shown}"
    );
}

#[test]
fn the_kernel_that_is_asked_for_is_told() {
    let directory = tempfile::tempdir().expect("a directory");
    for kernel in odmkit_columns::kernel::Kernel::available() {
        let size = ["bench", "--rows", "30", "--samples", "4", "--runs", "1"];
        let how = ["--format", "json", "--kernel", kernel.name()];
        let output = odmkit(directory.path(), &[&size[..], &how].concat());
        let outcome: Value = serde_json::from_slice(&output.stdout).expect("one object");
        assert_eq!(outcome["kernel"], kernel.name());
    }
}
