use std::num::NonZeroUsize;
use std::path::Path;

use odmkit_core::LineNumber;
use odmkit_diagnostics::Overrides;

use crate::check::{CheckOptions, CheckRequest, check};
use crate::{NoProgress, Resources};

fn request(folder: &Path) -> CheckRequest {
    CheckRequest {
        inputs: vec![folder.to_owned()],
        options: CheckOptions::default(),
        overrides: Overrides::new(),
        max_per_rule: 20,
        resources: Resources::new(NonZeroUsize::MIN, 64 << 20),
    }
}

/// The codes of the findings in a folder, each with the line of the manifest that it names.
fn said(folder: &Path) -> Vec<(String, Option<u64>)> {
    let outcome = check(&request(folder), &NoProgress).unwrap();
    let findings = outcome.report.diagnostics.iter().map(|finding| {
        let place = finding
            .related
            .iter()
            .find(|related| related.path.ends_with("study.toml"));
        let line = place.and_then(|place| place.line).map(LineNumber::get);
        (finding.rule.code.to_string(), line)
    });
    findings.collect()
}

#[test]
fn what_the_manifest_says_wrongly_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("s.tsv", "Sample Source ID\tSample Source\nS1\tclinic\n");
    write("m.gct", "#1.2\n1\t1\nName\tDescription\tS1\nTP53\tna\t1.5\n");
    let samples = "[[samples]]\nmetadata = \"s.tsv\"\n\n[[data]]\nfile = \"m.gct\"\n";
    for (key, wanted) in [
        ("data_class = \"Blood\"", "D008"),
        ("measurement_separator = \":\"", "D013"),
        ("feature_attributes = 2", "D013"),
        ("link_attribute = \"Lab\"", "L003"),
        ("link_to = \"libraries\"", "L001"),
    ] {
        write("study.toml", &format!("{samples}{key}\n"));
        assert_eq!(said(folder.path()), [(wanted.to_owned(), Some(4))], "{key}");
    }
}

#[test]
fn advice_is_for_the_manifest_that_says_it_wrongly() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("p.tsv", "id\tgene\tS1\tS2\na\tx\t1\t2\nb\ty\t3\t4\n");
    write(
        "study.toml",
        "[[data]]\nfile = \"p.tsv\"\nfeature_attributes = 1\n",
    );
    let outcome = check(&request(folder.path()), &NoProgress).unwrap();
    let found = outcome
        .report
        .diagnostics
        .iter()
        .find(|finding| finding.rule.code.as_str() == "D003");
    let help = found.and_then(|finding| finding.help.clone()).unwrap_or_default();
    assert!(
        help.contains("feature_attributes = 2") && !help.contains("--"),
        "{help}"
    );
}

#[test]
fn advice_for_one_of_several_frames_is_no_flag() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let asked = || {
        let outcome = check(&request(folder.path()), &NoProgress).unwrap();
        let helps = outcome.report.diagnostics.into_iter().map(|finding| {
            assert_eq!(finding.rule.code.as_str(), "D001");
            finding.help.unwrap_or_default()
        });
        helps.collect::<Vec<_>>()
    };
    write("a.tsv", "id\tgene\tS1\tS2\na\tx\t1\t2\nb\ty\t3\t4\n");
    write("b.tsv", "id\tname\tS1\tS2\na\tx\t1\t2\nb\ty\t3\t4\n");
    assert!(
        asked()
            .iter()
            .all(|help| help.ends_with(": --feature-attributes 2"))
    );
    write("b.tsv", "id\tS1\tS2\na\t1\t2\nb\t3\t4\n");
    let helps = asked();
    assert!(
        helps[0].contains(": feature_attributes = 2, in a study.toml"),
        "{helps:?}"
    );
    assert!(
        helps[1].contains(": feature_attributes = 1, in a study.toml"),
        "{helps:?}"
    );
    write(
        "study.toml",
        "[[data]]\nfile = \"a.tsv\"\ndata_class = \"Proteomics\"\n",
    );
    let helps = asked();
    assert!(helps[0].ends_with(": feature_attributes = 2"), "{helps:?}");
}

#[test]
fn a_file_that_is_there_under_another_name_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("P.tsv", "id\tS1\tS2\na\t1\t2\nb\t3\t4\n");
    write("q.tsv.gz", "");
    for (wanted, there) in [("p.tsv", "`P.tsv` is there"), ("q.tsv", "`q.tsv.gz` is there")] {
        write(
            "study.toml",
            &format!("[[data]]\nfile = \"{wanted}\"\nfeature_attributes = 1\n"),
        );
        let outcome = check(&request(folder.path()), &NoProgress).unwrap();
        let found = &outcome.report.diagnostics;
        let help = found[0].help.as_deref().unwrap_or_default();
        assert!(
            found[0].rule.code.as_str() == "F001" && help.starts_with(there),
            "{help}"
        );
    }
}
