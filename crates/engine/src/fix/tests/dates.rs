//! Dates that can be read in two ways.

use super::*;

const TEMPLATE: &str = r#"[{"name": "Collected", "dataType": "genestack:sampleObject",
    "metainfoType": "com.genestack.api.metainfo.DateTimeValue", "isRequired": false}]"#;

/// The dates of a column, mended.
fn mended(dates: &[&str], with_unsafe: bool) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("t.json");
    std::fs::write(&template, TEMPLATE).unwrap();
    let rows = dates.iter().enumerate();
    let rows: Vec<String> = rows.map(|(index, date)| format!("S{index}\t{date}\n")).collect();
    let before = format!("Sample Source ID\tCollected\n{}", rows.concat());
    let outcome = mend_with("x.samples.tsv", before.as_bytes(), |path| FixRequest {
        options: CheckOptions {
            template: Some(template.clone()),
            ..CheckOptions::default()
        },
        with_unsafe,
        ..request(path)
    });
    let after = String::from_utf8(outcome.text).unwrap();
    let dates = after.lines().skip(1).filter_map(|line| line.split('\t').nth(1));
    dates.map(str::to_owned).collect()
}

#[test]
fn dates_that_show_the_order_of_others_are_mended_with_them_or_not_at_all() {
    let before = [
        "03/04/2024",
        "13/04/2024",
        "5.6.2024|25.4.2024",
        "05/05/2024",
        "20240401",
    ];
    let safely = [
        "03/04/2024",
        "13/04/2024",
        "5.6.2024|25.4.2024",
        "2024-05-05",
        "2024-04-01",
    ];
    assert_eq!(mended(&before, false), safely);
    let after = [
        "2024-04-03",
        "2024-04-13",
        "2024-06-05|2024-04-25",
        "2024-05-05",
        "2024-04-01",
    ];
    assert_eq!(mended(&before, true), after);
    assert_eq!(mended(&safely, true), after);
}

#[test]
fn dates_that_show_nothing_of_others_are_mended() {
    let (before, after) = (["04/13/2024", "13/04/2024"], ["2024-04-13", "2024-04-13"]);
    assert_eq!(mended(&before, false), after);
    // Which of the orders the first has, nobody but a person can say.
    let before = ["03/04/2024", "04/13/2024", "13/04/2024"];
    assert_eq!(mended(&before, true), before);
    let before = ["03/04/24", "13/04/2024"];
    assert_eq!(mended(&before, true), ["03/04/24", "2024-04-13"]);
}

#[test]
fn what_dates_in_quotes_show_is_not_lost() {
    let before = ["\"03/04/2024\"", "13/04/2024", "\"25/04/2024\""];
    assert_eq!(mended(&before, false), ["03/04/2024", "13/04/2024", "25/04/2024"]);
    assert_eq!(mended(&before, true), ["2024-04-03", "2024-04-13", "2024-04-25"]);
    assert_eq!(mended(&["\"13/04/2024\""], false), ["2024-04-13"]);
}
