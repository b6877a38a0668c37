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
