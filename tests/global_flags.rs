//! Each flag that every command takes does what its help says, and completions know all commands.

use std::path::Path;
use std::process::Output;

use crate::support::{odmkit, root};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn check(args: &[&str]) -> Output {
    odmkit(
        root(),
        &[
            &[
                "check",
                "fixtures/rules/L009/fail-libraries.tsv",
                "--kind",
                "libraries",
            ],
            args,
        ]
        .concat(),
    )
}

#[test]
fn quiet_and_verbose_change_how_much_is_said() {
    let plain = text(&check(&[]).stdout);
    assert!(
        plain.contains("info[L009]") && plain.contains("libraries, tsv, 3 rows"),
        "{plain}"
    );
    assert!(!plain.contains("= why:"), "{plain}");
    for flag in ["-q", "--quiet"] {
        let quiet = text(&check(&[flag]).stdout);
        assert_eq!(quiet.lines().count(), 1, "the verdict alone: {quiet}");
        assert!(quiet.starts_with("clean"), "{quiet}");
    }
    for flag in ["-v", "--verbose"] {
        let verbose = text(&check(&[flag]).stdout);
        assert!(verbose.contains("= why: ODM ties such a record"), "{verbose}");
    }
    let both = check(&["-q", "-v"]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn progress_is_shown_on_stderr_when_it_is_asked_for() {
    let args = |when| check(&["--progress", when]);
    // Standard error is no terminal here: `auto` shows nothing.
    for when in ["auto", "never"] {
        assert!(args(when).stderr.is_empty(), "{when}");
    }
    let shown = args("always");
    assert!(!shown.stderr.is_empty());
    assert_eq!(shown.stdout, args("never").stdout, "results are the same");
    assert_eq!(check(&["--progress", "sometimes"]).status.code(), Some(2));
}

#[test]
fn colour_is_never_or_always() {
    let escape = |when| check(&["--color", when]).stdout.contains(&0x1B);
    assert!(escape("always"));
    assert!(!escape("never") && !escape("auto"));
}

/// What the system says of a process while it runs: the most threads that it had.
#[cfg(target_os = "linux")]
fn most_threads(mut process: std::process::Child) -> usize {
    let tasks = format!("/proc/{}/task", process.id());
    let mut most = 0;
    while process.try_wait().expect("it can be asked").is_none() {
        most = most.max(std::fs::read_dir(&tasks).map_or(0, Iterator::count));
    }
    most
}

#[cfg(target_os = "linux")]
#[test]
fn jobs_bounds_the_threads() {
    use std::fmt::Write as _;

    let directory = tempfile::tempdir().expect("a directory");
    let matrix = directory.path().join("m.tsv");
    let mut rows = String::from("gene\tS1\tS2\tS3\n");
    for row in 0..400_000 {
        writeln!(rows, "g{row}\t1.5\t2.5\t{row}").expect("a text takes it");
    }
    std::fs::write(&matrix, rows).expect("it is written");
    let run = |jobs: &str| {
        let process = std::process::Command::new(env!("CARGO_BIN_EXE_odmkit"))
            .args(["check", "m.tsv", "--feature-attributes", "1", "-j", jobs])
            .current_dir(directory.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("it runs");
        most_threads(process)
    };
    let (one, six) = (run("1"), run("6"));
    assert!(six >= one + 4, "{one} threads with -j 1, {six} with -j 6");
    assert_eq!(check(&["-j", "0"]).status.code(), Some(2));
}

#[test]
fn a_memory_limit_is_a_size() {
    for (size, code) in [
        ("64MiB", 0),
        ("1GB", 0),
        ("64", 0),
        ("x", 2),
        ("-1", 2),
        ("1 parsec", 2),
    ] {
        let output = check(&["--memory-limit", size]);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{size}: {}",
            text(&output.stderr)
        );
    }
}

#[test]
fn completions_know_every_command_for_every_shell() {
    let commands = [
        "check",
        "fix",
        "convert",
        "inspect",
        "init",
        "submit",
        "jobs",
        "sandbox",
        "bench",
        "template",
        "rules",
        "completions",
    ];
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = odmkit(Path::new("."), &["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        let script = text(&output.stdout);
        for command in commands {
            assert!(script.contains(command), "{shell} does not know {command}");
        }
        assert!(script.contains("feature-attributes"), "{shell} knows the flags");
    }
    assert_eq!(
        odmkit(Path::new("."), &["completions", "csh"]).status.code(),
        Some(2)
    );
}

#[test]
fn every_command_takes_the_global_flags() {
    let help = |words: &[&str]| text(&odmkit(Path::new("."), &[words, &["--help"]].concat()).stdout);
    for words in [
        &["check"][..],
        &["fix"],
        &["convert"],
        &["inspect"],
        &["init"],
        &["submit"],
        &["jobs", "info"],
        &["sandbox"],
        &["bench"],
        &["template", "check"],
        &["rules"],
        &["completions"],
    ] {
        let help = help(words);
        for flag in [
            "--jobs",
            "--memory-limit",
            "--progress",
            "--color",
            "--quiet",
            "--verbose",
        ] {
            assert!(help.contains(flag), "{words:?} has no {flag}");
        }
    }
}
