//! Runs against a sandbox that fails on purpose.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use odmkit_odm_api::{Auth, Client, HttpTransport, PathFamily, RetryPolicy, WaitPolicy};
use odmkit_submit::{
    Entity, EntityKind, EntityStatus, Options, Outcome, Plan, Silent, Staging, Submission, SubmitError,
};
use serde_json::Value;

use crate::setup::{Setup, TOKEN, options, resuming};

const KINDS: [&str; 3] = ["study", "samples", "expression"];

/// A client that tries four times, without ado.
fn client(setup: &Setup) -> Client {
    let api = setup.api(PathFamily::V1, Auth::api_token(TOKEN).unwrap());
    let transport = HttpTransport::new(api.server()).unwrap();
    let retry = RetryPolicy {
        tries: 4,
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(4),
        ..RetryPolicy::default()
    };
    Client::with_transport(api, Arc::new(transport), retry)
}

async fn run(setup: &Setup, plan: &Plan, options: &Options) -> Submission {
    try_run(setup, plan, options).await.unwrap()
}

async fn try_run(setup: &Setup, plan: &Plan, options: &Options) -> Result<Submission, SubmitError> {
    odmkit_submit::run(plan, &client(setup), options, &Silent).await
}

/// The jobs that were begun to import this kind, whether or not their beginning was heard of.
fn jobs(setup: &Setup, kind: &str) -> usize {
    let wanted = format!("/import/{kind}");
    let jobs: BTreeSet<u64> = setup
        .journal()
        .iter()
        .filter(|line| {
            let path = line["path"].as_str().unwrap().trim_end_matches("/multipart");
            path.ends_with(&wanted)
        })
        .filter_map(|line| line["job_id"].as_u64())
        .collect();
    jobs.len()
}

fn assert_once(setup: &Setup, context: &str) {
    for kind in KINDS {
        assert_eq!(jobs(setup, kind), 1, "{context}: {kind}");
    }
}

/// The one problem, as its text and what to do about it.
fn problem(submission: &Submission) -> (&str, &str) {
    // That the fixture's third column has no sample is told in every run that gets so far.
    let mut problems = submission
        .problems
        .iter()
        .filter(|problem| problem.text != "ODM linked 2 of 3");
    let problem = problems.next().unwrap_or_else(|| panic!("{submission:?}"));
    assert_eq!(problems.next(), None, "{submission:?}");
    (&problem.text, problem.help.as_deref().unwrap_or_default())
}

fn struck(setup: &Setup, fault: &str) -> Vec<Value> {
    let journal = setup.journal();
    journal
        .into_iter()
        .filter(|line| line["faults"][0] == fault)
        .collect()
}

#[tokio::test]
async fn what_passes_is_waited_out() {
    for fault in [
        "any:delay=5ms",
        "job:slow=60ms",
        "import:429:2",
        "import:502:2",
        "import:503:2",
        "import:504=1ms:1",
        "import:html=503:3",
        "import:reset:2",
        "import:after-reset:2",
        "import/samples:after-504:1",
        "import/expression:after-html=502:1",
        "info:503:2",
        "info:html=502:3",
        "info:reset:3",
        "output:html=504:2",
        "output:reset:1",
        "read:502:2",
        "read:after-reset:2",
        "link:429:1",
        "job:abandon:1",
    ] {
        let setup = Setup::with_faults(&[fault]).await;
        let submission = run(&setup, &setup.plan(), &options(Staging::SharedDisk)).await;
        assert_eq!(submission.status, Outcome::Complete, "{fault}: {submission:?}");
        assert!(
            submission
                .entities
                .iter()
                .all(|entity| entity.status == EntityStatus::Imported),
            "{fault}: {submission:?}"
        );
        assert_once(&setup, fault);
        let met = fault.starts_with("job") || !struck(&setup, fault).is_empty();
        assert!(met, "{fault} struck nothing");
    }
}

