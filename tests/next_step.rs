//! The command that a report ends with where a flag would settle what it says.

use std::path::Path;

use crate::support::odmkit;

/// The last line of a report for people.
fn last_line(directory: &Path, args: &[&str]) -> String {
    let output = odmkit(directory, args);
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_same_check_with_the_flag_that_settles_it_comes_next() {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| {
        std::fs::write(directory.path().join(name), text).expect("it is written");
    };
    write(
        "p.tsv",
        "Protein\tGene\tS1\tS2\nP1\tA\t1.5\t2\nP2\tB\t3\t4.5\nP3\tC\t5\t6\n",
    );
    write(
        "m.tsv",
        "Protein\tS1:a\tS1:p\tS2:a\tS2:p\nP1\t1.5\t0.1\t2\t0.2\nP2\t1\t0.3\t4\t0.5\n",
    );
    for (args, next) in [
        // Nobody said how many; too few; too many; more than there are columns.
        (&["p.tsv"][..], "p.tsv --feature-attributes 2"),
        (&["p.tsv", "--nfa", "1"], "p.tsv --feature-attributes 2"),
        (&["p.tsv", "--nfa", "3"], "p.tsv --feature-attributes 2"),
        (&["p.tsv", "--nfa", "9"], "p.tsv --feature-attributes 2"),
        (
            &["p.tsv", "--nfa", "2", "--data-class", "Proteomic"],
            "p.tsv --feature-attributes 2 --data-class Proteomics",
        ),
        // A separator that ODM does not know, and one that is not in the names.
        (
            &["m.tsv", "--nfa", "1", "--measurement-separator", "+"],
            "m.tsv --feature-attributes 1 --measurement-separator :",
        ),
        (
            &["m.tsv", "--nfa", "1", "--measurement-separator", "::"],
            "m.tsv --feature-attributes 1 --measurement-separator :",
        ),
        // What is known of one and of the other goes into one command.
        (
            &["m.tsv"],
            "m.tsv --feature-attributes 1 --measurement-separator :",
        ),
    ] {
        let line = last_line(directory.path(), &[&["check"], args].concat());
        let wanted = format!("Next: `odmkit check {next}`");
        assert!(line.ends_with(&wanted), "{args:?}: {line}");
        let words: Vec<&str> = next.split(' ').collect();
        let after = last_line(directory.path(), &[&["check"], &words[..]].concat());
        assert!(after.starts_with("clean: "), "{next}: {after}");
    }
    // Samples beside it tell where the names are to be cut; a wrong separator is told once.
    write(
        "x.samples.tsv",
        "Sample Source ID\tSample Source\nS1\tclinic\nS2\tclinic\n",
    );
    for (separator, code) in [(None, "L001"), (Some("+"), "D007"), (Some("::"), "D005")] {
        let mut args = vec!["check", "m.tsv", "x.samples.tsv", "--nfa", "1"];
        args.extend(
            separator
                .iter()
                .flat_map(|separator| ["--measurement-separator", separator]),
        );
        let next = "odmkit check m.tsv x.samples.tsv --feature-attributes 1 --measurement-separator :";
        let line = last_line(directory.path(), &args);
        assert!(line.ends_with(&format!("Next: `{next}`")), "{args:?}: {line}");
        let json = odmkit(directory.path(), &[&args[..], &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_slice(&json.stdout).expect("a report");
        let codes = report["summary"]["by_code"].as_object().expect("counts");
        assert!(codes.keys().eq([code]), "{separator:?}: {codes:?}");
    }
    // Of several data frames it is not known which the flag is for.
    let line = last_line(directory.path(), &["check", "p.tsv", "m.tsv"]);
    assert!(line.ends_with("Next: `odmkit rules D001`"), "{line}");
}

#[test]
fn what_is_flagged_in_a_table_leads_to_its_rule() {
    let directory = tempfile::tempdir().expect("a directory");
    let table = "Sample Source ID\tSample Source\tSex\nS1\tclinic\tblue\n";
    std::fs::write(directory.path().join("x.samples.tsv"), table).expect("it is written");
    let line = last_line(directory.path(), &["check", "x.samples.tsv"]);
    assert!(
        line.starts_with("flagged: ") && line.ends_with("Next: `odmkit rules M004`"),
        "{line}"
    );
}
