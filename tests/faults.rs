//! What a person sees when the server fails.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sandbox::{Trial, flat};
use crate::support::{entries, odmkit};

#[test]
fn what_passes_is_not_noticed() {
    for faults in [
        &["any:delay=20ms", "job:slow=100ms"][..],
        &["import/samples:429=1s:1"],
        &["import/study:503:1", "info:html=502:1"],
        &["import/samples:reset:1", "read:reset:1"],
        &["import/samples:after-reset:1"],
        &["import/expression:after-504:1", "job/expression:abandon:1"],
    ] {
        let trial = Trial::new(faults);
        let began = Instant::now();
        let (code, said) = trial.submit(&[]);
        assert_eq!(code, Some(0), "{faults:?}: {said}");
        assert!(
            said.contains("complete: 4 of 4 entities and 3 of 3 links are in ODM"),
            "{said}"
        );
        assert!(!said.contains("reused"), "{faults:?}: {said}");
        if faults[0].contains("429") {
            assert!(
                began.elapsed() >= Duration::from_secs(1),
                "the wait was asked for"
            );
        }
        trial.assert_imported_once(faults[0]);
    }
}

#[test]
fn each_failure_is_told_with_its_remedy_and_resumed() {
    let resume = "run the same command with --resume to go on";
    for (fault, code, what, remedy) in [
        (
            "import/samples:500:1",
            2,
            "/api/v1/jobs/import/samples: the server answered 500: the sandbox was told to answer so",
            resume,
        ),
        (
            "info:html=500:1",
            2,
            "the server answered 500: an HTML page titled “500 internal server error”",
            resume,
        ),
        (
            "link/samples:after-reset:1",
            2,
            "trial.samples.tsv to trial.study.tsv: POST",
            resume,
        ),
        (
            "any:401:6-6",
            2,
            "the server answered 401 (the token is missing, cut short, revoked, or another server's): the token has expired",
            "give a token that ODM accepts, and run the same command with --resume",
        ),
        (
            "job/samples:fail:1",
            1,
            "trial.samples.tsv: job 2 ended as FAILED: import: ImportException: the import could not be completed",
            "mend what ODM complains of, and run the same command with --resume",
        ),
        (
            "link/samples:nothing:1",
            1,
            "ODM accepted the link, but reading it back shows nothing linked",
            "compare the names in both files, and run the same command with --resume",
        ),
    ] {
        let trial = Trial::new(&[fault]);
        let (found, said) = trial.submit(&[]);
        let said = flat(&said);
        assert_eq!(found, Some(code), "{fault}: {said}");
        assert!(
            said.to_lowercase().contains(&what.to_lowercase()),
            "{fault}: {said}"
        );
        assert!(said.contains(remedy), "{fault}: {said}");
        let (found, said) = trial.submit(&["--resume"]);
        assert_eq!(found, Some(0), "{fault}: {said}");
        assert!(
            said.contains("complete: 4 of 4 entities and 3 of 3 links are in ODM"),
            "{fault}: {said}"
        );
        trial.assert_imported_once(fault);
    }
}

#[test]
fn a_job_that_never_ends_can_be_stopped_and_done_again() {
    let trial = Trial::new(&["job/samples:hang:1"]);
    let (code, said) = trial.submit(&["--job-timeout", "400ms"]);
    assert_eq!(code, Some(2), "{said}");
    let said = flat(&said);
    assert!(
        said.contains("trial.samples.tsv: job 2 is still RUNNING after"),
        "{said}"
    );
    assert!(
        said.contains("`odmkit jobs stop 2`") && said.contains("--resume"),
        "{said}"
    );
    assert!(trial.odmkit(&["jobs", "stop", "2"]).status.success());
    let (code, said) = trial.submit(&["--resume"]);
    assert_eq!(code, Some(0), "{said}");
    trial.assert_imported_once("hang");
}

#[test]
fn a_partial_link_is_no_failure_and_is_not_passed_over() {
    let trial = Trial::new(&["link/expression:partial=6"]);
    let (code, said) = trial.submit(&[]);
    assert_eq!(code, Some(0), "{said}");
    for wanted in [
        "partial  expression to samples",
        "6 of 8 linked",
        "expression.gct to trial.samples.tsv: ODM linked 6 of 8",
        "`odmkit check` names what has no counterpart",
        "1 link holds fewer than it could",
    ] {
        assert!(said.contains(wanted), "`{wanted}` is not in\n{said}");
    }
}

#[test]
fn an_old_job_is_reused_and_said_so() {
    let trial = Trial::new(&["import/samples:old-job:1"]);
    let (code, said) = trial.submit(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("reused    samples"), "{said}");
    trial.assert_imported_once("old job");
}

