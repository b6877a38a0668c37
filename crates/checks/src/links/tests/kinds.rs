//! Libraries, preparations and cells, and what data may hang on.

use super::*;

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
