//! What a flag says of a file goes before what the file looks like, and only where it can be meant.

use serde_json::Value;

use crate::support::odmkit;

fn codes(directory: &std::path::Path, args: &[&str]) -> Vec<String> {
    let output = odmkit(directory, &[args, &["--format", "json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let codes = report["summary"]["by_code"].as_object().expect("counts");
    codes.keys().cloned().collect()
}

#[test]
fn a_number_of_feature_columns_makes_a_table_a_data_frame() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("t.tsv"), "k\tv\na\tx\nb\ty\n").expect("written");
    assert_eq!(codes(directory.path(), &["check", "t.tsv"]), ["F011"]);
    assert_eq!(
        codes(directory.path(), &["check", "t.tsv", "--feature-attributes", "1"]),
        ["D004"]
    );
}

#[test]
fn the_data_class_of_a_gct_file_is_judged_where_it_is_meant_for_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let gct = "#1.2\n1\t1\nName\tDescription\tS1\nTP53\tna\t1\n";
    std::fs::write(directory.path().join("m.gct"), gct).expect("written");
    std::fs::write(
        directory.path().join("f.tsv"),
        "Protein\tS1\tS2\nP1\t1\t2\nP2\t3\t4\n",
    )
    .expect("written");
    assert_eq!(
        codes(
            directory.path(),
            &["check", "m.gct", "--data-class", "Proteomics"]
        ),
        ["D008"]
    );
    let both = [
        "check",
        "m.gct",
        "f.tsv",
        "--data-class",
        "Proteomics",
        "--feature-attributes",
        "1",
    ];
    assert_eq!(codes(directory.path(), &both), Vec::<String>::new());
}

#[test]
fn metadata_is_passed_over_where_text_is_asked_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let gct = "#1.2\n1\t1\nName\tDescription\tS1\nTP53\tna\t1.50\n";
    std::fs::write(directory.path().join("m.gct"), gct).expect("written");
    std::fs::write(
        directory.path().join("s.samples.tsv"),
        "Sample Source ID\tSample Source\nS1\tx\n",
    )
    .expect("written");
    let output = odmkit(
        directory.path(),
        &["convert", ".", "--out-dir", "out", "--to", "tsv"],
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let written = std::fs::read_to_string(directory.path().join("out/m.tsv")).expect("an output");
    assert_eq!(written, "Name\tDescription\tS1\nTP53\tna\t1.5\n");
    assert!(!directory.path().join("out/s.samples.tsv").exists());
}
