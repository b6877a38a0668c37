//! Quotes with nothing between them, and lines that are the header once more.

use super::*;

#[test]
fn quoted_padding_is_padding() {
    let outcome = mend(
        "m.samples.tsv",
        "\"Sample Source ID\"\t\"Sex\"\t\"\"\n\"S1\"\t\"male\"\t\"\"\n",
    );
    assert_eq!(text(&outcome), "Sample Source ID\tSex\nS1\tmale\n");
    let outcome = mend(
        "m.gct",
        "\"#1.2\"\t\"\"\t\"\"\n\"1\"\t\"1\"\t\"\"\n\"Name\"\t\"Description\"\t\"S1\"\n\"G1\"\t\"na\"\t\"1.5\"\n",
    );
    assert_eq!(text(&outcome), "#1.2\n1\t1\nName\tDescription\tS1\nG1\tna\t1.5\n");
    assert_eq!(outcome.left, Vec::<String>::new());
}

#[test]
fn a_column_without_a_name_that_has_values_is_no_padding() {
    let before = " Sample \tCellPopulation\tReadoutType\tColor/Marker\tValue\t\nS1\tL\tCount\t\t3\tz\n";
    let outcome = mend("m.facs", before);
    assert_eq!(text(&outcome), before.replace(" Sample ", "Sample"));
    assert_eq!(
        (&outcome.found[..], &outcome.left[..]),
        (
            &["T003".to_owned(), "T006".to_owned()][..],
            &["T003".to_owned()][..]
        )
    );
}

#[test]
fn the_header_once_more_stays_that() {
    for (name, before, after) in [
        (
            "m.samples.tsv",
            "Sample source ID\tsex\nS1\tmale\nSample source ID\tsex\nS2\tmale\n",
            "Sample Source ID\tSex\nS1\tmale\nSample Source ID\tSex\nS2\tmale\n",
        ),
        (
            "m.gct",
            "#1.2\n2\t1\nid\tdesc\tS1\nG1\tna\t1\nid\tdesc\tS1\nG2\tna\t2\n",
            "#1.2\n2\t1\nName\tDescription\tS1\nG1\tna\t1\nName\tDescription\tS1\nG2\tna\t2\n",
        ),
    ] {
        let outcome = mend(name, before);
        assert_eq!(text(&outcome), after);
        assert!(outcome.left.contains(&"T001".to_owned()), "{:?}", outcome.left);
    }
}

#[test]
fn figures_that_are_added_do_not_count_the_header_once_more() {
    let outcome = mend(
        "m.gct",
        "Name\tDescription\tS1\nG1\tna\t1\nName\tDescription\tS1\nG2\tna\t2\n",
    );
    assert!(text(&outcome).starts_with("#1.2\n2\t1\n"), "{}", text(&outcome));
    assert_eq!(outcome.left, ["T001"]);
}

#[test]
fn names_in_one_field_are_parted_where_lines_are_padded() {
    let outcome = mend(
        "m.gct",
        "#1.2\n2\t2\nName Description\tS1\tS2\t\nG1\tprotein\t1\t2\t\nG2\tprotein\t3\t4\t\n",
    );
    assert_eq!(
        text(&outcome),
        "#1.2\n2\t2\nName\tDescription\tS1\tS2\nG1\tprotein\t1\t2\nG2\tprotein\t3\t4\n"
    );
}

#[test]
fn figures_of_gct_1_3_are_promised_where_it_is_converted() {
    let rows = |row: &str| format!("#1.3\t1\t2\t1\t0\nid\tsymbol\tS1\tS2\n{row}\n");
    for (row, is_promised) in [("G1\ta\t1\t2", true), ("G1\ta\t1", false)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.gct");
        std::fs::write(&path, rows(row)).unwrap();
        let report = report(&request(path));
        let mut found = report.diagnostics.iter();
        let figures = found
            .find(|finding| finding.rule.code.as_str() == "G002")
            .unwrap();
        assert_eq!(figures.fix.is_some(), is_promised, "{row}");
    }
}
