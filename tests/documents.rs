//! What the documents say is what is done.

use crate::support::{read, root};

/// The commands in the README's first two shell blocks.
fn readme_commands() -> Vec<String> {
    let readme = read("README.md");
    let mut commands = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            command if inside => commands.push(command.to_owned()),
            _ => {}
        }
    }
    commands
}

#[test]
fn the_readme_begins_with_the_main_job_and_the_tests() {
    let commands = readme_commands();
    assert!(
        commands[0].starts_with("cargo run --release -- submit "),
        "{commands:?}"
    );
    assert_eq!(commands[1], "cargo test --workspace");
}

#[test]
fn ci_runs_the_readme_test_command() {
    let ci = read(".ci/run");
    assert!(
        ci.lines().any(|line| line.contains(&readme_commands()[1])),
        "{ci}"
    );
}

#[test]
fn every_crate_stands_in_the_architecture() {
    let text = read("docs/ARCHITECTURE.md");
    for entry in crate::support::entries(&root().join("crates")) {
        let name = crate::support::name(&entry);
        assert!(
            text.contains(&format!("`{name}`")),
            "docs/ARCHITECTURE.md says nothing of crates/{name}"
        );
    }
}

#[test]
fn every_command_of_the_readme_is_understood() {
    let readme = read("README.md");
    let commands: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("    odmkit "))
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .collect();
    assert!(commands.len() > 8, "{commands:?}");
    let directory = tempfile::tempdir().expect("a directory");
    for command in commands {
        // What is asked for is not there, so nothing is done; only the words are judged. The sandbox would stay.
        let mut args: Vec<&str> = command.split_whitespace().collect();
        if args[0] == "sandbox" {
            args.push("--help");
        }
        let output = crate::support::odmkit(directory.path(), &args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            !errors.contains("Usage:") && !errors.contains("--help"),
            "odmkit {command}: {errors}"
        );
    }
}

#[test]
fn the_finding_in_the_readme_is_what_is_printed() {
    let output = crate::support::odmkit(root(), &["check", "fixtures/rules/G012/fail_comma.gct"]);
    let printed = String::from_utf8(output.stdout).expect("it is text");
    let indented: Vec<String> = printed
        .lines()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("    {line}")
            }
        })
        .collect();
    assert!(
        read("README.md").contains(&indented.join("\n")),
        "the README should say:\n{}",
        indented.join("\n")
    );
}
