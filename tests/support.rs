//! What several tests need: the repository, the binary, cargo's own view of the workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository, as text.
pub(crate) fn read(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The binary under test, in a directory, without the environment's tokens and colours.
pub(crate) fn odmkit(directory: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_odmkit"))
        .args(args)
        .current_dir(directory)
        .env_remove("COLUMNS")
        .env_remove("ODM_HOST")
        .env_remove("ODM_API_TOKEN")
        .env_remove("ODM_ACCESS_TOKEN")
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary runs")
}

/// What `cargo metadata` says, with these further arguments.
pub(crate) fn metadata(args: &[&str]) -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1"])
        .args(args)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

/// The entries of a directory, sorted by name; none where it does not exist.
pub(crate) fn entries(directory: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(directory)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("the directory can be read").path())
        .collect();
    entries.sort();
    entries
}

/// The name of a file or directory.
pub(crate) fn name(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .expect("fixtures have plain names")
}

/// Copies a directory with everything in it.
pub(crate) fn copy_directory(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory can be made");
    for entry in entries(from) {
        let target = to.join(name(&entry));
        if entry.is_dir() {
            copy_directory(&entry, &target);
        } else {
            std::fs::copy(&entry, &target).expect("a file can be copied");
        }
    }
}
