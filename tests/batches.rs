//! Many studies in one run, against a sandbox in which things go wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sandbox::{Sandbox, json};
use crate::support::{copy_directory, root};

/// A dozen studies below `studies`, the fifth of which the check rejects.
fn dozen() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for number in 1..=12 {
        let study = directory.path().join(format!("studies/s{number:02}"));
        let fixture = if number % 4 == 0 {
            "trial-libraries"
        } else {
            "trial"
        };
        copy_directory(&root().join("fixtures").join(fixture), &study);
    }
    spoil(&directory.path().join("studies/s05/trial.samples.tsv"));
    directory
}

/// Takes the key column's name away.
fn spoil(samples: &Path) {
    let text = std::fs::read_to_string(samples).expect("it is there");
    std::fs::write(samples, text.replacen("Sample Source ID", "Sample", 1)).expect("it can be changed");
}

fn statuses(batch: &Value) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for study in batch["studies"].as_array().expect("studies") {
        *counts
            .entry(study["status"].as_str().expect("a status"))
            .or_default() += 1;
    }
    counts
}

/// Eight studies of four files and three of five.
const IMPORTS: usize = 8 * 4 + 3 * 5;
/// Eight studies of three links and three of four.
const LINKS: usize = 8 * 3 + 3 * 4;

#[test]
fn a_batch_that_is_killed_does_only_what_is_left() {
    let directory = dozen();
    let faults = [
        "import/samples:after-reset:2-2",
        "import:503=1s:6-6",
        "link:after-504:4-4",
        "info:504:9-10",
        "job/expression:abandon:5-5",
        "any:delay=5ms",
    ];
    let sandbox = Sandbox::with_faults(directory.path(), &faults);
    let args = [
        "submit",
        "studies",
        "--stage",
        "serve",
        "--poll-interval",
        "20ms",
        "--format",
        "json",
        "-j3",
    ];
    let mut ended_early = 0;
    for wanted in [9, 25, 40] {
        let resumed: &[&str] = if wanted == 9 { &[] } else { &["--resume"] };
        let mut run = sandbox.odmkit(directory.path(), &[&args[..], resumed].concat());
        let mut run = run
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let begun = Instant::now();
        while sandbox.imports().len() < wanted {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "{} imports",
                sandbox.imports().len()
            );
            if run.try_wait().expect("it can be asked").is_some() {
                ended_early += 1;
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        run.kill().expect("it can be killed");
        run.wait().expect("it ends");
    }
    assert!(ended_early < 3, "the runs are killed midway");

    // What was stopped by a fault and not by the kill needs one more run.
    let mut batch = Value::Null;
    for _ in 0..3 {
        let args = [&args[..], &["--resume"]].concat();
        let output = sandbox.odmkit(directory.path(), &args).output().expect("it runs");
        batch = json(&output);
        if batch["status"] != "stopped" {
            assert_eq!(output.status.code(), Some(1), "one study is rejected");
            break;
        }
        assert_eq!(output.status.code(), Some(2));
    }
    assert_eq!(batch["schema"], "odmkit.batch/1");
    assert_eq!(
        statuses(&batch),
        BTreeMap::from([("complete", 11), ("rejected", 1)]),
        "{batch:#}"
    );
    assert_eq!(jobs(&sandbox).len(), IMPORTS, "nothing is imported twice");
    assert_eq!(whole_links(&batch), LINKS, "{batch:#}");

    let requests = sandbox
        .journal()
        .iter()
        .filter(|line| line["method"] == "POST")
        .count();
    let args = [&args[..], &["--resume"]].concat();
    let again = json(&sandbox.odmkit(directory.path(), &args).output().expect("it runs"));
    assert_eq!(statuses(&again)["complete"], 11);
    let after = sandbox
        .journal()
        .iter()
        .filter(|line| line["method"] == "POST")
        .count();
    assert_eq!(after, requests, "nothing is left to do");
}

/// The jobs that were begun, whether or not the answer arrived.
fn jobs(sandbox: &Sandbox) -> BTreeSet<u64> {
    let lines = sandbox.journal();
    let imports = lines.iter().filter(|line| {
        line["path"]
            .as_str()
            .is_some_and(|path| path.contains("/import/"))
    });
    imports.filter_map(|line| line["job_id"].as_u64()).collect()
}

/// How many links hold everything that they could.
fn whole_links(batch: &Value) -> usize {
    let studies = batch["studies"].as_array().expect("studies").iter();
    let links = studies.filter_map(|study| study["submission"]["links"].as_array());
    links
        .flatten()
        .filter(|link| link["linked"].is_u64() && link["linked"] == link["total"])
        .count()
}

#[test]
fn a_study_that_fails_stops_no_other_and_the_exit_code_is_the_gravest() {
    let directory = dozen();
    let path = |name: &str| directory.path().join(name);
    let list = path("studies/list.txt");
    std::fs::write(
        &list,
        "# four of them\ns01\ns02/study.toml\n\ns05\n../studies/s04\n",
    )
    .expect("it can be written");
    let sandbox = Sandbox::with_faults(directory.path(), &["job/study:fail:1-1"]);
    let args = [
        "submit",
        "--manifest",
        "studies/list.txt",
        "--stage",
        "serve",
        "--poll-interval",
        "20ms",
    ];
    let output = sandbox.odmkit(directory.path(), &args).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        output.status.code(),
        Some(1),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        text.ends_with("2 of 4 studies are complete, 1 failed, 1 rejected\n"),
        "{text}"
    );
    assert!(text.contains("the sandbox was told to fail this job"), "{text}");
    assert!(text.contains("`odmkit check studies/s05` shows them"), "{text}");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("(4 of 4 studies)"),
        "each end is told, in lines: {told}"
    );

    let args = [&args[..], &["--resume", "--format", "json"]].concat();
    let batch = json(&sandbox.odmkit(directory.path(), &args).output().expect("it runs"));
    assert_eq!(
        statuses(&batch),
        BTreeMap::from([("complete", 3), ("rejected", 1)])
    );
    let of = |index: usize| &batch["studies"][index];
    assert_eq!(of(0)["submission"]["schema"], "odmkit.submission/1");
    assert_eq!(of(2)["submission"], Value::Null);
    let paths: Vec<_> = (0..4).map(|index| of(index)["path"].as_str()).collect();
    assert_eq!(
        paths,
        [
            Some("studies/s01"),
            Some("studies/s02/study.toml"),
            Some("studies/s05"),
            Some("studies/../studies/s04")
        ],
        "in the order of the list"
    );
    assert_eq!(sandbox.imports().len(), 13);

    // A server that lets nobody in stops each study: graver than a rejected one.
    let args = ["submit", "studies", "--stage", "serve", "--format", "json"];
    let mut stopped = sandbox.odmkit(directory.path(), &args);
    let output = stopped.env("ODM_API_TOKEN", "another").output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(json(&output)["status"], "stopped");
}

