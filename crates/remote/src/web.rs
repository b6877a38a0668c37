//! Files of web servers.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use futures_util::stream;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, LAST_MODIFIED, LOCATION, RANGE,
    RETRY_AFTER,
};
use reqwest::{Body, Client, Response, StatusCode, redirect};
use tokio::io::AsyncReadExt as _;

use crate::RemoteUrl;
use crate::error::{RemoteError, RemoteErrorKind, causes};
use crate::retry::{Failed, Pace, Patience};
use crate::window::Fetch;

const CONNECT: Duration = Duration::from_secs(10);
const MOST_REDIRECTS: usize = 5;

/// A web server's file that is given in ranges.
#[derive(Clone)]
pub(crate) struct WebFile {
    url: RemoteUrl,
    length: u64,
    version: Version,
    patience: Patience,
}

/// What is learnt by the first request.
pub(crate) enum Begun {
    /// The server gives ranges; these are the first bytes.
    Ranged(WebFile, u64, Bytes),
    /// It gives the whole file alone: here it is.
    Whole(File),
}

/// What tells a version of a file from others, as far as the server says.
type Version = [Option<String>; 2];

impl WebFile {
    /// Asks for the first bytes of a file. A server that does not know ranges gives all of it, which is kept in a
    /// temporary file without a name.
    pub(crate) async fn open(url: &RemoteUrl, first: u64, patience: Patience) -> Result<Begun, RemoteError> {
        patience.until_done(|| Self::begin(url, first, patience)).await
    }

    async fn begin(url: &RemoteUrl, first: u64, patience: Patience) -> Result<Begun, Failed> {
        let answer = ask(url, Some(0..first), patience).await?;
        let status = answer.status();
        let version = version(answer.headers());
        if status == StatusCode::RANGE_NOT_SATISFIABLE && content_range(&answer) == Some((None, 0)) {
            let file = tempfile::tempfile().map_err(|error| kept(url, &error))?;
            return Ok(Begun::Whole(file));
        }
        match (status, content_range(&answer)) {
            (StatusCode::PARTIAL_CONTENT, Some((Some(range), length)))
                if range.start == 0 && (1..=first).contains(&range.end) && range.end <= length =>
            {
                let expected = range.end;
                let bytes = body(url, answer, expected, patience).await?;
                let file = Self {
                    url: url.clone(),
                    length,
                    version,
                    patience,
                };
                Ok(Begun::Ranged(file, length, bytes))
            }
            (StatusCode::PARTIAL_CONTENT, _) => {
                // It is another range, or told in a way that says nothing of the whole: ask for the whole.
                let answer = ask(url, None, patience).await?;
                whole(url, answer, patience).await
            }
            (status, _) if status.is_success() => whole(url, answer, patience).await,
            _ => Err(refused(url, &answer)),
        }
    }

    async fn range(&self, range: Range<u64>) -> Result<Bytes, Failed> {
        let url = &self.url;
        let answer = ask(url, Some(range.clone()), self.patience).await?;
        let told = content_range(&answer);
        let same = self.version == version(answer.headers());
        let changed = || Err(RemoteError::new(url, RemoteErrorKind::Changed).into());
        let odd = |what| Err(RemoteError::new(url, RemoteErrorKind::Odd(what)).into());
        match (answer.status(), told) {
            (StatusCode::PARTIAL_CONTENT, Some((given, length))) => {
                if length != self.length || !same {
                    return changed();
                }
                if given != Some(range.clone()) {
                    return odd("the server gave another range than asked");
                }
                body(url, answer, range.end - range.start, self.patience).await
            }
            (StatusCode::PARTIAL_CONTENT, None) => odd("the server does not say which range it gave"),
            (StatusCode::OK, _) if same && answer.content_length() == Some(self.length) => {
                odd("the server gave the whole file where it was asked for a part")
            }
            (status, _) if status.is_success() || status == StatusCode::RANGE_NOT_SATISFIABLE => changed(),
            _ => Err(refused(url, &answer)),
        }
    }
}

impl Fetch for WebFile {
    fn fetch(&self, range: Range<u64>) -> BoxFuture<'static, Result<Bytes, RemoteError>> {
        let file = self.clone();
        Box::pin(async move { file.patience.until_done(|| file.range(range.clone())).await })
    }
}

/// Writes a file of this machine to a web server by `PUT`, as a presigned link allows it. It is sent once: whether
/// a server that broke off has stored it is for the server to say. A redirect is not followed: the file would stay behind.
pub async fn put_file(url: &RemoteUrl, path: &Path) -> Result<u64, RemoteError> {
    put_file_with(url, path, Patience::default()).await
}

