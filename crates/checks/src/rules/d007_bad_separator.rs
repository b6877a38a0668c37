//! D007 bad-separator.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D007"),
    name: "bad-separator",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The measurement separator is not one that ODM supports.",
    why: "ODM supports `. , : ; _ - / \\ |` and combinations of them.",
    mend: "Rename the columns so that one of these stands between sample and measurement.",
    example: Example {
        command: "protein.tsv --feature-attributes 1 --measurement-separator '#'",
        files: &[
            ("protein.tsv", "Protein<TAB>S1#abundance<TAB>S1#pvalue\nP04637<TAB>1.5<TAB>0.01\n"),
        ],
    },
};

/// The separator `given` is not supported; at `likely` the columns can be cut, for the reason given.
pub fn finding(path: &Arc<str>, position: Position, given: &str, likely: Option<(&str, &str)>) -> Diagnostic {
    let given_text = if given.is_empty() { "an empty text".to_owned() } else { format!("`{given}`") };
    let finding = Diagnostic::new(&RULE, path, format!("{given_text} is no measurement separator that ODM supports"))
        .at(position)
        .value(given);
    match likely {
        Some((likely, reason)) => finding
            .advise(Advice::give(format!("probably `{likely}` ({reason}): "), "measurement-separator", likely)),
        None => finding.help(r"use one of . , : ; _ - / \ | or a combination of them, and name the columns with it"),
    }
}

/// Whether ODM supports the separator. Source: ODM's list of supported formats.
pub fn is_supported(separator: &str) -> bool {
    !separator.is_empty() && separator.chars().all(|letter| r".,:;_-/\|".contains(letter))
}
