//! What is said of a study as a whole.

use super::*;

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
