//! GCT 1.3 that says something else of itself than it holds: what is a row and what an attribute is not guessed.

use crate::support::{entries, name, odmkit};

const WHOLE: &str =
    "#1.3\n2\t2\t1\t1\nid\tsymbol\tS1\tS2\nSex\tna\tmale\tfemale\nP1\tTP53\t1.5\t2\nP2\tMYC\t2.5\t3\n";

#[test]
fn what_does_not_fit_its_figures_is_left_as_it_is() {
    for (from, to, code) in [
        // A row would become an attribute of samples, or an attribute a row.
        ("2\t2\t1\t1", "2\t2\t1\t2", "G003"),
        ("Sex\tna", "Sex\tna\tmale\tfemale\nSite\tna", "G003"),
        // A sample would become an attribute of rows, or an attribute a sample.
        ("2\t2\t1\t1", "2\t2\t2\t1", "G004"),
        ("2\t2\t1\t1", "2\t2\t0\t1", "G004"),
        ("2\t2\t1\t1", "3\t2\t1\t1", "G003"),
        ("2\t2\t1\t1", "2\t3\t1\t1", "G004"),
        // Attributes would go to other samples.
        ("id\tsymbol", "symbol", "G005"),
        ("\tmale", "", "T001"),
        ("\tS2", "\t", "T003"),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let text = WHOLE.replacen(from, to, 1);
        std::fs::write(directory.path().join("m.gct"), &text).expect("it is written");
        let checked = odmkit(directory.path(), &["check", "m.gct"]);
        let report = String::from_utf8(checked.stdout).expect("text");
        // The report leads to what is to be mended first.
        assert!(
            report
                .trim_end()
                .ends_with(&format!("Next: `odmkit rules {code}`")),
            "{text}{report}"
        );
        assert!(
            report.contains("mend what else is told of the file first"),
            "{report}"
        );
        odmkit(directory.path(), &["fix", "m.gct", "--write"]);
        let after = std::fs::read_to_string(directory.path().join("m.gct")).expect("it is there");
        let files = entries(directory.path());
        let names: Vec<&str> = files.iter().map(|file| name(file)).collect();
        assert_eq!((after, names), (text, vec!["m.gct"]));
    }
}

#[test]
fn a_row_does_not_become_an_attribute_even_on_demand() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = WHOLE.replacen("2\t2\t1\t1", "2\t2\t1\t2", 1);
    std::fs::write(directory.path().join("m.gct"), &text).expect("it is written");
    odmkit(directory.path(), &["fix", "m.gct", "--unsafe", "--write"]);
    let after = std::fs::read_to_string(directory.path().join("m.gct")).expect("it is there");
    assert_eq!((after, entries(directory.path()).len()), (text, 1));
}

#[test]
fn whoever_wants_the_figures_corrected_gets_the_file_converted() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = WHOLE.replacen("2\t2\t1\t1", "3\t2\t1\t1", 1);
    std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
    odmkit(directory.path(), &["fix", "m.gct", "--unsafe", "--write"]);
    let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).expect("it is there");
    assert_eq!(
        read("m.gct"),
        "#1.2\n2\t2\nName\tDescription\tS1\tS2\nP1\tTP53\t1.5\t2\nP2\tMYC\t2.5\t3\n"
    );
    assert_eq!(
        read("m.samples.tsv"),
        "Sample Source ID\tSex\nS1\tmale\nS2\tfemale\n"
    );
}
