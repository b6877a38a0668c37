//! Forms that other tools and browsers show.

use super::*;

#[test]
fn sarif_names_rules_once_and_places_by_line() {
    let text = written(|out| write_sarif(&report(Overrides::new(), 20), out));
    let log: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules: Vec<_> = run["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|r| &r["id"])
        .collect();
    assert_eq!(rules, ["G012", "M005"]);
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    let location = &results[2]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "s%2C%20100%25.tsv");
    assert_eq!(location["region"], serde_json::json!({"startLine": 2}));
    assert_eq!(results[2]["level"], "warning");
    assert_eq!(results[2]["occurrenceCount"], 7);
}

#[test]
fn workflow_commands_escape_their_separators() {
    let text = written(|out| write_github(&report(Overrides::new(), 20), out));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[1],
        "::error file=a.gct,line=5,title=G012 not-a-number::`<b>` in sample `B` is not a number"
    );
    assert!(
        lines[2].starts_with("::warning file=s%2C 100%25.tsv,line=2,title=M005 synonym::"),
        "{}",
        lines[2]
    );
    assert!(lines[2].ends_with("%0A7 times in this file"), "{}", lines[2]);
    assert!(lines[3].starts_with("rejected: "));
}

#[test]
fn a_page_escapes_what_files_say_and_asks_for_nothing() {
    let text = written(|out| write_html(&report(Overrides::new(), 20), &mut Files, out));
    assert!(text.starts_with("<!doctype html>"));
    assert!(text.contains("<mark>&lt;b&gt;</mark>"), "{text}");
    assert!(!text.contains("<b>") && !text.contains('\u{1b}'));
    for outside in ["http:", "https:", "<script", "<link", "url("] {
        assert!(!text.contains(outside), "{outside}");
    }
}
