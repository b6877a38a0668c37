//! Runs that are killed, by SIGKILL and as processes of their own, at every request that they make: before the server
//! has it, and after the server has answered it. The run that goes on imports every entity once, and links it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use serde_json::Value;

use crate::faults::{TOKEN, Trial};

/// When a run is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// The request has left, and the server never gets it.
    Before,
    /// The server has answered, and nobody hears it.
    After,
}

/// Stands between a run and the sandbox, and calls for the kill at one request.
struct Between {
    url: String,
    /// Says that the moment has come.
    now: mpsc::Receiver<()>,
    /// Set once the run is dead.
    dead: Arc<AtomicBool>,
    /// Requests before the one in question; none is in question below zero.
    left: Arc<AtomicUsize>,
}

const NEVER: usize = usize::MAX / 2;

impl Between {
    fn new(server: &str, at: usize, moment: Moment) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = server.trim_start_matches("http://").to_owned();
        let (call, now) = mpsc::channel();
        let dead = Arc::new(AtomicBool::new(false));
        let left = Arc::new(AtomicUsize::new(at));
        let shared = (Arc::clone(&dead), Arc::clone(&left));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (dead, left) = (Arc::clone(&shared.0), Arc::clone(&shared.1));
                let (server, call) = (server.clone(), call.clone());
                std::thread::spawn(move || {
                    // A side that hangs up is what this is about.
                    let _ = pass(stream, &server, || {
                        let struck = left.fetch_sub(1, Ordering::SeqCst) == 0;
                        struck.then_some((moment, &call, &*dead))
                    });
                });
            }
        });
        Self { url, now, dead, left }
    }
}

/// Passes one request on and its answer back, unless its time has come.
fn pass<'a>(
    mut client: TcpStream,
    server: &str,
    strikes: impl Fn() -> Option<(Moment, &'a mpsc::Sender<()>, &'a AtomicBool)>,
) -> io::Result<()> {
    let request = read_request(&client)?;
    let struck = strikes();
    let kill = |call: &mpsc::Sender<()>, dead: &AtomicBool| {
        let _ = call.send(());
        while !dead.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    if let Some((Moment::Before, call, dead)) = struck {
        kill(call, dead);
        return Ok(());
    }
    let mut to = TcpStream::connect(server)?;
    to.write_all(&request)?;
    let mut answer = Vec::new();
    to.read_to_end(&mut answer)?;
    if let Some((_, call, dead)) = struck {
        kill(call, dead);
        return Ok(());
    }
    client.write_all(&answer)
}

/// A whole request, which asks the server to close the connection after its answer.
fn read_request(client: &TcpStream) -> io::Result<Vec<u8>> {
    let mut reader = BufReader::new(client);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let lower = line.to_ascii_lowercase();
        if let Some(number) = lower.strip_prefix("content-length:") {
            length = number.trim().parse().map_err(io::Error::other)?;
        }
        assert!(
            !lower.starts_with("transfer-encoding"),
            "a request has its length"
        );
        if line == "\r\n" {
            break;
        }
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut request = format!("{head}Connection: close\r\n\r\n").into_bytes();
    let start = request.len();
    request.resize(start + length, 0);
    reader.read_exact(&mut request[start..])?;
    Ok(request)
}

/// Runs odmkit and kills it when it is called for; whether it was killed.
fn run_until_killed(trial: &Trial, between: &Between, args: &[&str]) -> bool {
    let mut run = Command::new(env!("CARGO_BIN_EXE_odmkit"))
        .args(args)
        .current_dir(trial.path("."))
        .env("ODM_HOST", &between.url)
        .env("ODM_API_TOKEN", TOKEN)
        .env_remove("ODM_ACCESS_TOKEN")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    loop {
        if between.now.recv_timeout(Duration::from_millis(5)).is_ok() {
            run.kill().expect("it can be killed");
            run.wait().expect("it ends");
            between.dead.store(true, Ordering::SeqCst);
            return true;
        }
        if run.try_wait().expect("it can be waited for").is_some() {
            return false;
        }
    }
}

/// Runs odmkit to its end; the outcome.
fn outcome(trial: &Trial, between: &Between, args: &[&str], context: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_odmkit"))
        .args(args)
        .args(["--format", "json"])
        .current_dir(trial.path("."))
        .env("ODM_HOST", &between.url)
        .env("ODM_API_TOKEN", TOKEN)
        .env_remove("ODM_ACCESS_TOKEN")
        .output()
        .expect("it runs");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{context}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// What is in the sandbox, by kind, from its own log: the accessions.
fn world(trial: &Trial) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(trial.path("sandbox/world.jsonl")).unwrap_or_default();
    let mut objects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let event: Value = serde_json::from_str(line).expect("each line is JSON");
        let job = &event["job"]["job"];
        if let (Some(kind), Some(accession)) = (job["kind"].as_str(), job["accession"].as_str()) {
            objects
                .entry(kind.to_owned())
                .or_default()
                .push(accession.to_owned());
        }
    }
    objects
}

