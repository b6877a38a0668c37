//! Single jobs, and those of a client of one's own.

use super::*;

#[test]
fn a_job_is_looked_after() {
    let directory = trial();
    let sandbox = Sandbox::start(directory.path());
    let submitted = sandbox
        .odmkit(directory.path(), &["submit", "trial", "--stage", "serve"])
        .output()
        .expect("it runs");
    assert!(submitted.status.success());
    let run = |args: &[&str]| sandbox.odmkit(directory.path(), args).output().expect("it runs");
    assert_eq!(json(&run(&["jobs", "info", "1"]))["status"], "COMPLETED");
    assert_eq!(
        json(&run(&["jobs", "output", "1"]))["result"]["accession"],
        "GSF000100"
    );
    let waited = run(&["jobs", "wait", "2", "--poll-interval", "50ms"]);
    assert_eq!(waited.status.code(), Some(0));
    assert_eq!(run(&["jobs", "info", "99"]).status.code(), Some(2));
    for refused in [["jobs", "stop", "1"], ["jobs", "restart", "1"]] {
        let output = run(&refused);
        assert_eq!(output.status.code(), Some(2), "a job that is complete stays so");
        assert!(String::from_utf8_lossy(&output.stderr).contains("the server answered 400"));
    }
}

#[test]
fn a_job_that_fails_ends_the_wait_for_it_with_1_and_starts_again() {
    let directory = trial();
    std::fs::write(directory.path().join("trial/trial.samples.tsv"), "no samples\n").expect("it is written");
    let sandbox = Sandbox::start(directory.path());
    let run = |args: &[&str]| sandbox.odmkit(directory.path(), args).output().expect("it runs");
    // The links lead nowhere once the run is over.
    let submitted = run(&["submit", "trial", "--stage", "serve", "--no-check"]);
    assert_eq!(submitted.status.code(), Some(1));
    let restarted = json(&run(&["jobs", "restart", "2"]));
    assert_eq!(restarted["status"], "STARTING");
    let waited = run(&["jobs", "wait", "2", "--poll-interval", "20ms", "-v"]);
    assert_eq!(waited.status.code(), Some(1));
    let output = json(&waited);
    assert_eq!(output["status"], "FAILED");
    assert!(output["errors"][0]["stack"][0]["type"].is_string(), "{output:#}");
    assert!(String::from_utf8_lossy(&waited.stderr).contains("job 2: FAILED"));
}

#[tokio::test]
async fn the_example_of_the_client_runs_against_the_sandbox() {
    use odmkit_odm_api::{Auth, Server};

    let directory = trial();
    let sandbox = Sandbox::start(directory.path());
    let link = |name: &str| format!("file://{}", directory.path().join("trial").join(name).display());
    let mut said = Vec::new();
    crate::import_by_link::import(
        Server::parse(&sandbox.url, false).expect("an address"),
        Auth::api_token(TOKEN).expect("a token"),
        &link("trial.study.tsv"),
        &link("trial.samples.tsv"),
        &mut said,
    )
    .await
    .expect("it goes well");
    let said = String::from_utf8(said).expect("text");
    assert!(
        said.contains("the study is GSF") && said.ends_with("8 samples are linked\n"),
        "{said}"
    );
    assert_eq!(sandbox.imports(), ["samples", "study"]);
}
