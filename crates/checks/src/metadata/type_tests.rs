//! What the certain values of a column say of those that can be read in two ways.

use odmkit_core::FileKind;
use odmkit_template::{Dictionaries, Template};

use super::tests::{brief, found_by, help};

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
