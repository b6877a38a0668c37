//! What a person sees when the server fails, and what no run leaves behind: secrets.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{copy_directory, entries, odmkit, root};

pub(crate) const TOKEN: &str = "t0ken-that-nobody-may-see";
const SIGNATURE: &str = "5ignature0that0nobody0may0see";

/// A copy of the fixture study in `trial`, beside a sandbox with faults. The sandbox is killed when this is dropped.
pub(crate) struct Trial {
    directory: tempfile::TempDir,
    process: Child,
    pub(crate) url: String,
}

impl Trial {
    pub(crate) fn new(faults: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        copy_directory(&root().join("fixtures/trial"), &directory.path().join("trial"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_odmkit"));
        command.args(["sandbox", "--token", TOKEN, "--data"]);
        command.arg(directory.path().join("sandbox"));
        for fault in faults {
            command.args(["--fault", fault]);
        }
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("it was asked for"))
            .read_line(&mut line)
            .expect("it says where it listens");
        let url = line.trim().strip_prefix("listening on ").expect("an address");
        Self {
            directory,
            process,
            url: url.to_owned(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs odmkit with the sandbox's address and token.
    fn odmkit(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_odmkit"))
            .args(args)
            .current_dir(self.directory.path())
            .env("ODM_HOST", &self.url)
            .env("ODM_API_TOKEN", TOKEN)
            .env_remove("ODM_ACCESS_TOKEN")
            .env("NO_COLOR", "1")
            .output()
            .expect("it runs")
    }

    /// Submits the study; gives the exit code and what was said on standard output.
    fn submit(&self, more: &[&str]) -> (Option<i32>, String) {
        let args = [
            &["submit", "trial", "--stage", "serve", "--poll-interval", "20ms"],
            more,
        ]
        .concat();
        let output = self.odmkit(&args);
        let said = String::from_utf8(output.stdout).expect("it is text");
        (output.status.code(), said)
    }

    pub(crate) fn journal(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path("sandbox/journal.jsonl")).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }

    /// Nothing was imported twice, and nothing is missing.
    pub(crate) fn assert_imported_once(&self, context: &str) {
        let jobs: BTreeSet<(String, u64)> = self
            .journal()
            .iter()
            .filter_map(|line| {
                let (_, kind) = line["path"].as_str()?.rsplit_once("/import/")?;
                Some((kind.to_owned(), line["job_id"].as_u64()?))
            })
            .collect();
        let kinds: Vec<&str> = jobs.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(
            kinds,
            ["expression", "expression", "samples", "study"],
            "{context}"
        );
    }
}

impl Trial {
    /// Imports the study alone, by link; its accession.
    pub(crate) fn study(&self) -> String {
        let args = [
            "submit",
            "trial/trial.study.tsv",
            "--stage",
            "serve",
            "--format",
            "json",
        ];
        let output = self.odmkit(&args);
        let outcome: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let accession = outcome["entities"][0]["accession"].as_str();
        accession.expect("an accession").to_owned()
    }

    /// The same for files that were sent along.
    pub(crate) fn assert_uploaded_once(&self) {
        let mut kinds: Vec<String> = self
            .journal()
            .iter()
            .filter(|line| !line["job_id"].is_null())
            .filter_map(|line| Some(line["path"].as_str()?.rsplit_once("/import/")?.1.to_owned()))
            .collect();
        kinds.sort_unstable();
        let sent = [
            "expression/multipart",
            "expression/multipart",
            "samples/multipart",
            "study",
        ];
        assert_eq!(kinds, sent);
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The words of a text, one space apart: messages may be wrapped.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

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
    let trial = Trial::new(&["link/expression:partial:1"]);
    let (code, said) = trial.submit(&[]);
    assert_eq!(code, Some(0), "{said}");
    for wanted in [
        "partial  expression to samples",
        "4 of 8 linked",
        "expression.gct to trial.samples.tsv: ODM linked 4 of 8",
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
    let sent = trial.journal().into_iter().filter(|line| {
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
    let journal = trial.journal();
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

/// Serves the files of a folder over HTTP until the test ends, whatever the query.
fn serve(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up is no concern of the server.
            let _ = answer(stream, &folder);
        }
    });
    format!("http://{address}/")
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    let path = request.split([' ', '?']).nth(1).unwrap_or_default();
    let (status, body) = match std::fs::read(folder.join(path.trim_start_matches('/'))) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)?;
    stream.shutdown(std::net::Shutdown::Write)?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}

#[test]
fn no_run_leaves_a_secret_behind() {
    let presigned = |base: &str| format!("{base}?X-Amz-Credential=me&X-Amz-Signature={SIGNATURE}");
    // How the runs end; together they go through every kind of output and of error.
    for (faults, code) in [
        (&[][..], 0),
        (&["import/samples:500:1"], 2),
        (&["import/samples:html=200:1"], 2),
        (&["import/samples:reset"], 2),
        (&["import/samples:400:1"], 1),
        (&["import/samples:old-job", "job/samples:fail"], 1),
        (&["any:401:4-"], 2),
        (&["link:nothing"], 1),
    ] {
        let trial = Trial::new(faults);
        let url = presigned(&serve(&trial.path("trial")));
        let submit = [
            "submit",
            "trial",
            "--stage",
            "link",
            "--source-url",
            &url,
            "--poll-interval",
            "20ms",
        ];
        let mut said = Vec::new();
        for (more, expected) in [
            (&["--dry-run"][..], Some(0)),
            (&["-vv"], Some(code)),
            (&["-vv", "--resume", "--format", "json"], None),
        ] {
            let output = trial.odmkit(&[&submit, more].concat());
            let both = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&both).into_owned();
            if let Some(expected) = expected {
                assert_eq!(output.status.code(), Some(expected), "{faults:?}: {text}");
            }
            said.push(text);
        }
        assert!(said[0].contains("X-Amz-Signature=…"), "{}", said[0]);
        for args in [
            &["jobs", "info", "1"][..],
            &["jobs", "output", "2"],
            &["jobs", "info", "99"],
        ] {
            let output = trial.odmkit(args);
            said.push(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned());
        }
        for text in &said {
            assert_no_secret(text, &format!("{faults:?}: {text}"));
        }
        assert!(
            entries(&trial.path("trial"))
                .iter()
                .any(|path| path.to_string_lossy().ends_with(".odmkit-run.json")),
            "the state was among what was looked at"
        );
        let looked_at = look_through(trial.directory.path());
        assert!(
            looked_at >= 9,
            "only {looked_at} files: the study, the state, the journal, the log"
        );
    }
}

/// The arguments of a process are for everybody to see; what its environment holds is not.
#[cfg(target_os = "linux")]
#[test]
fn the_list_of_processes_shows_no_secret() {
    let trial = Trial::new(&["job/samples:hang"]);
    std::fs::write(trial.path("token"), format!("{TOKEN}\n")).expect("it is written");
    let url = format!("{}?X-Amz-Signature={SIGNATURE}", serve(&trial.path("trial")));
    let submit = |url: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_odmkit"));
        command.args([
            "submit",
            "trial",
            "--stage",
            "link",
            "--token-file",
            "token",
            "-vv",
        ]);
        command.args(["--job-timeout", "1s"]);
        command.args(url.map(|url| ["--source-url", url]).into_iter().flatten());
        command.current_dir(trial.path(".")).env("ODM_HOST", &trial.url);
        command.env_remove("ODM_API_TOKEN").env_remove("ODM_ACCESS_TOKEN");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let run = submit(None).env("ODM_SOURCE_URL", &url).spawn().expect("it runs");
    let mut seen = String::new();
    while !trial.journal().iter().any(|line| line["job_id"] == 2) {
        std::thread::sleep(Duration::from_millis(5));
    }
    for file in ["cmdline", "comm", "status"] {
        let bytes = std::fs::read(format!("/proc/{}/{file}", run.id())).expect("it is at work");
        seen.push_str(&String::from_utf8_lossy(&bytes));
    }
    let output = run.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(
        seen.contains("--token-file") && said.contains("job 2 is still RUNNING"),
        "{seen} {said}"
    );
    assert!(
        said.contains("POST") && said.contains("/import/samples 200 in"),
        "-vv tells requests: {said}"
    );
    assert_no_secret(&(seen + &said), &said);

    let warned = submit(Some(&url)).output().expect("it runs");
    let errors = String::from_utf8_lossy(&warned.stderr);
    assert!(errors.contains("set ODM_SOURCE_URL instead"), "{errors}");
    assert_no_secret(&errors, &errors);
    std::fs::remove_file(trial.path("token")).expect("it is there");
    look_through(trial.directory.path());
}

#[test]
fn a_sandbox_takes_its_token_from_a_file() {
    let trial = Trial::new(&[]);
    let file = trial.path("token");
    std::fs::write(&file, "in a file\n").expect("it is written");
    let start = |file: &Path| {
        let data = trial.path("another");
        let mut command = Command::new(env!("CARGO_BIN_EXE_odmkit"));
        command
            .arg("sandbox")
            .arg("--data")
            .arg(data)
            .arg("--token-file")
            .arg(file);
        command
    };
    let refused = start(&file).output().expect("it ends");
    assert_eq!(refused.status.code(), Some(2), "two words are no token");
    std::fs::write(&file, "in-a-file\n").expect("it is written");
    let mut process = start(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let stdout = process.stdout.take().expect("it was asked for");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("it says where it listens");
    let url = line.trim().trim_start_matches("listening on ");
    let asked = |token: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_odmkit"));
        command
            .args(["jobs", "info", "7", "--server", url])
            .env("ODM_API_TOKEN", token);
        let output = command.env_remove("ODM_ACCESS_TOKEN").output().expect("it runs");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(asked("in-a-file").contains("there is no job 7"));
    assert!(asked("in-a-fil").contains("401"));
    process.kill().expect("it can be killed");
    process.wait().expect("it ends");
}

#[test]
fn a_link_that_leads_nowhere_is_told_without_its_signature() {
    let trial = Trial::new(&[]);
    let url = format!("http://user:{TOKEN}@127.0.0.1:9/?X-Amz-Signature={SIGNATURE}");
    let output = trial.odmkit(&["submit", "trial", "-v", "--stage", "link", "--source-url", &url]);
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("LinkNotReachable"), "{text}");
    assert_no_secret(&text, &text);
    look_through(trial.directory.path());
}

fn assert_no_secret(text: &str, context: &str) {
    for secret in [TOKEN, SIGNATURE] {
        assert!(!text.contains(secret), "{secret} is in {context}");
    }
}

/// Looks into every file below a folder; gives how many there are.
fn look_through(folder: &Path) -> usize {
    let mut files = 0;
    for entry in entries(folder) {
        if entry.is_dir() {
            files += look_through(&entry);
        } else {
            let bytes = std::fs::read(&entry).expect("it can be read");
            assert_no_secret(&String::from_utf8_lossy(&bytes), &entry.display().to_string());
            files += 1;
        }
    }
    files
}
