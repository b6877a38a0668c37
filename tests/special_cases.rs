//! The questions that ODM's documents leave open, and the values that it treats in a way of its own: the answers of
//! `docs/COVERAGE.md`, each shown by the smallest file that asks. Every rule that speaks is named, with its count, so
//! that neither silence nor noise can come unseen.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{odmkit, root};

/// How often each rule spoke of files that are written as they stand.
fn codes(files: &[(&str, &[u8])], args: &[&str]) -> BTreeMap<String, u64> {
    let directory = tempfile::tempdir().expect("a directory");
    let mut all = vec!["check", "--format", "json"];
    for (name, bytes) in files {
        std::fs::write(directory.path().join(name), bytes).expect("it is written");
        // What an argument names is there for that.
        if !args.iter().any(|arg| arg.ends_with(name)) {
            all.push(name);
        }
    }
    all.extend(args);
    let output = odmkit(directory.path(), &all);
    let errors = String::from_utf8_lossy(&output.stderr);
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{all:?}: {error}; {errors}"));
    serde_json::from_value(report["summary"]["by_code"].clone()).expect("counts by code")
}

/// What is asked, the files, further arguments, and the rules that speak.
type Case<'a> = (
    &'a str,
    &'a [(&'a str, &'a [u8])],
    &'a [&'a str],
    &'a [(&'a str, u64)],
);

