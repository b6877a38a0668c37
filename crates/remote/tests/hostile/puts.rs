//! Files that are put to a server.

use super::*;

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
