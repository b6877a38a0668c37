//! `submit --stage serve`: on this machine, and for servers that are others.

use std::net::{TcpListener, UdpSocket};
use std::path::Path;

use serde_json::Value;

use crate::sandbox::{Trial, both, flat, json};
use crate::support::{copy_directory, entries, name, root};

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// An address of this machine by which others come to it, where it has one. Nothing is sent.
fn own_address() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then(|| address.to_string())
}

const COMPLETE: &str = "complete: 4 of 4 entities and 3 of 3 links are in ODM";

#[test]
fn files_are_served_where_it_is_said() {
    let everywhere = |port: u16| format!("0.0.0.0:{port}");
    let here = |port: u16| format!("127.0.0.1:{port}");
    let mut ways: Vec<(String, Vec<String>)> = vec![
        (here(free_port()), vec![]),
        (format!("[::1]:{}", free_port()), vec![]),
    ];
    let port = free_port();
    ways.push((
        everywhere(port),
        vec!["--serve-as".to_owned(), format!("http://localhost:{port}/")],
    ));
    if let Some(address) = own_address() {
        let port = free_port();
        let base = format!("http://{address}:{port}");
        ways.push((format!("{address}:{port}"), vec!["--insecure-http".to_owned()]));
        let more = ["--insecure-http", "--serve-as", &base].map(str::to_owned);
        ways.push((everywhere(port), more.to_vec()));
    }
    for (on, more) in ways {
        if on.starts_with("[::1]") && TcpListener::bind("[::1]:0").is_err() {
            continue;
        }
        let trial = Trial::new(&[]);
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        let (code, said) = trial.submit(&[&["--serve-on", &on], &more[..]].concat());
        assert_eq!(code, Some(0), "{on} {more:?}: {said}");
        assert!(said.contains(COMPLETE), "{on}: {said}");
        trial.assert_imported_once(&on);
    }
}

#[test]
fn the_studies_of_a_batch_share_an_address() {
    let trial = Trial::new(&[]);
    copy_directory(&root().join("fixtures/trial-libraries"), &trial.path("other"));
    let on = format!("127.0.0.1:{}", free_port());
    let args = ["submit", "trial", "other", "--stage", "serve", "--serve-on", &on];
    let args = [&args[..], &["--poll-interval", "20ms", "--format", "json"]].concat();
    let output = trial.odmkit(&args);
    assert_eq!(json(&output)["status"], "complete", "{}", both(output));
}

#[test]
fn a_server_that_is_another_machine_is_told_where_to_come() {
    let trial = Trial::new(&[]);
    let far = [
        "submit",
        "trial",
        "--stage",
        "serve",
        "--server",
        "https://odm.example.org",
    ];
    for (more, said) in [
        (
            &[][..],
            "serves files to this machine only, and https://odm.example.org is another one: say with --serve-on",
        ),
        (
            &["--serve-on", "127.0.0.1:8099"],
            "say with --serve-on ADDRESS:PORT where it can fetch them from",
        ),
        (
            &["--serve-on", "0.0.0.0:8099"],
            "say with --serve-as http://NAME:8099 by which of them the server comes",
        ),
        (
            &["--serve-on", "192.0.2.7:8099"],
            "would travel unencrypted from http://192.0.2.7:8099: put a proxy",
        ),
        (
            &["--serve-as", "http://lab.example.org"],
            "allow plain http with --insecure-http",
        ),
        (
            &["--serve-on", "8099"],
            "it is an address of this machine and a port, as in 192.0.2.7:8099",
        ),
        (
            &["--serve-as", "https://me:pa55@lab.example.org"],
            "it carries a user name or password",
        ),
        (&["--serve-as", "lab.example.org"], "it is not a URL"),
        (
            &["--serve-on", "192.0.2.7:8099", "--insecure-http"],
            "cannot listen on 192.0.2.7:8099",
        ),
    ] {
        let output = trial.odmkit(&[&far, more].concat());
        let code = output.status.code();
        let text = flat(&both(output));
        assert_eq!(code, Some(2), "{more:?}: {text}");
        assert!(text.contains(said) && !text.contains("pa55"), "{more:?}: {text}");
    }
    let output = trial.odmkit(&[
        "submit",
        "trial",
        "--stage",
        "multipart",
        "--serve-on",
        "127.0.0.1:8099",
    ]);
    assert!(both(output).contains("--serve-on and --serve-as are for --stage serve"));
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let on = taken.local_addr().expect("an address").to_string();
    let output = trial.odmkit(&["submit", "trial", "--stage", "serve", "--serve-on", &on]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        both(output).contains(&format!("cannot listen on {on}")),
        "a port of ours is no other port"
    );
    assert_eq!(trial.sandbox.journal(), Vec::<Value>::new(), "nothing was sent");
}

#[test]
fn a_link_is_known_to_the_server_alone() {
    let trial = Trial::new(&["import/expression:500:2-2"]);
    let submit = [
        "submit",
        "trial",
        "--stage",
        "serve",
        "--poll-interval",
        "20ms",
        "-vv",
    ];
    let dry = trial.odmkit(&["submit", "trial", "--stage", "serve", "--dry-run"]);
    let key = trial.path("trial/trial.odmkit-run.key");
    assert!(!key.exists(), "a dry run leaves nothing behind");
    let mut said = vec![both(dry)];
    assert!(said[0].contains("?key=…"), "{}", said[0]);
    said.push(both(trial.odmkit(&submit)));
    assert!(key.exists(), "{}", said[1]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&key).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it is its owner's alone");
    }
    said.push(both(trial.odmkit(&[&submit[..], &["--resume"]].concat())));
    assert!(said[2].contains(COMPLETE), "{}", said[2]);
    trial.assert_imported_once("resumed");
    let secret = std::fs::read_to_string(&key).expect("it is there");
    assert_eq!(secret.len(), 64);
    let hidden = |text: &str, place: &str| {
        let keys = text.split("key=").skip(1);
        let shown = keys.filter(|rest| rest.starts_with(|c: char| c.is_ascii_hexdigit()));
        assert_eq!(shown.count(), 0, "{place}: {text}");
        assert!(!text.contains(&secret), "{place}");
    };
    for text in &said {
        hidden(text, "what was said");
    }
    let looked_at = look(&trial.path("."), &hidden);
    assert!(looked_at > 10, "{looked_at} files were looked at");
}

fn look(folder: &Path, hidden: &dyn Fn(&str, &str)) -> usize {
    let each = entries(folder).into_iter().map(|entry| {
        if entry.is_dir() {
            return look(&entry, hidden);
        }
        let bytes = std::fs::read(&entry).expect("it can be read");
        if !name(&entry).ends_with(".odmkit-run.key") {
            hidden(&String::from_utf8_lossy(&bytes), name(&entry));
        }
        1
    });
    each.sum()
}