#[tokio::test]
async fn what_does_not_pass_stops_the_run_which_goes_on_when_it_has() {
    for (fault, said) in [
        ("import/samples:500:1", "500"),
        ("import/samples:503:4", "503 (tried 4 times)"),
        ("import/samples:429:4", "429 (tried 4 times)"),
        ("import/samples:after-500:1", "500"),
        (
            "import/samples:html=200:1",
            "200, but not as ODM does: an HTML page titled “200 ok”",
        ),
        ("import/samples:after-html=200:1", "an HTML page titled “200 ok”"),
        ("import/samples:reset:4", "the connection broke"),
        ("import/samples:after-reset:4", "the connection broke"),
        ("info:500:1", "500"),
        ("info:504:4", "504 (tried 4 times)"),
        ("output:html=200:1", "an HTML page titled “200 ok”"),
        ("link:500:1", "500"),
        ("link:reset:1", "the connection broke"),
        ("link:after-reset:1", "the connection broke"),
        ("link:after-504:1", "504"),
        ("read:500:1", "500"),
    ] {
        let setup = Setup::with_faults(&[fault]).await;
        let plan = setup.plan();
        let submission = run(&setup, &plan, &options(Staging::SharedDisk)).await;
        assert_eq!(submission.status, Outcome::Stopped, "{fault}: {submission:?}");
        let (text, help) = problem(&submission);
        assert!(
            text.to_lowercase().contains(&said.to_lowercase()),
            "{fault}: {text}"
        );
        assert!(
            help.ends_with("run the same command with --resume to go on"),
            "{fault}: {help}"
        );
        let well = match said.split(' ').next().unwrap() {
            "500" | "503" | "429" | "504" => "once the server is well again",
            "the" => "once the network is well again",
            _ => "see that nothing else answers in ODM's place",
        };
        assert!(help.starts_with(well), "{fault}: {help}");
        let submission = run(&setup, &plan, &resuming(Staging::SharedDisk)).await;
        assert_eq!(submission.status, Outcome::Complete, "{fault}: {submission:?}");
        assert_once(&setup, fault);
        let linked: Vec<_> = submission.links.iter().map(|link| link.linked).collect();
        assert_eq!(linked, [Some(3), Some(2)], "{fault}");
    }
}

#[tokio::test]
async fn an_asked_wait_is_kept_to() {
    let setup = Setup::with_faults(&["import/study:429=1s:1"]).await;
    let began = Instant::now();
    let submission = run(&setup, &setup.plan(), &options(Staging::SharedDisk)).await;
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_once(&setup, "429");
}

#[tokio::test]
async fn a_token_that_expires_anywhere_leaves_a_run_to_resume() {
    for nth in 1.. {
        let setup = Setup::with_faults(&[&format!("any:401:{nth}-{nth}")]).await;
        let plan = setup.plan();
        let submission = run(&setup, &plan, &options(Staging::SharedDisk)).await;
        if submission.status == Outcome::Complete {
            assert!(nth > 12, "a run of five steps takes more than {nth} requests");
            break;
        }
        assert_eq!(submission.status, Outcome::Stopped, "{nth}: {submission:?}");
        let (text, help) = problem(&submission);
        assert!(
            text.contains("401") && text.contains("the token has expired"),
            "{nth}: {text}"
        );
        assert_eq!(
            help, "give a token that ODM accepts, and run the same command with --resume",
            "{nth}"
        );
        let submission = run(&setup, &plan, &resuming(Staging::SharedDisk)).await;
        assert_eq!(submission.status, Outcome::Complete, "{nth}: {submission:?}");
        assert_once(&setup, &format!("401 at {nth}"));
    }
}

#[tokio::test]
async fn an_answer_lost_anywhere_loses_and_doubles_nothing() {
    for what in ["reset", "after-reset", "after-502", "after-500", "html=200"] {
        for nth in 1.. {
            let fault = format!("any:{what}:{nth}-{nth}");
            let setup = Setup::with_faults(&[&fault]).await;
            let plan = setup.plan();
            let mut submission = run(&setup, &plan, &options(Staging::SharedDisk)).await;
            if submission.status != Outcome::Complete {
                // Failed, where a page instead of an answer to a link left nothing linked.
                assert!(problem(&submission).1.contains("--resume"), "{fault}");
                submission = run(&setup, &plan, &resuming(Staging::SharedDisk)).await;
            }
            assert_eq!(submission.status, Outcome::Complete, "{fault}: {submission:?}");
            assert_once(&setup, &fault);
            let linked: Vec<_> = submission.links.iter().map(|link| link.linked).collect();
            assert_eq!(linked, [Some(3), Some(2)], "{fault}");
            if struck(&setup, &fault).is_empty() {
                assert!(nth > 12, "a run of five steps takes more than {nth} requests");
                break;
            }
        }
    }
}

