//! The table of rules as a whole.

use std::collections::BTreeSet;

use odmkit_checks::rules::RULES;

use crate::support::{entries, name, read, root};

#[test]
fn codes_are_unique_and_sorted() {
    let codes: Vec<&str> = RULES.iter().map(|rule| rule.code.as_str()).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
}

#[test]
fn names_are_kebab_case_and_unique() {
    let mut seen = BTreeSet::new();
    for rule in RULES {
        let name = rule.name;
        let shaped = name.split(['-', '.']).all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        assert!(shaped, "{} is called `{name}`", rule.code);
        // A GCT value and a data-frame value are told apart by their codes, not by the name of the fault.
        assert!(
            seen.insert((name, &rule.code.as_str()[..1])),
            "{name} stands twice in one family"
        );
    }
}

#[test]
fn every_rule_is_explained() {
    for rule in RULES {
        for (heading, text) in [("what", rule.what), ("why", rule.why), ("mend", rule.mend)] {
            assert!(text.trim().len() > 2, "{} has no `{heading}`", rule.code);
            assert!(!text.contains('\t'), "{} has a tab in `{heading}`", rule.code);
        }
        assert!(
            rule.what.trim_end().ends_with(['.', '…']),
            "{}: `what` is a sentence",
            rule.code
        );
    }
}

#[test]
fn every_rule_stands_in_its_own_file() {
    let directory = root().join("crates/checks/src/rules");
    let files: BTreeSet<String> = entries(&directory)
        .iter()
        .map(|path| name(path).to_owned())
        .filter(|name| name != "mod.rs")
        .collect();
    for rule in RULES {
        let file = format!(
            "{}_{}.rs",
            rule.code.as_str().to_ascii_lowercase(),
            rule.name.replace(['-', '.'], "_")
        );
        assert!(files.contains(&file), "{file} is not in {}", directory.display());
    }
}

#[test]
fn every_rule_has_passing_and_failing_fixtures() {
    let mut missing = Vec::new();
    for rule in RULES {
        let directory = root().join("fixtures/rules").join(rule.code.as_str());
        for wanted in ["pass", "fail"] {
            if !entries(&directory)
                .iter()
                .any(|path| name(path).starts_with(wanted))
            {
                missing.push(format!("fixtures/rules/{}/{wanted}*", rule.code));
            }
        }
    }
    assert!(missing.is_empty(), "fixtures are missing: {missing:#?}");
}

#[test]
fn every_fixture_directory_belongs_to_a_rule() {
    for directory in entries(&root().join("fixtures/rules")) {
        let code = name(&directory);
        assert!(
            RULES.iter().any(|rule| rule.code.as_str() == code),
            "fixtures/rules/{code} belongs to no rule"
        );
    }
}

/// The rules that `docs/COVERAGE.md` tells to be later than the first list.
fn later_rules() -> BTreeSet<String> {
    let text = read("docs/COVERAGE.md");
    let section = text
        .split_once("## Rules beyond the first list")
        .and_then(|(_, rest)| rest.split("\n## ").next())
        .expect("there is such a section");
    section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
        .filter(|cell| cell.chars().nth(1).is_some_and(|letter| letter.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn rules_beyond_the_first_list_are_told() {
    let later = later_rules();
    assert!(!later.is_empty(), "the section holds a table");
    for told in &later {
        assert!(
            RULES
                .iter()
                .any(|rule| format!("{} {}", rule.code, rule.name) == *told),
            "there is no rule `{told}`"
        );
    }
    // Where the first list is at hand, nothing beyond it is left out, and nothing of it is missing.
    let Ok(first) = std::fs::read_to_string(root().join("../shared/spec.md")) else {
        return;
    };
    for rule in RULES {
        let listed = first.contains(&format!("| {} | {} |", rule.code, rule.name));
        let told = later.contains(&format!("{} {}", rule.code, rule.name));
        assert!(listed != told, "{}: listed {listed}, told {told}", rule.code);
    }
    let codes = first
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .filter(|code| code.len() == 4 && code[1..].bytes().all(|byte| byte.is_ascii_digit()));
    for code in codes {
        assert!(
            RULES.iter().any(|rule| rule.code.as_str() == code),
            "{code} is missing"
        );
    }
}

#[test]
fn the_changelog_is_kept() {
    assert!(read("docs/CHANGELOG.md").contains("## "));
}
