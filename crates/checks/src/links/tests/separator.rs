//! Names of samples and measurements.

use super::*;

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
    assert_eq!(help, "leave out --measurement-separator");
    let (message, help) = separated(None, "P1_CD4:TPM P1_CD4:n P2_CD8:TPM P2_CD8:n");
    assert_eq!(
        message,
        "L001 p.tsv 3:3 x4 the columns name sample and measurement, as `P1_CD4:TPM` for `P1_CD4`, and no separator is given"
    );
    assert_eq!(help, "give --measurement-separator \":\"");
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
fn a_measurement_before_the_sample_is_told() {
    let tables = [samples("S1 S2")];
    let (found, summaries) = run(&of(&tables, &[data("x.tsv", "TPM_S1 TPM_S2 count_S1 count_S2")]));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        ["L001 x.tsv 3:3 x4 the columns name the measurement before the sample, as `TPM_S1` for `S1`"]
    );
    let help = found[0].help.clone().unwrap_or_default();
    assert!(help.contains("this one to `S1:TPM`"), "{help}");
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
fn names_that_are_likely_to_be_cut_are_told_as_what_is_cut_off() {
    let tables = [samples("A B C")];
    let file = DataColumns {
        likely_separator: Some(":".to_owned()),
        ..data("p.tsv", "X1:fc X1:p Y2:fc Y2:p")
    };
    assert_eq!(
        said(&of(&tables, &[file])),
        ["L001 p.tsv 3:3 x2 none of the 2 columns is a known sample of `samples.tsv`: `X1`, `Y2`"]
    );
}
