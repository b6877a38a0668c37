//! Runs that are killed, by SIGKILL and as processes of their own, at every request that they make: before the server
//! has it, and after the server has answered it. The run that goes on imports every entity once, and links it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use serde_json::Value;

use crate::sandbox::{Trial, both, knowing};
use crate::support::{entries, name};

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
    /// Requests before the one in question, of those that count; none is in question below zero.
    left: Arc<AtomicUsize>,
    /// Requests that are on their way.
    passing: Arc<AtomicUsize>,
}

const NEVER: usize = usize::MAX / 2;

impl Between {
    fn new(server: &str, at: usize, among: &'static str, moment: Moment) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = server.trim_start_matches("http://").to_owned();
        let (call, now) = mpsc::channel();
        let dead = Arc::new(AtomicBool::new(false));
        let left = Arc::new(AtomicUsize::new(at));
        let passing = Arc::new(AtomicUsize::new(0));
        let shared = (Arc::clone(&dead), Arc::clone(&left), Arc::clone(&passing));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (dead, left, passing) = shared.clone();
                let (server, call) = (server.clone(), call.clone());
                passing.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || {
                    // A side that hangs up is what this is about.
                    let _ = pass(stream, &server, |request| {
                        let line = String::from_utf8_lossy(request.split(|byte| *byte == b'\n').next()?);
                        let struck = line.contains(among) && left.fetch_sub(1, Ordering::SeqCst) == 0;
                        struck.then_some((moment, &call, &*dead))
                    });
                    passing.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self {
            url,
            now,
            dead,
            left,
            passing,
        }
    }

    /// Lets everything pass from now on, and waits until what the dead run had sent has come to its end.
    fn calm(&self) {
        self.left.store(NEVER, Ordering::SeqCst);
        // What lies in a socket is not counted yet.
        std::thread::sleep(Duration::from_millis(30));
        while self.passing.load(Ordering::SeqCst) > 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Passes one request on and its answer back, unless its time has come.
fn pass<'a>(
    mut client: TcpStream,
    server: &str,
    strikes: impl Fn(&[u8]) -> Option<(Moment, &'a mpsc::Sender<()>, &'a AtomicBool)>,
) -> io::Result<()> {
    let request = read_request(&client)?;
    let struck = strikes(&request);
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
    let mut run = knowing(&between.url, &trial.path("."), args);
    let mut run = run
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
    let args = [args, &["--format", "json"]].concat();
    let mut run = knowing(&between.url, &trial.path("."), &args);
    let output = run.output().expect("it runs");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{context}: {error}: {}", both(output)))
}

/// A study with everything that ODM takes in another way than by a job, too: two attachments, one of them with metadata,
/// and, where ODM fetches the files, a cross-reference.
fn study_of_many(faults: &[&str], with_mapping: bool) -> Trial {
    let trial = Trial::new(faults);
    let study = trial.path("trial");
    let write = |name: &str, text: &str| std::fs::write(study.join(name), text).expect("it is written");
    write("protocol.pdf", "%PDF-1.4");
    write("plate.pdf", "%PDF-1.5");
    write("plate.tsv", "Plate\n7\n");
    let mut manifest = std::fs::read_to_string(study.join("study.toml")).expect("it is there");
    manifest.push_str("\n[[attachments]]\nfile = \"protocol.pdf\"\ndata_class = \"Document\"\n");
    manifest.push_str("\n[[attachments]]\nfile = \"plate.pdf\"\nmetadata = \"plate.tsv\"\n");
    manifest.push_str("data_class = \"Document\"\n");
    if with_mapping {
        write("tx2gene.tsv", "TXNAME\tGENEID\nT1\tG1\n");
        manifest.push_str("\n[[mapping]]\nfile = \"tx2gene.tsv\"\n");
    }
    write("study.toml", &manifest);
    trial
}

/// What is in the sandbox, by kind, from its own log: the accessions.
fn world(trial: &Trial) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(trial.path("sandbox/world.jsonl")).unwrap_or_default();
    let mut objects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut found =
        |kind: &str, accession: String| objects.entry(kind.to_owned()).or_default().push(accession);
    for line in text.lines() {
        let event: Value = serde_json::from_str(line).expect("each line is JSON");
        let job = &event["job"]["job"];
        if let (Some(kind), Some(accession)) = (job["kind"].as_str(), job["accession"].as_str()) {
            found(kind, accession.to_owned());
        }
        // What is made without a job.
        let made = &event["object"];
        if let (Some(kind), Some(number)) = (made["kind"].as_str(), made["number"].as_u64()) {
            found(kind, format!("GSF{number:06}"));
        }
    }
    objects
}

fn assert_each_entity_once(trial: &Trial, outcome: &Value, with_mapping: bool, context: &str) {
    assert_eq!(outcome["status"], "complete", "{context}: {outcome:#}");
    let objects = world(trial);
    let count = |kind: &str| objects.get(kind).map_or(0, Vec::len);
    let mapping = usize::from(with_mapping);
    assert_eq!(
        ["study", "samples", "expression", "file", "mapping"].map(count),
        [1, 1, 2, 2, mapping],
        "{context}: {objects:?}"
    );
    let mut linked: Vec<(String, u64)> = outcome["links"]
        .as_array()
        .expect("links")
        .iter()
        .map(|link| {
            let kind = link["kind"].as_str().expect("a kind").to_owned();
            (kind, link["linked"].as_u64().expect("a number"))
        })
        .collect();
    linked.sort_unstable();
    let mut wanted = vec![("expression-mapping".to_owned(), 1); 2 * mapping];
    wanted.extend(
        [
            ("expression-samples", 6),
            ("expression-samples", 8),
            ("samples-study", 8),
        ]
        .map(|(kind, of)| (kind.to_owned(), of)),
    );
    assert_eq!(linked, wanted, "{context}");
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

/// Resumes until nothing is in doubt any more. What is, a person settles by what is in ODM.
fn settled(
    trial: &Trial,
    between: &Between,
    submit: &[&str],
    doubts: &mut BTreeSet<Doubt>,
    context: &str,
) -> Value {
    let mut more = vec!["--resume".to_owned()];
    // What was settled stays so: at the most each entity is in doubt once.
    for _ in 0..8 {
        let words: Vec<&str> = more.iter().map(String::as_str).collect();
        let last = outcome(trial, between, &[submit, &words].concat(), context);
        let entities = last["entities"].as_array().expect("entities").iter();
        let doubtful: Vec<&Value> = entities.filter(|entity| entity["status"] == "unknown").collect();
        if doubtful.is_empty() {
            return last;
        }
        assert_eq!(last["status"], "stopped", "{context}");
        more.truncate(1);
        for entity in doubtful {
            let path = entity["path"].as_str().expect("a path");
            let found = found(trial, entity, context);
            doubts.insert((path.to_owned(), found.is_some()));
            more.extend(match found {
                Some(accession) => ["--adopt".to_owned(), format!("{path}={accession}")],
                None => ["--send-again".to_owned(), path.to_owned()],
            });
        }
    }
    panic!("{context}: it does not end");
}

/// A file, and whether it had arrived.
type Doubt = (String, bool);

/// Kills a run at one request, of those whose first line has `among` in it, and has it go on; whether it was killed.
fn killed_at(
    with_mapping: bool,
    submit: impl Fn(&Trial) -> Vec<String>,
    at: usize,
    among: &'static str,
    moment: Moment,
    doubts: &mut BTreeSet<Doubt>,
) -> bool {
    let context = format!("{moment:?} request {at} {among}");
    let trial = study_of_many(&[], with_mapping);
    let submit = submit(&trial);
    let submit: Vec<&str> = submit.iter().map(String::as_str).collect();
    let between = Between::new(&trial.sandbox.url, at, among, moment);
    let killed = run_until_killed(&trial, &between, &submit);
    between.calm();
    let outcome = settled(&trial, &between, &submit, doubts, &context);
    assert_each_entity_once(&trial, &outcome, with_mapping, &context);
    killed
}

/// Kills a run at every request that it makes, both before and after the request, and has it go on.
fn killed_everywhere(
    with_mapping: bool,
    submit: impl Fn(&Trial) -> Vec<String>,
    least: usize,
) -> BTreeSet<Doubt> {
    let mut doubts = BTreeSet::new();
    for moment in [Moment::Before, Moment::After] {
        let mut at = 0;
        while killed_at(with_mapping, &submit, at, "", moment, &mut doubts) {
            at += 1;
        }
        assert!(at > least, "a run makes more than {at} requests");
    }
    doubts
}

#[test]
fn a_run_by_link_that_is_killed_at_any_request_goes_on() {
    let submit = ["submit", "trial", "--stage", "serve", "--poll-interval", "100ms"];
    let submit = |_: &Trial| submit.map(str::to_owned).to_vec();
    let mut doubts = killed_everywhere(true, submit, 30);
    // ODM knows a link again; a cross-reference is made anew each time, and so it is in doubt. At which request it is made
    // depends on how often the run asks about its jobs, and so on the time.
    for moment in [Moment::Before, Moment::After] {
        assert!(killed_at(
            true,
            submit,
            0,
            "POST /api/v1/xrefsets",
            moment,
            &mut doubts
        ));
    }
    let mapping = |arrived| ("tx2gene.tsv".to_owned(), arrived);
    assert_eq!(doubts, BTreeSet::from([mapping(false), mapping(true)]));
}

#[test]
fn a_run_of_uploads_that_is_killed_at_any_request_goes_on() {
    let submit = |trial: &Trial| {
        let study = trial.study();
        let submit = [
            "submit",
            "trial",
            "--poll-interval",
            "100ms",
            "--study-accession",
            &study,
        ];
        submit.map(str::to_owned).to_vec()
    };
    let mut doubts = killed_everywhere(false, submit, 20);
    // The later uploads are at no fixed request, for the same reason.
    for among in [
        "POST /api/v1/jobs/import/samples",
        "POST /api/v1/jobs/import/expression",
        "POST /api/v1/jobs/import/file",
    ] {
        for moment in [Moment::Before, Moment::After] {
            assert!(killed_at(false, submit, 0, among, moment, &mut doubts));
        }
    }
    for arrived in [false, true] {
        let met = |files: &[&str]| {
            let of = |(file, found): &Doubt| *found == arrived && files.contains(&file.as_str());
            doubts.iter().any(of)
        };
        for files in [
            &["trial.samples.tsv"][..],
            &["expression.gct", "proteomics.tsv"],
            &["protocol.pdf", "plate.pdf"],
        ] {
            assert!(met(files), "{files:?}, arrived {arrived}: {doubts:?}");
        }
    }
}

/// What a person would find in ODM for an entity in doubt: what the sandbox made of its file, once that is over.
fn found(trial: &Trial, entity: &Value, context: &str) -> Option<String> {
    if entity["kind"] == "mapping" {
        return world(trial).get("mapping").and_then(|made| made.first().cloned());
    }
    let file = entity["path"].as_str().expect("a path");
    let folders = entries(&trial.path("sandbox/files"));
    let with_it = folders.iter().find(|folder| folder.join(file).is_file())?;
    for _ in 0..500 {
        let output = trial.odmkit(&["jobs", "output", name(with_it)]);
        let output: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let result = &output["result"];
        let made = result["groupAccession"].as_str().or(result["accession"].as_str());
        if let Some(accession) = made {
            return Some(accession.to_owned());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{context}: the job of an upload that arrived does not end");
}
