//! Rows that are too long or too short, and lines that are none.

use odmkit_core::FileKind;

use super::tests::{brief, codes, found, help};

const HEADER: &str = "Sample Source ID\tSample Source\tOwn\n";

/// What is found of rows under the header.
fn of_rows(rows: &str) -> Vec<String> {
    let findings = found(FileKind::Samples, &format!("{HEADER}{rows}"));
    let own = findings
        .into_iter()
        .filter(|finding| finding.rule.code.as_str() != "M006");
    brief(&own.collect::<Vec<_>>())
}

#[test]
fn a_line_break_within_a_row_is_one_cause() {
    for (rows, wanted) in [
        ("S1\tclinic\ta\rb\nS2\tclinic\tc\n", "T001 2:3@45"),
        ("S1\tcli\rnic\ta\nS2\tclinic\tc\n", "T001 2:2@38"),
        ("S1\tclinic\ta\rb\rc\nS2\tclinic\tc\n", "T001 2:3@45 x2"),
        ("S1\tclinic\ta\rthe rest of it\nS2\tclinic\tc\n", "T001 2:3@45"),
        ("S1\tclinic\ta\nb\r\nS2\tclinic\tc\r\n", "T001 2:3@45"),
        ("S1\tclinic\ta\r\nb\nS2\tclinic\tc\n", "T001 2:3@45"),
    ] {
        assert_eq!(of_rows(rows), [wanted], "{rows:?}");
    }
}

#[test]
fn line_ends_that_end_rows_cut_none() {
    for (rows, wanted) in [
        // The row is short by itself.
        ("S1\tclinic\ta\r\nS2\tclinic\nS3\tclinic\tc\n", "T001 3:2@58"),
        ("S1\tclinic\ta\nS2\nS3\tclinic\tc\n", "T001 3:1@54"),
        // One end of the kind ends a row.
        ("S1\tclinic\ta\rb\nS2\tclinic\tc\rS3\tclinic\td\n", "T001 3:1@56"),
    ] {
        assert_eq!(of_rows(rows).len(), 1, "{rows:?}");
        assert!(
            of_rows(rows)[0].starts_with(wanted.split('@').next().unwrap()),
            "{:?}",
            of_rows(rows)
        );
    }
}

#[test]
fn a_short_row_beside_one_that_is_cut_is_told_too() {
    let rows = "S1\tclinic\ta\rb\nS2\nS3\tclinic\tc\n";
    assert_eq!(of_rows(rows), ["T001 2:3@45", "T001 4:1@49"]);
}

#[test]
fn parts_of_a_row_are_judged_by_no_column() {
    let text = "Library ID\tSample Source ID\tOwn\tRead Length\tTotal Fragments\n\
        L1\tS1\tab\rcd\t75\t100\nL2\tS1\tx\t75\tmany\nL3\tS1\tab\rcd\t75\t100\n";
    let findings = found(FileKind::Libraries, text);
    let codes: Vec<_> = brief(&findings).iter().map(|one| one[..8].to_owned()).collect();
    // Neither is `75` an id of a sample, nor is the second `cd` a key that stands twice.
    assert_eq!(codes, ["M006 1:3", "T001 2:3", "M003 4:5"], "{findings:?}");
    // Where no line break has made a row short, its values are judged with the others.
    let short =
        "Library ID\tSample Source ID\tRead Length\tTotal Fragments\nL1\tS1\tx\nL2\tS1\ty\t5\nL3\tS1\tx\n";
    let findings = found(FileKind::Libraries, short);
    assert_eq!(brief(&findings), ["M003 2:3@62 x3", "T001 2:3@62 x2"]);
    assert_eq!(findings[0].value.as_deref(), Some("x"));
}

#[test]
fn a_header_once_more_is_one_however_it_is_spelt() {
    for again in [
        HEADER.to_owned(),
        "sample source id\tSAMPLE SOURCE\tOwn\n".to_owned(),
        "\"Sample Source ID\"\t\"Sample Source\"\t\"Own\"\n".to_owned(),
        " Sample Source ID\tSample Source \tOwn\t\t\n".to_owned(),
    ] {
        assert_eq!(
            of_rows(&format!("S1\tclinic\ta\n{again}S2\tclinic\tb\n")),
            ["T001 3:0@47"],
            "{again}"
        );
    }
    assert_eq!(of_rows("Sample Source ID\tSample Source\tother\n").len(), 0);
}

#[test]
fn the_mark_that_ends_a_file_in_dos_is_no_record() {
    assert_eq!(of_rows("S1\tclinic\ta\n\u{1a}"), ["T001 3:0@47"]);
    let findings = found(FileKind::Samples, &format!("{HEADER}S1\tclinic\ta\n\u{1a}"));
    assert!(
        findings
            .iter()
            .all(|finding| finding.severity != odmkit_diagnostics::Severity::Error)
    );
    let study = "Study Title\tStudy Source\tStudy Source ID\tStudy Description\nT\tG\tH\tD\n\u{1a}";
    assert_eq!(codes(FileKind::Study, study).len(), 1);
}

