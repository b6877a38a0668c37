use std::sync::Arc;

use crate::{Code, Diagnostic, Effect, Example, Fixable, Overrides, Rule, Selector, Severity};

static FLAGGED: Rule = Rule {
    code: Code::new("M004"),
    name: "not-in-vocabulary",
    severity: Severity::Warning,
    effect: Effect::Flagged,
    fix: Fixable::No,
    what: "",
    why: "",
    mend: "",
    example: Example::NONE,
};

fn severity(overrides: &Overrides) -> Option<Severity> {
    overrides.apply(&Diagnostic::new(&FLAGGED, &Arc::from("a.tsv"), "message"))
}

fn selector(text: &str) -> Selector {
    text.parse().expect("a selector")
}

#[test]
fn nothing_is_overridden_by_default() {
    assert_eq!(severity(&Overrides::new()), Some(Severity::Warning));
}

#[test]
fn the_longest_prefix_decides() {
    let overrides = Overrides::new().deny(selector("M")).allow(selector("M004"));
    assert_eq!(severity(&overrides), None);
    let overrides = Overrides::new().allow(selector("M")).deny(selector("M00"));
    assert_eq!(severity(&overrides), Some(Severity::Error));
}

#[test]
fn deny_warnings_raises_warnings_and_a_code_still_wins() {
    assert_eq!(
        severity(&Overrides::new().deny(selector("warnings"))),
        Some(Severity::Error)
    );
    let overrides = Overrides::new().deny(selector("warnings")).warn(selector("m004"));
    assert_eq!(severity(&overrides), Some(Severity::Warning));
}

#[test]
fn strict_raises_what_odm_flags() {
    assert_eq!(severity(&Overrides::new().strict(true)), Some(Severity::Error));
    assert_eq!(
        severity(&Overrides::new().strict(true).warn(selector("M004"))),
        Some(Severity::Warning)
    );
}

#[test]
fn what_is_no_selector_is_refused() {
    for text in ["", "3", "G0001", "GG", "warning", "é"] {
        assert!(text.parse::<Selector>().is_err(), "{text:?} was taken");
    }
}
