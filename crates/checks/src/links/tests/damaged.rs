//! Ids that are damaged in their own table.

use super::*;

/// `DAMAGE path attribute name` of each name that is not known for damage, with `?` where it is not sure.
fn settled(links: &Links<'_>) -> (Vec<String>, Vec<String>) {
    let (found, summaries) = run(links);
    let settled = summaries.iter().flat_map(|link| &link.settled).map(|one| {
        let mark = if one.is_sure { "" } else { "?" };
        format!(
            "{:?}{mark} {} {} {}",
            one.damage, one.path, one.attribute, one.name
        )
    });
    (found.iter().map(line).collect(), settled.collect())
}

#[test]
fn what_the_table_of_an_id_tells_is_not_told_of_the_data() {
    for (ids, columns, wanted) in [
        ("\"S1\" S2", "S1 S2", "Quotes samples.tsv Sample Source ID S1"),
        ("\"S1 S2", "S1 S2", "Quotes samples.tsv Sample Source ID S1"),
        (
            "\u{201C}S1\u{201D} S2",
            "S1 S2",
            "Quotes samples.tsv Sample Source ID S1",
        ),
        (
            "S\u{200b}1 S2",
            "S1 S2",
            "LookAlike samples.tsv Sample Source ID S1",
        ),
        (
            "S1\u{a0} S2",
            "S1 S2",
            "LookAlike samples.tsv Sample Source ID S1",
        ),
        (
            "S1\u{2010}a S2",
            "S1-a S2",
            "LookAlike samples.tsv Sample Source ID S1-a",
        ),
        (
            "S\u{FFFD}1 S2",
            "Sé1 S2",
            "Lost? samples.tsv Sample Source ID Sé1",
        ),
        (
            "2-Sep S2",
            "SEPT2 S2",
            "Spreadsheet? samples.tsv Sample Source ID SEPT2",
        ),
        (
            "1.23E+05 S2",
            "123456 S2",
            "Spreadsheet? samples.tsv Sample Source ID 123456",
        ),
    ] {
        let (tables, files) = ([samples(ids)], [data("m.gct", columns)]);
        let (found, settled) = settled(&of(&tables, &files));
        assert_eq!(settled, [wanted], "{ids}");
        assert!(found.is_empty(), "{ids}: {found:?}");
    }
}

#[test]
fn a_blank_id_may_be_any_that_is_not_known() {
    let text = "Sample Source ID\tSample Source\nS1\tclinic\n\tclinic\nS3\tclinic\n";
    let tables = [table("samples.tsv", FileKind::Samples, text)];
    let (found, explained) = settled(&of(&tables, &[data("m.gct", "S1 lung S3")]));
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(explained, ["Blank? samples.tsv Sample Source ID lung"]);
    // More than one cannot be this one.
    let (found, explained) = settled(&of(&tables, &[data("m.gct", "S1 lung liver S3")]));
    assert_eq!(
        found,
        ["L001 m.gct 3:4 x2 2 columns are no known samples of `samples.tsv`: `lung`, `liver`"]
    );
    assert!(explained.is_empty());
}

#[test]
fn a_name_that_is_not_quite_a_damaged_id_is_told() {
    let tables = [samples("\"S1\" S2")];
    let (found, explained) = settled(&of(&tables, &[data("m.gct", "s1 S2")]));
    assert!(found[0].starts_with("L001 m.gct 3:3 column `s1`"), "{found:?}");
    assert!(explained.is_empty());
}

#[test]
fn parents_are_told_where_they_are_damaged() {
    for (ids, parents, wanted) in [
        (
            "S1 S2",
            "\"S1\" S2",
            "Quotes libraries.tsv Sample Source ID \"S1\"",
        ),
        (
            "S1 S2",
            "S\u{200b}1 S2",
            "LookAlike libraries.tsv Sample Source ID S\u{200b}1",
        ),
        (
            "S1 S2",
            "2-Sep S2",
            "Spreadsheet libraries.tsv Sample Source ID 2-Sep",
        ),
        ("\"S1\" S2", "S1 S2", "Quotes samples.tsv Sample Source ID S1"),
        (
            "2-Sep S2",
            "SEPT2 S2",
            "Spreadsheet? samples.tsv Sample Source ID SEPT2",
        ),
    ] {
        let rows = parents
            .split(' ')
            .zip(1..)
            .map(|(parent, number)| format!("L{number}\t{parent}\n"));
        let text = format!("Library ID\tSample Source ID\n{}", rows.collect::<String>());
        let tables = [samples(ids), table("libraries.tsv", FileKind::Libraries, &text)];
        let (found, settled) = settled(&of(&tables, &[data("m.gct", "L1 L2")]));
        assert_eq!(settled, [wanted], "{ids} {parents}");
        assert!(found.is_empty(), "{ids} {parents}: {found:?}");
    }
}
