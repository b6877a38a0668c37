//! Whole submissions over HTTP, against the sandbox: embedded in the run, and as a process of its own.

mod jobs;
mod linking;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sandbox::{Sandbox, TOKEN, json, trial};
use crate::support::{copy_directory, entries, name, read, root};

#[test]
fn the_first_command_of_the_readme_does_the_main_job() {
    let readme = read("README.md");
    let command = readme
        .lines()
        .find_map(|line| line.strip_prefix("cargo run --release -- "))
        .expect("it is there");
    let args: Vec<&str> = command.split(' ').collect();
    let directory = tempfile::tempdir().expect("a directory");
    copy_directory(
        &root().join("fixtures/trial"),
        &directory.path().join("fixtures/trial"),
    );

    let output = crate::support::odmkit(directory.path(), &args);
    let text = String::from_utf8(output.stdout).expect("it is text");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for wanted in [
        "clean     fixtures/trial/expression.gct",
        "target/trial-parquet/expression.parquet",
        "target/trial-parquet/proteomics.parquet",
        "imported  study       trial.study.tsv",
        "linked  samples to study",
        "8 of 8 linked",
        "6 of 6 linked",
        "complete: 4 of 4 entities and 3 of 3 links are in the sandbox, not in ODM",
    ] {
        assert!(text.contains(wanted), "`{wanted}` is not in\n{text}");
    }
    let written: Vec<String> = entries(&directory.path().join("target/trial-parquet"))
        .iter()
        .map(|path| name(path).to_owned())
        .collect();
    assert_eq!(written, ["expression.parquet", "proteomics.parquet"]);
    let study: Vec<String> = entries(&directory.path().join("fixtures/trial"))
        .iter()
        .map(|path| name(path).to_owned())
        .collect();
    assert!(
        study.iter().all(|file| !file.contains("odmkit-run")),
        "a trial leaves no state behind: {study:?}"
    );
}

#[test]
fn the_outcome_as_json_has_the_fields_of_the_contract() {
    let directory = trial();
    let output = crate::support::odmkit(
        directory.path(),
        &["submit", "trial", "--sandbox", "--format", "json"],
    );
    let outcome = json(&output);
    let keys = |value: &Value| {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(&outcome),
        ["schema", "server", "entities", "links", "status"]
    );
    assert_eq!(outcome["schema"], "odmkit.submission/1");
    assert_eq!(outcome["status"], "complete");
    assert_eq!(
        keys(&outcome["entities"][0]),
        ["kind", "path", "job_id", "accession", "status", "seconds"]
    );
    assert_eq!(
        keys(&outcome["links"][0]),
        ["from", "to", "kind", "linked", "total"]
    );
    assert_eq!(outcome["links"][0]["kind"], "samples-study");
}

#[test]
fn both_families_of_paths_are_spoken() {
    for (family, path) in [
        ("v1", "/api/v1/jobs/import/samples"),
        (
            "legacy",
            "/frontend/rs/genestack/job/default-released/import/samples",
        ),
    ] {
        let directory = trial();
        let sandbox = Sandbox::start(directory.path());
        let args = ["submit", "trial", "--stage", "serve", "--api", family];
        let output = sandbox.odmkit(directory.path(), &args).output().expect("it runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(
            sandbox.journal().iter().any(|line| line["path"] == path),
            "{family}"
        );
        assert_eq!(
            sandbox.imports(),
            ["expression", "expression", "samples", "study"]
        );
    }
}

#[test]
fn files_are_sent_along_where_the_study_is_in_odm_already() {
    let directory = trial();
    let sandbox = Sandbox::start(directory.path());
    let refused = sandbox
        .odmkit(directory.path(), &["submit", "trial"])
        .output()
        .expect("it runs");
    assert_eq!(refused.status.code(), Some(2), "a study cannot be sent along");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--study-accession"));
    assert_eq!(sandbox.imports(), Vec::<String>::new(), "nothing was sent");

    let study = sandbox
        .odmkit(
            directory.path(),
            &[
                "submit",
                "trial/trial.study.tsv",
                "--stage",
                "serve",
                "--format",
                "json",
            ],
        )
        .output()
        .expect("it runs");
    let study = json(&study)["entities"][0]["accession"]
        .as_str()
        .expect("an accession")
        .to_owned();
    let args = ["submit", "trial", "--study-accession", &study, "--format", "json"];
    let outcome = json(&sandbox.odmkit(directory.path(), &args).output().expect("it runs"));
    assert_eq!(outcome["status"], "complete", "{outcome:#}");
    assert_eq!(
        sandbox.imports(),
        [
            "expression/multipart",
            "expression/multipart",
            "samples/multipart",
            "study"
        ]
    );
}

