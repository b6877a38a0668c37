//! The transport that speaks HTTP.

use std::path::Path;
use std::time::Duration;

use bytes::BytesMut;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use reqwest::{multipart, redirect};
use tokio::io::AsyncReadExt;

use crate::meter::Meter;
use crate::request::{Body, Method, Part, Request, Response};
use crate::server::Server;
use crate::transport::{Transport, TransportError, TransportErrorKind};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(90);
/// An upload may take this long for each MiB on top of the ordinary timeout: a line of 512 kbit/s.
const UPLOAD_TIME_PER_MIB: Duration = Duration::from_secs(16);
const LARGEST_ANSWER: usize = 64 << 20;
/// How much of a file is read at once.
const PIECE: usize = 256 << 10;

/// HTTP/1.1 and HTTP/2 over TCP, TLS by rustls.
///
/// Redirects are not followed: the token would travel to an address that nobody named.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    /// Keeps no connections: one that the server gave up meanwhile would break an upload, and nobody could say whether
    /// it had arrived.
    uploads: reqwest::Client,
    answer_timeout: Duration,
}

impl HttpTransport {
    /// A transport to a server. For a server on this machine, proxies are passed by.
    pub fn new(server: &Server) -> Result<Self, TransportError> {
        // An error means that a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            let builder = reqwest::Client::builder()
                .user_agent(concat!("odmkit/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                .connect_timeout(CONNECT_TIMEOUT);
            if server.is_loopback() {
                builder.no_proxy()
            } else {
                builder
            }
        };
        let uploads = builder().http1_only().pool_max_idle_per_host(0);
        Ok(Self {
            client: builder().build().map_err(classify)?,
            uploads: uploads.build().map_err(classify)?,
            answer_timeout: ANSWER_TIMEOUT,
        })
    }

    /// The same with another limit on the time to an answer.
    #[must_use]
    pub fn with_answer_timeout(mut self, timeout: Duration) -> Self {
        self.answer_timeout = timeout;
        self
    }

    async fn exchange(&self, request: Request) -> Result<Response, TransportError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
        };
        let mut timeout = self.answer_timeout;
        let client = match request.body {
            Body::Form(_) => &self.uploads,
            _ => &self.client,
        };
        let mut wire = client
            .request(method, &request.url)
            .header(ACCEPT, "application/json");
        if let Some(auth) = &request.auth {
            let name = HeaderName::from_bytes(auth.header_name().as_bytes())
                .map_err(|error| TransportError::new(TransportErrorKind::Unusable, error))?;
            wire = wire.header(name, hidden(auth.header_value().expose())?);
        }
        if let Some(cookies) = &request.cookies {
            wire = wire.header(COOKIE, hidden(cookies.expose())?);
        }
        match &request.body {
            Body::Empty => wire = wire.header(CONTENT_TYPE, "application/json"),
            Body::Json(_) | Body::Token(_) => {
                let text = request.body.json_text().unwrap_or_default();
                wire = wire.header(CONTENT_TYPE, "application/json").body(text);
            }
            Body::Form(parts) => {
                let (form, bytes) = form(parts, request.meter.as_ref()).await?;
                timeout +=
                    UPLOAD_TIME_PER_MIB * u32::try_from(bytes >> 20).unwrap_or(u32::MAX).saturating_add(1);
                wire = wire.multipart(form);
            }
        }
        let answer = wire.timeout(timeout).send().await.map_err(classify)?;
        read(answer).await
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.exchange(request).boxed()
    }
}

async fn form(
    parts: &[(&'static str, Part)],
    meter: Option<&Meter>,
) -> Result<(multipart::Form, u64), TransportError> {
    let meter = meter.cloned().unwrap_or_default();
    meter.reset();
    let mut form = multipart::Form::new();
    let mut bytes = 0;
    for (name, part) in parts {
        match part {
            Part::Text(text) => form = form.text(*name, text.clone()),
            Part::File(path) => {
                let (part, length) = file(path, meter.clone())
                    .await
                    .map_err(|error| TransportError::new(TransportErrorKind::LocalFile, error))?;
                bytes += length;
                form = form.part(*name, part);
            }
        }
    }
    Ok((form, bytes))
}

/// The file as a part with its length, so that the request has a `Content-Length`. It is read as it leaves, a piece at a
/// time.
async fn file(path: &Path, meter: Meter) -> std::io::Result<(multipart::Part, u64)> {
    let file = tokio::fs::File::open(path).await?;
    let length = file.metadata().await?.len();
    let pieces = stream::try_unfold((file.take(length), meter), |(mut file, meter)| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let read = file.read_buf(&mut piece).await?;
        meter.add(read as u64);
        Ok::<_, std::io::Error>((read > 0).then(|| (piece.freeze(), (file, meter))))
    });
    let body = reqwest::Body::wrap_stream(pieces);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let part = multipart::Part::stream_with_length(body, length);
    Ok((part.file_name(name.unwrap_or_default()), length))
}

async fn read(answer: reqwest::Response) -> Result<Response, TransportError> {
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let mut body = BytesMut::new();
    let mut stream = answer.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(classify)?;
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(TransportErrorKind::TooLarge.into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response {
        status,
        headers,
        body: body.freeze(),
    })
}

fn hidden(text: &str) -> Result<HeaderValue, TransportError> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|error| TransportError::new(TransportErrorKind::Unusable, error))?;
    value.set_sensitive(true);
    Ok(value)
}

fn classify(error: reqwest::Error) -> TransportError {
    let kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_builder() {
        TransportErrorKind::Unusable
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::new(kind, error.without_url())
}
