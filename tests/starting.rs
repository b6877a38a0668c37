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
