//! Redirects from encrypted addresses to open ones.

use super::*;

/// Who signed the certificate of `localhost`, that, and its key: in the repository so that the test needs no tool. They
/// open nothing.
const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/authority.pem");

const CERTIFICATE: &[u8] = include_bytes!("../tls/cert.der");

const KEY: &[u8] = include_bytes!("../tls/key.der");

#[test]
fn what_came_encrypted_does_not_go_on_in_the_open() {
    const CHILD: &str = "ODMKIT_TEST_TRUSTS";
    if std::env::var_os(CHILD).is_none() {
        // Which certificates are trusted is asked for once in a process, and by its environment.
        let test = "encrypted::what_came_encrypted_does_not_go_on_in_the_open";
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
