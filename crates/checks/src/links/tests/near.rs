//! How names that are not known differ from those that are.

use super::*;

#[test]
fn one_way_of_differing_is_one_finding() {
    for (ids, columns, wanted) in [
        (
            "S-1 S-2 S-3",
            "S_1 S_2 S_3",
            "x3 3 columns differ only in `-`/`_` from known samples: `S_1` for `S-1`, `S_2` for `S-2`, `S_3` for `S-3`",
        ),
        (
            "S1 S2",
            "s1 S2",
            "column `s1` differs only in case from sample `S1`",
        ),
        (
            "a-1 b-2",
            "A_1 B_2",
            "x2 2 columns differ only in case and in `-`/`_` from known samples: `A_1` for `a-1`, `B_2` for `b-2`",
        ),
        (
            "S1 S2",
            "S01 S02",
            "x2 2 columns differ only in leading zeros from known samples: `S01` for `S1`, `S02` for `S2`",
        ),
        (
            "S1 S2",
            "S1.bam S2.bam",
            "x2 2 columns have `.bam` after the name of known samples: `S1.bam` for `S1`, `S2.bam` for `S2`",
        ),
        (
            "S1 S2",
            "runS1x runS2x",
            "x2 2 columns have `run` before and `x` after the name of known samples: `runS1x` for `S1`, `runS2x` for `S2`",
        ),
        (
            "GSE1_A GSE1_B",
            "A B",
            "x2 2 columns lack `GSE1_` before the name of known samples: `A` for `GSE1_A`, `B` for `GSE1_B`",
        ),
        (
            "1-a 2-b",
            "X1.a X2.b",
            "x2 2 columns differ, as R's make.names rewrites names, from known samples: `X1.a` for `1-a`, `X2.b` for `2-b`",
        ),
        (
            "1 2 10",
            "1.0 2.0 10.0",
            "x3 3 columns differ only in `.0` after the number from known samples: `1.0` for `1`, `2.0` for `2`, `10.0` for `10`",
        ),
        (
            "MAR1 SEPT2",
            "1-Mar 2-Sep",
            "x2 2 columns look like what a spreadsheet makes of known samples: `1-Mar` for `MAR1`, `2-Sep` for `SEPT2`",
        ),
        (
            "M\u{fc}ller",
            "Mu\u{308}ller",
            "column `Mu\u{308}ller` differs only in whether letters with marks are one character or two from sample `M\u{fc}ller`",
        ),
        (
            "S1 S2",
            "S\u{200b}1 S2",
            "column `S\u{200b}1` differs only in characters that look alike or are invisible from sample `S1`",
        ),
    ] {
        let (tables, files) = ([samples(ids)], [data("m.gct", columns)]);
        let found = said(&of(&tables, &files));
        assert_eq!(found, [format!("L001 m.gct 3:3 {wanted}")], "{columns}");
    }
}

#[test]
fn different_causes_are_different_findings() {
    let tables = [samples("S-1 S-2 liver kidney heart")];
    let files = [data("m.gct", "S_1 S-2 livr spleen pancreas heart")];
    assert_eq!(
        said(&of(&tables, &files)),
        [
            "L001 m.gct 3:3 column `S_1` differs only in `-`/`_` from sample `S-1`",
            "L001 m.gct 3:5 column `livr` is no known sample; the nearest is `liver`",
            "L001 m.gct 3:6 x2 2 columns are no known samples of `samples.tsv`: `spleen`, `pancreas`",
            "L002 samples.tsv 5:1 no data file mentions sample `kidney`",
        ]
    );
}

#[test]
fn a_name_that_is_taken_is_not_suggested() {
    let tables = [samples("liver1 liver2")];
    let files = [data("m.gct", "liver1 liver3")];
    let found = said(&of(&tables, &files));
    assert_eq!(
        found,
        ["L001 m.gct 3:4 column `liver3` is no known sample; the nearest is `liver2`"]
    );
}

#[test]
fn a_whole_set_that_is_strange_is_one_finding() {
    let tables = [samples("S1 S2 S3")];
    let files = [data("m.gct", "liver kidney heart spleen brain lung")];
    let (found, summaries) = run(&of(&tables, &files));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        [
            "L001 m.gct 3:3 x6 none of the 6 columns is a known sample of `samples.tsv`: `liver`, `kidney`, `heart`, `spleen` and 2 more"
        ]
    );
    let help = found[0].help.as_deref().unwrap_or_default();
    assert!(
        help.starts_with("the `Sample Source ID` in `samples.tsv` are such as `S1`, `S2`, `S3`; "),
        "{help}"
    );
    assert_eq!(
        (summaries[0].linked, summaries[0].names, summaries[0].without),
        (0, 6, 3)
    );
}

#[test]
fn a_set_of_which_none_is_known_and_most_are_near_says_how_they_differ() {
    let tables = [samples("P-1 P-2 P-3 S4")];
    let files = [data("m.gct", "P_1 P_2 P_3 brain")];
    let (found, _) = run(&of(&tables, &files));
    assert_eq!(found.len(), 1);
    let help = found[0].help.as_deref().unwrap_or_default();
    assert!(
        help.ends_with(
            "; 3 of the 4 differ only in `-`/`_` from some of them: write the names so on both sides, for instance \
             `P_1` for `P-1`, `P_2` for `P-2`, `P_3` for `P-3`"
        ),
        "{help}"
    );
}

