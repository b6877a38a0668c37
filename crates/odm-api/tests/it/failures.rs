//! Calls that do not go well at first, or at all.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use odmkit_odm_api::{
    Api, Auth, Client, Delivery, Error, FileLink, HttpTransport, Import, JobId, Link, LinkKind, Metadata,
    PathFamily, RetryPolicy, Server, Started, TransportErrorKind,
};

use crate::script::{Script, TOKEN, Turn, say, say_with};

const INFO: &str = r#"{"jobExecId":9,"status":"STARTING"}"#;

fn samples(link: &str) -> Import<FileLink> {
    Import::Samples(Metadata {
        table: link.into(),
        template: None,
    })
}

fn everything_that(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {}", error.with_causes());
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text} {inner} {inner:?}");
        cause = inner.source();
    }
    text
}

#[tokio::test]
async fn reads_outlast_passing_failures() {
    let script = Script::new([say(503, "busy"), Turn::HangUp, Turn::CutShort, say(200, INFO)]).await;
    assert_eq!(
        script.client().job_info(JobId(9)).await.unwrap().job_exec_id,
        JobId(9)
    );
    assert_eq!(script.heard().len(), 4);

    let script = Script::new([Turn::Stall, say(200, INFO)]).await;
    assert!(
        script.client().job_info(JobId(9)).await.is_ok(),
        "a timeout passes too"
    );
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    for status in [429, 503] {
        let script = Script::new([say_with(status, "retry-after: 1\r\n", ""), say(200, INFO)]).await;
        let start = Instant::now();
        script.client().job_info(JobId(9)).await.unwrap();
        assert!(start.elapsed() >= Duration::from_secs(1), "{status}");
    }
    let script = Script::new([say_with(503, "retry-after: 86400\r\n", ""), say(200, INFO)]).await;
    let error = script.client().job_info(JobId(9)).await.unwrap_err();
    assert!(
        matches!(error, Error::Status { status: 503, .. }),
        "a day is too long"
    );
}

#[tokio::test]
async fn a_lost_answer_to_an_import_by_link_comes_back_as_our_own_job() {
    let exists = r#"{"error":{"message":"job instance already exists for it, jobExecId=9"}}"#;
    for lost in [
        Turn::HangUp,
        Turn::Stall,
        say(504, "<html><title>504</title></html>"),
    ] {
        let script = Script::new([lost, say(409, exists)]).await;
        let started = script
            .client()
            .import_by_link(&samples("https://a.org/s"), false)
            .await
            .unwrap();
        assert_eq!(
            started,
            Started::Existing {
                job: JobId(9),
                after_lost_answer: true
            }
        );
    }
    let script = Script::new([say(429, ""), say(409, exists)]).await;
    let started = script
        .client()
        .import_by_link(&samples("https://a.org/s"), false)
        .await
        .unwrap();
    assert_eq!(
        started,
        Started::Existing {
            job: JobId(9),
            after_lost_answer: false
        },
        "429 did nothing"
    );
}

#[tokio::test]
async fn an_import_with_duplicates_allowed_is_not_repeated() {
    let script = Script::new([Turn::HangUp, say(200, INFO)]).await;
    let error = script
        .client()
        .import_by_link(&samples("https://a.org/s"), true)
        .await
        .unwrap_err();
    assert_eq!((error.delivery(), script.heard().len()), (Delivery::Unknown, 1));
    assert!(
        script.heard()[0]
            .line
            .ends_with("/import/samples?allow_dups=true")
    );
}

