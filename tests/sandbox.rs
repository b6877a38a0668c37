//! A sandbox as a process of its own, and runs of odmkit against it.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::support::{copy_directory, root};

pub(crate) const TOKEN: &str = "t0ken-that-nobody-may-see";

/// A sandbox as a process of its own. It is killed when this is dropped.
pub(crate) struct Sandbox {
    pub(crate) process: Child,
    pub(crate) url: String,
    pub(crate) data: PathBuf,
}

impl Sandbox {
    pub(crate) fn start(directory: &Path) -> Self {
        Self::with_faults(directory, &[])
    }

    /// A sandbox in which these things go wrong.
    pub(crate) fn with_faults(directory: &Path, faults: &[&str]) -> Self {
        let faults = faults.iter().map(|fault| format!("--fault={fault}"));
        let args: Vec<String> = ["--token", TOKEN]
            .map(str::to_owned)
            .into_iter()
            .chain(faults)
            .collect();
        Self::with(&directory.join("sandbox"), &args)
    }

    /// A sandbox that is started with these arguments.
    pub(crate) fn with<A: AsRef<std::ffi::OsStr>>(data: &Path, args: &[A]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_odmkit"))
            .args(["sandbox", "--data"])
            .arg(data)
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the sandbox starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("it was asked for");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("it says where it listens");
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .expect("it is the first line");
        Self {
            process,
            url: url.to_owned(),
            data: data.to_owned(),
        }
    }

    /// A run of odmkit that knows the sandbox and its token.
    pub(crate) fn odmkit(&self, directory: &Path, args: &[&str]) -> Command {
        knowing(&self.url, directory, args)
    }

    /// The imports that were accepted as new jobs, as the last part of their paths.
    pub(crate) fn imports(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self
            .journal()
            .iter()
            .filter(|line| line["method"] == "POST" && line["status"] == 200)
            .filter_map(|line| Some(line["path"].as_str()?.rsplit_once("/import/")?.1.to_owned()))
            .collect();
        kinds.sort_unstable();
        kinds
    }

    pub(crate) fn journal(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.data.join("journal.jsonl")).unwrap_or_default();
        // The last line may be on its way.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        text[..whole]
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A run of odmkit that knows a server and the sandbox's token.
pub(crate) fn knowing(url: &str, directory: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_odmkit"));
    command
        .args(args)
        .current_dir(directory)
        .env("ODM_HOST", url)
        .env("ODM_API_TOKEN", TOKEN)
        .env_remove("ODM_ACCESS_TOKEN")
        .env_remove("COLUMNS")
        .env("NO_COLOR", "1");
    command
}

/// A folder with a copy of the fixture study in `trial`.
pub(crate) fn trial() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    copy_directory(&root().join("fixtures/trial"), &directory.path().join("trial"));
    directory
}

/// What was written to standard output, as JSON.
pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// All that was said, on standard output and on stderr.
pub(crate) fn both(output: Output) -> String {
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

/// The words of a text, one space apart: messages may be wrapped.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A copy of the fixture study in `trial`, beside a sandbox with faults.
pub(crate) struct Trial {
    pub(crate) sandbox: Sandbox,
    directory: tempfile::TempDir,
}

impl Trial {
    pub(crate) fn new(faults: &[&str]) -> Self {
        let directory = trial();
        Self {
            sandbox: Sandbox::with_faults(directory.path(), faults),
            directory,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn odmkit(&self, args: &[&str]) -> Output {
        let mut command = self.sandbox.odmkit(self.directory.path(), args);
        command.output().expect("it runs")
    }

    /// Submits the study; gives the exit code and what was said on standard output.
    pub(crate) fn submit(&self, more: &[&str]) -> (Option<i32>, String) {
        let submit = ["submit", "trial", "--stage", "serve", "--poll-interval", "20ms"];
        let output = self.odmkit(&[&submit, more].concat());
        let said = String::from_utf8(output.stdout).expect("it is text");
        (output.status.code(), said)
    }

    /// Imports the study alone, by link; its accession.
    pub(crate) fn study(&self) -> String {
        let submit = [
            "submit",
            "trial/trial.study.tsv",
            "--stage",
            "serve",
            "--format",
            "json",
        ];
        let outcome = json(&self.odmkit(&submit));
        let accession = outcome["entities"][0]["accession"].as_str();
        accession.expect("an accession").to_owned()
    }

    /// Nothing was imported twice, and nothing is missing.
    pub(crate) fn assert_imported_once(&self, context: &str) {
        let wanted = ["expression", "expression", "samples", "study"];
        assert_eq!(self.begun(), wanted, "{context}");
    }

    /// The same for files that were sent along.
    pub(crate) fn assert_uploaded_once(&self) {
        let sent = [
            "expression/multipart",
            "expression/multipart",
            "samples/multipart",
            "study",
        ];
        assert_eq!(self.begun(), sent);
    }

    /// The jobs that were begun, whether or not that was heard of, as the last part of their requests' paths.
    pub(crate) fn begun(&self) -> Vec<String> {
        let lines = self.sandbox.journal();
        let jobs: BTreeSet<(String, u64)> = lines
            .iter()
            .filter_map(|line| {
                let (_, kind) = line["path"].as_str()?.split_once("/import/")?;
                Some((kind.to_owned(), line["job_id"].as_u64()?))
            })
            .collect();
        jobs.into_iter().map(|(kind, _)| kind).collect()
    }
}