#[test]
fn columns_beyond_the_samples_are_one_finding() {
    let tables = [samples("S1 S2 S3")];
    let files = [data("m.gct", "S1 S2 S4 S5 S6 S7 S8")];
    let (found, _) = run(&of(&tables, &files));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        [
            "L001 m.gct 3:5 column `S4` is no known sample; the nearest is `S3`",
            "L001 m.gct 3:6 x4 4 columns are no known samples of `samples.tsv`: `S5`, `S6`, `S7`, `S8`",
        ]
    );
}

#[test]
fn look_alike_characters_are_named() {
    let tables = [samples("C1 C2")];
    let (found, _) = run(&of(&tables, &[data("m.gct", "\u{421}1 C2")]));
    assert_eq!(
        line(&found[0]),
        "L001 m.gct 3:3 column `\u{421}1` differs only in characters that look alike or are invisible from sample `C1`"
    );
    assert!(
        found[0]
            .help
            .as_deref()
            .is_some_and(|help| help.contains("U+0421")),
        "{:?}",
        found[0].help
    );
    let (found, _) = run(&of(&[samples("\u{421}1 C2")], &[data("m.gct", "C1 C2")]));
    assert!(
        found[0]
            .help
            .as_deref()
            .is_some_and(|help| help.contains("in the known")),
        "{:?}",
        found[0].help
    );
}

#[test]
fn how_a_letter_with_a_mark_is_made_up_is_said() {
    let (found, _) = run(&of(&[samples("M\u{fc}ller")], &[data("m.gct", "Mu\u{308}ller")]));
    let help = found[0].help.clone().unwrap_or_default();
    assert!(
        help.ends_with("character 2 is U+0075 U+0308 here and U+00FC there"),
        "{help}"
    );
}

#[test]
fn a_column_that_was_renamed_because_it_is_there_twice_is_told_as_that() {
    let tables = [samples("S1 S2")];
    assert_eq!(
        said(&of(&tables, &[data("m.gct", "S1 S1.1 S2")])),
        ["L001 m.gct 3:4 column `S1.1` is a second column `S1`, as R and pandas rename one"]
    );
    assert_eq!(
        said(&of(&tables, &[data("m.gct", "S1 S1.1 S1.2 S2 S9")])),
        [
            "L001 m.gct 3:4 x2 2 columns are there twice, and were renamed as R and pandas do: `S1.1`, `S1.2`",
            "L001 m.gct 3:7 column `S9` is no known sample of `samples.tsv`",
        ]
    );
}

#[test]
fn a_name_that_another_column_has_is_not_to_be_written_twice() {
    const HELP: &str = "keep one column for each: ODM takes no name twice. Where both are meant, each needs a sample of its own";
    let tables = [samples("S1 S2 S3")];
    for (columns, wanted) in [
        (
            "S1 s1 S2 S3",
            &["column `s1` differs only in case from sample `S1`, which has a column already"][..],
        ),
        (
            "S1 S1.bam S2 S2.bam S3",
            &[
                "2 columns have `.bam` after the name of known samples that have columns already: `S1.bam` for `S1`, `S2.bam` \
                 for `S2`",
            ],
        ),
        // One is meant, and the other is what it is already.
        (
            "s1 s2 S2 S3",
            &[
                "column `s1` differs only in case from sample `S1`",
                "column `s2` differs only in case from sample `S2`, which has a column already",
            ],
        ),
        (
            "s1 S_1 S2 S3",
            &[
                "column `s1` differs only in case from sample `S1`",
                "column `S_1` differs only in `_` from sample `S1`, which has a column already",
            ],
        ),
    ] {
        let (found, _) = run(&of(&tables, &[data("m.gct", columns)]));
        let said: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(said, wanted, "{columns}");
        let taken = found.iter().filter(|finding| finding.message.contains("already"));
        for finding in taken {
            assert_eq!(finding.help.as_deref(), Some(HELP));
            assert!(finding.fix.is_none());
        }
    }
    // Rows of a flow cytometry table may name one sample as often as they like.
    let rows = DataColumns {
        kind: FileKind::FlowCytometry,
        ..data("c.facs", "S1 s1 S2 S3")
    };
    assert_eq!(
        said(&of(&tables, &[rows])),
        ["L001 c.facs 3:4 sample name `s1` differs only in case from sample `S1`"]
    );
}

#[test]
fn a_known_name_that_is_spoilt_is_mended_where_it_stands() {
    for (known, column, help) in [
        (
            "S\u{FFFD}5 S2",
            "Sé5 S2",
            "a character was lost in the known `S\u{FFFD}5`: type it again there",
        ),
        (
            "\u{201C}S3\u{201D} S2",
            "S3 S2",
            "delete the quotes around the known `\u{201C}S3\u{201D}`",
        ),
    ] {
        // The values of what is no key are not told of by themselves.
        let text = format!(
            "Sample Source ID\tName\nA1\t{}\nA2\tS2\n",
            known.split(' ').next().unwrap_or("")
        );
        let tables = [table("samples.tsv", FileKind::Samples, &text)];
        let files = [DataColumns {
            link_attribute: Some("Name".to_owned()),
            ..data("m.gct", column)
        }];
        let (found, _) = run(&of(&tables, &files));
        assert_eq!(
            found.first().and_then(|finding| finding.help.as_deref()),
            Some(help),
            "{known}"
        );
    }
}
