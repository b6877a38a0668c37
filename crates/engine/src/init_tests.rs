use odmkit_diagnostics::Overrides;
use odmkit_report::Verdict;
use odmkit_study::Manifest;

use super::*;
use crate::check::{CheckRequest, check};
use crate::{NoProgress, Resources};

const GCT: &str = "#1.2\n1\t2\nName\tDescription\tS1\tS2\nTP53\tna\t1\t2\n";
const SAMPLES: &str = "Sample Source ID\tSample Source\nS1\ta\nS2\tb\n";
const FRAME: &str = "gene\tlength\tname\tS1:raw\tS2:raw\nTP53\t393\tp53\t1\t2\nMYC\t439\tmyc\t3\t4\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The verdict, and what is found in each file: the same whether a manifest names the files or not.
fn judged(input: &Path, options: &CheckOptions) -> (Verdict, Vec<String>, Vec<String>) {
    let request = CheckRequest {
        inputs: vec![input.to_owned()],
        options: options.clone(),
        overrides: Overrides::new(),
        max_per_rule: 20,
        resources: Resources::new(std::num::NonZeroUsize::MIN, 64 << 20),
    };
    let report = check(&request, &NoProgress).unwrap().report;
    let findings = report.diagnostics.iter();
    let mut files: Vec<String> = report.files.iter().map(|file| file.path.to_string()).collect();
    files.sort();
    (
        report.summary.verdict,
        findings
            .map(|finding| format!("{} {}", finding.rule.code, finding.path))
            .collect(),
        files,
    )
}

#[test]
fn a_manifest_is_judged_as_its_folder_was() {
    for files in [
        &[("a.gct", GCT), ("a.samples.tsv", SAMPLES)][..],
        &[("a.gct", GCT), ("a.samples.tsv", "Sample Source ID\nS1\nS3\n")],
        &[("a.gct", "#1.2\n9\t2\nNAME\tDescription\tS1\tS2\nTP53\tna\t1\tx\n")],
        &[("p.tsv", FRAME), ("samples.tsv", SAMPLES)],
    ] {
        let folder = folder(files);
        let options = CheckOptions {
            feature_attributes: Some(3),
            measurement_separator: Some(":".to_owned()),
            data_class: Some("Proteomics".to_owned()),
            ..CheckOptions::default()
        };
        let before = judged(folder.path(), &options);
        let init = Init::plan(folder.path(), &options).unwrap();
        init.write(false).unwrap();
        assert_eq!(
            judged(folder.path(), &CheckOptions::default()),
            before,
            "{}",
            init.text
        );
        assert_eq!(
            judged(&init.target, &CheckOptions::default()),
            before,
            "{}",
            init.text
        );
    }
}

#[test]
fn every_folder_gives_a_manifest_that_can_be_read() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    for name in ["detect/frames", "detect/muddle", "detect/omics", "trial"] {
        let init = Init::plan(&fixtures.join(name), &CheckOptions::default()).unwrap();
        assert!(Manifest::parse(&init.text).is_ok(), "{name}: {}", init.text);
    }
}

#[test]
fn what_the_user_names_is_written_as_seen_from_the_folder() {
    let folder = folder(&[("a.gct", GCT), ("t.json", "{}")]);
    std::fs::create_dir(folder.path().join("terms")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let options = CheckOptions {
        template: Some(folder.path().join("terms/../t.json")),
        dictionary_folder: Some(elsewhere.path().to_owned()),
        link_attribute: Some("Sample Name".to_owned()),
        ..CheckOptions::default()
    };
    let init = Init::plan(folder.path(), &options).unwrap();
    let full = std::fs::canonicalize(elsewhere.path()).unwrap();
    let section = Manifest::parse(&init.text).unwrap();
    let study = section.study.unwrap();
    assert_eq!(study.template, Some(Location::new("t.json")));
    assert_eq!(
        study.dictionaries,
        Some(Location::Path(format!("{}/", full.display())))
    );
    assert_eq!(section.data[0].link_attribute.as_deref(), Some("Sample Name"));

    let missing = CheckOptions {
        template: Some(folder.path().join("no.json")),
        ..CheckOptions::default()
    };
    assert!(matches!(
        Init::plan(folder.path(), &missing),
        Err(InitError::NotFound { .. })
    ));
}

#[test]
fn a_manifest_is_not_overwritten_unasked() {
    let folder = folder(&[("a.gct", GCT), ("study.toml", "# mine\n")]);
    let init = Init::plan(folder.path(), &CheckOptions::default()).unwrap();
    assert!(matches!(init.write(false), Err(InitError::Exists { .. })));
    assert_eq!(std::fs::read_to_string(&init.target).unwrap(), "# mine\n");
    init.write(true).unwrap();
    assert_eq!(std::fs::read_to_string(&init.target).unwrap(), init.text);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "no temporary file stays: {left:?}");
}

#[test]
fn a_folder_of_studies_says_where_they_are() {
    let folder = folder(&[("notes.md", "# Notes\n")]);
    let text = |error: InitError| error.to_string();
    let empty = Init::plan(folder.path(), &CheckOptions::default()).unwrap_err();
    assert!(text(empty).ends_with("GCT or other table"));
    std::fs::create_dir(folder.path().join("one")).unwrap();
    std::fs::write(folder.path().join("one/a.gct"), GCT).unwrap();
    let error = Init::plan(folder.path(), &CheckOptions::default()).unwrap_err();
    assert!(text(error).ends_with("one does"));
}

#[test]
fn a_folder_of_what_odm_does_not_take_gets_no_manifest() {
    let folder = folder(&[
        ("samples.csv", "Sample Source ID,Sample Source\nS1,a\nS2,b\n"),
        ("expr.csv", "gene,S1,S2\nTP53,1,2\nMYC,3,4\n"),
    ]);
    let error = Init::plan(folder.path(), &CheckOptions::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("samples.csv: it is comma-separated text"),
        "{error}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = folder(&[("x.samples.tsv", SAMPLES)]);
    let name = OsStr::from_bytes(b"m\xe9thyl.tsv");
    std::fs::write(folder.path().join(name), FRAME).unwrap();
    let init = Init::plan(folder.path(), &CheckOptions::default()).unwrap();
    let line = init.text.lines().find(|line| line.contains("thyl.tsv"));
    let line = line.expect("a line for it");
    assert!(
        line.contains("its name is not UTF-8") && line.contains("rename it"),
        "{line}"
    );
    let (_, found, _) = judged(folder.path(), &CheckOptions::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("F001"), "{found:?}");
}