#[test]
fn an_upload_that_may_have_arrived_is_left_to_a_person() {
    let trial = Trial::new(&["import/samples:after-reset:1"]);
    let accession = &trial.study();
    for more in [&[][..], &["--resume"]] {
        let args = [&["submit", "trial", "--study-accession", accession], more].concat();
        let output = trial.odmkit(&args);
        let said = flat(&String::from_utf8_lossy(&output.stdout));
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("unknown samples trial.samples.tsv"), "{said}");
        assert!(said.contains("it is not known whether ODM has it"), "{said}");
        assert!(
            said.contains("--resume --adopt 'trial.samples.tsv=GSF…'")
                && said.contains("--resume --send-again 'trial.samples.tsv'"),
            "{said}"
        );
    }
    let sent = trial.sandbox.journal().into_iter().filter(|line| {
        line["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("samples/multipart"))
    });
    assert_eq!(sent.count(), 1, "it was sent once");

    let resumed = |more: &[&str]| {
        let args = [
            &["submit", "trial", "--study-accession", accession, "--resume"],
            more,
        ]
        .concat();
        let output = trial.odmkit(&args);
        let both = [output.stdout, output.stderr].concat();
        (output.status.code(), flat(&String::from_utf8_lossy(&both)))
    };
    let (code, said) = resumed(&["--send-again", "samples.tsv"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("--send-again samples.tsv: the study has no such file"),
        "{said}"
    );
    let (code, said) = resumed(&["--adopt", "trial.samples.tsv"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("FILE=GSF"), "{said}");

    // It had arrived: a person finds it in ODM and says so.
    let journal = trial.sandbox.journal();
    let uploaded = |line: &&Value| {
        line["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("samples/multipart"))
    };
    let job = journal.iter().find(uploaded).expect("it arrived")["job_id"].to_string();
    let output = trial.odmkit(&["jobs", "output", &job]);
    let output: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let samples = output["result"]["groupAccession"].as_str().expect("an accession");
    let (code, said) = resumed(&["--adopt", &format!("trial.samples.tsv={samples}")]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("complete: 4 of 4 entities and 3 of 3 links"),
        "{said}"
    );
    trial.assert_uploaded_once();
}

#[test]
fn an_upload_that_did_not_arrive_is_sent_again_when_a_person_says_so() {
    // The connection breaks before the server has looked at the upload; the client cannot know that.
    let trial = Trial::new(&["import/samples:reset:1"]);
    let study = trial.study();
    let submit = ["submit", "trial", "--study-accession", &study];
    assert_eq!(trial.odmkit(&submit).status.code(), Some(2));
    let output = trial.odmkit(&[&submit[..], &["--resume", "--send-again", "trial.samples.tsv"]].concat());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    trial.assert_uploaded_once();

    let output = trial.odmkit(&[&submit[..], &["--resume", "--send-again", "trial.samples.tsv"]].concat());
    let said = flat(&String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("it is not in doubt, it was imported as"), "{said}");
}

#[test]
fn a_fault_that_cannot_be_understood_is_a_usage_error() {
    let directory = tempfile::tempdir().expect("a directory");
    for (fault, said) in [
        ("503", "a fault is written WHERE:WHAT[:COUNT]"),
        ("imports:503", "\"imports\" is no WHERE"),
        ("import/sample:503", "\"sample\" is no kind"),
        ("any:5o3", "\"5o3\" is no status"),
        ("any:explode", "\"explode\" is no WHAT"),
        ("any:503:often", "\"often\" is no COUNT"),
        ("import:fail", "fail goes with job only, not with import"),
    ] {
        let output = odmkit(directory.path(), &["sandbox", "--fault", fault]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{fault}: {errors}");
        assert!(errors.contains(said), "{fault}: {errors}");
    }
    assert_eq!(
        entries(directory.path()),
        Vec::<PathBuf>::new(),
        "nothing was made"
    );
}

#[test]
fn the_faults_of_the_help_and_of_the_document_are_understood() {
    let directory = tempfile::tempdir().expect("a directory");
    let help = odmkit(directory.path(), &["sandbox", "--help"]);
    let help = String::from_utf8(help.stdout).expect("it is text");
    let document = crate::support::read("docs/SANDBOX.md");
    let given = help.split_whitespace().zip(help.split_whitespace().skip(1));
    let mut faults: Vec<&str> = given
        .filter(|(flag, fault)| *flag == "--fault" && fault.contains('/') | fault.starts_with("any"))
        .map(|(_, fault)| fault)
        .collect();
    assert_eq!(faults.len(), 3, "{help}");
    let rows = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let quoted = rows.flat_map(|cell| cell.split('`')).filter(|text| {
        text.starts_with(|c: char| c.is_ascii_lowercase()) && text.contains(':') && !text.contains(' ')
    });
    faults.extend(quoted);
    assert!(faults.len() > 15, "{faults:?}");
    for fault in faults {
        let parsed: Result<odmkit_sandbox::Fault, _> = fault.parse();
        assert!(parsed.is_ok(), "{fault}: {parsed:?}");
    }
}
