//! Web servers that do what they should not. Each is told of in one clear error, or coped with; none is waited for
//! without end, and no byte is taken that is not the file's.

mod answers;
mod encrypted;
mod puts;

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use odmkit_remote::{
    Opened, Patience, RemoteError, RemoteErrorKind, RemoteFile, RemoteUrl, put_file_with, wait,
};

/// A request as far as it matters.
#[derive(Clone)]
struct Asked {
    number: usize,
    method: String,
    path: String,
    range: Option<(usize, usize)>,
}

/// What a server does about a request.
enum Does {
    /// Sends these bytes and closes.
    Sends(Vec<u8>),
    /// Sends these bytes, and then nothing more.
    Stalls(Vec<u8>),
    /// Sends the first thousand of these bytes, and the others one by one.
    Drips(Vec<u8>),
    /// Does not even read the body.
    ReadsNothing,
}

use Does::{Drips, Sends, Stalls};

struct Server {
    url: RemoteUrl,
    asked: Arc<AtomicUsize>,
    /// The body that came last.
    body: Arc<Mutex<Vec<u8>>>,
}

/// Some patience, for a machine with much to do.
const PATIENT: Patience = Patience {
    attempts: 3,
    pause: Duration::from_millis(5),
    silence: Duration::from_secs(10),
};

/// What takes minutes takes a second.
const IMPATIENT: Patience = Patience {
    silence: Duration::from_millis(200),
    ..PATIENT
};

impl Server {
    fn new(does: impl Fn(&Asked) -> Does + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/x.gct?sig=5ecret", listener.local_addr().unwrap());
        let server = Self {
            url: RemoteUrl::parse(&url).unwrap(),
            asked: Arc::default(),
            body: Arc::default(),
        };
        let does = Arc::new(does);
        let (asked, body) = (Arc::clone(&server.asked), Arc::clone(&server.body));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (does, asked, body) = (Arc::clone(&does), Arc::clone(&asked), Arc::clone(&body));
                // A client that hangs up is what this is about.
                std::thread::spawn(move || answer(stream, &*does, &asked, &body));
            }
        });
        server
    }

    /// Everything that can be read.
    fn read(&self) -> Result<Vec<u8>, RemoteError> {
        self.read_with(PATIENT)
    }

    fn read_with(&self, patience: Patience) -> Result<Vec<u8>, RemoteError> {
        let mut bytes = Vec::new();
        match RemoteFile::open_with(&self.url, patience)? {
            Opened::Kept(mut file) => drop(file.read_to_end(&mut bytes).unwrap()),
            Opened::Ranged(file) => {
                let mut have = 0;
                bytes.resize(usize::try_from(file.length()).unwrap(), 0);
                while have < bytes.len() {
                    have += match file.read_at(&mut bytes[have..], have as u64) {
                        Ok(0) => break,
                        Ok(count) => count,
                        Err(error) => return Err(*error.into_inner().unwrap().downcast().unwrap()),
                    };
                }
                bytes.truncate(have);
            }
        }
        Ok(bytes)
    }

    fn fails(&self) -> RemoteError {
        self.fails_with(PATIENT)
    }

    fn fails_with(&self, patience: Patience) -> RemoteError {
        let error = self.read_with(patience).unwrap_err();
        assert!(!error.to_string().contains("5ecret"), "{error}");
        error
    }

    fn put(&self, path: &Path, patience: Patience) -> Result<u64, RemoteError> {
        let (url, path) = (self.url.clone(), path.to_owned());
        let put = wait(async move { put_file_with(&url, &path, patience).await });
        assert!(!format!("{put:?}").contains("5ecret"), "{put:?}");
        put
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn answer(
    mut stream: TcpStream,
    does: &dyn Fn(&Asked) -> Does,
    counted: &AtomicUsize,
    kept: &Mutex<Vec<u8>>,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let mut asked = Asked {
        number: counted.fetch_add(1, Ordering::SeqCst),
        method: words.next()?.to_owned(),
        path: words.next()?.to_owned(),
        range: None,
    };
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "range" => {
                let (first, last) = value.trim().strip_prefix("bytes=")?.split_once('-')?;
                asked.range = Some((first.parse().ok()?, last.parse().ok()?));
            }
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
    }
    let does = does(&asked);
    if !matches!(does, Does::ReadsNothing) {
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        *kept.lock().unwrap() = body;
    }
    match does {
        Sends(bytes) => stream.write_all(&bytes).ok()?,
        Stalls(bytes) => {
            stream.write_all(&bytes).ok()?;
            std::thread::sleep(Duration::from_secs(30));
        }
        Drips(bytes) => {
            let (now, rest) = bytes.split_at(1000);
            stream.write_all(now).ok()?;
            for byte in rest {
                std::thread::sleep(Duration::from_millis(30));
                stream.write_all(&[*byte]).ok()?;
            }
        }
        Does::ReadsNothing => std::thread::sleep(Duration::from_secs(30)),
    }
    stream.shutdown(std::net::Shutdown::Write).ok()
}

/// Bytes that tell where they are from, more than two pieces of them.
fn content() -> Vec<u8> {
    let numbers = 0..(9_u32 << 20) / 4 + 7;
    numbers
        .flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect()
}

