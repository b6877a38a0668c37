//! A server that says what it was told to say, in order, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use odmkit_odm_api::{Api, Auth, Client, HttpTransport, PathFamily, RetryPolicy, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const TOKEN: &str = "t0p-s3cret";

/// What the server does with a request.
pub(crate) enum Turn {
    /// Answers.
    Say {
        status: u16,
        headers: &'static str,
        body: String,
    },
    /// Hangs up without a word.
    HangUp,
    /// Reads the request and says nothing.
    Stall,
    /// Promises more than it sends.
    CutShort,
}

pub(crate) struct Script {
    pub(crate) url: String,
    turns: Arc<Mutex<VecDeque<Turn>>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Heard {
    /// `POST /path?query`
    pub(crate) line: String,
    /// Header lines in lower case.
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

pub(crate) fn say(status: u16, body: &str) -> Turn {
    Turn::Say {
        status,
        headers: "",
        body: body.to_owned(),
    }
}

pub(crate) fn say_with(status: u16, headers: &'static str, body: &str) -> Turn {
    Turn::Say {
        status,
        headers,
        body: body.to_owned(),
    }
}

impl Script {
    pub(crate) async fn new(turns: impl IntoIterator<Item = Turn>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let turns = Arc::new(Mutex::new(turns.into_iter().collect::<VecDeque<_>>()));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let script = Self {
            url,
            turns: Arc::clone(&turns),
            heard: Arc::clone(&heard),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (turns, heard) = (Arc::clone(&turns), Arc::clone(&heard));
                tokio::spawn(async move { serve(stream, &turns, &heard).await });
            }
        });
        script
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// What the script has left.
    pub(crate) fn left(&self) -> usize {
        self.turns.lock().unwrap().len()
    }

    pub(crate) fn client(&self) -> Client {
        self.client_as(Auth::api_token(TOKEN).unwrap())
    }

    pub(crate) fn client_as(&self, auth: Auth) -> Client {
        let server = Server::parse(&self.url, false).unwrap();
        let transport = HttpTransport::new(&server)
            .unwrap()
            .with_answer_timeout(Duration::from_millis(300));
        let retry = RetryPolicy {
            tries: 4,
            first_wait: Duration::from_millis(2),
            longest_wait: Duration::from_millis(5),
            longest_asked_wait: Duration::from_secs(3),
        };
        Client::with_transport(Api::new(server, PathFamily::V1, auth), Arc::new(transport), retry)
    }
}

async fn serve(mut stream: TcpStream, turns: &Mutex<VecDeque<Turn>>, heard: &Mutex<Vec<Heard>>) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    heard.lock().unwrap().push(request);
    let turn = turns
        .lock()
        .unwrap()
        .pop_front()
        .unwrap_or_else(|| say(500, "the script is over"));
    match turn {
        Turn::Say {
            status,
            headers,
            body,
        } => {
            let length = body.len();
            let text = format!(
                "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
            );
            let text = if status == 204 {
                format!("HTTP/1.1 204 X\r\nconnection: close\r\n{headers}\r\n")
            } else {
                text
            };
            let _ = stream.write_all(text.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
        Turn::HangUp => {}
        Turn::Stall => tokio::time::sleep(Duration::from_secs(30)).await,
        Turn::CutShort => {
            let _ = stream
                .write_all(b"HTTP/1.1 200 X\r\ncontent-length: 900\r\n\r\n{\"jobEx")
                .await;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<String> = lines.map(str::to_lowercase).collect();
    let length = headers
        .iter()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    Some(Heard { line, headers, body })
}
