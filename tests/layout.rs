//! The report for people: its lines fit, and the command that it ends with can be typed.

use std::path::{Path, PathBuf};
use std::process::Command;

use odmkit_report::text_columns;

use crate::support::{copy_directory, entries, name, odmkit, root};

/// Faulty files of every rule, and beside the repository real ones.
fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for rule in entries(&root().join("fixtures/rules")) {
        files.extend(entries(&rule));
    }
    let data = root().join("../shared/data");
    for folder in ["gct", "tsv", "odm", "vcf", "studies"] {
        files.extend(entries(&data.join(folder)));
    }
    files.retain(|path| !name(path).contains(".expect."));
    files
}

fn human(directory: &Path, args: &[&str]) -> String {
    let output = odmkit(directory, &[&["check", "--color", "never"], args].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("panicked"), "{args:?}: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

/// The command between back-ticks at the end of the report.
fn next(report: &str) -> Option<&str> {
    let line = report.lines().last()?;
    line.split_once(". Next: `")?.1.strip_suffix('`')
}

#[test]
fn every_line_fits_where_no_path_is_in_the_way() {
    let mut seen = 0;
    let mut long = Vec::new();
    for path in files() {
        let folder = path.parent().expect("a folder");
        let report = human(folder, &[name(&path)]);
        for line in report.lines() {
            // A path, and the command that names it, are kept in one piece.
            let held = line.contains(name(&path)) || line.contains(". Next: `");
            if text_columns(line) > 80 && !held {
                long.push(format!("{}: {line}", path.display()));
            }
            seen += 1;
        }
    }
    assert!(long.is_empty(), "{long:#?}");
    assert!(seen > 1000, "{seen}");
}

#[test]
fn what_a_file_is_fits_as_well() {
    let mut seen = 0;
    let mut long = Vec::new();
    let mut said = |text: &[u8], args: &[&str], names: &[&str]| {
        for line in String::from_utf8_lossy(text).lines() {
            let held = line.contains(". Next: `") || names.iter().any(|name| line.contains(name));
            if text_columns(line) > 80 && !held {
                long.push(format!("{args:?}: {line}"));
            }
            seen += 1;
        }
    };
    for path in files() {
        let folder = path.parent().expect("a folder");
        if path.is_dir() {
            let names = entries(&path);
            let names: Vec<&str> = names.iter().map(|path| name(path)).collect();
            // What is for people is on the standard error; the manifest itself is a file.
            let args = ["init", ".", "--dry-run"];
            said(&odmkit(&path, &args).stderr, &args, &names);
        } else {
            let args = ["inspect", name(&path)];
            let output = odmkit(folder, &args);
            said(&[output.stdout, output.stderr].concat(), &args, &[name(&path)]);
        }
    }
    assert!(long.is_empty(), "{long:#?}");
    assert!(seen > 1000, "{seen}");
}

#[test]
fn the_command_to_type_next_works_as_typed() {
    let mut kinds = std::collections::BTreeSet::new();
    for path in files() {
        let directory = tempfile::tempdir().expect("a directory");
        // Names of files are not always as plain as one would like.
        let folder = directory.path().join("it's my study");
        std::fs::create_dir(&folder).expect("it is made");
        let copy = folder.join(name(&path));
        if path.is_dir() {
            copy_directory(&path, &copy);
        } else {
            std::fs::copy(&path, &copy).expect("it is copied");
        }
        let typed = format!("it's my study/{}", name(&path));
        let report = human(directory.path(), &[&typed]);
        let Some(command) = next(&report) else { continue };
        let rest = command.strip_prefix("odmkit ").expect("it is ours");
        let kind = rest.split(' ').next().expect("a word").to_owned();
        // A submission would take its time; each other command is run once for each file.
        if kind == "submit" && !kinds.insert("submit".to_owned()) {
            continue;
        }
        kinds.insert(kind);
        let output = Command::new("sh")
            .args(["-c", &format!("\"$ODMKIT\" {rest}")])
            .env("ODMKIT", env!("CARGO_BIN_EXE_odmkit"))
            .current_dir(directory.path())
            .output()
            .expect("there is a shell");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{command}: {errors}");
    }
    for kind in ["fix", "rules", "convert", "check"] {
        assert!(kinds.contains(kind), "{kinds:?}");
    }
}
