//! What is left for a person to mend.

use super::tests::{mend_with, request};

#[test]
fn what_could_lose_data_is_left() {
    for (name, text) in [
        // A carriage return inside a cell: as the end of a line it would cut the row for good.
        (
            "m.gct",
            "#1.2\n2\t2\nName\tDescription\tS1\tS2\na\tx\ry\t1\t2\nb\ty\t2\t3\n",
        ),
        (
            "m.samples.tsv",
            "Sample Source ID\tSample Source\tSex\nS1\tcli\rnic\tmale\nS2\tx\tmale\n",
        ),
        // A sample that the figures count and the header does not name, without values.
        ("m.gct", "#1.2\n1\t2\nName\tDescription\tS1\na\tx\t1\t\n"),
    ] {
        let outcome = mend_with(name, text.as_bytes(), request);
        assert!(outcome.edits.is_empty(), "{text:?}: {:?}", outcome.edits);
        assert_eq!(outcome.text, text.as_bytes());
    }
}
