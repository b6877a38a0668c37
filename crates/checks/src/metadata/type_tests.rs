//! Types and vocabularies, and what the certain values of a column say of those that can be read in two ways.

use odmkit_core::FileKind;
use odmkit_template::{Dictionaries, Template};

use super::tests::{brief, found, found_by, help};

const TEMPLATE: &str = r#"[{"name": "Collected", "dataType": "genestack:sampleObject",
    "metainfoType": "com.genestack.api.metainfo.DateTimeValue", "isRequired": false}]"#;

/// The findings in a column of dates: place and count, help, and whether it is mended, safely or not.
fn of_dates(dates: &[&str]) -> Vec<(String, String, Option<bool>)> {
    let template = Template::from_json(TEMPLATE.as_bytes()).expect("a template");
    let rows = dates.iter().enumerate();
    let rows: Vec<String> = rows
        .map(|(index, date)| format!("S{index}\tclinic\t{date}\n"))
        .collect();
    let text = format!("Sample Source ID\tSample Source\tCollected\n{}", rows.concat());
    let findings = found_by(FileKind::Samples, &text, &template, &Dictionaries::bundled());
    let places = brief(&findings);
    let one = |(place, finding): (String, &odmkit_diagnostics::Diagnostic)| {
        let place = place.split('@').next().unwrap_or_default().to_owned();
        (
            place,
            help(finding).to_owned(),
            finding.fix.as_ref().map(|fix| fix.safe),
        )
    };
    places.into_iter().zip(&findings).map(one).collect()
}

#[test]
fn dates_that_may_be_two_are_read_as_the_others_of_their_column() {
    let found = of_dates(&["03/04/2024", "05/05/2024", "13/04/2024", "04.06.2024 10:00"]);
    let said = |place: &str, help: &str, safe| (place.to_owned(), help.to_owned(), safe);
    let shows = "write 2024-04-13; it shows in which order to read those of the column that can be two dates";
    assert_eq!(
        found,
        [
            said(
                "M003 2:3",
                "line 4 has 13/04/2024, so the day comes first: write 2024-04-03",
                Some(false)
            ),
            said("M003 3:3", "write 2024-05-05", Some(true)),
            said("M003 4:3", shows, Some(false)),
        ]
    );
    let found = of_dates(&["04/13/2024", "03/04/2024"]);
    assert_eq!(
        found[1].1,
        "line 2 has 04/13/2024, so the month comes first: write 2024-03-04"
    );
}

#[test]
fn dates_of_both_orders_settle_nothing() {
    let found = of_dates(&["03/04/2024", "04/13/2024", "13/04/2024"]);
    let both = "the day comes first in 13/04/2024 on line 4, the month in 04/13/2024 on line 3";
    let open = format!("write the date as YYYY-MM-DD; which number is the month cannot be told: {both}");
    assert_eq!((found[0].1.as_str(), found[0].2), (open.as_str(), None));
    let certain = format!("write 2024-04-13; others of the column can be read as two dates, and {both}");
    assert_eq!((found[1].1.as_str(), found[1].2), (certain.as_str(), None));
    assert_eq!((found[2].1.as_str(), found[2].2), (certain.as_str(), None));
    // Where none can be read as two, each is what it says.
    let found = of_dates(&["04/13/2024", "13/04/2024"]);
    assert!(
        found
            .iter()
            .all(|(_, help, safe)| help == "write 2024-04-13" && *safe == Some(true))
    );
}

#[test]
fn nothing_shows_the_order_of_dates_that_stand_alone() {
    let open = "write the date as YYYY-MM-DD; it cannot be told which number is the month";
    for other in [
        "2024-04-13",
        "2024/04/13",
        "05/05/2024",
        "13 Apr 2024",
        "13/04/24",
    ] {
        let found = of_dates(&["03/04/2024", other]);
        assert_eq!((found[0].1.as_str(), found[0].2), (open, None), "{other}");
        assert!(
            found.iter().skip(1).all(|(.., safe)| *safe != Some(false)),
            "{other}"
        );
    }
}