fn assert_each_entity_once(trial: &Trial, outcome: &Value, context: &str) {
    assert_eq!(outcome["status"], "complete", "{context}: {outcome:#}");
    let objects = world(trial);
    let count = |kind: &str| objects.get(kind).map_or(0, Vec::len);
    assert_eq!(
        [count("study"), count("samples"), count("expression")],
        [1, 1, 2],
        "{context}: {objects:?}"
    );
    let linked: Vec<&Value> = outcome["links"]
        .as_array()
        .expect("links")
        .iter()
        .map(|link| &link["linked"])
        .collect();
    assert_eq!(linked, [8, 8, 6], "{context}");
    let mut told: Vec<&str> = outcome["entities"]
        .as_array()
        .expect("entities")
        .iter()
        .filter_map(|entity| entity["accession"].as_str())
        .collect();
    let mut made: Vec<&str> = objects.values().flatten().map(String::as_str).collect();
    told.sort_unstable();
    made.sort_unstable();
    assert_eq!(told, made, "{context}: the outcome tells of what there is");
}

#[test]
fn a_run_by_link_that_is_killed_at_any_request_goes_on() {
    let submit = ["submit", "trial", "--stage", "serve", "--poll-interval", "100ms"];
    for moment in [Moment::Before, Moment::After] {
        for at in 0.. {
            let context = format!("{moment:?} request {at}");
            let trial = Trial::new(&[]);
            let between = Between::new(&trial.url, at, moment);
            let killed = run_until_killed(&trial, &between, &submit);
            between.left.store(NEVER, Ordering::SeqCst);
            let resumed = [&submit[..], &["--resume"]].concat();
            let outcome = outcome(&trial, &between, &resumed, &context);
            assert_each_entity_once(&trial, &outcome, &context);
            trial.assert_imported_once(&context);
            if !killed {
                assert!(
                    at > 18,
                    "a run of four imports and three links makes more than {at} requests"
                );
                break;
            }
        }
    }
}

#[test]
fn a_run_of_uploads_that_is_killed_at_any_request_goes_on() {
    let mut in_doubt = BTreeSet::new();
    for moment in [Moment::Before, Moment::After] {
        for at in 0.. {
            let context = format!("{moment:?} request {at}");
            let trial = Trial::new(&[]);
            let study = trial.study();
            let between = Between::new(&trial.url, at, moment);
            let submit = [
                "submit",
                "trial",
                "--study-accession",
                &study,
                "--poll-interval",
                "100ms",
            ];
            let killed = run_until_killed(&trial, &between, &submit);
            between.left.store(NEVER, Ordering::SeqCst);
            let known = world(&trial);
            let mut more = vec!["--resume".to_owned()];
            let mut last = Value::Null;
            // Each upload can be in doubt once; a person settles it by what is in ODM.
            for _ in 0..2 {
                let words: Vec<&str> = more.iter().map(String::as_str).collect();
                last = outcome(&trial, &between, &[&submit[..], &words].concat(), &context);
                let doubtful = last["entities"].as_array().expect("entities").iter();
                let Some(entity) = doubtful.clone().find(|entity| entity["status"] == "unknown") else {
                    break;
                };
                assert_eq!(last["status"], "stopped", "{context}");
                let path = entity["path"].as_str().expect("a path");
                in_doubt.insert((moment == Moment::After, path.to_owned()));
                let found = found(&trial, entity, &last, &context);
                assert_eq!(found.is_some(), moment == Moment::After, "{context}: {known:?}");
                more = match found {
                    Some(accession) => vec![
                        "--resume".to_owned(),
                        "--adopt".to_owned(),
                        format!("{path}={accession}"),
                    ],
                    None => vec!["--resume".to_owned(), "--send-again".to_owned(), path.to_owned()],
                };
            }
            assert_each_entity_once(&trial, &last, &context);
            trial.assert_uploaded_once();
            if !killed {
                assert!(
                    at > 14,
                    "a run of three uploads and three links makes more than {at} requests"
                );
                break;
            }
        }
    }
    // The later uploads are at no fixed request: how often a run asks about a job depends on the time.
    for after in [false, true] {
        let samples = (after, "trial.samples.tsv".to_owned());
        assert!(in_doubt.contains(&samples), "{in_doubt:?}");
    }
}

/// What a person would find in ODM for an entity in doubt: something of its kind that the run does not know of.
fn found(trial: &Trial, entity: &Value, outcome: &Value, context: &str) -> Option<String> {
    let kind = entity["kind"].as_str().expect("a kind");
    let arrived = trial.journal().iter().any(|line| {
        let path = line["path"].as_str().unwrap_or_default();
        let job = &line["job_id"];
        path.contains(&format!("/import/{kind}/"))
            && !outcome["entities"]
                .to_string()
                .contains(&format!("\"job_id\":{job}"))
    });
    for _ in 0..500 {
        let objects = world(trial);
        let of_kind = objects.get(kind).into_iter().flatten();
        let mut strange = of_kind.filter(|accession| !outcome.to_string().contains(accession.as_str()));
        match strange.next() {
            Some(accession) => return Some(accession.clone()),
            None if !arrived => return None,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    panic!("{context}: the job of an upload that arrived does not end");
}