fn head(status: &str, headers: &[(&str, String)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    (text + "\r\n").into_bytes()
}

fn response(status: &str, headers: &[(&str, String)], body: &[u8]) -> Vec<u8> {
    let length = ("Content-Length", body.len().to_string());
    let headers: Vec<_> = headers.iter().cloned().chain([length]).collect();
    [&head(status, &headers), body].concat()
}

fn tag() -> (&'static str, String) {
    ("ETag", "\"1\"".to_owned())
}

/// A part, under this heading.
fn part(headers: &[(&str, String)], said: &str, body: &[u8]) -> Vec<u8> {
    let range = ("Content-Range", format!("bytes {said}"));
    let headers: Vec<_> = headers.iter().cloned().chain([range]).collect();
    response("206 Partial Content", &headers, body)
}

/// What a good server gives of a file.
fn good(asked: &Asked, all: &[u8]) -> Vec<u8> {
    let Some((first, last)) = asked.range else {
        return response("200 OK", &[tag()], all);
    };
    if first >= all.len() {
        let range = ("Content-Range", format!("bytes */{}", all.len()));
        return response("416 Range Not Satisfiable", &[range], b"");
    }
    let last = last.min(all.len() - 1);
    let said = format!("{first}-{last}/{}", all.len());
    part(&[tag()], &said, &all[first..=last])
}

/// A server that is good but for some requests.
fn but(strange: impl Fn(&Asked, &[u8]) -> Option<Does> + Send + Sync + 'static) -> Server {
    let all = content();
    Server::new(move |asked| strange(asked, &all).unwrap_or_else(|| Sends(good(asked, &all))))
}

/// A server that always answers with these bytes.
fn always(bytes: Vec<u8>) -> Server {
    Server::new(move |_| Sends(bytes.clone()))
}

fn is_later(asked: &Asked) -> bool {
    asked.range.is_some_and(|(first, _)| first > 0)
}

#[test]
fn a_good_server_gives_the_file() {
    assert!(but(|_, _| None).read().unwrap() == content());
    let empty = Server::new(|asked| Sends(good(asked, b"")));
    assert_eq!(empty.read().unwrap(), b"");
}

#[test]
fn a_server_that_falls_silent_is_not_waited_for() {
    let half = |bytes: Vec<u8>| Stalls(bytes[..bytes.len() / 2].to_vec());
    for server in [
        but(|_, _| Some(Stalls(Vec::new()))),
        but(move |asked, all| Some(half(good(asked, all)))),
        but(move |asked, all| is_later(asked).then(|| half(good(asked, all)))),
        but(move |_, all| Some(half(response("200 OK", &[], all)))),
    ] {
        let error = server.fails_with(IMPATIENT);
        assert!(matches!(error.kind(), RemoteErrorKind::Timeout), "{error}");
        assert!(
            error.to_string().ends_with("the server stopped answering"),
            "{error}"
        );
        assert!(server.asked() >= 3, "it was tried again");
    }
    let passing = but(|asked, _| (asked.number % 3 == 1).then(|| Stalls(Vec::new())));
    let patience = Patience {
        silence: Duration::from_secs(1),
        ..PATIENT
    };
    assert!(passing.read_with(patience).unwrap() == content());
}

#[test]
fn a_server_that_sends_next_to_nothing_is_not_waited_for() {
    for server in [
        but(|asked, all| Some(Drips(good(asked, all)))),
        but(|_, all| Some(Drips(response("200 OK", &[], all)))),
    ] {
        let error = server.fails_with(IMPATIENT);
        assert!(matches!(error.kind(), RemoteErrorKind::Slow), "{error}");
    }
}

#[test]
fn an_asked_pause_is_kept_to_unless_it_is_too_long() {
    let busy = |status: &str, after: &str| response(status, &[("Retry-After", after.to_owned())], b"");
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let server = but(move |asked, _| (asked.number == 0).then(|| Sends(busy(status, "1"))));
        let began = Instant::now();
        assert!(server.read().unwrap() == content());
        assert!(began.elapsed() >= Duration::from_secs(1), "{status}");
    }
    let far = httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_mins(65));
    for after in ["3600".to_owned(), far] {
        let server = always(busy("503 Service Unavailable", &after));
        let error = server.fails().to_string();
        let said = "the server answered 503 Service Unavailable, and asks to be left alone for 3";
        assert!(error.contains(said), "{error}");
        assert_eq!(server.asked(), 1);
    }
    for nonsense in ["soon", "-1", "", "99999999999999999999999"] {
        let server = but(move |asked, _| (asked.number == 0).then(|| Sends(busy("503 Busy", nonsense))));
        assert!(server.read().unwrap() == content(), "{nonsense}");
    }
}

#[test]
fn redirects_are_followed_so_far() {
    let to = |place: &str| response("302 Found", &[("Location", place.to_owned())], b"");
    let around = always(to("/again"));
    assert!(
        around
            .fails()
            .to_string()
            .contains("redirects more than five times")
    );
    assert_eq!(around.asked(), 6, "and it is not tried again");
    let nowhere = always(response("302 Found", &[], b""));
    assert!(
        nowhere
            .fails()
            .to_string()
            .contains("redirects without saying where to")
    );
    for place in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "http://",
        "javascript:1",
    ] {
        let error = always(to(place)).fails();
        assert!(!error.is_transient(), "{place}: {error}");
    }
    let once = but(move |asked, _| (!asked.path.starts_with("/new")).then(|| Sends(to("/new?sig=5ecret"))));
    assert!(once.read().unwrap() == content());
}