#[test]
fn a_run_that_is_killed_goes_on_and_imports_nothing_twice() {
    let directory = trial();
    let sandbox = Sandbox::start(directory.path());
    let args = ["submit", "trial", "--stage", "serve", "--poll-interval", "50ms"];
    let mut first = sandbox.odmkit(directory.path(), &args);
    let mut first = first
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let begun = Instant::now();
    while !sandbox.imports().contains(&"samples".to_owned()) {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the samples are imported in time"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    first.kill().expect("it can be killed");
    first.wait().expect("it ends");

    let args = [&args[..], &["--resume", "--format", "json"]].concat();
    let output = sandbox.odmkit(directory.path(), &args).output().expect("it runs");
    let outcome = json(&output);
    assert_eq!(outcome["status"], "complete", "{outcome:#}");
    assert_eq!(
        sandbox.imports(),
        ["expression", "expression", "samples", "study"]
    );
    let linked: Vec<_> = outcome["links"]
        .as_array()
        .expect("links")
        .iter()
        .map(|link| &link["linked"])
        .collect();
    assert_eq!(linked, [8, 8, 6]);
}

#[test]
fn what_was_changed_behind_an_import_is_not_passed_off_as_imported() {
    let directory = trial();
    let sandbox = Sandbox::start(directory.path());
    let args = ["submit", "trial", "--stage", "serve"];
    let first = sandbox.odmkit(directory.path(), &args).output().expect("it runs");
    assert!(first.status.success());
    let samples = directory.path().join("trial/trial.samples.tsv");
    let text = std::fs::read_to_string(&samples)
        .expect("it is there")
        .replace("female", "male");
    std::fs::write(&samples, text).expect("it can be changed");

    let again = sandbox
        .odmkit(directory.path(), &[&args[..], &["--resume"]].concat())
        .output()
        .expect("it runs");
    assert_eq!(again.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&again.stderr);
    assert!(
        errors.contains("trial.samples.tsv") && errors.contains("--allow-duplicates"),
        "{errors}"
    );
    assert_eq!(sandbox.imports().len(), 4, "nothing was sent");
}

#[test]
fn a_study_with_errors_is_not_sent() {
    let directory = trial();
    let matrix = directory.path().join("trial/expression.gct");
    let text = std::fs::read_to_string(&matrix)
        .expect("it is there")
        .replace("24\t8", "25\t8");
    std::fs::write(&matrix, text).expect("it can be changed");
    let sandbox = Sandbox::start(directory.path());

    let output = sandbox
        .odmkit(directory.path(), &["submit", "trial", "--stage", "serve"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("error[G003]"));
    assert_eq!(sandbox.journal(), Vec::<Value>::new());

    // The sandbox judges by the same rules: sent in spite of the error, the matrix is refused there.
    let args = [
        "submit",
        "trial",
        "--stage",
        "serve",
        "--no-check",
        "--format",
        "json",
    ];
    let output = sandbox.odmkit(directory.path(), &args).output().expect("it runs");
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let outcome = json(&output);
    assert_eq!(outcome["status"], "failed");
    let failed: Vec<_> = outcome["entities"]
        .as_array()
        .expect("entities")
        .iter()
        .filter(|entity| entity["status"] == "failed")
        .map(|entity| &entity["path"])
        .collect();
    assert_eq!(failed, ["expression.gct"]);
}

#[test]
fn the_token_is_shown_nowhere() {
    let directory = trial();
    let sandbox = Sandbox::start(directory.path());
    let runs: [&[&str]; 4] = [
        &["submit", "trial", "--stage", "serve", "-v"],
        &["submit", "trial", "--stage", "serve", "--dry-run"],
        &["jobs", "info", "1"],
        &["jobs", "info", "99"],
    ];
    for args in runs {
        let output = sandbox.odmkit(directory.path(), args).output().expect("it runs");
        for text in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(text).contains(TOKEN), "{args:?}");
        }
    }
    let unreachable = Command::new(env!("CARGO_BIN_EXE_odmkit"))
        .args(["jobs", "restart", "1", "--server", "http://127.0.0.1:9"])
        .env("ODM_API_TOKEN", TOKEN)
        .env_remove("ODM_ACCESS_TOKEN")
        .output()
        .expect("it runs");
    assert_eq!(unreachable.status.code(), Some(2));
    assert!(!String::from_utf8_lossy(&unreachable.stderr).contains(TOKEN));
    let mut looked_at = 0;
    for folder in [directory.path().join("trial"), sandbox.data.clone()] {
        for file in entries(&folder).into_iter().filter(|entry| entry.is_file()) {
            let bytes = std::fs::read(&file).expect("it can be read");
            assert!(
                !String::from_utf8_lossy(&bytes).contains(TOKEN),
                "{}",
                file.display()
            );
            looked_at += 1;
        }
    }
    assert!(
        looked_at >= 8,
        "the state, the journal and the files were looked at"
    );
}

