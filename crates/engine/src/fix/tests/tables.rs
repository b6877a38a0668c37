//! Metadata tables and data frames.

use super::*;

#[test]
fn padding_goes_though_a_column_before_it_has_no_name() {
    let outcome = mend(
        "m.samples.tsv",
        "Sample Source ID\t\tSample Source\t\t\nS1\tx\tclinic\t\t\n",
    );
    assert_eq!(
        text(&outcome),
        "Sample Source ID\t\tSample Source\nS1\tx\tclinic\n"
    );
    // What stands under a blank name at the end is no padding.
    let before = "Sample Source ID\tSample Source\t\t\nS1\tclinic\t\tx\n";
    assert_eq!(text(&mend("m.samples.tsv", before)), before);
}

#[test]
fn tokens_are_mended_where_it_is_certain_that_they_are_values() {
    let before = "Gene\tN\tS1\tS2\nA\tna\tna\t2\nB \t3\tnan\t2\nC\t3\t1\t2\n";
    // The number of feature columns is a guess: only what is true of any column is mended.
    let outcome = mend("d.tsv", before);
    assert_eq!(text(&outcome), before.replace("B ", "B"));
    let outcome = mend_with("d.tsv", before.as_bytes(), |path| FixRequest {
        options: CheckOptions {
            feature_attributes: Some(2),
            ..CheckOptions::default()
        },
        ..request(path)
    });
    let wanted = "Gene\tN\tS1\tS2\nA\tna\tNA\t2\nB\t3\tNaN\t2\nC\t3\t1\t2\n";
    assert_eq!(text(&outcome), wanted);
}

#[test]
fn a_frame_is_mended() {
    let before = "Protein \tS1\tS2\n\"P1\"\tna\t 1\nP2\tnone\t+inf\nP3\tNA\t2\t\t\n";
    let outcome = mend_with("p.tsv", before.as_bytes(), |path| FixRequest {
        options: CheckOptions {
            feature_attributes: Some(1),
            kind: Some(odmkit_core::FileKind::Expression),
            ..CheckOptions::default()
        },
        ..request(path)
    });
    assert_eq!(
        text(&outcome),
        "Protein\tS1\tS2\nP1\tNA\t1\nP2\tNA\tInf\nP3\tNA\t2\n"
    );
}

#[test]
fn a_table_is_mended_by_its_template() {
    let outcome = mend(
        "x.libraries.tsv",
        "Library ID\tSample Source ID\tAverage fragment size\tOwn\t\t\nL1 \tS1|S2\t\"221,69\"\t a |b\t\t\n\nL2\tS1\t199,205\t\"x\"\n",
    );
    assert_eq!(
        text(&outcome),
        "Library ID\tSample Source ID\tAverage Fragment Size\tOwn\nL1\tS1|S2\t221.69\ta |b\nL2\tS1\t199,205\tx\n"
    );
    assert!(
        !outcome
            .left
            .iter()
            .any(|code| ["M007", "T005", "T006", "T007", "T012"].contains(&code.as_str()))
    );

    let outcome = mend("x.samples.tsv", "Sample Source ID\tSex\nS1\tF\nS2\tM|female\n");
    assert_eq!(
        text(&outcome),
        "Sample Source ID\tSex\nS1\tfemale\nS2\tmale|female\n"
    );
    assert_eq!(outcome.edits, [("M005", 2)]);
}

#[test]
fn a_misnamed_key_gets_its_name() {
    let outcome = mend("x.libraries.tsv", "library_id\tSample Source ID\nL1\tS1\n");
    assert_eq!(text(&outcome), "Library ID\tSample Source ID\nL1\tS1\n");
    assert_eq!(outcome.edits, [("M010", 1)]);
}

#[test]
fn a_row_of_nothing_but_quotes_goes_at_once() {
    let outcome = mend(
        "m.samples.tsv",
        "Sample Source ID\tSample Source\tSex\nA\tclinic\tmale\n\t\"\"\t\nB\tclinic\tmale\n",
    );
    assert_eq!(
        text(&outcome),
        "Sample Source ID\tSample Source\tSex\nA\tclinic\tmale\nB\tclinic\tmale\n"
    );
}

#[test]
fn quotes_go_from_all_rows_where_the_row_names_have_no_name() {
    let before =
        "\"Sample Source ID\"\t\"Sample Source\"\n\"1\"\t\"S1\"\t\"a \"\"b\"\"\"\n\"2\"\t\"S2\"\tNA\n";
    let outcome = mend("m.samples.tsv", before);
    assert_eq!(
        text(&outcome),
        "Sample Source ID\tSample Source\n1\tS1\ta \"b\"\n2\tS2\tNA\n"
    );
    // A cell with a tab in it is no two.
    let before = "\"Sample Source ID\"\t\"Sample Source\"\n\"S1\"\t\"a\tb\"\n\"S2\"\t\"c\td\"\n";
    let rows = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(text(&mend("m.samples.tsv", before))), rows(before));
    let before = "\"S1\"\t\"S2\"\n\"g1\"\t1\t2\n\"g2\"\t3\t4\n";
    let outcome = mend_with("d.tsv", before.as_bytes(), |path| FixRequest {
        options: CheckOptions {
            feature_attributes: Some(1),
            kind: Some(odmkit_core::FileKind::Expression),
            ..CheckOptions::default()
        },
        ..request(path)
    });
    assert_eq!(text(&outcome), "S1\tS2\ng1\t1\t2\ng2\t3\t4\n");
}

#[test]
fn notes_and_parts_of_rows_stay_as_they_are() {
    for rows in [
        "S1\tclinic\n* not  measured \n",
        "S1\tclinic\rward\nS2\tclinic\n",
        "S1\tclinic\nward\r\nS2\tclinic\r\n",
    ] {
        let before = format!("Sample Source ID\tSample Source\n{rows}");
        assert_eq!(text(&mend("m.samples.tsv", &before)), before);
    }
}
