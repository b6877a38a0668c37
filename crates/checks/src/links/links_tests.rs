use odmkit_core::{ByteOffset, FieldNumber, LineNumber};
use odmkit_diagnostics::Diagnostic;

use super::*;

fn at(line: usize, field: usize) -> Position {
    Position::field(
        LineNumber::new(line as u64),
        FieldNumber::from_index(field),
        ByteOffset(0),
    )
}

/// A table from tab-separated text; every column is kept.
fn table(path: &str, kind: FileKind, text: &str) -> EntityTable {
    let mut lines = text.lines();
    let names: Vec<String> = lines
        .next()
        .unwrap_or_default()
        .split('\t')
        .map(str::to_owned)
        .collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
    let kept = names
        .iter()
        .enumerate()
        .map(|(field, name)| KeptColumn {
            name: name.clone(),
            values: rows
                .iter()
                .enumerate()
                .map(|(row, cells)| (cells[field].to_owned(), at(row + 2, field)))
                .collect(),
        })
        .collect();
    let columns = names
        .into_iter()
        .enumerate()
        .map(|(field, name)| (name, at(1, field)))
        .collect();
    EntityTable {
        path: path.into(),
        kind,
        columns,
        kept,
    }
}

fn samples(ids: &str) -> EntityTable {
    table(
        "samples.tsv",
        FileKind::Samples,
        &format!("Sample Source ID\n{}", ids.replace(' ', "\n")),
    )
}

fn data(path: &str, columns: &str) -> DataColumns {
    let columns = columns
        .split(' ')
        .enumerate()
        .map(|(index, name)| (name.to_owned(), at(3, index + 2)))
        .collect();
    DataColumns {
        path: path.into(),
        kind: FileKind::Expression,
        columns,
        separator: None,
        link_to: None,
        link_attribute: None,
    }
}

fn run(links: &Links<'_>) -> (Vec<Diagnostic>, Vec<LinkSummary>) {
    let mut found: Vec<Diagnostic> = Vec::new();
    let summaries = links.check(&mut found);
    (found, summaries)
}

/// `CODE path line:column xCOUNT message`.
fn said(links: &Links<'_>) -> Vec<String> {
    run(links).0.iter().map(line).collect()
}

fn line(found: &Diagnostic) -> String {
    let place = match (found.line, found.column) {
        (Some(line), Some(column)) => format!(" {line}:{column}"),
        (Some(line), None) => format!(" {line}"),
        _ => String::new(),
    };
    let count = if found.count == 1 {
        String::new()
    } else {
        format!(" x{}", found.count)
    };
    format!(
        "{} {}{place}{count} {}",
        found.rule.code, found.path, found.message
    )
}

fn of<'a>(tables: &'a [EntityTable], data: &'a [DataColumns]) -> Links<'a> {
    Links {
        tables,
        data,
        ..Links::default()
    }
}

#[test]
fn a_study_that_fits_says_nothing() {
    let tables = [samples("S1 S2")];
    let files = [data("m.gct", "S2 S1")];
    let (found, summaries) = run(&of(&tables, &files));
    assert!(found.is_empty());
    let [link] = &summaries[..] else {
        panic!("one link: {summaries:?}")
    };
    assert_eq!((link.names, link.linked, link.without), (2, 2, 0));
    assert_eq!(
        (link.to_kind, link.attribute.as_str(), &*link.to[0]),
        (FileKind::Samples, SAMPLE_KEY, "samples.tsv")
    );
}

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
            "S\u{200b}1 S2",
            "S1 S2",
            "column `S1` differs only in characters that look alike or are invisible from sample `S\u{200b}1`",
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
fn the_column_that_does_hold_the_names_is_named() {
    let text = "Sample Source ID\tSample Name\nS1\tliver\nS2\tkidney\n";
    let tables = [table("samples.tsv", FileKind::Samples, text)];
    let files = [data("m.gct", "liver kidney")];
    let (found, _) = run(&of(&tables, &files));
    assert_eq!(
        line(&found[0]),
        "L001 m.gct 3:3 x2 the columns are in the column `Sample Name` of `samples.tsv`, and not in `Sample Source ID`, by which data is tied"
    );
    assert_eq!(
        found[0].help.as_deref(),
        Some("give --link-attribute \"Sample Name\", or use the `Sample Source ID` in the data")
    );
    assert_eq!(found.len(), 1);
    let attributes = [SAMPLE_KEY.to_owned()];
    let links = Links {
        sample_attributes: Some(&attributes),
        ..of(&tables, &files)
    };
    assert_eq!(
        run(&links).0[0].help.as_deref(),
        Some("use the `Sample Source ID` in the data: the template has no attribute `Sample Name` to tie by")
    );
}