#[tokio::test]
async fn an_upload_whose_answer_is_lost_is_not_sent_again() {
    for what in [
        "reset",
        "after-reset",
        "500",
        "503",
        "after-504",
        "html=200",
        "after-html=502",
    ] {
        let fault = format!("import/samples:{what}:1");
        let setup = Setup::with_faults(&[&fault]).await;
        let study = setup.study().await;
        let plan = setup.plan_under(Entity::existing(EntityKind::Study, study));
        for options in [options(Staging::Multipart), resuming(Staging::Multipart)] {
            let submission = run(&setup, &plan, &options).await;
            assert_eq!(submission.status, Outcome::Stopped, "{fault}: {submission:?}");
            assert_eq!(submission.entities[1].status, EntityStatus::Unknown, "{fault}");
            let (text, help) = problem(&submission);
            assert!(
                text.starts_with("it is not known whether ODM has it: "),
                "{fault}: {text}"
            );
            assert!(
                help.contains("--resume --send-again 't.samples.tsv'"),
                "{fault}: {help}"
            );
        }
        let uploads = setup.journal().into_iter().filter(|line| {
            let path = line["path"].as_str().unwrap();
            path.ends_with("samples/multipart")
        });
        assert_eq!(uploads.count(), 1, "{fault}");
    }
}

#[tokio::test]
async fn an_upload_that_was_turned_away_is_sent_again() {
    let setup = Setup::with_faults(&["import/samples:429:2"]).await;
    let study = setup.study().await;
    // Larger than what a socket holds, so that the answer comes while the file is still being sent.
    let note = "long ".repeat(1 << 20);
    setup.write(
        "t.samples.tsv",
        &format!("Sample Source ID\tNote\nS1\t{note}\nS2\t\nS3\t\n"),
    );
    let plan = setup.plan_under(Entity::existing(EntityKind::Study, study));
    let submission = run(&setup, &plan, &options(Staging::Multipart)).await;
    assert_eq!(
        submission.entities[1].status,
        EntityStatus::Imported,
        "{submission:?}"
    );
    assert_eq!(jobs(&setup, "samples"), 1);
    assert_eq!(struck(&setup, "import/samples:429:2").len(), 2);
}

#[tokio::test]
async fn an_old_job_is_taken_over() {
    let setup = Setup::with_faults(&["import/samples:old-job:1", "job/samples:slow=50ms"]).await;
    let submission = run(&setup, &setup.plan(), &options(Staging::SharedDisk)).await;
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    assert_eq!(submission.entities[1].status, EntityStatus::Reused);
    assert_once(&setup, "old job");
}

#[tokio::test]
async fn an_old_job_that_fails_again_is_told() {
    let setup = Setup::with_faults(&["import/samples:old-job:1", "job/samples:fail"]).await;
    let submission = run(&setup, &setup.plan(), &options(Staging::SharedDisk)).await;
    assert_eq!(submission.status, Outcome::Failed);
    let (text, help) = problem(&submission);
    assert!(text.starts_with("job 2 ended as FAILED: import: "), "{text}");
    assert!(help.contains("--allow-duplicates"), "{help}");
    let restarts = setup.journal().into_iter().filter(|line| line["method"] == "PUT");
    assert_eq!(restarts.count(), 1, "it was started again once");
}

#[tokio::test]
async fn a_409_that_names_no_job_is_a_refusal() {
    let setup = Setup::with_faults(&["import/samples:409:1"]).await;
    let submission = run(&setup, &setup.plan(), &options(Staging::SharedDisk)).await;
    assert_eq!(submission.status, Outcome::Failed);
    assert!(problem(&submission).0.contains("409"));
    assert_eq!(jobs(&setup, "samples"), 0);
}

#[tokio::test]
async fn a_failed_job_says_stage_and_stack_and_goes_on_later() {
    let setup = Setup::with_faults(&["job/samples:fail:1"]).await;
    let plan = setup.plan();
    let submission = run(&setup, &plan, &options(Staging::SharedDisk)).await;
    assert_eq!(submission.status, Outcome::Failed);
    let (text, help) = problem(&submission);
    assert_eq!(
        text,
        "job 2 ended as FAILED: import: ImportException: the import could not be completed; \
         import: FaultException: the sandbox was told to fail this job"
    );
    assert_eq!(
        help,
        "mend what ODM complains of, and run the same command with --resume"
    );
    let submission = run(&setup, &plan, &resuming(Staging::SharedDisk)).await;
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    assert_once(&setup, "failed job");
}

