use std::num::NonZeroUsize;
use std::path::Path;

use odmkit_core::FileKind;
use odmkit_diagnostics::{Diagnostic, Overrides};

use crate::check::{CheckOptions, CheckRequest, check};
use crate::{NoProgress, Resources};

fn findings(folder: &Path, elsewhere: &[FileKind]) -> Vec<Diagnostic> {
    let request = CheckRequest {
        inputs: vec![folder.to_owned()],
        options: CheckOptions {
            elsewhere: elsewhere.to_vec(),
            ..CheckOptions::default()
        },
        overrides: Overrides::new(),
        max_per_rule: 20,
        resources: Resources::new(NonZeroUsize::MIN, 64 << 20),
    };
    check(&request, &NoProgress).unwrap().report.diagnostics
}

fn codes(found: &[Diagnostic]) -> Vec<&str> {
    found.iter().map(|finding| finding.rule.code.as_str()).collect()
}

#[test]
fn samples_that_are_in_odm_are_something_to_hang_on() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let study = "Study Title\tStudy Source\tStudy Source ID\tStudy Description\nT\tclinic\t1\tD\n";
    write("a.study.tsv", study);
    write("m.gct", "#1.2\n1\t1\nName\tDescription\tS1\nTP53\tna\t1.5\n");
    assert_eq!(codes(&findings(folder.path(), &[])), ["L012"]);
    assert!(codes(&findings(folder.path(), &[FileKind::Samples])).is_empty());
    write("b.study.tsv", study);
    assert_eq!(codes(&findings(folder.path(), &[FileKind::Samples])), ["L011"]);
    let found = findings(folder.path(), &[]);
    assert_eq!(codes(&found), ["L011", "L012"]);
    assert_eq!(
        found[0].message,
        "this is a second study, and the data can belong to one only"
    );
}

#[test]
fn samples_that_odm_cannot_take_are_the_one_thing_to_tell() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "a.study.tsv",
        "Study Title\tStudy Source\tStudy Source ID\tStudy Description\nT\tclinic\t1\tD\n",
    );
    write("m.gct", "#1.2\n1\t1\nName\tDescription\tS1\nTP53\tna\t1.5\n");
    write("a.samples.csv", "Sample Source ID,Sex\nS1,male\n");
    assert_eq!(codes(&findings(folder.path(), &[])), ["F008"]);
}

#[test]
fn a_description_that_fits_no_data_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("b.gct.tsv", "Name\tScale\nrun\tlog2\n");
    assert!(
        codes(&findings(folder.path(), &[]))
            .iter()
            .all(|code| *code != "F013")
    );
    write("a.gct", "#1.2\n1\t1\nName\tDescription\tS1\nTP53\tna\t1.5\n");
    let found = findings(folder.path(), &[]);
    let left = found.iter().find(|finding| finding.rule.code.as_str() == "F013");
    let message = left.map(|finding| finding.message.as_str());
    assert_eq!(
        message,
        Some("`b.gct.tsv` is left out of the study: no data file beside it has the name that it describes")
    );
    write("b.gct", "#1.2\n1\t1\nName\tDescription\tS1\nTP53\tna\t1.5\n");
    assert!(
        codes(&findings(folder.path(), &[]))
            .iter()
            .all(|code| *code != "F013")
    );
}

#[test]
fn what_is_left_out_is_counted_and_some_of_it_told() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("s.samples.tsv", "Sample Source ID\tSample Source\nS1\tclinic\n");
    for number in 10..60 {
        write(&format!("note{number}.txt"), "Frozen on arrival.\n");
    }
    // A copy of what is there already.
    write("s.samples.csv", "Sample Source ID,Sample Source\nS1,clinic\n");
    let found = findings(folder.path(), &[]);
    assert_eq!(codes(&found), ["F013"]);
    assert_eq!((found[0].count, found[0].related.len()), (51, 20));
    assert!(
        found[0]
            .message
            .ends_with("`note10.txt`, `note11.txt`, `note12.txt`, `note13.txt` and 47 more")
    );
}