#[test]
fn where_there_is_no_terminal_each_step_is_a_line() {
    let directory = dozen();
    let sandbox = Sandbox::start(directory.path());
    for progress in ["auto", "always", "never"] {
        let args = [
            "submit",
            "studies/s01",
            "studies/s02",
            "--stage",
            "serve",
            "--resume",
            "--progress",
            progress,
        ];
        let output = sandbox.odmkit(directory.path(), &args).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0));
        for text in [&output.stdout, &output.stderr] {
            let moves = text.iter().any(|byte| b"\x1b\r\x08".contains(byte));
            assert!(!moves, "--progress {progress}: {}", String::from_utf8_lossy(text));
        }
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            told.lines().any(|line| line.starts_with("studies/s01: complete")),
            "{told}"
        );
    }
}

#[test]
fn what_is_for_one_study_is_refused_for_several() {
    let directory = dozen();
    let refusal = |args: &[&str]| {
        let output = crate::support::odmkit(directory.path(), args);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let several = refusal(&["submit", "studies", "--sandbox", "--study-accession", "GSF1"]);
    assert!(
        several.contains("--study-accession is for one study, and these are 12"),
        "{several}"
    );
    copy_directory(
        &root().join("fixtures/trial"),
        &directory.path().join("other/s01"),
    );
    let args = [
        "submit",
        "studies",
        "other/s01",
        "--sandbox",
        "--parquet",
        "parquet",
    ];
    let same = refusal(&args);
    assert!(
        same.contains("studies/s01 and other/s01 have the same name"),
        "{same}"
    );
}

#[test]
fn each_study_of_a_batch_has_its_own_folder_of_parquet() {
    let directory = dozen();
    let args = ["submit", "studies", "--sandbox", "--parquet", "parquet", "-q"];
    let output = crate::support::odmkit(directory.path(), &args);
    assert_eq!(output.status.code(), Some(1), "one study is rejected");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    for study in ["s01", "s04", "s12"] {
        assert!(
            directory
                .path()
                .join("parquet")
                .join(study)
                .join("expression.parquet")
                .is_file(),
            "{study}"
        );
    }
    assert!(!directory.path().join("parquet/s05").exists());
}
