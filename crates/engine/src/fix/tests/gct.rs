//! GCT 1.2 files, and what is nearly one.

use super::*;

#[test]
fn a_gct_file_is_mended_all_over() {
    let outcome = mend(
        "m.gct",
        "\u{feff}#1.2\t\t\t\n3 rows\t2\n\nNAMES\tInfo\tS1 \t\"S2\"\t\t\n A\tsome text\t1\tNA\r\nB\t\t2\t3\t\t\n\nC\tmore\tnull\t-Inf\n",
    );
    assert_eq!(
        text(&outcome),
        "#1.2\n3\t2\nName\tDescription\tS1\tS2\nA\tsome text\t1\t\nB\tNA\t2\t3\nC\tmore\t\t-Inf\n"
    );
    assert_eq!(
        outcome.left,
        ["G015"],
        "what an infinity stands for is for a person to say"
    );
    let codes: Vec<&str> = outcome.edits.iter().map(|(code, _)| *code).collect();
    assert_eq!(
        codes,
        [
            "F004", "F005", "G002", "G005", "G006", "G010", "G015", "T005", "T006", "T007", "T012"
        ]
    );
}

#[test]
fn lines_that_a_gct_file_lacks_are_written() {
    for (before, after) in [
        (
            "Name\tDescription\tS1\nA\tna\t1\n",
            "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n",
        ),
        (
            "1\t1\nName\tDescription\tS1\nA\tna\t1\n",
            "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n",
        ),
        (
            "#1.2\nName\tDescription\tS1\nA\tna\t1\n",
            "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n",
        ),
        (
            "#1.2\r\n1\t2\r\nName\tS1\tS2\r\nA\t1\t2",
            "#1.2\r\n1\t2\r\nName\tDescription\tS1\tS2\r\nA\tNA\t1\t2",
        ),
        (
            "#1.2\r1\t1\rName\tDescription\tS1\rA\tna\t1\r",
            "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n",
        ),
    ] {
        let outcome = mend("m.gct", before);
        assert_eq!(text(&outcome), after);
        assert_eq!(outcome.left, [""; 0], "{before}");
    }
}

#[test]
fn what_is_nearly_called_description_is_one() {
    let outcome = mend("m.gct", "#1.2\n1\t1\nName\tDescriptions\tS1\nA\t7\t1\n");
    assert_eq!(text(&outcome), "#1.2\n1\t1\nName\tDescription\tS1\nA\t7\t1\n");
}

#[test]
fn a_sample_is_not_taken_for_a_description() {
    let before = "#1.2\n2\t7\nName\tS1\tS2\nA\t1\t2\nB\t3\t4\n";
    let outcome = mend("m.gct", before);
    assert_eq!((text(&outcome), outcome.edits.len()), (before, 0));
}

#[test]
fn a_header_that_lacks_its_first_name_gets_it_and_rows_stay() {
    for (before, after) in [
        (
            "#1.2\n2\t2\nDescription\tS1\tS2\na\tna\t1\t2\nb\tna\t3\t4\n",
            "#1.2\n2\t2\nName\tDescription\tS1\tS2\na\tna\t1\t2\nb\tna\t3\t4\n",
        ),
        (
            "#1.2\n2\t2\nS1\tS2\na\t1\t2\nb\t3\t4\n",
            "#1.2\n2\t2\nName\tDescription\tS1\tS2\na\tNA\t1\t2\nb\tNA\t3\t4\n",
        ),
    ] {
        let outcome = mend("m.gct", before);
        assert_eq!((text(&outcome), &outcome.left[..]), (after, &[][..]));
    }
}

#[test]
fn nothing_is_rewritten_where_it_is_not_known_what_stands_where() {
    for before in [
        "#a comment\n#1.2\n1\t1\nName\tDescription\tS1\na\tna\t1\n",
        "#1.3\n1\t2\t1\nid\tsym\tS1\tS2\ntissue\tna\tliver\tlung\nTP53\tx\t1\t2\n",
        "#1.3\n1\t2\t1\t5\nid\tsym\tS1\tS2\ntissue\tna\tliver\tlung\nTP53\tx\t1\t2\n",
        "#1.4\n1\t2\t0\t1\nid\tS1\tS2\ntemp\t-666\tna\nTP53\t-666\t2\n",
        "#1.2\n2,2\nName,Description,S1,S2\na,na,1,2\nb,na,3,4\n",
        "#1.2\n2\t2\nName\tS1\tS2\tS3\nTP53\t1\t2\t3\nEGFR\t4\t5\t6\n",
    ] {
        let outcome = mend("m.gct", before);
        assert_eq!((text(&outcome), outcome.edits.len()), (before, 0));
    }
}

#[test]
fn without_figures_the_second_column_of_numbers_is_a_sample() {
    for figures in ["", "four\tthree\n", "4,3\n"] {
        let outcome = mend(
            "m.gct",
            &format!("#1.2\n{figures}Name\tS1\tS2\nTP53\t1\t2\nEGFR\t4\t5\n"),
        );
        assert_eq!(
            text(&outcome),
            "#1.2\n2\t2\nName\tDescription\tS1\tS2\nTP53\tNA\t1\t2\nEGFR\tNA\t4\t5\n"
        );
    }
}

#[test]
fn a_file_in_quotes_throughout_is_written_without() {
    let outcome = mend(
        "m.gct",
        "\"#1.2\"\n\"2\"\t\"2\"\n\"Name\"\t\"Description\"\t\"S1\"\t\"S2\"\n\"a\"\t\"na\"\t\"1\"\t\"\"\n\"b\"\t\"na\"\t\"3\"\t\"NA\"\n",
    );
    let after = "#1.2\n2\t2\nName\tDescription\tS1\tS2\na\tna\t1\t\nb\tna\t3\t\n";
    assert_eq!((text(&outcome), &outcome.left[..]), (after, &[][..]));
}

#[test]
fn figures_are_corrected_on_request_only() {
    let before = "#1.2\n9\t8\nName\tDescription\tS1\nA\tna\t1\n";
    assert_eq!(text(&mend("m.gct", before)), before);
    let outcome = mend_with("m.gct", before.as_bytes(), |path| FixRequest {
        with_unsafe: true,
        ..request(path)
    });
    assert_eq!(text(&outcome), "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n");
    assert_eq!(outcome.edits, [("G003", 1), ("G004", 1)]);
}

#[test]
fn clean_bytes_are_not_touched() {
    let before =
        "#1.2\r\n2\t2\r\nName\tDescription\tS1\tS2\r\nA\t \"quoted\" text \t1e5\t-0.50\r\nB\tNA\t\t+3\r\n";
    let outcome = mend("m.gct", before);
    assert_eq!((text(&outcome), outcome.edits.len()), (before, 0));
}
