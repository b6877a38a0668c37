//! Web servers that do what they should not. Each is told of in one clear error, or coped with; none is waited for
//! without end, and no byte is taken that is not the file's.

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

/// An answer that is beside the question.
type Strange = fn(&Asked, &[u8]) -> Vec<u8>;

#[test]
fn what_is_answered_beside_the_question_is_not_taken() {
    let strange: [(&str, Strange); 6] = [
        ("the server gave another range than asked", |asked, all| {
            let (first, last) = asked.range.unwrap();
            let moved = Some((first - 1, last.min(all.len() - 1) - 1));
            let moved = Asked {
                range: moved,
                ..asked.clone()
            };
            good(&moved, all)
        }),
        ("the server gave another range than asked", |asked, all| {
            let (first, last) = asked.range.unwrap();
            let less = Some((first, last.min(all.len() - 1) - 1));
            good(
                &Asked {
                    range: less,
                    ..asked.clone()
                },
                all,
            )
        }),
        ("the server does not say which range it gave", |asked, all| {
            let (first, last) = asked.range.unwrap();
            response(
                "206 Partial Content",
                &[tag()],
                &all[first..=last.min(all.len() - 1)],
            )
        }),
        (
            "the server gave the whole file where it was asked for a part",
            |_, all| response("200 OK", &[tag()], all),
        ),
        ("the connection broke", |asked, all| {
            let mut whole = good(asked, all);
            whole.truncate(whole.len() - 1000);
            whole
        }),
        ("the server sent more than it was asked for", |asked, all| {
            let (first, last) = asked.range.unwrap();
            let last = last.min(all.len() - 1);
            let said = format!("{first}-{last}/{}", all.len());
            part(&[tag()], &said, &[&all[first..=last], b"and more"].concat())
        }),
    ];
    for (said, answer) in strange {
        let always = but(move |asked, all| is_later(asked).then(|| Sends(answer(asked, all))));
        let error = always.fails();
        assert!(error.to_string().contains(said), "{said}: {error}");
        assert!(
            error.is_transient() && always.asked() >= 4,
            "{said}: it was tried again"
        );
        let at_first =
            but(move |asked, all| (1..3).contains(&asked.number).then(|| Sends(answer(asked, all))));
        assert!(at_first.read().unwrap() == content(), "{said}");
    }
}

#[test]
fn a_first_answer_beside_the_question_makes_it_ask_for_all() {
    let strange: [Strange; 5] = [
        |_, all| part(&[], &format!("0-{}/{}", all.len() - 1, all.len()), all),
        |_, _| response("206 Partial Content", &[], b"--x\r\n\r\nab\r\n--x--"),
        |_, all| part(&[], "0-262143/*", &all[..262_144]),
        |_, _| part(&[], "0-262143/10", b"0123456789"),
        |_, all| part(&[], "5-262143/9437212", &all[5..262_144]),
    ];
    for answer in strange {
        let server = but(move |asked, all| asked.range.map(|_| Sends(answer(asked, all))));
        assert!(server.read().unwrap() == content());
    }
}

#[test]
fn a_file_that_changes_between_requests_is_not_mixed() {
    let strange: [Strange; 5] = [
        // Another version by its tag; by its length; by its date; that has no such part; that is given whole.
        |asked, all| {
            let other: Vec<u8> = all.iter().map(|byte| byte ^ 1).collect();
            let (first, last) = asked.range.unwrap();
            let last = last.min(all.len() - 1);
            let tag = ("ETag", "\"2\"".to_owned());
            part(
                &[tag],
                &format!("{first}-{last}/{}", all.len()),
                &other[first..=last],
            )
        },
        |asked, all| good(asked, &all[..all.len() - 1]),
        |asked, all| {
            let (first, last) = asked.range.unwrap();
            let last = last.min(all.len() - 1);
            let date = ("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT".to_owned());
            part(
                &[tag(), date],
                &format!("{first}-{last}/{}", all.len()),
                &all[first..=last],
            )
        },
        |_, _| {
            let range = ("Content-Range", "bytes */3".to_owned());
            response("416 Range Not Satisfiable", &[range], b"")
        },
        |_, _| response("200 OK", &[], b"another file"),
    ];
    for answer in strange {
        let server = but(move |asked, all| is_later(asked).then(|| Sends(answer(asked, all))));
        let error = server.fails();
        assert!(matches!(error.kind(), RemoteErrorKind::Changed), "{error}");
    }
}

#[test]
fn a_file_without_ranges_is_whole_or_none() {
    let chunked = |all: &[u8], end: &str| {
        let mut bytes = head("200 OK", &[("Transfer-Encoding", "chunked".to_owned())]);
        for piece in all.chunks(100_000) {
            bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
            bytes.extend_from_slice(piece);
            bytes.extend_from_slice(b"\r\n");
        }
        [&bytes, end.as_bytes()].concat()
    };
    let all = content();
    assert!(always(chunked(&all, "0\r\n\r\n")).read().unwrap() == all);
    let mut short = response("200 OK", &[], &all);
    short.truncate(all.len() / 2);
    for bytes in [chunked(&all, ""), chunked(&all, "zz\r\n"), short] {
        let error = always(bytes).fails();
        let broken = matches!(
            error.kind(),
            RemoteErrorKind::Interrupted(_) | RemoteErrorKind::Short { .. }
        );
        assert!(broken, "{error}");
    }
}

