//! From a folder of files to a study: what `init` writes is what `check` and `submit` read.

use crate::support::{copy_directory, odmkit, root};

#[test]
fn init_writes_what_check_reads() {
    let directory = tempfile::tempdir().expect("a directory");
    let study = directory.path().join("study");
    copy_directory(&root().join("fixtures/trial"), &study);
    std::fs::remove_file(study.join("study.toml")).expect("it is there");
    let run = |args: &[&str]| {
        let output = odmkit(directory.path(), args);
        let text = String::from_utf8(output.stdout).expect("text");
        (output.status.code(), text)
    };
    let verdict = |text: &str| text.lines().last().map(str::to_owned);
    // What to type next names the flags that were typed.
    let words = |text: &str| verdict(text).and_then(|line| Some(line.split_once(". Next: ")?.0.to_owned()));

    let settled = ["--feature-attributes", "3", "--measurement-separator", ":"];
    let before = run(&[&["check", "study"][..], &settled].concat());
    let written = run(&[&["init", "study"][..], &settled].concat());
    assert_eq!(written.0, Some(0), "{}", written.1);
    assert!(written.1.contains("proteomics.tsv"), "{}", written.1);
    assert_eq!(
        verdict(&written.1).as_deref(),
        Some("wrote study/study.toml. Next: `odmkit check study`")
    );
    let after = run(&["check", "study"]);
    assert_eq!((after.0, words(&after.1)), (before.0, words(&before.1)));
    assert!(after.1.contains("2 measurements"), "{}", after.1);

    assert_eq!(run(&["init", "study"]).0, Some(2), "it is there already");
    assert_eq!(run(&["init", "study", "--overwrite", "-q"]).0, Some(0));
    assert_eq!(
        run(&["check", "study"]).0,
        Some(0),
        "what is likely is written down"
    );
}

#[test]
fn a_blank_table_is_clean_once_it_is_filled_in() {
    let filled = |name: &str| match name {
        "Sample Source ID" | "batch" => "S1",
        "Library ID" => "L1",
        "Preparation ID" => "P1",
        "barcode" => "AAACCTG-1",
        "Sample Source" | "Study Source" => "clinic",
        "Study Title" => "A trial",
        "Study Source ID" => "T1",
        "Study Description" => "Two arms",
        "Organism" => "Homo sapiens",
        "Sex" => "female",
        "Age" => "31",
        "Age Unit" => "year",
        "Data Species" => "Transcriptomics",
        _ => "",
    };
    let directory = tempfile::tempdir().expect("a directory");
    for (kind, file) in [
        ("samples", "a.samples.tsv"),
        ("study", "a.study.tsv"),
        ("libraries", "a.libraries.tsv"),
        ("preparations", "a.preparations.tsv"),
        ("expression-metadata", "a.gct.tsv"),
        ("cells", "a.cells.tsv"),
    ] {
        let blank = odmkit(directory.path(), &["template", "blank", kind, "-o", file]);
        assert_eq!(
            (blank.status.code(), blank.stdout),
            (Some(0), Vec::new()),
            "{kind}"
        );
        let path = directory.path().join(file);
        let header = std::fs::read_to_string(&path).expect("it is written");
        let header = header.strip_suffix('\n').expect("one line");
        let (code, text) = checked(directory.path(), file);
        assert_eq!(code, Some(1), "a contributor is told that it is empty: {text}");
        let row: Vec<&str> = header.split('\t').map(filled).collect();
        std::fs::write(&path, format!("{header}\n{}\n", row.join("\t"))).expect("it is written");
        let (code, text) = checked(directory.path(), file);
        assert_eq!(code, Some(0), "{kind}: {text}");
        let verdict = text.lines().last().unwrap_or_default();
        assert!(verdict.starts_with("clean: "), "{kind}: {text}");
        // The kind is found by the content of the table, whatever it is called.
        let plain = directory.path().join("t.tsv");
        std::fs::copy(&path, &plain).expect("it is copied");
        let (_, text) = checked(directory.path(), "t.tsv");
        assert!(text.contains(&format!("t.tsv  {kind}, tsv")), "{kind}: {text}");
    }
}

/// The exit code and the report of a check.
fn checked(directory: &std::path::Path, file: &str) -> (Option<i32>, String) {
    let output = odmkit(directory, &["check", file]);
    let text = String::from_utf8(output.stdout).expect("text");
    (output.status.code(), text)
}
