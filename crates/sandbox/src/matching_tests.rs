use super::*;
use crate::judge::Table;

fn table(kind: ImportKind, columns: &[&str], rows: &[&[&str]]) -> Object {
    let text = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let rows = rows.iter().map(|row| text(row)).collect();
    Object {
        number: 100,
        kind,
        content: Accepted::Table(Table {
            columns: text(columns),
            rows,
        }),
    }
}

fn runs(kind: ImportKind, names: &[&str]) -> Object {
    Object {
        number: 200,
        kind,
        content: Accepted::Runs(names.iter().map(|&name| name.to_owned()).collect()),
    }
}

fn samples() -> Object {
    table(
        ImportKind::Samples,
        &["Sample Source ID", "Sample Name"],
        &[&["S1", "one"], &["S2", "two"], &["S3"], &["S4", "two"]],
    )
}

#[test]
fn data_goes_by_column_name() {
    let data = runs(ImportKind::Expression, &["S2", "S1", "X", "s3"]);
    assert_eq!(
        matches(&data, &samples(), None).unwrap(),
        [vec![1], vec![0], vec![], vec![]]
    );
}

#[test]
fn another_attribute_may_stand_for_several_samples() {
    let data = runs(ImportKind::Variant, &["two", "one", ""]);
    assert_eq!(
        matches(&data, &samples(), Some("Sample Name")).unwrap(),
        [vec![1, 3], vec![0], vec![]]
    );
    assert_eq!(
        matches(&data, &samples(), Some("Nick")),
        Err(NoMatch::Attribute("Nick".to_owned()))
    );
}

#[test]
fn libraries_may_pool_samples() {
    let libraries = table(
        ImportKind::Libraries,
        &["Library ID", "Sample Source ID"],
        &[&["L1", "S1|S3"], &["L2", "Z"], &["L3"]],
    );
    assert_eq!(
        matches(&libraries, &samples(), None).unwrap(),
        [vec![0, 2], vec![], vec![]]
    );
    let data = runs(ImportKind::Expression, &["L2"]);
    assert_eq!(matches(&data, &libraries, None).unwrap(), [vec![1]]);
}

#[test]
fn cells_go_by_batch_and_carry_barcodes() {
    let cells = table(
        ImportKind::Cells,
        &["barcode", "batch"],
        &[&["AAA", "S1"], &["CCC", "S9"]],
    );
    assert_eq!(matches(&cells, &samples(), None).unwrap(), [vec![0], vec![]]);
    assert_eq!(
        matches(&runs(ImportKind::Expression, &["CCC"]), &cells, None).unwrap(),
        [vec![1]]
    );
}

#[test]
fn kinds_that_odm_does_not_link() {
    let libraries = table(ImportKind::Libraries, &["Library ID"], &[]);
    for kind in [ImportKind::Variant, ImportKind::FlowCytometry] {
        assert_eq!(
            matches(&runs(kind, &["L1"]), &libraries, None),
            Err(NoMatch::Kinds)
        );
    }
    assert_eq!(matches(&samples(), &samples(), None), Err(NoMatch::Kinds));
    assert_eq!(
        matches(&libraries, &samples(), None),
        Err(NoMatch::Attribute("Sample Source ID".to_owned()))
    );
}