#[test]
fn separators_that_do_not_fit_are_explained() {
    let tables = [samples("P1_CD4 P1_CD8 P2_CD4 P2_CD8")];
    let separated = |separator: Option<&str>, columns: &str| {
        let file = DataColumns {
            separator: separator.map(str::to_owned),
            ..data("p.tsv", columns)
        };
        let (found, _) = run(&of(&tables, &[file]));
        let [one] = &found[..] else {
            panic!("one finding: {found:?}")
        };
        (line(one), one.help.clone().unwrap_or_default())
    };
    let (message, help) = separated(Some("_"), "P1_CD4_TPM P1_CD8_TPM P2_CD4_TPM P2_CD8_TPM");
    assert_eq!(
        message,
        "L001 p.tsv 3:3 x4 ODM splits column names at the first `_` and takes `P1` for the sample in `P1_CD4_TPM`, not `P1_CD4`"
    );
    assert!(help.contains("`P1_CD4:TPM`"), "{help}");
    let (message, help) = separated(Some("_"), "P1_CD4 P1_CD8 P2_CD4 P2_CD8");
    assert_eq!(
        message,
        "L001 p.tsv 3:3 x4 the whole column names are known samples; splitting them at `_` makes unknown ones"
    );
    assert_eq!(
        help,
        "leave out --measurement-separator (measurement_separator in study.toml)"
    );
    let (message, help) = separated(None, "P1_CD4:TPM P1_CD4:n P2_CD8:TPM P2_CD8:n");
    assert_eq!(
        message,
        "L001 p.tsv 3:3 x4 the columns name sample and measurement, as `P1_CD4:TPM` for `P1_CD4`, and no separator is given"
    );
    assert_eq!(
        help,
        "give --measurement-separator \":\" (measurement_separator in study.toml)"
    );
    let (message, _) = separated(Some("_"), "P1_CD4/TPM P1_CD4/n P2_CD8/TPM P2_CD8/n");
    assert!(
        message.contains("splitting at `_` gives no known sample"),
        "{message}"
    );
}

#[test]
fn samples_of_measurements_are_counted_once() {
    let tables = [samples("S1 S2")];
    let file = DataColumns {
        separator: Some(":".to_owned()),
        ..data("p.tsv", "S1:a S1:b S2:a S2:b S9:a S9:b")
    };
    let (found, summaries) = run(&of(&tables, &[file]));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        ["L001 p.tsv 3:7 column `S9` is no known sample of `samples.tsv`"]
    );
    assert_eq!((summaries[0].names, summaries[0].linked), (3, 2));
}

#[test]
fn samples_without_data_are_one_warning() {
    let tables = [samples("S1 S2 S3 S4 S5 S6 S7")];
    let files = [data("a.gct", "S1"), data("b.gct", "S2")];
    assert_eq!(
        said(&of(&tables, &files)),
        ["L002 samples.tsv 4:1 x5 no data file mentions 5 of the 7 samples: `S3`, `S4`, `S5`, `S6`, `S7`"]
    );
    let broken = Links {
        data_missing: true,
        ..of(&tables, &files)
    };
    assert_eq!(said(&broken), Vec::<String>::new());
    assert_eq!(said(&of(&tables, &[])), Vec::<String>::new());
}