fn all_hold(cases: &[Case<'_>]) {
    let mut other = Vec::new();
    for (asked, files, args, expected) in cases {
        let expected: BTreeMap<String, u64> = expected
            .iter()
            .map(|(code, count)| ((*code).to_owned(), *count))
            .collect();
        let found = codes(files, args);
        if found != expected {
            other.push(format!("{asked}: {found:?}, and not {expected:?}"));
        }
    }
    assert!(other.is_empty(), "{}", other.join("\n"));
}

#[test]
fn keys_and_links_are_judged_as_the_open_questions_are_answered() {
    all_hold(&[
        (
            "1: a sample without a source",
            &[(
                "a.samples.tsv",
                b"Sample Source ID\tSample Source\nS1\t\nS2\tclinic\n",
            )],
            &[],
            &[("M015", 1)],
        ),
        (
            "2: the key of a library is its own, and not that of its sample",
            &[(
                "a.libraries.tsv",
                b"Library ID\tSample Source ID\nL1\tS1\nL2\tS1\n",
            )],
            &[],
            &[],
        ),
        (
            "2: a library that stands twice",
            &[(
                "a.libraries.tsv",
                b"Library ID\tSample Source ID\nL1\tS1\nL1\tS2\n",
            )],
            &[],
            &[("M013", 1)],
        ),
        (
            "6: a barcode that stands twice",
            &[("a.cells.tsv", b"barcode\tbatch\nAAAC-1\tL1\nAAAC-1\tL1\n")],
            &[],
            &[("C001", 1)],
        ),
        (
            "9 of the ways: a blank name, and one of 256 letters",
            &[(
                "a.samples.tsv",
                format!(
                    "Sample Source ID\tSample Source\t\t{}\nS1\tclinic\tx\ty\n",
                    "n".repeat(256)
                )
                .leak()
                .as_bytes(),
            )],
            &[],
            &[("M006", 1), ("T003", 1), ("T004", 1)],
        ),
        (
            "30: attribute names are compared letter by letter",
            &[(
                "a.samples.tsv",
                b"Sample Source ID\tSample Source\torganism\nS1\tclinic\tx\n",
            )],
            &[],
            &[("M007", 1), ("M012", 1)],
        ),
        (
            "31: a row that is longer than the header",
            &[(
                "a.samples.tsv",
                b"Sample Source ID\tSample Source\nS1\tclinic\tmore\nS2\tclinic\n",
            )],
            &[],
            &[("T001", 1)],
        ),
    ]);
}

#[test]
fn texts_are_judged_as_the_open_questions_are_answered() {
    all_hold(&[
        (
            "3: CRLF and LF are both fine",
            &[("a.samples.tsv", b"Sample Source ID\tSample Source\r\nS1\tclinic\r\n")],
            &[],
            &[],
        ),
        (
            "3: mixed line ends are one message",
            &[("a.samples.tsv", b"Sample Source ID\tSample Source\r\nS1\tclinic\nS2\tx\r\n")],
            &[],
            &[("F005", 1)],
        ),
        (
            "4: quotes are text",
            &[("a.samples.tsv", b"Sample Source ID\tSample Source\nS1\t\"the clinic\"\nS2\tthe \"clinic\"\n")],
            &[],
            &[("T012", 1)],
        ),
        (
            "5: a byte order mark",
            &[("a.samples.tsv", b"\xef\xbb\xbfSample Source ID\tSample Source\nS1\tclinic\n")],
            &[],
            &[("F004", 1)],
        ),
        (
            "18 and 35: three values are values of any attribute",
            &[
                (
                    "a.samples.tsv",
                    b"Sample Source ID\tSample Source\tAge\tSex\tData Files / Raw\n\
                      S1\tclinic\tNot applicable\tNot reported\tNot recorded\n\
                      S2\tclinic\tNot reported\tNot recorded\tNot applicable\n\
                      S3\tclinic\tNot recorded\tNot applicable\tNot reported\n",
                ),
                ("sex.csv", b"Label\nmale\nfemale\n"),
            ],
            &["--dictionary", "Sex=sex.csv"],
            &[],
        ),
        (
            "22 of the ways: lists are judged item by item",
            &[(
                "a.samples.tsv",
                b"Sample Source ID\tSample Source\tAge\nS1\tclinic\t5|7\nS2\tclinic\t5 | 7\nS3\tclinic\t5||7\n",
            )],
            &[],
            &[("M011", 2)],
        ),
        (
            "24 of the ways: a synonym, and 25: a shortened unit",
            &[
                (
                    "a.samples.tsv",
                    b"Sample Source ID\tSample Source\tAge\tAge Unit\tSex\nS1\tclinic\t5\ty\tM\nS2\tclinic\t5\tyear\tmale\n",
                ),
                ("sex.csv", b"Label,Synonyms\nmale,\"M,boy\"\nfemale,\"F,woman\"\n"),
                ("units.csv", b"Label,Name,Parent,To_parent,From_parent\nyear,y,,,\n"),
            ],
            &["--dictionary", "Sex=sex.csv", "--dictionary", "Units - Time/Frequency=units.csv"],
            &[("M004", 1), ("M005", 1)],
        ),
    ]);
}

#[test]
fn data_is_judged_as_the_open_questions_are_answered() {
    all_hold(&[
        (
            "12: one feature column needs its number as well",
            &[("a.tsv", b"Protein\tS1\tS2\nP1\t1\t2\n")],
            &["--kind", "expression"],
            &[("D001", 1)],
        ),
        (
            "13: a measurement may not be text",
            &[("a.tsv", b"Protein\tS1\tS2\nP1\thigh\t2\n")],
            &["--kind", "expression", "--feature-attributes", "1"],
            &[("D004", 1)],
        ),
        (
            "14: GCT without descriptions",
            &[("a.gct", b"#1.2\n1\t1\nName\tDescription\tS1\nG1\t\t1\n")],
            &[],
            &[("G010", 1)],
        ),
        (
            "14: GCT with another number of rows",
            &[("a.gct", b"#1.2\n2\t1\nName\tDescription\tS1\nG1\tna\t1\n")],
            &[],
            &[("G003", 1)],
        ),
        (
            "15: both names of flow cytometry columns",
            &[(
                "a.facs",
                b"Sample\tCellPopulation\tReadoutType\tColor/Marker\tValue\nS1\tT\tCount\t\t5\n",
            )],
            &[],
            &[],
        ),
        (
            "15: the rarer one",
            &[(
                "a.facs",
                b"Sample\tCellPopulation\tReadoutType\tMarker\tValue\nS1\tT\tCount\t\t5\n",
            )],
            &[],
            &[("K003", 1)],
        ),
        (
            "19: a data class in other letters",
            &[("a.gct", b"#1.2\n1\t1\nName\tDescription\tS1\nG1\tna\t1\n")],
            &["--data-class", "bulk transcriptomics"],
            &[("D008", 1)],
        ),
        (
            "29: infinities are missing, and not numbers to mend",
            &[(
                "a.tsv",
                b"Protein\tS1\tS2\nP1\tInf\t-Inf\nP2\tNA\tfiltered\nP3\tnull\tN/A\n",
            )],
            &["--kind", "expression", "--feature-attributes", "1"],
            &[],
        ),
        (
            "32: a blank within the name of a sample",
            &[("a.gct", b"#1.2\n1\t1\nName\tDescription\tS 1\nG1\tna\t1\n")],
            &[],
            &[("G008", 1)],
        ),
        (
            "12 of the ways: GCT of another class",
            &[("a.gct", b"#1.2\n1\t1\nName\tDescription\tS1\nG1\tna\t1\n")],
            &["--data-class", "Proteomics"],
            &[("D008", 1)],
        ),
    ]);
}

/// A template with an attribute of each type.
fn template() -> Vec<u8> {
    let types = ["Integer", "Decimal", "String", "Boolean"].map(|name| (name, format!("{name}Value")));
    let others =
        [("Date", "DateTimeValue"), ("Link", "ExternalLink")].map(|(name, of)| (name, of.to_owned()));
    let attribute = |name: &str, of: &str| {
        json!({
            "name": name, "dataType": "genestack:sampleObject", "isRequired": false, "isReadOnly": false,
            "metainfoType": format!("com.genestack.api.metainfo.{of}"),
        })
    };
    let mut all = vec![
        attribute("Sample Source ID", "StringValue"),
        attribute("Sample Source", "StringValue"),
    ];
    all.extend(types.iter().chain(&others).map(|(name, of)| attribute(name, of)));
    serde_json::to_vec(&all).expect("it is JSON")
}

#[test]
fn values_of_each_type_are_judged_in_files_as_they_are_alone() {
    let values: [(&str, &[&str], &[&str]); 6] = [
        (
            "Integer",
            &["5", "-12", "+7", "1|2"],
            &["10.0", "1e3", "five", "1|2.5"],
        ),
        (
            "Decimal",
            &["5", "1.5", "-.5", "2E-3", "1.5|2"],
            &["7,5", "5 mg", "1.5|x"],
        ),
        ("String", &["anything", "7,5", "a|b"], &[]),
        ("Boolean", &["true", "false"], &["yes", "1", "maybe"]),
        (
            "Date",
            &["2021-04-03", "2021-04-03 10:00:00", "1617444000000"],
            &["03/04/2021", "2021/04/03", "2021-04-03T10:00:00Z", "2021-02-30"],
        ),
        (
            "Link",
            &["https://example.org/a", "ftp://example.org/a", "s3://bucket/a"],
            &["www.example.org/a", "10.1000/182", "a file"],
        ),
    ];
    let template = template();
    for (name, good, bad) in values {
        for (value, found) in good
            .iter()
            .map(|value| (value, false))
            .chain(bad.iter().map(|value| (value, true)))
            .chain(
                ["Not applicable", "Not reported", "Not recorded", ""]
                    .iter()
                    .map(|value| (value, false)),
            )
        {
            let table = format!("Sample Source ID\tSample Source\t{name}\nS1\tclinic\t{value}\n");
            let files: [(&str, &[u8]); 2] = [("a.samples.tsv", table.as_bytes()), ("t.json", &template)];
            let spoke = codes(&files, &["--template", "t.json"]);
            let expected = if found {
                vec![("M003".to_owned(), 1)]
            } else {
                Vec::new()
            };
            assert_eq!(spoke.into_iter().collect::<Vec<_>>(), expected, "{name}: {value}");
        }
    }
}

#[test]
fn a_link_that_odm_refuses_is_not_called_linked() {
    let folder = root().join("fixtures/rules/L006/fail-own-column");
    let output = odmkit(&folder, &["check", ".", "--link-attribute", "Cage"]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("\nrefused   matrix.gct to"), "{text}");
    assert!(!text.contains("\nlinked "), "{text}");
}