#[test]
fn a_comma_that_may_be_another_is_told_apart_from_those_that_are_certain() {
    let text = "Library ID\tSample Source ID\tAverage Fragment Size\tRead Length\nL1\tS1\t199,205\t75.0\nL2\tS2\t221,69\t75\nL3\tS3\t200,996\t80.0\n";
    let findings = found(FileKind::Libraries, text);
    assert_eq!(
        brief(&findings),
        ["M003 2:3@68 x2", "M003 2:4@76 x2", "M003 3:3@87"]
    );
    assert_eq!(
        help(&findings[0]),
        "write 199.205 if the comma is decimal, as others of the column are; 199205 if it stands between thousands"
    );
    assert!(findings[0].fix.is_none());
    assert_eq!(help(&findings[1]), "write 75");
    assert_eq!(findings[1].odm_error, Some("TYPE_NOT_MATCH"));
    assert_eq!(help(&findings[2]), "write 221.69");
    assert!(findings[2].fix.is_some());
}

#[test]
fn a_comma_that_nothing_settles_stays_open() {
    let text = "Library ID\tSample Source ID\tAverage Fragment Size\nL1\tS1\t199,205\n";
    let findings = found(FileKind::Libraries, text);
    assert_eq!(
        help(&findings[0]),
        "write 199.205 if the comma is a decimal comma, 199205 if it stands between thousands"
    );
    assert!(findings[0].fix.is_none());
}

#[test]
fn vocabulary_is_told_value_by_value() {
    let text = "Sample Source ID\tSample Source\tSex\tAge Unit\nS1\tx\tM\tyears\nS2\tx\tF\ty\nS3\tx\tM\tyear\nS4\tx\tMale\tNot reported\nS5\tx\tblue\tyears\nS6\tx\tfemal\u{435}\t\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(
        brief(&findings),
        [
            "M005 2:3@49 x2",
            "M004 2:4@51 x2",
            "M005 3:3@62",
            "M004 3:4@64",
            "M004 5:3@83",
            "M004 6:3@106",
            "M004 7:3@122"
        ]
    );
    assert_eq!(help(&findings[0]), "write male");
    assert_eq!(findings[0].odm_error, Some("SYNONYM_ATTRIBUTE"));
    assert_eq!(help(&findings[1]), "did you mean year?");
    assert_eq!(help(&findings[4]), "write male: upper and lower case count");
    assert!(help(&findings[5]).starts_with("the terms are male, supermale"));
    assert!(
        help(&findings[6]).starts_with("write female: character 6 is")
            && help(&findings[6]).contains("U+0435")
    );
}

#[test]
fn a_given_template_decides_what_is_required_and_of_which_type() {
    let json = r#"[
        {"name": "Box", "isRequired": true, "metainfoType": "com.genestack.api.metainfo.IntegerValue",
         "dataType": "genestack:sampleObject"},
        {"name": "Open", "isRequired": true, "metainfoType": "com.genestack.api.metainfo.BooleanValue",
         "dataType": "genestack:sampleObject"},
        {"name": "Sample Source", "isRequired": true, "metainfoType": "com.genestack.api.metainfo.StringValue",
         "dataType": "genestack:sampleObject", "dictionaryName": "Sites"}
    ]"#;
    let template = Template::from_json(json.as_bytes()).expect("a template");
    let mut dictionaries = Dictionaries::none();
    let text = "Sample Source ID\tBox\tOpen\tSample Source\nS1\t7\tyes\tnorth\nS2\t\tTRUE\t\n";
    let unknown = found_by(FileKind::Samples, text, &template, &dictionaries);
    assert_eq!(
        brief(&unknown),
        ["M012 1:4@26", "M003 2:3@45", "M002 3:2@58", "M002 3:4@64"]
    );
    let sites = odmkit_template::Dictionary::from_bytes("Sites", b"Label\nsouth\n").expect("a dictionary");
    dictionaries.add(sites);
    let known = found_by(FileKind::Samples, text, &template, &dictionaries);
    assert_eq!(
        brief(&known),
        ["M003 2:3@45", "M004 2:4@49", "M002 3:2@58", "M002 3:4@64"]
    );
}

#[test]
fn the_words_for_any_attribute_are_told_by_their_letters() {
    let text = "Sample Source ID\tSample Source\tSex\tAge\nS1\tc\tNot Applicable\tnot reported\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(
        help(&findings[0]),
        "write Not applicable: upper and lower case count"
    );
    assert_eq!(
        help(&findings[1]),
        "write Not reported: upper and lower case count"
    );
}