#[test]
fn a_wrong_token_ends_the_run_and_says_so() {
    let directory = trial();
    let sandbox = Sandbox::start(directory.path());
    let output = sandbox
        .odmkit(directory.path(), &["submit", "trial", "--stage", "serve"])
        .env("ODM_API_TOKEN", "another")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("does not accept the token") && said.contains("give a token that ODM accepts"),
        "{said}"
    );
    assert_eq!(sandbox.imports(), Vec::<String>::new());
}

/// Attachments and cross-references come from the manifest, previous versions too.
#[test]
fn a_manifest_may_have_attachments_a_cross_reference_and_previous_versions() {
    let directory = trial();
    let study = directory.path().join("trial");
    std::fs::write(study.join("protocol.pdf"), "%PDF-1.4").expect("it is written");
    std::fs::write(study.join("tx2gene.tsv"), "TXNAME\tGENEID\nT1\tG1\n").expect("it is written");
    let manifest = std::fs::read_to_string(study.join("study.toml")).expect("it is there");
    let more = "\n[[mapping]]\nfile = \"tx2gene.tsv\"\n\n[[attachments]]\nfile = \"protocol.pdf\"\n";
    let with_class = |class: &str| {
        let text = format!("{manifest}{more}data_class = \"{class}\"\n");
        std::fs::write(study.join("study.toml"), text).expect("it is written");
    };
    let args = ["submit", "trial", "--sandbox", "--format", "json"];
    with_class("Dokument");
    let output = crate::support::odmkit(directory.path(), &args);
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_ne!(output.status.code(), Some(0));
    assert!(
        said.contains("ODM has no data class `Dokument`; did you mean `Document`?"),
        "{said}"
    );

    with_class("Document");
    let output = crate::support::odmkit(directory.path(), &args);
    let outcome = json(&output);
    assert_eq!(outcome["status"], "complete", "{outcome:#}");
    let kinds: Vec<&str> = outcome["entities"]
        .as_array()
        .expect("entities")
        .iter()
        .filter_map(|entity| entity["kind"].as_str())
        .collect();
    assert!(kinds.contains(&"file") && kinds.contains(&"mapping"), "{kinds:?}");
    let links = outcome["links"].as_array().expect("links").iter();
    assert_eq!(
        links.filter(|link| link["kind"] == "expression-mapping").count(),
        2
    );

    let text = std::fs::read_to_string(study.join("study.toml")).expect("it is there");
    let text = text.replacen("[[data]]", "[[data]]\nprevious_version = \"GSF77\"", 1);
    std::fs::write(study.join("study.toml"), text).expect("it is written");
    let output = crate::support::odmkit(
        directory.path(),
        &[
            "submit",
            "trial",
            "--stage",
            "link",
            "--source-url",
            "https://a.org/t",
            "--dry-run",
            "--server",
            "https://a.org",
            "--token-file",
            "trial/protocol.pdf",
        ],
    );
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("\"previousVersion\":\"GSF77\""),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        said.contains("/api/v1/xrefsets") && said.contains("geneTranscriptMapping"),
        "{said}"
    );
}

/// However large an upload is, it goes through a buffer.
#[cfg(target_os = "linux")]
#[test]
fn an_upload_takes_no_memory_to_speak_of() {
    let directory = trial();
    let sandbox = Sandbox::start(directory.path());
    let args = [
        "submit",
        "trial/trial.study.tsv",
        "--stage",
        "serve",
        "--format",
        "json",
    ];
    let study = json(&sandbox.odmkit(directory.path(), &args).output().expect("it runs"));
    let study = study["entities"][0]["accession"]
        .as_str()
        .expect("an accession")
        .to_owned();
    let folder = directory.path().join("large");
    std::fs::create_dir(&folder).expect("a folder");
    let size = 256 << 20;
    let file = std::fs::File::create(folder.join("large.bin")).expect("a file");
    file.set_len(size).expect("it can be that large");
    let manifest = format!(
        "[study]\naccession = \"{study}\"\n[[attachments]]\nfile = \"large.bin\"\ndata_class = \"Other\"\n"
    );
    std::fs::write(folder.join("study.toml"), manifest).expect("it is written");
    let mut run = sandbox.odmkit(directory.path(), &["submit", "large", "--poll-interval", "50ms"]);
    let mut run = run
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let most = |id: u32| -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
            .unwrap_or(0)
    };
    let mut held = 0;
    let code = loop {
        held = held.max(most(run.id()));
        if let Some(status) = run.try_wait().expect("it can be waited for") {
            break status.code();
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert_eq!(code, Some(0));
    assert_eq!(sandbox.imports(), ["file/multipart", "study"]);
    let both = held + most(sandbox.process.id());
    assert!(held > 0 && both << 10 < size / 2, "{both} kB for {size} bytes");
}
