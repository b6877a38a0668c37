//! What tests of mending share.

mod clash;
mod dates;
mod gct;
mod gct13;
mod hollow;
mod mutated;
mod repeated;
mod studies;
mod tables;
mod texts;
mod twins;

use std::num::NonZeroUsize;
use std::path::Path;

use odmkit_diagnostics::{Diagnostic, Overrides};
use odmkit_report::Report;

use super::*;
use crate::NoProgress;
use crate::check::{CheckRequest, check};
use crate::progress::Passes;

pub(super) struct Outcome {
    pub(super) edits: Vec<(&'static str, u64)>,
    pub(super) text: Vec<u8>,
    /// Before and after.
    found: Vec<String>,
    left: Vec<String>,
}

/// Mends one file; gives what was done, the text in the end, and the rules that still have something to say.
pub(super) fn mend_with(name: &str, text: &[u8], request: impl Fn(PathBuf) -> FixRequest) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let request = request(path.clone());
    let found = codes(&request);
    let mut edits = Vec::new();
    let mut held = None;
    fix(&request, &NoProgress, |fixed| {
        let fixed = fixed.unwrap();
        edits = fixed.edits.iter().collect();
        assert_eq!(fixed.is_changed(), !edits.is_empty());
        fixed.write(false).unwrap();
        held = Some(fixed.after.clone());
    })
    .unwrap();
    assert!(
        held.flatten().is_none_or(|held| !held.exists()),
        "temporary files go"
    );
    Outcome {
        edits,
        text: std::fs::read(path).unwrap(),
        found,
        left: codes(&request),
    }
}

/// What the check says of a file.
fn findings(name: &str, text: &[u8]) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    report(&request(path)).diagnostics
}

/// The rules that have something to say.
fn codes(request: &FixRequest) -> Vec<String> {
    let by_code = report(request).summary.by_code;
    by_code.keys().map(ToString::to_string).collect()
}

fn report(request: &FixRequest) -> Report {
    let check = check(
        &CheckRequest {
            inputs: request.inputs.clone(),
            options: request.options.clone(),
            overrides: Overrides::new(),
            max_per_rule: 20,
            resources: request.resources,
        },
        &NoProgress,
    );
    check.unwrap().report
}

pub(super) fn request(path: PathBuf) -> FixRequest {
    FixRequest {
        inputs: vec![path],
        options: CheckOptions::default(),
        with_unsafe: false,
        waiting: Waiting::Elsewhere,
        resources: Resources::new(NonZeroUsize::MIN, 64 << 20),
    }
}

fn mend(name: &str, text: &str) -> Outcome {
    mend_with(name, text.as_bytes(), request)
}

fn text(outcome: &Outcome) -> &str {
    std::str::from_utf8(&outcome.text).unwrap()
}

/// Mends a file; gives all files of the folder afterwards.
fn mended_folder(name: &str, text: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    fix(&request(path), &NoProgress, |fixed| {
        fixed.unwrap().write(false).unwrap();
    })
    .unwrap();
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect();
    files.sort();
    files
}

fn pairs(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect()
}

/// Writes files into a folder, and gives all that is there in the end: names below it with what they hold.
fn mended_study(files: &[(&str, &str)], waiting: impl Fn(&Path) -> Waiting) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let study = folder.path().join("study");
    for (name, text) in files {
        let path = study.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let request = FixRequest {
        waiting: waiting(folder.path()),
        ..request(study.clone())
    };
    fix(&request, &NoProgress, |fixed| {
        let fixed = fixed.unwrap();
        match &request.waiting {
            Waiting::In(copies) => drop(fixed.write_into(copies).unwrap()),
            Waiting::Beside | Waiting::Elsewhere => fixed.write(false).unwrap(),
        }
    })
    .unwrap();
    let root = match &request.waiting {
        Waiting::In(copies) => copies.clone(),
        Waiting::Beside | Waiting::Elsewhere => study,
    };
    let mut found = Vec::new();
    let mut due = vec![root.clone()];
    while let Some(folder) = due.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                due.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