#[test]
fn several_samples_files_are_one_set() {
    let tables = [
        samples("S1 S2"),
        table("more.tsv", FileKind::Samples, "Sample Source ID\nS3\nplasma"),
    ];
    let files = [data("m.gct", "S1 S2 S3 S9")];
    assert_eq!(
        said(&of(&tables, &files)),
        [
            "L001 m.gct 3:6 column `S9` is no known sample of the 2 samples files",
            "L002 more.tsv 3:1 no data file mentions sample `plasma`",
        ]
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
fn data_hangs_on_libraries_and_these_on_pooled_samples() {
    let tables = [
        samples("S1 S2 S3"),
        table(
            "libraries.tsv",
            FileKind::Libraries,
            "Library ID\tSample Source ID\nL1\tS1|S2\nL2\tS3",
        ),
    ];
    let files = [data("m.gct", "L1 L2")];
    let (found, summaries) = run(&of(&tables, &files));
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(
        summaries
            .iter()
            .map(|link| (link.from_kind, link.to_kind, link.linked, link.without))
            .collect::<Vec<_>>(),
        [
            (FileKind::Libraries, FileKind::Samples, 3, 0),
            (FileKind::Expression, FileKind::Libraries, 2, 0),
        ]
    );
}

#[test]
fn a_sample_is_reached_through_its_libraries_only_where_they_have_data() {
    let tables = [
        samples("S1 S2"),
        table(
            "libraries.tsv",
            FileKind::Libraries,
            "Library ID\tSample Source ID\nL1\tS1\nL2\tS2",
        ),
        table("cells.tsv", FileKind::Cells, "barcode\tbatch\nAAA\tL1\nCCC\tL1"),
    ];
    let files = [data("m.tsv", "AAA CCC")];
    assert_eq!(
        said(&of(&tables, &files)),
        ["L002 samples.tsv 3:1 no data file mentions sample `S2`"]
    );
}

#[test]
fn unknown_parents_are_grouped_like_columns() {
    let tables = [
        samples("S-1 S-2"),
        table(
            "libraries.tsv",
            FileKind::Libraries,
            "Library ID\tSample Source ID\nL1\tS_1\nL2\tS_1|S_2\nL3\tplasma",
        ),
        table(
            "preparations.tsv",
            FileKind::Preparations,
            "Preparation ID\tSample Source ID\nP1\tS-1",
        ),
    ];
    assert_eq!(
        said(&of(&tables, &[])),
        [
            "L004 libraries.tsv 2:2 x3 2 values of Sample Source ID differ only in `-`/`_` from samples of `samples.tsv`: `S_1` for `S-1`, `S_2` for `S-2`",
            "L004 libraries.tsv 4:2 Sample Source ID `plasma` is no sample of `samples.tsv`",
        ]
    );
}

#[test]
fn cells_hang_on_what_their_batches_name() {
    let cells = table(
        "cells.tsv",
        FileKind::Cells,
        "barcode\tbatch\nAAA\tL1\nCCC\tL7\nGGG\tL7",
    );
    let tables = [
        samples("S1"),
        table(
            "libraries.tsv",
            FileKind::Libraries,
            "Library ID\tSample Source ID\nL1\tS1\nL2\tS1",
        ),
        cells,
    ];
    assert_eq!(
        said(&of(&tables, &[])),
        ["L004 cells.tsv 3:2 x2 batch `L7` is no library of `libraries.tsv`; the nearest is `L2`"]
    );
}

#[test]
fn a_linking_attribute_must_be_a_column() {
    let text = "Sample Source ID\tSample Name\nS1\tliver\n";
    let tables = [table("samples.tsv", FileKind::Samples, text)];
    let by = |attribute: &str| DataColumns {
        link_attribute: Some(attribute.to_owned()),
        ..data("m.gct", "liver")
    };
    let (found, _) = run(&of(&tables, &[by("Sample name"), by("Sample name")]));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        ["L003 samples.tsv 1 there is no column `Sample name`, by which data is to be tied to these samples"]
    );
    assert_eq!(
        found[0].help.as_deref(),
        Some("the nearest column is `Sample Name`: give --link-attribute \"Sample Name\"")
    );
    assert!(said(&of(&tables, &[by("Sample Name")])).is_empty());
}

#[test]
fn a_linking_attribute_must_be_in_the_template() {
    let tables = [table(
        "samples.tsv",
        FileKind::Samples,
        "Sample Source ID\tLab code\nS1\tx1\n",
    )];
    let file = DataColumns {
        link_attribute: Some("Lab code".to_owned()),
        ..data("m.gct", "x1")
    };
    let attributes = [SAMPLE_KEY.to_owned()];
    let links = Links {
        sample_attributes: Some(&attributes),
        ..of(&tables, std::slice::from_ref(&file))
    };
    assert_eq!(
        said(&links),
        ["L006 m.gct data cannot be tied by `Lab code`: the template has no such attribute of samples"]
    );
    let attributes = [SAMPLE_KEY.to_owned(), "Lab code".to_owned()];
    assert!(
        said(&Links {
            sample_attributes: Some(&attributes),
            ..links
        })
        .is_empty()
    );
}

#[test]
fn a_value_of_several_samples_is_ambiguous_where_data_uses_it() {
    let text = "Sample Source ID\tSample Name\nS1\tliver\nS2\tliver\nS3\theart\nS4\tskin\nS5\tskin\n";
    let tables = [table("samples.tsv", FileKind::Samples, text)];
    let file = DataColumns {
        link_attribute: Some("Sample Name".to_owned()),
        ..data("m.gct", "liver heart")
    };
    assert_eq!(
        said(&of(&tables, &[file])),
        [
            "L005 samples.tsv 3:2 `liver` stands for several samples, so data of that name belongs to no one sample",
            "L002 samples.tsv 5:1 x2 no data file mentions 2 of the 5 samples: `S4`, `S5`",
        ]
    );
}

#[test]
fn a_repeated_key_is_the_files_own_fault_unless_two_files_share_it() {
    let files = [data("m.gct", "S1")];
    assert!(said(&of(&[samples("S1 S1")], &files)).is_empty());
    let tables = [
        samples("S1"),
        table("more.tsv", FileKind::Samples, "Sample Source ID\nS1"),
    ];
    assert_eq!(
        said(&of(&tables, &files)),
        ["L005 more.tsv 2:1 `S1` stands for several samples, so data of that name belongs to no one sample"]
    );
}

#[test]
fn samples_and_libraries_do_not_mix() {
    let tables = [
        samples("S1"),
        table(
            "libraries.tsv",
            FileKind::Libraries,
            "Library ID\tSample Source ID\nL1\tS1",
        ),
    ];
    assert_eq!(
        said(&of(&tables, &[data("m.gct", "S1")])),
        ["L007 m.gct this data hangs on samples, but the study has libraries"]
    );
}

#[test]
fn variants_hang_on_samples_only() {
    let tables = [
        samples("S1"),
        table(
            "libraries.tsv",
            FileKind::Libraries,
            "Library ID\tSample Source ID\nL1\tS1",
        ),
    ];
    let variants = |columns: &str, link_to| DataColumns {
        kind: FileKind::Variant,
        link_to,
        ..data("v.vcf", columns)
    };
    assert_eq!(
        said(&of(&tables, &[variants("L1", None)])),
        [
            "L008 v.vcf the names in this file are those of libraries, and ODM ties variant data to samples only"
        ]
    );
    assert_eq!(
        said(&of(&tables, &[variants("S1", Some(FileKind::Libraries))])),
        ["L008 v.vcf variant data cannot hang on libraries: ODM ties it to samples only"]
    );
    assert!(said(&of(&tables[..1], &[variants("S1", None)])).is_empty());
}

#[test]
fn what_is_in_odm_already_is_not_judged() {
    let files = [data("m.gct", "S1 S9")];
    let links = Links {
        elsewhere: &[FileKind::Samples],
        ..of(&[], &files)
    };
    assert!(said(&links).is_empty());
    assert!(
        said(&of(&[], &files)).is_empty(),
        "a data file by itself hangs on nothing"
    );
}

#[test]
fn a_table_without_its_key_says_nothing_here() {
    let tables = [
        table("samples.tsv", FileKind::Samples, "Name\nS1"),
        table(
            "libraries.tsv",
            FileKind::Libraries,
            "Library ID\tSample Source ID\nL1\tS1",
        ),
    ];
    assert!(said(&of(&tables, &[data("m.gct", "L1")])).is_empty());
    assert!(said(&of(&tables[..1], &[data("m.gct", "S1")])).is_empty());
}

#[test]
fn bars_separate_and_double_bars_are_bars() {
    assert_eq!(list_parts("A|B"), ["A", "B"]);
    assert_eq!(list_parts(" A | B |"), ["A", "B"]);
    assert_eq!(list_parts("A||B|C"), ["A|B", "C"]);
    assert_eq!(list_parts(""), Vec::<String>::new());
}

#[test]
fn a_hundred_thousand_barcodes_are_matched_at_once() {
    let barcodes: Vec<String> = (0..100_000).map(|n| format!("{n:016b}-1")).collect();
    let rows: Vec<String> = barcodes.iter().map(|barcode| format!("{barcode}\tS1")).collect();
    let text = format!("barcode\tbatch\n{}", rows.join("\n"));
    let tables = [samples("S1"), table("cells.tsv", FileKind::Cells, &text)];
    let columns: Vec<String> = barcodes.iter().map(|barcode| barcode.replace('-', ".")).collect();
    let (found, summaries) = run(&of(&tables, &[data("m.tsv", &columns.join(" "))]));
    assert_eq!(
        found.len(),
        1,
        "{:?}",
        found.iter().map(line).take(3).collect::<Vec<_>>()
    );
    assert_eq!(found[0].count, 100_000);
    assert_eq!(summaries.len(), 2);
}

#[test]
fn data_cannot_hang_on_what_the_study_lacks() {
    let tables = [samples("S1")];
    let file = DataColumns {
        link_to: Some(FileKind::Libraries),
        ..data("m.gct", "L1 L2")
    };
    let links = of(&tables, std::slice::from_ref(&file));
    assert_eq!(
        said(&links),
        ["L001 m.gct x2 this data is to hang on libraries, and the study has none"]
    );
    assert!(
        said(&Links {
            elsewhere: &[FileKind::Libraries],
            ..links
        })
        .is_empty()
    );
}

#[test]
fn a_separator_is_not_proposed_where_none_can_be() {
    let tables = [samples("S1 S2")];
    let found = said(&of(&tables, &[data("m.gct", "S1:a S1:b S2:a S2:b")]));
    assert_eq!(
        found,
        [
            "L001 m.gct 3:3 x4 none of the 4 columns is a known sample of `samples.tsv`: `S1:a`, `S1:b`, `S2:a`, `S2:b`"
        ]
    );
    let found = said(&of(&tables, &[data("m.tsv", "S1 S2 S1:a S2:b")]));
    assert!(found.iter().all(|text| !text.contains("separator")), "{found:?}");
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

fn libraries() -> EntityTable {
    table(
        "libraries.tsv",
        FileKind::Libraries,
        "Library ID\tSample Source ID\nL1\tS1\nL2\tS2",
    )
}

fn preparations(ids: [&str; 2]) -> EntityTable {
    let text = format!("Preparation ID\tSample Source ID\n{}\tS1\n{}\tS2", ids[0], ids[1]);
    table("preparations.tsv", FileKind::Preparations, &text)
}

#[test]
fn ids_of_another_kind_of_record_are_told_as_such() {
    let tables = [samples("S1 S2"), libraries(), preparations(["P1", "P2"])];
    let file = DataColumns {
        link_to: Some(FileKind::Preparations),
        ..data("m.gct", "L1 L2")
    };
    let (found, _) = run(&of(&tables, &[file]));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        ["L001 m.gct 3:3 x2 2 columns are libraries, as `L1`, `L2`, and this data is tied to preparations"]
    );
    assert_eq!(
        found[0].help.as_deref(),
        Some("write link_to = \"libraries\" in study.toml, or name the columns by their Preparation ID")
    );
    assert_eq!(
        said(&of(&tables[..2], &[data("m.gct", "S1 L2 L9")])),
        [
            "L001 m.gct 3:3 column `S1` is a sample, and this data is tied to libraries",
            "L001 m.gct 3:5 column `L9` is no known library; the nearest is `L1`",
        ]
    );
}

#[test]
fn ids_of_libraries_and_of_preparations_alike_are_asked_about() {
    let tables = [samples("S1 S2"), libraries(), preparations(["L1", "L2"])];
    let (found, summaries) = run(&of(&tables, &[data("m.gct", "L1 L2")]));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        [
            "L005 m.gct the columns are ids of libraries and of preparations alike: this data may hang on either"
        ]
    );
    assert_eq!(found[0].severity, odmkit_diagnostics::Severity::Warning);
    assert_eq!(summaries.len(), 3);
    let file = DataColumns {
        link_to: Some(FileKind::Preparations),
        ..data("m.gct", "L1 L2")
    };
    assert!(said(&of(&tables, &[file])).is_empty());
}

