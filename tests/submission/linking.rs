//! What is linked to what, and what is in ODM already.

use super::*;

#[test]
fn data_is_linked_to_the_samples_that_it_names() {
    let directory = trial();
    let study = directory.path().join("trial");
    let samples = std::fs::read_to_string(study.join("trial.samples.tsv")).expect("it is there");
    std::fs::write(study.join("other.samples.tsv"), samples.replace("OAK-", "ELM-")).expect("it is written");
    let manifest = std::fs::read_to_string(study.join("study.toml")).expect("it is there");
    let manifest = manifest.replace(
        "[[samples]]",
        "[[samples]]\nmetadata = \"other.samples.tsv\"\n\n[[samples]]",
    );
    std::fs::write(study.join("study.toml"), manifest).expect("it is written");

    let links = |more: &[&str]| -> (Option<i32>, Vec<Value>) {
        let args = [&["submit", "trial", "--sandbox", "--format", "json"], more].concat();
        let output = crate::support::odmkit(directory.path(), &args);
        let links = json(&output)["links"].as_array().expect("links").clone();
        (
            output.status.code(),
            links.iter().map(|link| link["linked"].clone()).collect(),
        )
    };
    assert_eq!(
        links(&[]),
        (Some(0), vec![8.into(), 8.into(), 8.into(), 6.into()])
    );
    // Asked to link all to all, ODM refuses what shares no name, and the run says so.
    let (code, all) = links(&["--link-all-to-all"]);
    assert_eq!((code, all.len()), (Some(1), 6));
}

#[test]
fn pooled_records_are_linked_too() {
    let directory = tempfile::tempdir().expect("a directory");
    copy_directory(
        &root().join("fixtures/detect/omics"),
        &directory.path().join("omics"),
    );
    let output = crate::support::odmkit(
        directory.path(),
        &["submit", "omics", "--sandbox", "--format", "json"],
    );
    let outcome = json(&output);
    assert_eq!(outcome["status"], "complete", "{outcome:#}");
    let kinds: Vec<&str> = outcome["links"]
        .as_array()
        .expect("links")
        .iter()
        .filter_map(|link| link["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "samples-study",
            "libraries-samples",
            "preparations-samples",
            "expression-libraries"
        ]
    );
}

#[test]
fn what_is_in_odm_already_and_what_is_applied_is_told_to_it() {
    let directory = trial();
    let sandbox = Sandbox::start(directory.path());
    let run = |args: &[&str]| -> Value {
        let args = [args, &["--format", "json", "--poll-interval", "50ms"]].concat();
        json(&sandbox.odmkit(directory.path(), &args).output().expect("it runs"))
    };
    let accession = |outcome: &Value, index: usize| -> String {
        let text = outcome["entities"][index]["accession"].as_str();
        text.unwrap_or_else(|| panic!("{outcome:#}")).to_owned()
    };
    let whole = [
        "submit",
        "trial",
        "--stage",
        "serve",
        "--template-id",
        "GSF000001",
    ];
    let first = run(&whole);
    assert_eq!(first["status"], "complete", "{first:#}");
    let journal = sandbox.journal();
    let signed_in = journal
        .iter()
        .any(|line| line["path"].to_string().contains("/signin/"));
    assert!(!signed_in, "a template that is named is not looked up");

    // A second version of one matrix, under the study and the samples that are there.
    let (study, samples) = (accession(&first, 0), accession(&first, 1));
    let matrix = accession(&first, 2);
    let folder = directory.path().join("next");
    std::fs::create_dir(&folder).expect("a folder");
    for file in ["expression.gct", "expression.gct.tsv"] {
        std::fs::copy(directory.path().join("trial").join(file), folder.join(file)).expect("it is copied");
    }
    let second = run(&[
        "submit",
        "next",
        "--study-accession",
        &study,
        "--samples-accession",
        &samples,
        "--previous-version",
        &matrix,
        "--link-attribute",
        "Sample Source ID",
    ]);
    assert_eq!(second["status"], "complete", "{second:#}");
    let statuses: Vec<&Value> = second["entities"]
        .as_array()
        .expect("entities")
        .iter()
        .map(|entity| &entity["status"])
        .collect();
    assert_eq!(statuses, ["existing", "existing", "imported"]);
    assert_eq!(
        second["links"].as_array().expect("links").len(),
        1,
        "what was there is not linked again"
    );
    assert_eq!(second["links"][0]["linked"], 8);
    let log = std::fs::read_to_string(sandbox.data.join("world.jsonl")).expect("the log");
    assert!(
        log.contains(&format!("\"previous_version\":\"{matrix}\"")),
        "{log}"
    );

    // Again, and again on purpose.
    let before = sandbox.imports().len();
    let again = run(&whole);
    assert_eq!(again["entities"][1]["status"], "reused", "{again:#}");
    assert_eq!(sandbox.imports().len(), before);
    let twice = run(&[&whole[..], &["--allow-duplicates"]].concat());
    assert_eq!(twice["status"], "complete", "{twice:#}");
    assert_eq!(sandbox.imports().len(), before + 4);
    let query = |line: &Value| line["query"] == "allow_dups=true";
    assert_eq!(sandbox.journal().iter().filter(|line| query(line)).count(), 4);
}

#[test]
fn what_is_in_doubt_is_settled_study_by_study() {
    let directory = trial();
    copy_directory(&root().join("fixtures/trial"), &directory.path().join("other"));
    for flag in [
        ["--adopt", "trial.samples.tsv=GSF1"],
        ["--send-again", "trial.samples.tsv"],
    ] {
        let args = [&["submit", "trial", "other", "--sandbox"][..], &flag].concat();
        let output = crate::support::odmkit(directory.path(), &args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        let wanted = format!("{} is for one study, and these are 2", flag[0]);
        assert!(errors.contains(&wanted), "{errors}");
    }
}
