//! Inputs and outputs that are not files of this machine: web servers of every temper, a bucket, pipes, lists.

mod servers;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::support::{entries, name, odmkit};

/// A server of this machine: files by path, each served in its way.
struct Server {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    parts: Mutex<BTreeMap<usize, Vec<u8>>>,
    requests: AtomicUsize,
    ranges: AtomicUsize,
    aborted: AtomicUsize,
    /// Whether parts of uploads are refused.
    refuses: AtomicBool,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&of_thread);
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { port, shared }
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        self.shared
            .files
            .lock()
            .unwrap()
            .insert(path.to_owned(), bytes.to_vec());
    }

    fn get(&self, path: &str) -> Option<Vec<u8>> {
        self.shared.files.lock().unwrap().get(path).cloned()
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Runs odmkit with this server as its bucket store.
    fn run(&self, directory: &Path, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_odmkit"))
            .args(args)
            .current_dir(directory)
            .env("AWS_ACCESS_KEY_ID", "id")
            .env("AWS_SECRET_ACCESS_KEY", "s3cretkey")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ENDPOINT_URL", self.url(""))
            .env("AWS_ALLOW_HTTP", "true")
            .output()
            .unwrap()
    }
}

/// Answers one request and closes. The first folder of the path says how.
fn serve(mut stream: TcpStream, shared: &Shared) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (mut range, mut length) = (None, 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((key, value)) = header.trim_end().split_once(':') else {
            break;
        };
        match key.to_ascii_lowercase().as_str() {
            "range" => range = value.trim().strip_prefix("bytes=").map(str::to_owned),
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let number = shared.requests.fetch_add(1, Ordering::SeqCst);
    let mut answer = |status: &str, headers: &str, body: &[u8], told: usize| {
        let head =
            format!("HTTP/1.1 {status}\r\nContent-Length: {told}\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body).ok()
    };
    match method.as_str() {
        "PUT" if query.contains("partNumber") => {
            if shared.refuses.load(Ordering::SeqCst) {
                return answer(
                    "403 Forbidden",
                    "",
                    b"<Error><Code>AccessDenied</Code></Error>",
                    40,
                );
            }
            let part = query
                .split(['&', '='])
                .skip_while(|word| *word != "partNumber")
                .nth(1)?;
            shared.parts.lock().unwrap().insert(part.parse().ok()?, body);
            return answer("200 OK", "ETag: \"part\"\r\n", b"", 0);
        }
        "POST" if query.contains("uploadId") => {
            let parts = std::mem::take(&mut *shared.parts.lock().unwrap());
            let whole: Vec<u8> = parts.into_values().flatten().collect();
            shared.files.lock().unwrap().insert(path.to_owned(), whole);
            let text = b"<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>";
            return answer("200 OK", "", text, text.len());
        }
        "POST" => {
            let text =
                b"<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>";
            return answer("200 OK", "", text, text.len());
        }
        "DELETE" => {
            shared.aborted.fetch_add(1, Ordering::SeqCst);
            shared.parts.lock().unwrap().clear();
            return answer("204 No Content", "", b"", 0);
        }
        "PUT" if path.starts_with("/denied/") => return answer("403 Forbidden", "", b"", 0),
        "PUT" if path.starts_with("/moved/") => {
            return answer("302 Found", "Location: /put/elsewhere\r\n", b"", 0);
        }
        "PUT" => {
            shared.files.lock().unwrap().insert(path.to_owned(), body);
            return answer("200 OK", "ETag: \"put\"\r\n", b"", 0);
        }
        _ => {}
    }
    if path.starts_with("/nobucket/") {
        let text = b"<Error><Code>NoSuchBucket</Code></Error>";
        return answer("404 Not Found", "", text, text.len());
    }
    if path.starts_with("/denied/") {
        return answer("403 Forbidden", "", b"", 0);
    }
    if let Some(rest) = path.strip_prefix("/moved") {
        return answer("302 Found", &format!("Location: /ranges{rest}\r\n"), b"", 0);
    }
    let Some(bytes) = shared.files.lock().unwrap().get(path).cloned() else {
        return answer("404 Not Found", "", b"", 0);
    };
    let common = "Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\nETag: \"v1\"\r\n";
    if path.starts_with("/whole/") {
        return answer("200 OK", common, &bytes, bytes.len());
    }
    // Two answers of three break off in the middle.
    if path.starts_with("/cut/") {
        return if number.is_multiple_of(3) || bytes.len() < 10 {
            answer("200 OK", common, &bytes, bytes.len())
        } else {
            answer("200 OK", common, &bytes[..bytes.len() / 2], bytes.len())
        };
    }
    if path.starts_with("/short/") {
        return answer("200 OK", common, &bytes[..bytes.len() / 2], bytes.len());
    }
    if method == "HEAD" {
        return answer("200 OK", common, b"", bytes.len());
    }
    let Some((first, last)) = range.as_deref().and_then(|range| range.split_once('-')) else {
        return answer("200 OK", common, &bytes, bytes.len());
    };
    shared.ranges.fetch_add(1, Ordering::SeqCst);
    let first: usize = first.parse().ok()?;
    let last = last.parse::<usize>().ok()?.min(bytes.len() - 1);
    // All but the first request, which asks for less than a piece.
    let changed = path.starts_with("/changing/") && (first > 0 || last >= 256 << 10);
    let common = if changed {
        common.replace("v1", "v2")
    } else {
        common.to_owned()
    };
    let headers = format!("{common}Content-Range: bytes {first}-{last}/{}\r\n", bytes.len());
    answer(
        "206 Partial Content",
        &headers,
        &bytes[first..=last],
        last + 1 - first,
    )
}

/// A matrix of some megabytes, so that it takes several ranges.
fn matrix(rows: u32) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut text = format!("#1.2\n{rows}\t4\nName\tDescription\tA\tB\tC\tD\n");
    for row in 0..rows {
        let value = f64::from(row) * 0.37 - 11.0;
        let _ = writeln!(text, "g{row}\tNA\t{value}\t\t{}\t-{row}e-7", value * 1e5);
    }
    text.into_bytes()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn all(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn a_bucket_is_read_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let plain = matrix(150_000);
    std::fs::write(folder.path().join("m.gct"), &plain).unwrap();
    server.put("/bucket/in/m.gct", &plain);
    let out = server.run(
        folder.path(),
        &[
            "convert",
            "s3://bucket/in/m.gct",
            "-o",
            "s3://bucket/out/m.parquet",
            "--verify",
        ],
    );
    assert_eq!(out.status.code(), Some(0), "{}", all(&out));
    let here = odmkit(folder.path(), &["convert", "m.gct", "-o", "m.parquet"]);
    assert_eq!(here.status.code(), Some(0));
    let local = std::fs::read(folder.path().join("m.parquet")).unwrap();
    assert!(server.get("/bucket/out/m.parquet").unwrap() == local);

    let again = server.run(
        folder.path(),
        &["convert", "m.gct", "-o", "s3://bucket/out/m.parquet"],
    );
    assert_eq!(again.status.code(), Some(2));
    assert!(all(&again).contains("exists"), "{}", all(&again));
    let resumed = server.run(
        folder.path(),
        &["convert", "m.gct", "-o", "s3://bucket/out/m.parquet", "--resume"],
    );
    assert_eq!(resumed.status.code(), Some(0), "{}", all(&resumed));
    assert!(all(&resumed).contains("kept"), "{}", all(&resumed));
}

#[test]
fn an_upload_in_parts_is_an_object_when_it_is_whole_and_nothing_before() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let plain = matrix(500_000);
    std::fs::write(folder.path().join("m.gct"), &plain).unwrap();
    let args = ["convert", "m.gct", "--to", "tsv", "--out-dir", "s3://bucket/out"];
    server.shared.refuses.store(true, Ordering::SeqCst);
    let out = server.run(folder.path(), &args);
    assert_eq!(out.status.code(), Some(2), "{}", all(&out));
    assert!(all(&out).contains("access is denied"), "{}", all(&out));
    assert!(server.get("/bucket/out/m.tsv").is_none());
    assert_eq!(server.shared.aborted.load(Ordering::SeqCst), 1);
    server.shared.refuses.store(false, Ordering::SeqCst);
    let out = server.run(folder.path(), &args);
    assert_eq!(out.status.code(), Some(0), "{}", all(&out));
    let sent = server.get("/bucket/out/m.tsv").unwrap();
    assert!(sent.len() > 16 << 20, "it took several parts");
    let here = odmkit(folder.path(), &["convert", "m.gct", "-o", "m.tsv"]);
    assert_eq!(here.status.code(), Some(0));
    assert!(sent == std::fs::read(folder.path().join("m.tsv")).unwrap());
}

#[test]
fn the_standard_input_is_read_and_the_standard_output_written() {
    let folder = tempfile::tempdir().unwrap();
    let plain = matrix(1000);
    let mut child = Command::new(env!("CARGO_BIN_EXE_odmkit"))
        .args(["convert", "-", "-o", "-", "--to", "gct"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = packed(&plain);
    let writer = std::thread::spawn(move || stdin.write_all(&bytes).unwrap());
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(
        text(&out.stdout).starts_with("#1.2\n1000\t4\n"),
        "{}",
        text(&out.stdout)
    );
    assert!(text(&out.stderr).contains("written"));
    assert!(entries(folder.path()).is_empty());
}

#[test]
fn lists_are_followed_resumed_and_stopped_at_the_first_failure() {
    let folder = tempfile::tempdir().unwrap();
    let plain = matrix(20);
    for name in ["a.gct", "c.gct"] {
        std::fs::write(folder.path().join(name), &plain).unwrap();
    }
    std::fs::write(
        folder.path().join("b.gct"),
        text(&plain).replace("-3e-7", "three"),
    )
    .unwrap();
    std::fs::write(
        folder.path().join("list"),
        "# mine\na.gct\tone.parquet\n\nb.gct\tb.arrow\nc.gct\tc.arrow\n",
    )
    .unwrap();
    let fast = odmkit(
        folder.path(),
        &["convert", "--manifest", "list", "--fail-fast", "--verify"],
    );
    assert_eq!(fast.status.code(), Some(1), "{}", all(&fast));
    let made = |name: &str| folder.path().join(name).exists();
    assert_eq!(
        [made("one.parquet"), made("b.arrow"), made("c.arrow")],
        [true, false, false]
    );
    assert!(all(&fast).contains("not tried"), "{}", all(&fast));

    let before = std::fs::metadata(folder.path().join("one.parquet"))
        .unwrap()
        .modified()
        .unwrap();
    let resumed = odmkit(folder.path(), &["convert", "--manifest", "list", "--resume"]);
    assert_eq!(resumed.status.code(), Some(1), "{}", all(&resumed));
    assert!(
        all(&resumed).contains("kept") && made("c.arrow"),
        "{}",
        all(&resumed)
    );
    let after = std::fs::metadata(folder.path().join("one.parquet"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after);
    let left: Vec<_> = entries(folder.path())
        .iter()
        .map(|path| name(path).to_owned())
        .collect();
    assert!(!left.iter().any(|name| name.contains("odmkit-part")), "{left:?}");

    std::fs::write(folder.path().join("wrong"), "a.gct\tb\tc\n").unwrap();
    let wrong = odmkit(folder.path(), &["convert", "--manifest", "wrong"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(all(&wrong).contains("wrong:1:"), "{}", all(&wrong));
}