#[test]
fn notes_are_no_records() {
    let findings = found(
        FileKind::Samples,
        &format!("{HEADER}S1\tclinic\ta\n* not measured\nSource: x y\t\t\n"),
    );
    let notes = findings
        .iter()
        .find(|finding| finding.rule.code.as_str() == "T001")
        .expect("it is told");
    assert_eq!(
        (notes.count, notes.line.map(odmkit_core::LineNumber::get)),
        (2, Some(3))
    );
    assert_eq!(
        help(notes),
        "delete the line; if it goes on with the row above it, put the two on one line"
    );
    // Alone, it is the record.
    let alone = "Study Title\tStudy Source\nA trial of mice\n";
    assert!(
        found(FileKind::Study, alone)
            .iter()
            .all(|finding| finding.severity != odmkit_diagnostics::Severity::Error)
    );
    let study = "Study Title\tStudy Source\tStudy Source ID\tStudy Description\nT\tG\tH\tD\n# made by x\n";
    let findings = found(FileKind::Study, study);
    assert_eq!(brief(&findings), ["T001 3:1@67"]);
    assert_eq!(findings[0].severity, odmkit_diagnostics::Severity::Error);
}

#[test]
fn row_names_without_a_name_are_one_cause() {
    for (text, wanted) in [
        (
            format!("{HEADER}1\tS1\tclinic\ta\n2\tS2\tclinic\tb\n"),
            "row names",
        ),
        (format!("{HEADER}1\tS1\tclinic\ta\nS2\tclinic\tb\n"), "width 4"),
        (format!("{HEADER}1\tS1\tclinic\ta\n"), "width 4"),
        (
            "\"Sample Source ID\"\t\"Own\"\n\"1\"\t\"S1\"\t\"a\"\n".to_owned(),
            "row names",
        ),
    ] {
        let findings = found(FileKind::Samples, &text);
        let causes: Vec<_> = findings
            .iter()
            .filter(|finding| finding.rule.code.as_str() == "T001")
            .map(|finding| finding.cause.as_deref())
            .collect();
        assert_eq!(causes, [Some(wanted)], "{text:?}");
    }
}

#[test]
fn ragged_rows_do_not_make_cascades() {
    let text = "Sample Source ID\tSample Source\tSex\nS1\tx\nS2\tx\tM\ty\nS3\tx\tmale\t\t\nS4\tx\tmale\t\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(brief(&findings), ["T001 2:2@38", "T001 3:4@47", "T007 4:4@59 x2"]);
}

#[test]
fn padding_of_the_header_and_the_rows_is_one_finding() {
    let text = "Sample Source ID\tSample Source\t\t\nS1\tx\t\t\nS2\tx\nS3\tx\t\t\t\n";
    assert_eq!(codes(FileKind::Samples, text), ["T007 1:3@31 x2"]);
    let text = "Sample Source ID\tSample Source\t\t\nS1\tx\t\ty\nS2\tx\t\tz\n";
    assert_eq!(codes(FileKind::Samples, text), ["T003 1:4@32"]);
    let text = "Sample Source ID\tSample Source\t\t\nS1\tx\ty\t\nS2\tx\tz\n";
    assert_eq!(codes(FileKind::Samples, text), ["T003 1:3@31", "T007 1:4@32"]);
}

#[test]
fn a_cell_with_a_line_break_is_one_error() {
    let head = "Sample Source ID\tSample Source\tSex\tAge\n";
    for body in [
        "S1\t\"GEO\nNCBI\"\tfemale\t32\n",
        "S1\t\"GEO\nand\nNCBI\"\tfemale\t32\n",
    ] {
        let findings = found(FileKind::Samples, &format!("{head}{body}S2\tGEO\tmale\t33\n"));
        assert_eq!(brief(&findings).len(), 1, "{findings:?}");
        assert!(brief(&findings)[0].starts_with("T001 2:2@42"), "{findings:?}");
        assert_eq!(findings[0].severity, odmkit_diagnostics::Severity::Error);
    }
    let study = "Study Title\tStudy Source\tStudy Source ID\tStudy Description\nT\tGEO\tG\t\"Multi\nline\"\n";
    assert_eq!(codes(FileKind::Study, study), ["T001 2:4@67"]);
}

#[test]
fn a_row_that_lacks_its_last_values_is_a_warning() {
    let text = "Sample Source ID\tSample Source\tSex\tAge\nS1\tGEO\tblue\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(brief(&findings), ["M004 2:3@46", "T001 2:3@46"]);
    assert_eq!(findings[1].severity, odmkit_diagnostics::Severity::Warning);
    assert!(help(&findings[1]).starts_with("if the last value is blank, end the row with a tab"));
}