#[test]
fn what_is_no_http_is_an_error() {
    let mut endless = b"HTTP/1.1 200 OK\r\n".to_vec();
    endless.extend(std::iter::repeat_n(b"X-A: b\r\n", 1 << 19).flatten());
    for bytes in [
        b"".to_vec(),
        b"\0\x01\x02".to_vec(),
        b"SSH-2.0-OpenSSH\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n".to_vec(),
        endless,
    ] {
        let error = always(bytes).fails();
        assert!(matches!(error.kind(), RemoteErrorKind::Interrupted(_)), "{error}");
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

fn file(bytes: usize) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&content()[..bytes]).unwrap();
    file
}

#[test]
fn a_file_is_put_whole_and_once() {
    for bytes in [0, 1, content().len()] {
        let server = always(response("201 Created", &[], b""));
        assert_eq!(server.put(file(bytes).path(), PATIENT).unwrap(), bytes as u64);
        assert!(*server.body.lock().unwrap() == content()[..bytes]);
        assert_eq!(server.asked(), 1);
    }
}

#[test]
fn a_put_that_is_not_taken_is_told_of_and_not_repeated() {
    let elsewhere = "to another address, where nothing is written";
    for (status, said) in [
        ("403 Forbidden", "access is denied (403)"),
        ("404 Not Found", "there is no such file (404)"),
        ("413 Content Too Large", "the server answered 413"),
        ("500 Internal Server Error", "the server answered 500"),
        ("301 Moved Permanently", elsewhere),
        ("302 Found", elsewhere),
        ("303 See Other", elsewhere),
        ("307 Temporary Redirect", elsewhere),
        ("308 Permanent Redirect", elsewhere),
    ] {
        let server = Server::new(move |asked| {
            let taken = asked.path == "/taken" || asked.method != "PUT";
            let place = ("Location", "/taken".to_owned());
            Sends(response(if taken { "200 OK" } else { status }, &[place], b""))
        });
        let error = server.put(file(300_000).path(), PATIENT).unwrap_err().to_string();
        assert!(error.contains(said), "{status}: {error}");
        assert_eq!(server.asked(), 1, "{status}");
    }
}

#[test]
fn a_put_to_a_server_that_falls_silent_ends() {
    let no_answer = Server::new(|_| Stalls(Vec::new()));
    let takes_nothing = Server::new(|_| Does::ReadsNothing);
    for (server, bytes) in [(no_answer, 1000), (takes_nothing, content().len())] {
        let error = server.put(file(bytes).path(), IMPATIENT).unwrap_err();
        assert!(matches!(error.kind(), RemoteErrorKind::Timeout), "{error}");
        assert_eq!(server.asked(), 1);
    }
    let late = Server::new(|_| {
        std::thread::sleep(IMPATIENT.silence * 4);
        Sends(response("200 OK", &[], b""))
    });
    assert_eq!(
        late.put(file(1000).path(), IMPATIENT).unwrap(),
        1000,
        "to store it may take longer"
    );
}

/// Who signed the certificate of `localhost`, that, and its key: in the repository so that the test needs no tool. They
/// open nothing.
const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("tls/cert.der");
const KEY: &[u8] = include_bytes!("tls/key.der");

#[test]
fn what_came_encrypted_does_not_go_on_in_the_open() {
    const CHILD: &str = "ODMKIT_TEST_TRUSTS";
    if std::env::var_os(CHILD).is_none() {
        // Which certificates are trusted is asked for once in a process, and by its environment.
        let test = "what_came_encrypted_does_not_go_on_in_the_open";
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(CHILD, "1")
            .env("SSL_CERT_FILE", AUTHORITY)
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
        assert!(child.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let open = but(|_, _| None);
    let port = encrypted(open.url.expose().to_owned());
    let at = |path: &str| Server {
        url: RemoteUrl::parse(&format!("https://localhost:{port}/{path}?sig=5ecret")).unwrap(),
        asked: Arc::default(),
        body: Arc::default(),
    };
    assert_eq!(
        at("here").read().unwrap(),
        b"encrypted",
        "the certificate is trusted"
    );
    let error = at("moved").fails().to_string();
    let said = "redirects from an encrypted to an unencrypted address, which is not followed";
    assert!(error.contains(said), "{error}");
    assert_eq!(open.asked(), 0, "nothing was asked in the open");
}

/// A server over TLS that sends what is moved to an address; its port.
fn encrypted(target: String) -> u16 {
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(KEY.to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CERTIFICATE.to_vec().into()], key.into())
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::StreamOwned::new(connection, stream);
            let mut line = String::new();
            if BufReader::new(&mut tls).read_line(&mut line).is_err() {
                continue;
            }
            let answer = if line.contains("/moved") {
                response("302 Found", &[("Location", target.clone())], b"")
            } else {
                response("200 OK", &[], b"encrypted")
            };
            // A client that hangs up is no concern of the server.
            let _ = tls.write_all(&answer);
            tls.conn.send_close_notify();
            let _ = tls.flush();
        }
    });
    port
}
