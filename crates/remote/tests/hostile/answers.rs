//! What is answered beside the question.

use super::*;

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