#[test]
fn a_linking_attribute_that_is_blank_throughout_ties_nothing() {
    let text = "Sample Source ID\tSample Name\nS1\t\nS2\t\n";
    let tables = [table("samples.tsv", FileKind::Samples, text)];
    let file = DataColumns {
        link_attribute: Some("Sample Name".to_owned()),
        ..data("m.gct", "X Y")
    };
    let (found, summaries) = run(&of(&tables, &[file]));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        [
            "L001 m.gct 3:3 x2 no column can be tied by `Sample Name`: it is blank in every record of `samples.tsv`"
        ]
    );
    assert_eq!((summaries[0].names, summaries[0].linked), (2, 0));
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
fn a_measurement_before_the_sample_is_told() {
    let tables = [samples("S1 S2")];
    let (found, summaries) = run(&of(&tables, &[data("x.tsv", "TPM_S1 TPM_S2 count_S1 count_S2")]));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        ["L001 x.tsv 3:3 x4 the columns name the measurement before the sample, as `TPM_S1` for `S1`"]
    );
    let help = found[0].help.clone().unwrap_or_default();
    assert!(help.contains("such as `S1:TPM`"), "{help}");
    assert!(summaries[0].split_wrong);
    // One beginning for all is a part of the names.
    assert_eq!(
        said(&of(&tables, &[data("x.tsv", "TPM_S1 TPM_S2")])),
        [
            "L001 x.tsv 3:3 x2 2 columns have `TPM_` before the name of known samples: `TPM_S1` for `S1`, `TPM_S2` for `S2`"
        ]
    );
}

