//! What no run leaves behind: secrets.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::sandbox::{Sandbox, TOKEN, Trial, both, knowing};
use crate::support::entries;

const SIGNATURE: &str = "5ignature0that0nobody0may0see";

/// Serves the files of a folder over HTTP until the test ends, whatever the query.
fn serve(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up is no concern of the server.
            let _ = answer(stream, &folder);
        }
    });
    format!("http://{address}/")
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    let path = request.split([' ', '?']).nth(1).unwrap_or_default();
    let (status, body) = match std::fs::read(folder.join(path.trim_start_matches('/'))) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)?;
    stream.shutdown(std::net::Shutdown::Write)?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}

#[test]
fn no_run_leaves_a_secret_behind() {
    let presigned = |base: &str| format!("{base}?X-Amz-Credential=me&X-Amz-Signature={SIGNATURE}");
    // How the runs end; together they go through every kind of output and of error.
    for (faults, code) in [
        (&[][..], 0),
        (&["import/samples:500:1"], 2),
        (&["import/samples:html=200:1"], 2),
        (&["import/samples:reset"], 2),
        (&["import/samples:400:1"], 1),
        (&["import/samples:old-job", "job/samples:fail"], 1),
        (&["any:401:4-"], 2),
        (&["link:nothing"], 1),
    ] {
        let trial = Trial::new(faults);
        let url = presigned(&serve(&trial.path("trial")));
        let submit = [
            "submit",
            "trial",
            "--stage",
            "link",
            "--source-url",
            &url,
            "--poll-interval",
            "20ms",
        ];
        let mut said = Vec::new();
        for (more, expected) in [
            (&["--dry-run"][..], Some(0)),
            (&["-vv"], Some(code)),
            (&["-vv", "--resume", "--format", "json"], None),
        ] {
            let output = trial.odmkit(&[&submit, more].concat());
            let found = output.status.code();
            let text = both(output);
            if let Some(expected) = expected {
                assert_eq!(found, Some(expected), "{faults:?}: {text}");
            }
            said.push(text);
        }
        assert!(said[0].contains("X-Amz-Signature=…"), "{}", said[0]);
        for args in [
            &["jobs", "info", "1"][..],
            &["jobs", "output", "2"],
            &["jobs", "info", "99"],
        ] {
            let output = trial.odmkit(args);
            said.push(both(output));
        }
        for text in &said {
            assert_no_secret(text, &format!("{faults:?}: {text}"));
        }
        assert!(
            entries(&trial.path("trial"))
                .iter()
                .any(|path| path.to_string_lossy().ends_with(".odmkit-run.json")),
            "the state was among what was looked at"
        );
        let looked_at = look_through(&trial.path("."));
        assert!(
            looked_at >= 9,
            "only {looked_at} files: the study, the state, the journal, the log"
        );
    }
}

/// The arguments of a process are for everybody to see; what its environment holds is not.
#[cfg(target_os = "linux")]
#[test]
fn the_list_of_processes_shows_no_secret() {
    let trial = Trial::new(&["job/samples:hang"]);
    std::fs::write(trial.path("token"), format!("{TOKEN}\n")).expect("it is written");
    let url = format!("{}?X-Amz-Signature={SIGNATURE}", serve(&trial.path("trial")));
    let submit = |url: Option<&str>| {
        let args = [
            "submit",
            "trial",
            "--stage",
            "link",
            "--token-file",
            "token",
            "-vv",
        ];
        let mut command = trial.sandbox.odmkit(&trial.path("."), &args);
        command.args(["--job-timeout", "1s"]);
        command.args(url.map(|url| ["--source-url", url]).into_iter().flatten());
        command.env_remove("ODM_API_TOKEN");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let run = submit(None).env("ODM_SOURCE_URL", &url).spawn().expect("it runs");
    let mut seen = String::new();
    while !trial.sandbox.journal().iter().any(|line| line["job_id"] == 2) {
        std::thread::sleep(Duration::from_millis(5));
    }
    for file in ["cmdline", "comm", "status"] {
        let bytes = std::fs::read(format!("/proc/{}/{file}", run.id())).expect("it is at work");
        seen.push_str(&String::from_utf8_lossy(&bytes));
    }
    let output = run.wait_with_output().expect("it ends");
    let said = both(output);
    assert!(
        seen.contains("--token-file") && said.contains("job 2 is still RUNNING"),
        "{seen} {said}"
    );
    assert!(
        said.contains("POST") && said.contains("/import/samples 200 in"),
        "-vv tells requests: {said}"
    );
    assert_no_secret(&(seen + &said), &said);

    let warned = submit(Some(&url)).output().expect("it runs");
    let errors = String::from_utf8_lossy(&warned.stderr);
    assert!(errors.contains("set ODM_SOURCE_URL instead"), "{errors}");
    assert_no_secret(&errors, &errors);
    std::fs::remove_file(trial.path("token")).expect("it is there");
    look_through(&trial.path("."));
}

#[test]
fn a_sandbox_takes_its_token_from_a_file() {
    let trial = Trial::new(&[]);
    let (file, data) = (trial.path("token"), trial.path("another"));
    std::fs::write(&file, "in a file\n").expect("it is written");
    let token_file = ["--token-file", file.to_str().expect("text")];
    let mut refused = Command::new(env!("CARGO_BIN_EXE_odmkit"));
    refused.args(["sandbox", "--data"]).arg(&data).args(token_file);
    let refused = refused.output().expect("it ends");
    assert_eq!(refused.status.code(), Some(2), "two words are no token");
    std::fs::write(&file, "in-a-file\n").expect("it is written");
    let another = Sandbox::with(&data, &token_file);
    let asked = |token: &str| {
        let mut command = knowing(&another.url, &trial.path("."), &["jobs", "info", "7"]);
        both(command.env("ODM_API_TOKEN", token).output().expect("it runs"))
    };
    assert!(asked("in-a-file").contains("there is no job 7"));
    assert!(asked("in-a-fil").contains("401"));
}

#[test]
fn a_link_that_leads_nowhere_is_told_without_its_signature() {
    let trial = Trial::new(&[]);
    let url = format!("http://user:{TOKEN}@127.0.0.1:9/?X-Amz-Signature={SIGNATURE}");
    let output = trial.odmkit(&["submit", "trial", "-v", "--stage", "link", "--source-url", &url]);
    let code = output.status.code();
    let text = both(output);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("LinkNotReachable"), "{text}");
    assert_no_secret(&text, &text);
    look_through(&trial.path("."));
}

fn assert_no_secret(text: &str, context: &str) {
    for secret in [TOKEN, SIGNATURE] {
        assert!(!text.contains(secret), "{secret} is in {context}");
    }
}

/// Looks into every file below a folder; gives how many there are.
fn look_through(folder: &Path) -> usize {
    let mut files = 0;
    for entry in entries(folder) {
        if entry.is_dir() {
            files += look_through(&entry);
        } else {
            let bytes = std::fs::read(&entry).expect("it can be read");
            assert_no_secret(&String::from_utf8_lossy(&bytes), &entry.display().to_string());
            files += 1;
        }
    }
    files
}
