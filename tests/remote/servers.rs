//! Files of web servers, and those that are put to one.

use super::*;

#[test]
fn a_file_of_a_web_server_gives_what_the_same_file_here_gives() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let plain = matrix(150_000);
    std::fs::write(folder.path().join("m.gct"), &plain).unwrap();
    let here = odmkit(
        folder.path(),
        &["convert", "m.gct", "--to", "tsv", "--out-dir", "here"],
    );
    assert_eq!(here.status.code(), Some(0), "{}", all(&here));
    let expected = std::fs::read(folder.path().join("here/m.tsv")).unwrap();
    for (way, name, bytes) in [
        ("ranges", "m.gct", plain.clone()),
        ("ranges", "m.gct.gz", packed(&plain)),
        ("whole", "m.gct", plain.clone()),
        ("cut", "m.gct.gz", packed(&plain)),
        ("moved", "m.gct", plain.clone()),
    ] {
        server.put(
            &format!("/{}/{name}", if way == "moved" { "ranges" } else { way }),
            &bytes,
        );
        let url = server.url(&format!("/{way}/{name}?sig=s3cret"));
        let out = odmkit(
            folder.path(),
            &[
                "convert",
                &url,
                "--to",
                "tsv",
                "--out-dir",
                "there",
                "--overwrite",
            ],
        );
        assert_eq!(out.status.code(), Some(0), "{way} {name}: {}", all(&out));
        assert!(!all(&out).contains("s3cret"), "{}", all(&out));
        let found = std::fs::read(folder.path().join("there/m.tsv")).unwrap();
        assert!(found == expected, "{way} {name} differs");
    }
    assert!(server.shared.ranges.load(Ordering::SeqCst) > 6);
}

#[test]
fn a_server_that_fails_is_told_of_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    server.put("/short/x.gct", &matrix(10));
    server.put("/changing/x.gct", &matrix(150_000));
    for (url, said) in [
        (server.url("/denied/x.gct?sig=s3cret"), "access is denied (403)"),
        (server.url("/ranges/none.gct"), "there is no such file (404)"),
        (server.url("/short/x.gct"), "the answer ended after"),
        (server.url("/changing/x.gct"), "changed while it was read"),
        ("http://127.0.0.1:9/x.gct".to_owned(), "cannot be reached"),
        ("s3://nobucket/x.gct".to_owned(), "there is no such bucket"),
        ("s3://denied/x.gct".to_owned(), "access is denied (403"),
        ("s3://bucket/none.gct".to_owned(), "there is no such file"),
    ] {
        let out = server.run(folder.path(), &["check", &url, "--format", "json"]);
        let report = all(&out);
        assert_eq!(out.status.code(), Some(1), "{url}: {report}");
        assert!(report.contains(said), "{url}: {report}");
        assert_eq!(report.matches("\"F001\",").count(), 1, "{url}: {report}");
        assert!(!report.contains("s3cret"), "{report}");
    }
}

#[test]
fn a_server_that_fails_in_the_middle_does_not_make_an_archive_bad() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let plain = matrix(100_000);
    let mut brotli = Vec::new();
    let quick = brotli::enc::BrotliEncoderParams {
        quality: 1,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &plain[..], &mut brotli, &quick).unwrap();
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    lz4.write_all(&plain).unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default();
    zip.start_file("x.gct", stored).unwrap();
    zip.write_all(&plain).unwrap();
    for (name, bytes) in [
        ("x.gct", plain.clone()),
        ("x.gct.gz", packed(&plain)),
        ("x.gct.br", brotli),
        ("x.gct.lz4", lz4.finish().unwrap()),
        ("x.gct.zst", zstd::encode_all(&plain[..], 1).unwrap()),
        ("x.gct.zip", zip.finish().unwrap().into_inner()),
    ] {
        assert!(bytes.len() > 300_000, "{name}: it takes more than one request");
        server.put(&format!("/ranges/{name}"), &bytes);
        server.put(&format!("/changing/{name}"), &bytes);
        // That ODM does not unpack all of these is not the point here.
        let whole = server.url(&format!("/ranges/{name}"));
        let out = odmkit(folder.path(), &["check", &whole, "--allow", "F014"]);
        assert_eq!(out.status.code(), Some(0), "{name}: {}", all(&out));
        let broken = server.url(&format!("/changing/{name}"));
        let out = odmkit(folder.path(), &["check", &broken, "--format", "json"]);
        let report = all(&out);
        assert_eq!(report.matches("\"F001\",").count(), 1, "{name}: {report}");
        assert!(
            report.contains("the file changed while it was read"),
            "{name}: {report}"
        );
        assert!(!report.contains("F007"), "{name}: {report}");
    }
}

#[test]
fn an_output_is_put_to_a_web_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    std::fs::write(folder.path().join("m.gct"), matrix(50_000)).unwrap();
    let put = |path: &str| {
        let url = server.url(&format!("/{path}?sig=s3cret"));
        let out = odmkit(folder.path(), &["convert", "m.gct", "-o", &url]);
        assert!(!all(&out).contains("s3cret"), "{}", all(&out));
        (out.status.code(), all(&out))
    };
    let (code, said) = put("put/m.parquet");
    assert_eq!(code, Some(0), "{said}");
    let here = odmkit(folder.path(), &["convert", "m.gct", "-o", "m.parquet"]);
    assert_eq!(here.status.code(), Some(0));
    let local = std::fs::read(folder.path().join("m.parquet")).unwrap();
    assert!(server.get("/put/m.parquet").unwrap() == local);
    for (path, wanted) in [
        ("denied/m.parquet", "access is denied (403)"),
        ("moved/m.parquet", "to another address, where nothing is written"),
    ] {
        let (code, said) = put(path);
        assert_eq!(code, Some(2), "{said}");
        // It is broken where its line is full.
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(wanted), "{said}");
    }
    assert!(server.get("/put/elsewhere").is_none());
    let left: Vec<_> = entries(folder.path())
        .iter()
        .map(|path| name(path).to_owned())
        .collect();
    assert_eq!(left, ["m.gct", "m.parquet"]);
}

#[test]
fn what_travels_in_the_open_is_said_to() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.gct"), matrix(5)).unwrap();
    let far = "http://files.invalid/x.gct?sig=s3cret";
    for (args, said) in [
        (
            &["check", far][..],
            "note: http://files.invalid/x.gct?sig=… is read over plain http",
        ),
        (
            &["convert", far, "-o", "x.parquet"],
            "is read over plain http: whoever is on the way can see and change it",
        ),
        (
            &["convert", "m.gct", "-o", far, "--to", "tsv"],
            "is written over plain http",
        ),
    ] {
        let out = odmkit(folder.path(), args);
        assert_ne!(out.status.code(), Some(0));
        assert!(text(&out.stderr).contains(said), "{args:?}: {}", all(&out));
        assert!(!all(&out).contains("s3cret"), "{}", all(&out));
        let quiet = odmkit(folder.path(), &[args, &["-q"]].concat());
        assert!(!all(&quiet).contains("plain http"), "{}", all(&quiet));
    }
}