#[test]
fn barcodes_that_hold_the_separator_are_known_whole() {
    let tables = [
        samples("S1"),
        table("cells.tsv", FileKind::Cells, "barcode\tbatch\nA-1\tS1\nC-1\tS1"),
    ];
    let file = DataColumns {
        separator: Some("-".to_owned()),
        ..data("x.tsv", "A-1 C-1")
    };
    assert_eq!(
        said(&of(&tables, &[file])),
        [
            "L001 x.tsv 3:3 x2 the whole column names are known cells; splitting them at `-` makes unknown ones"
        ]
    );
}

#[test]
fn a_sample_that_a_reported_parent_means_is_not_told_again() {
    let with = |parents: [&str; 2]| {
        let text = format!(
            "Library ID\tSample Source ID\nL1\t{}\nL2\t{}",
            parents[0], parents[1]
        );
        let tables = [
            samples("S1 S2 S3"),
            table("libraries.tsv", FileKind::Libraries, &text),
        ];
        let found = said(&of(&tables, &[data("m.gct", "L1 L2")]));
        let codes = found.iter().map(|text| text[..4].to_owned());
        codes.collect::<Vec<_>>()
    };
    // A pool with the wrong separator, a slip, a stranger that may be the one which is left.
    assert_eq!(with(["S1,S2", "S3"]), ["L004"]);
    assert_eq!(with(["S1|S2", "s3"]), ["L004"]);
    assert_eq!(with(["S1|S2", "plasma"]), ["L004"]);
    assert_eq!(with(["S1", "plasma"]), ["L004", "L002"]);
    let tables = [
        samples("S1 S2"),
        table("libraries.tsv", FileKind::Libraries, "Library ID\tSample\nL1\tS1"),
    ];
    assert!(said(&of(&tables, &[data("m.gct", "L1")])).is_empty());
}
