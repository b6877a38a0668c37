//! Runs that are killed, and folders that take nothing.

use super::*;

/// A matrix with a fault in each row, and what becomes of it.
fn large() -> (String, String) {
    let header = "#1.2\n20000\t3\nName\tDescription\tA\tB\tC\n";
    let rows = |tail: &str| {
        (0..20_000).fold(String::new(), |all, row| {
            all + &format!("g{row}\tna\t1.5\t0\t{row}{tail}\n")
        })
    };
    (header.to_owned() + &rows("\t"), header.to_owned() + &rows(""))
}

#[test]
fn a_run_that_is_killed_leaves_the_file_or_the_mended_one() {
    let (before, after) = large();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("m.gct");
    let mut mended = 0;
    for wait in [0, 20, 40, 60, 80, 110, 140, 170, 200, 250, 300, 400, 600] {
        std::fs::write(&path, &before).expect("it is written");
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_odmkit"))
            .args(["fix", "m.gct", "--write"])
            .current_dir(directory.path())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("it runs");
        std::thread::sleep(std::time::Duration::from_millis(wait));
        // It may have ended by itself.
        let _ = process.kill();
        process.wait().expect("it ends");
        let now = std::fs::read_to_string(&path).expect("it is there");
        assert!(
            now == before || now == after,
            "after {wait} ms: {} bytes",
            now.len()
        );
        let kept = std::fs::read_to_string(path.with_extension("gct.orig")).ok();
        assert!(kept.is_none_or(|kept| kept == before), "after {wait} ms");
        if now == after {
            mended += 1;
            std::fs::remove_file(path.with_extension("gct.orig")).expect("it is kept");
        }
    }
    assert!(mended < 13, "one is killed");
    // What a killed run leaves is nobody's study, and the next run goes on.
    std::fs::write(&path, &before).expect("it is written");
    let (code, text, errors) = run(directory.path(), &["fix", ".", "--write"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    assert!(text.contains("1 file mended"), "{text}");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), after);
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_the_file_as_it_was() {
    let (before, _) = large();
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("m.gct"), &before).expect("it is written");
    for args in [&["--write"][..], &["-o", "out"]] {
        // Files may have so many blocks, and who writes more is told.
        let output = std::process::Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""])
            .args([env!("CARGO_BIN_EXE_odmkit"), "fix", "m.gct"])
            .args(args)
            .current_dir(directory.path())
            .output()
            .expect("there is a shell");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains("cannot write"), "{errors}");
        let now = std::fs::read_to_string(directory.path().join("m.gct")).expect("it is there");
        assert!(now == before, "{args:?}");
        let left: Vec<String> = names(directory.path())
            .into_iter()
            .filter(|name| name != "out")
            .collect();
        assert_eq!(left, ["m.gct"], "{args:?}");
        assert_eq!(
            entries(&directory.path().join("out")),
            [""; 0].map(std::path::PathBuf::from)
        );
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_takes_no_file_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().expect("a directory");
    let folder = directory.path().join("data");
    std::fs::create_dir(&folder).expect("it is made");
    std::fs::write(folder.join("m.gct"), FAULTY).expect("it is written");
    std::fs::write(folder.join("good.gct"), MENDED.replace("9\t2", "1\t2")).expect("it is written");
    let permit = |mode| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode));
    permit(0o555).expect("it is ours");
    let output = as_nobody(directory.path(), &["fix", "data/m.gct", "--write"]);
    let good = as_nobody(directory.path(), &["fix", "data/good.gct", "--write"]);
    permit(0o755).expect("it is ours");
    // Where the binary is out of reach for others, there is nobody to try it as.
    let (Some(output), Some(good)) = (output, good) else {
        return;
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("cannot write") && errors.contains("data"),
        "{errors}"
    );
    assert_eq!(
        good.status.code(),
        Some(0),
        "a file that needs no mending needs no room"
    );
    assert_eq!(names(&folder), ["good.gct", "m.gct"]);
    let now = std::fs::read_to_string(folder.join("m.gct")).expect("it is there");
    assert_eq!(now, FAULTY);
}

/// Runs the binary as somebody whom permissions bind: permissions do not bind root.
#[cfg(unix)]
fn as_nobody(directory: &Path, args: &[&str]) -> Option<std::process::Output> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_odmkit"));
    command.args(args).current_dir(directory);
    if directory.metadata().expect("it is there").uid() == 0 {
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(directory, open).expect("it is ours");
        command.uid(65_534);
    }
    match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => None,
        output => Some(output.expect("it runs")),
    }
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("real.gct");
    std::fs::write(&path, FAULTY).expect("it is written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("they are ours");
    std::os::unix::fs::symlink("real.gct", directory.path().join("m.gct")).expect("a link");
    let (code, text, _) = run(directory.path(), &["fix", "m.gct", "--write", "--no-backup"]);
    assert_eq!(code, Some(1), "{text}");
    let link = directory
        .path()
        .join("m.gct")
        .symlink_metadata()
        .expect("it is there");
    assert!(link.file_type().is_symlink());
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), MENDED);
    let mode = path.metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}