#[tokio::test]
async fn answers_are_not_asked_for_again() {
    for status in [400, 401, 403, 404, 409, 422, 500] {
        let script = Script::new([say(status, r#"{"error":{"message":"no"}}"#), say(200, INFO)]).await;
        let error = script
            .client()
            .import_by_link(&samples("https://a.org/s"), false)
            .await
            .unwrap_err();
        assert_eq!((error.status(), script.heard().len()), (Some(status), 1));
        let expected = if status < 500 {
            Delivery::Refused
        } else {
            Delivery::Unknown
        };
        assert_eq!(error.delivery(), expected, "{status}");
    }
}

#[tokio::test]
async fn links_are_sent_once() {
    let link = Link {
        kind: LinkKind::SamplesStudy,
        source: "GSF1".parse().unwrap(),
        target: "GSF2".parse().unwrap(),
        attribute: None,
    };
    let script = Script::new([say(502, ""), say(204, "")]).await;
    assert_eq!(
        script.client().link(&link).await.unwrap_err().delivery(),
        Delivery::Unknown
    );
    assert_eq!(script.heard().len(), 1);
}

#[tokio::test]
async fn an_html_page_is_reported_and_not_parsed() {
    let page = "<html>\n<head><title>504 Gateway Time-out</title></head><body>nginx</body></html>";
    let script = Script::new((0..4).map(|_| say(504, page))).await;
    let error = script.client().job_info(JobId(9)).await.unwrap_err();
    let text = error.to_string();
    assert_eq!(
        text,
        format!(
            "GET {}/api/v1/jobs/9/info: the server answered 504 (tried 4 times): an HTML page titled “504 Gateway \
             Time-out”",
            script.url
        )
    );
    let script = Script::new([say(200, page)]).await;
    let error = script.client().job_info(JobId(9)).await.unwrap_err();
    assert!(matches!(error, Error::Unreadable { status: 200, .. }));
    assert!(
        error.to_string().contains("not as ODM does: an HTML page titled"),
        "{error}"
    );
    assert_eq!(error.delivery(), Delivery::Unknown);
}

#[tokio::test]
async fn redirects_are_not_followed_with_a_token() {
    let script = Script::new([say_with(302, "location: http://127.0.0.1:9/elsewhere\r\n", "")]).await;
    let error = script.client().job_info(JobId(9)).await.unwrap_err();
    assert!(
        error.to_string().contains("a redirect, which is not followed"),
        "{error}"
    );
}

#[tokio::test]
async fn nothing_shows_the_token_or_a_signature() {
    let echo =
        format!(r#"{{"error":{{"message":"cannot read https://a.org/s?sig=5ignature for {TOKEN}"}}}}"#);
    let script = Script::new([
        say(400, &echo),
        say(200, &echo),
        Turn::HangUp,
        Turn::HangUp,
        Turn::HangUp,
        Turn::HangUp,
    ])
    .await;
    let client = script.client();
    assert!(!format!("{client:?}").contains(TOKEN));
    for _ in 0..3 {
        let error = client
            .import_by_link(&samples("https://a.org/s?sig=5ignature"), false)
            .await
            .unwrap_err();
        let text = everything_that(&error);
        assert!(!text.contains(TOKEN) && !text.contains("5ignature"), "{text}");
    }
    let error = client
        .import_by_link(&samples("gs://a.org/s?sig=5ignature"), false)
        .await
        .unwrap_err();
    assert!(!everything_that(&error).contains("5ignature"));
}

#[tokio::test]
async fn no_server_is_a_connect_error() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let server = Server::parse(&format!("http://{free}"), false).unwrap();
    let transport = HttpTransport::new(&server).unwrap();
    let api = Api::new(server, PathFamily::V1, Auth::api_token(TOKEN).unwrap());
    let client = Client::with_transport(api, Arc::new(transport), RetryPolicy::NONE);
    let error = client.job_info(JobId(1)).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotArrived);
    assert!(
        matches!(&error, Error::Transport { source, .. } if source.kind == TransportErrorKind::Connect),
        "{error:?}"
    );
    assert!(
        error.with_causes().contains("could not connect"),
        "{}",
        error.with_causes()
    );
}

#[tokio::test]
async fn https_to_what_speaks_no_tls_is_a_connect_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::parse(&format!("https://{}", listener.local_addr().unwrap()), false).unwrap();
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let transport = HttpTransport::new(&server).unwrap();
    let api = Api::new(server, PathFamily::V1, Auth::api_token(TOKEN).unwrap());
    let client = Client::with_transport(api, Arc::new(transport), RetryPolicy::NONE);
    let error = client.job_info(JobId(1)).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotArrived, "{}", error.with_causes());
}

/// A server on this machine with a certificate that nobody has signed but itself. It says whether it heard a request.
fn strange_server() -> (String, std::thread::JoinHandle<bool>) {
    use std::io::Read as _;

    // In the repository so that the test needs no tool; they open nothing.
    let certificate = include_bytes!("tls/cert.der").to_vec().into();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(include_bytes!("tls/key.der").to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let heard = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let mut tls = rustls::StreamOwned::new(connection, stream);
        // Without a handshake there is nothing to read but an error.
        tls.read(&mut [0; 1]).is_ok_and(|bytes| bytes > 0)
    });
    (url, heard)
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_even_on_this_machine() {
    for insecure_http in [false, true] {
        let (url, heard) = strange_server();
        let server = Server::parse(&url, insecure_http).unwrap();
        let transport = HttpTransport::new(&server).unwrap();
        let api = Api::new(server, PathFamily::V1, Auth::api_token(TOKEN).unwrap());
        let client = Client::with_transport(api, Arc::new(transport), RetryPolicy::NONE);
        let error = client.job_info(JobId(1)).await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::NotArrived);
        assert!(
            error.with_causes().contains("certificate"),
            "{}",
            error.with_causes()
        );
        assert!(!heard.join().unwrap(), "the token never left");
    }
}