/// The same with another patience.
pub async fn put_file_with(url: &RemoteUrl, path: &Path, patience: Patience) -> Result<u64, RemoteError> {
    let local = |error| RemoteError::local(url, path, &error);
    let file = tokio::fs::File::open(path).await.map_err(local)?;
    let length = file.metadata().await.map_err(local)?.len();
    let sent = Arc::new(AtomicU64::new(0));
    let request = client(url, Redirects::Not)?
        .put(url.expose())
        .header(CONTENT_LENGTH, length)
        .body(counted(file, Arc::clone(&sent)));
    let mut answer = std::pin::pin!(request.send());
    let (mut before, mut quiet) = (0, 0);
    let answer = loop {
        tokio::select! {
            answer = &mut answer => break answer.map_err(|error| classify(url, error))?,
            () = tokio::time::sleep(patience.silence) => {
                let now = sent.load(Ordering::Relaxed);
                quiet = if now == before { quiet + 1 } else { 0 };
                before = now;
                // What has all of it may take a while to store it.
                if quiet > if now < length { 0 } else { TIMES_TO_STORE } {
                    return Err(RemoteError::new(url, RemoteErrorKind::Timeout));
                }
            }
        }
    };
    if answer.status().is_success() {
        Ok(length)
    } else {
        Err(refused(url, &answer).error)
    }
}

/// How many times as long as for other things a server may need to store a file.
const TIMES_TO_STORE: u32 = 10;

/// A file as a body, with a count of what was taken of it.
fn counted(file: tokio::fs::File, sent: Arc<AtomicU64>) -> Body {
    const PIECE: usize = 256 << 10;
    Body::wrap_stream(stream::try_unfold((file, sent), |(mut file, sent)| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let length = file.read_buf(&mut piece).await?;
        sent.fetch_add(length as u64, Ordering::Relaxed);
        Ok::<_, std::io::Error>((length > 0).then(|| (piece.freeze(), (file, sent))))
    }))
}

async fn ask(url: &RemoteUrl, range: Option<Range<u64>>, patience: Patience) -> Result<Response, Failed> {
    // What is packed on the way could not be asked for in ranges.
    let mut request = client(url, Redirects::Followed)?
        .get(url.expose())
        .header(ACCEPT_ENCODING, "identity");
    if let Some(range) = range {
        request = request.header(RANGE, format!("bytes={}-{}", range.start, range.end - 1));
    }
    let answer = tokio::time::timeout(patience.silence, request.send()).await;
    match answer {
        Ok(answer) => Ok(answer.map_err(|error| classify(url, error))?),
        Err(_) => Err(RemoteError::new(url, RemoteErrorKind::Timeout).into()),
    }
}

/// The body of an answer, which must have so many bytes.
async fn body(
    url: &RemoteUrl,
    mut answer: Response,
    expected: u64,
    patience: Patience,
) -> Result<Bytes, Failed> {
    let mut bytes = BytesMut::new();
    let mut pace = Pace::new(patience);
    while let Some(chunk) = next(url, &mut answer, &mut pace).await? {
        if (bytes.len() + chunk.len()) as u64 > expected {
            let kind = RemoteErrorKind::Odd("the server sent more than it was asked for");
            return Err(RemoteError::new(url, kind).into());
        }
        bytes.extend_from_slice(&chunk);
    }
    if bytes.len() as u64 == expected {
        return Ok(bytes.freeze());
    }
    let kind = RemoteErrorKind::Short {
        promised: expected,
        got: bytes.len() as u64,
    };
    Err(RemoteError::new(url, kind).into())
}

/// The body of an answer as a temporary file without a name.
async fn whole(url: &RemoteUrl, mut answer: Response, patience: Patience) -> Result<Begun, Failed> {
    let promised = answer.content_length();
    let mut file = tempfile::tempfile().map_err(|error| kept(url, &error))?;
    let mut got = 0;
    let mut pace = Pace::new(patience);
    while let Some(chunk) = next(url, &mut answer, &mut pace)
        .await
        .map_err(|failed| short(failed, promised, got))?
    {
        file.write_all(&chunk).map_err(|error| kept(url, &error))?;
        got += chunk.len() as u64;
    }
    if let Some(promised) = promised.filter(|&promised| promised != got) {
        return Err(RemoteError::new(url, RemoteErrorKind::Short { promised, got }).into());
    }
    file.rewind().map_err(|error| kept(url, &error))?;
    Ok(Begun::Whole(file))
}

/// A body that broke off says how far it came, where the length was told.
fn short(failed: Failed, promised: Option<u64>, got: u64) -> Failed {
    match (failed.error.kind(), promised) {
        (RemoteErrorKind::Interrupted(_), Some(promised)) => {
            RemoteError::new(failed.error.url(), RemoteErrorKind::Short { promised, got }).into()
        }
        _ => failed,
    }
}

