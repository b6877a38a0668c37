//! What is left for a person to mend.

use odmkit_diagnostics::Overrides;

use super::tests::{mend_with, request};
use crate::NoProgress;
use crate::check::{self, CheckRequest};

#[test]
fn what_could_lose_data_is_left() {
    for (name, text) in [
        // A line break inside a cell: as the end of a line it would cut the row for good.
        (
            "m.gct",
            "#1.2\n2\t2\nName\tDescription\tS1\tS2\na\tx\ry\t1\t2\nb\ty\t2\t3\n",
        ),
        (
            "m.samples.tsv",
            "Sample Source ID\tSample Source\tSex\nS1\tcli\rnic\tmale\nS2\tx\tmale\n",
        ),
        (
            "b.samples.tsv",
            "Sample Source ID\tSample Source\tSex\r\nS1\tcli\nnic\tmale\r\nS2\tx\tmale\r\n",
        ),
        // A sample that the figures count and the header does not name, without values.
        ("m.gct", "#1.2\n1\t2\nName\tDescription\tS1\na\tx\t1\t\n"),
    ] {
        let outcome = mend_with(name, text.as_bytes(), request);
        assert!(outcome.edits.is_empty(), "{text:?}: {:?}", outcome.edits);
        assert_eq!(outcome.text, text.as_bytes());
    }
}

#[test]
fn utf16_is_promised_as_it_is_mended() {
    let text = "#1.2\n1\t1\nName\tDescription\tS1\na\tx\t1\n";
    for mark in ["", "\u{feff}"] {
        let bytes: Vec<u8> = format!("{mark}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.gct");
        std::fs::write(&path, &bytes).unwrap();
        let request = request(path.clone());
        let check = CheckRequest {
            inputs: vec![path],
            options: request.options.clone(),
            overrides: Overrides::new(),
            max_per_rule: 20,
            resources: request.resources,
        };
        let report = check::check(&check, &NoProgress).unwrap().report;
        let promised: Vec<_> = report
            .diagnostics
            .iter()
            .map(|finding| (finding.rule.code.as_str(), finding.fix.is_some()))
            .collect();
        assert_eq!(promised, [("F003", true)], "{mark:?}");
        assert_eq!(
            mend_with("m.gct", &bytes, super::tests::request).text,
            text.as_bytes()
        );
    }
}
