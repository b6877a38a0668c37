//! Where results go, and what becomes of a run that is cut off.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::root;

fn odmkit(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_odmkit"));
    command
        .args(args)
        .current_dir(root())
        .env_remove("NO_COLOR")
        .env_remove("TERM");
    command
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for (args, code) in [
        (&["template", "default"][..], 0),
        (&["rules"][..], 0),
        (&["check", "fixtures/trial"][..], 0),
        (
            &["check", "fixtures/rules/G012/fail_comma.gct", "--format", "html"][..],
            1,
        ),
    ] {
        let mut process = odmkit(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        drop(process.stdout.take());
        let output = process.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        assert!(
            output.stderr.is_empty(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one() {
    let full = std::fs::File::create("/dev/full").expect("Linux has it");
    let output = odmkit(&["rules"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let output = output.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the output"));
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let coloured = |args: &[&str]| {
        let all = [&["check", "fixtures/rules/G012/fail_comma.gct"], args].concat();
        odmkit(&all).output().expect("it runs").stdout.contains(&0x1b)
    };
    assert!(!coloured(&[]));
    assert!(!coloured(&["--color", "never"]));
    assert!(coloured(&["--color", "always"]));
    assert!(!coloured(&["--color", "always", "--format", "json"]));
}

#[test]
fn a_report_goes_to_a_file_on_request() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("report.sarif");
    let text = path.to_str().expect("a plain name");
    let args = [
        "check",
        "fixtures/rules/G012/fail_comma.gct",
        "--format",
        "sarif",
        "--output",
        text,
    ];
    let output = odmkit(&args).output().expect("it runs");
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(1), true));
    let log: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).expect("it is written")).expect("it is JSON");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "G012");
}

#[test]
fn a_report_has_its_name_only_once_it_is_whole() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("report.json");
    std::fs::write(&path, "the last one").expect("it is written");
    let text = path.to_str().expect("a plain name");
    // A manifest that cannot be read ends the run after the place of the report was opened.
    let args = [
        "check",
        "no/such/study.toml",
        "--format",
        "json",
        "--output",
        text,
    ];
    assert_eq!(odmkit(&args).output().expect("it runs").status.code(), Some(2));
    assert_eq!(
        std::fs::read_to_string(&path).expect("it is there"),
        "the last one"
    );
    let names = std::fs::read_dir(directory.path()).expect("it is there").count();
    assert_eq!(names, 1, "nothing is left beside it");

    let args = [
        "check",
        "fixtures/rules/G012/fail_comma.gct",
        "--format",
        "json",
        "--output",
        text,
    ];
    assert_eq!(odmkit(&args).output().expect("it runs").status.code(), Some(1));
    let report = std::fs::read(&path).expect("it is there");
    serde_json::from_slice::<serde_json::Value>(&report).expect("it is JSON");
}

#[test]
fn a_report_that_cannot_be_written_is_known_before_the_work() {
    let directory = tempfile::tempdir().expect("a directory");
    let folder = directory.path().to_str().expect("a plain name");
    let below = format!("{folder}/none/report.json");
    // The file to check is none: a run that began with the work would speak of that.
    for place in [folder, &below] {
        let args = ["check", "no/such/study.toml", "--output", place];
        let output = odmkit(&args).output().expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(&format!("cannot write {place}")), "{errors}");
        assert!(!errors.contains("study.toml"), "{errors}");
    }
}

#[cfg(unix)]
#[test]
fn a_report_goes_through_links_and_into_devices() {
    let directory = tempfile::tempdir().expect("a directory");
    let (file, link) = (directory.path().join("a.json"), directory.path().join("b.json"));
    std::fs::write(&file, "").expect("it is written");
    std::os::unix::fs::symlink("a.json", &link).expect("a link");
    let write = |place: &std::path::Path| {
        let place = place.to_str().expect("a plain name");
        let args = ["check", "fixtures/trial", "--format", "json", "--output", place];
        odmkit(&args).output().expect("it runs").status.code()
    };
    assert_eq!(write(&link), write(std::path::Path::new("/dev/null")));
    assert!(link.symlink_metadata().expect("it is there").is_symlink());
    assert!(std::fs::metadata(&file).expect("it is there").len() > 2);
}

#[test]
fn a_conversion_that_is_killed_leaves_nothing_that_looks_finished() {
    let directory = tempfile::tempdir().expect("a directory");
    let matrix = odmkit_testkit::Matrix::gct(20_000, 40);
    let (source, target) = (directory.path().join("m.gct"), directory.path().join("m.parquet"));
    std::fs::write(&source, &matrix.text).expect("it is written");
    let args = [
        "convert",
        source.to_str().expect("plain"),
        "-o",
        target.to_str().expect("plain"),
    ];
    for wait in [5, 40, 80, 120, 200] {
        let mut process = odmkit(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        std::thread::sleep(Duration::from_millis(wait));
        let _ = process.kill();
        let status = process.wait().expect("it ends");
        assert!(target.exists() || !status.success(), "after {wait} ms");
        // It may be cut off between giving the file its name and ending: then the file is whole.
        if target.exists() {
            assert_eq!(rows_of(&target), matrix.values.len(), "after {wait} ms");
            return;
        }
    }
    let again = odmkit(&args).output().expect("it runs");
    assert!(
        again.status.success(),
        "{}",
        String::from_utf8_lossy(&again.stderr)
    );
    assert_eq!(rows_of(&target), matrix.values.len());
}

fn rows_of(path: &std::path::Path) -> usize {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    let file = std::fs::File::open(path).expect("it is there");
    let reader = SerializedFileReader::new(file).expect("it is Parquet");
    usize::try_from(reader.metadata().file_metadata().num_rows()).expect("a count")
}

#[test]
fn a_report_does_not_take_the_place_of_what_it_is_about() {
    let directory = tempfile::tempdir().expect("a directory");
    let gct = "#1.2\n1\t1\nName\tDescription\tS1\nA\tx\t1\n";
    let path = directory.path().join("a.gct");
    std::fs::write(&path, gct).expect("it is written");
    for args in [
        ["check", "a.gct", "--output", "a.gct"],
        // The file is met in the folder only.
        ["check", ".", "--output", "./a.gct"],
    ] {
        let output = crate::support::odmkit(directory.path(), &args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), gct);
    }
    let output = crate::support::odmkit(directory.path(), &["check", "a.gct", "--output", "report.txt"]);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_table_that_is_there_is_not_emptied() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("a.samples.tsv");
    std::fs::write(&path, "precious").expect("it is written");
    let blank = ["template", "blank", "samples", "-o", "a.samples.tsv"];
    assert_eq!(
        crate::support::odmkit(directory.path(), &blank).status.code(),
        Some(2)
    );
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "precious");
    let anyway = [&blank[..], &["--overwrite"]].concat();
    assert_eq!(
        crate::support::odmkit(directory.path(), &anyway).status.code(),
        Some(0)
    );
    let text = std::fs::read_to_string(&path).expect("it is there");
    assert!(text.contains("Sample Source ID\t"), "{text}");
}

#[test]
fn a_code_that_no_rule_has_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(
        directory.path().join("a.gct"),
        "#1.2\n1\t1\nName\tDescription\tS1\nA\tx\t1\n",
    )
    .expect("it is written");
    for (flag, code) in [("--deny", "Q"), ("--allow", "G099"), ("--warn", "W")] {
        let output = crate::support::odmkit(directory.path(), &["check", "a.gct", flag, code]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{flag} {code}: {errors}");
        assert!(errors.contains("no rule's code is or begins with"), "{errors}");
    }
}