async fn next(url: &RemoteUrl, answer: &mut Response, pace: &mut Pace) -> Result<Option<Bytes>, Failed> {
    match tokio::time::timeout(pace.silence(), answer.chunk()).await {
        Ok(chunk) => {
            let chunk = chunk.map_err(|error| classify(url, error))?;
            if let Some(chunk) = &chunk
                && !pace.keeps_up(chunk.len() as u64)
            {
                return Err(RemoteError::new(url, RemoteErrorKind::Slow).into());
            }
            Ok(chunk)
        }
        Err(_) => Err(RemoteError::new(url, RemoteErrorKind::Timeout).into()),
    }
}

/// The range that an answer says it gives, and the length of the whole; no range where none can be given.
fn content_range(answer: &Response) -> Option<(Option<Range<u64>>, u64)> {
    let text = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, length) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let length = length.parse().ok()?;
    if range == "*" {
        return Some((None, length));
    }
    let (first, last) = range.split_once('-')?;
    let (first, last) = (first.parse::<u64>().ok()?, last.parse::<u64>().ok()?);
    Some((Some(first..last.checked_add(1)?), length))
}

fn version(headers: &HeaderMap) -> Version {
    [ETAG, LAST_MODIFIED].map(|name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    })
}

fn refused(url: &RemoteUrl, answer: &Response) -> Failed {
    let status = answer.status();
    let kind = match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => RemoteErrorKind::NotFound,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            RemoteErrorKind::Denied(status.as_u16().to_string())
        }
        status if status.is_redirection() && answer.headers().contains_key(LOCATION) => {
            RemoteErrorKind::Redirect("to another address, where nothing is written: give that one")
        }
        status if status.is_redirection() => RemoteErrorKind::Redirect("without saying where to"),
        status => RemoteErrorKind::Status(status.to_string()),
    };
    let after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    Failed {
        error: RemoteError::new(url, kind),
        after: after.and_then(pause),
    }
}

/// A `Retry-After`: seconds, or a date.
fn pause(text: &str) -> Option<Duration> {
    let seconds = text.trim().parse().ok().map(Duration::from_secs);
    seconds.or_else(|| {
        let date = httpdate::parse_http_date(text.trim()).ok()?;
        date.duration_since(SystemTime::now()).ok()
    })
}

fn kept(url: &RemoteUrl, error: &std::io::Error) -> RemoteError {
    RemoteError::local(url, &std::env::temp_dir(), error)
}

fn classify(url: &RemoteUrl, error: reqwest::Error) -> RemoteError {
    let error = error.without_url();
    let said = causes(&error);
    let kind = if said == DOWNGRADE || said == AROUND {
        RemoteErrorKind::Redirect(if said == DOWNGRADE { DOWNGRADE } else { AROUND })
    } else if error.is_builder() {
        RemoteErrorKind::BadUrl(said)
    } else if error.is_timeout() {
        RemoteErrorKind::Timeout
    } else if error.is_connect() {
        RemoteErrorKind::Connect(said)
    } else {
        RemoteErrorKind::Interrupted(said)
    };
    RemoteError::new(url, kind)
}

const DOWNGRADE: &str = "from an encrypted to an unencrypted address, which is not followed";
const AROUND: &str = "more than five times";

/// What is done where a server names another address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Redirects {
    Followed,
    /// Whoever writes would come there without the file, and take the answer for success.
    Not,
}

/// The client for an address; for a server of this machine proxies are passed by.
fn client(url: &RemoteUrl, redirects: Redirects) -> Result<Client, RemoteError> {
    static CLIENTS: [OnceLock<Client>; 4] = [const { OnceLock::new() }; 4];
    let follow = redirects == Redirects::Followed;
    let place = &CLIENTS[usize::from(url.is_loopback()) + 2 * usize::from(follow)];
    if let Some(client) = place.get() {
        return Ok(client.clone());
    }
    // An error means that a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let policy = if follow {
        redirect::Policy::custom(|attempt| {
            let from = attempt.previous().last().map(|url| url.scheme().to_owned());
            if from.as_deref() == Some("https") && attempt.url().scheme() == "http" {
                attempt.error(DOWNGRADE)
            } else if attempt.previous().len() > MOST_REDIRECTS {
                attempt.error(AROUND)
            } else {
                attempt.follow()
            }
        })
    } else {
        redirect::Policy::none()
    };
    let mut builder = Client::builder()
        .user_agent(concat!("odmkit/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .redirect(policy);
    if url.is_loopback() {
        builder = builder.no_proxy();
    }
    let client = builder.build().map_err(|error| classify(url, error))?;
    Ok(place.get_or_init(|| client).clone())
}