#[tokio::test]
async fn a_job_that_never_ends_is_waited_for_as_long_as_was_said() {
    let setup = Setup::with_faults(&["job/samples:hang:1"]).await;
    let plan = setup.plan();
    let wait = WaitPolicy {
        interval: Duration::from_millis(10),
        timeout: Duration::from_millis(200),
    };
    for resume in [false, true] {
        let options = Options {
            wait,
            resume,
            ..options(Staging::SharedDisk)
        };
        let submission = run(&setup, &plan, &options).await;
        assert_eq!(submission.status, Outcome::Stopped);
        assert_eq!(submission.entities[1].status, EntityStatus::Submitted);
        let (text, help) = problem(&submission);
        assert!(text.starts_with("job 2 is still RUNNING after "), "{text}");
        assert!(
            help.contains("--resume") && help.contains("odmkit jobs stop 2"),
            "{help}"
        );
    }
    client(&setup).stop_job(odmkit_odm_api::JobId(2)).await.unwrap();
    let submission = run(&setup, &plan, &resuming(Staging::SharedDisk)).await;
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    assert_once(&setup, "hanging job");
}

#[tokio::test]
async fn a_partial_link_is_counted_and_told() {
    let setup = Setup::with_faults(&["link/samples:partial=2", "link/expression:partial"]).await;
    let plan = setup.plan();
    let submission = run(&setup, &plan, &options(Staging::SharedDisk)).await;
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    let links: Vec<_> = submission
        .links
        .iter()
        .map(|link| (link.linked, link.total))
        .collect();
    assert_eq!(links, [(Some(2), Some(3)), (Some(1), Some(3))]);
    let told: Vec<_> = submission
        .problems
        .iter()
        .map(|problem| (problem.subject.as_str(), problem.text.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("t.samples.tsv to t.study.tsv", "ODM linked 2 of 3"),
            ("t.tsv to t.samples.tsv", "ODM linked 1 of 3")
        ]
    );
    assert!(
        submission
            .problems
            .iter()
            .all(|problem| problem.help.as_deref().unwrap().contains("odmkit check"))
    );
    let again = run(&setup, &plan, &resuming(Staging::SharedDisk)).await;
    assert_eq!(submission, again, "the same is told when it is asked again");
}

#[tokio::test]
async fn a_link_that_says_ok_and_links_nothing_is_found_out() {
    for (fault, at) in [("link/samples:nothing:1", 0), ("link/expression:nothing:1", 1)] {
        let setup = Setup::with_faults(&[fault]).await;
        let plan = setup.plan();
        let submission = run(&setup, &plan, &options(Staging::SharedDisk)).await;
        assert_eq!(submission.status, Outcome::Failed, "{fault}: {submission:?}");
        let (text, help) = problem(&submission);
        assert_eq!(
            text,
            "ODM accepted the link, but reading it back shows nothing linked"
        );
        assert!(help.contains("--resume"), "{help}");
        assert!(submission.links[at].error.is_some(), "{fault}: {submission:?}");
        assert_eq!(struck(&setup, fault)[0]["status"], 204, "{fault}");
        let submission = run(&setup, &plan, &resuming(Staging::SharedDisk)).await;
        assert_eq!(submission.status, Outcome::Complete, "{fault}: {submission:?}");
        assert_once(&setup, fault);
    }
}

#[tokio::test]
async fn a_study_that_cannot_be_seen_stops_the_run_before_it_begins() {
    let setup = Setup::with_faults(&["read:403:1"]).await;
    let study = setup.study().await;
    let plan = setup.plan_under(Entity::existing(EntityKind::Study, study));
    let error = try_run(&setup, &plan, &options(Staging::SharedDisk))
        .await
        .unwrap_err();
    assert!(
        matches!(error, SubmitError::Study(_)) && error.to_string().contains("Curator"),
        "{error}"
    );
    assert_eq!(jobs(&setup, "samples"), 0);
}

#[tokio::test]
async fn the_journal_tells_what_struck() {
    let setup = Setup::with_faults(&["import/study:reset:1", "import/study:after-504:1"]).await;
    run(&setup, &setup.plan(), &options(Staging::SharedDisk)).await;
    let lines: Vec<_> = setup
        .journal()
        .into_iter()
        .filter(|line| line["path"] == "/api/v1/jobs/import/study")
        .map(|line| {
            (
                line["status"].clone(),
                line["job_id"].clone(),
                line["faults"][0].clone(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            (Value::Null, Value::Null, "import/study:reset:1".into()),
            (200.into(), 1.into(), Value::Null),
        ],
        "both met the first request, and the first given struck"
    );
}
