//! M005 synonym.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M005"),
    name: "synonym",
    severity: Severity::Warning,
    effect: Effect::Flagged,
    fix: Fixable::Safe,
    what: "A value is a synonym of a dictionary term, not the term itself.",
    why: "ODM takes only the preferred label: it imports the record and marks it invalid (SYNONYM_ATTRIBUTE).",
    mend: "Write the term, or run `odmkit fix`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Sex\nS1<TAB>clinic<TAB>F\n"),
        ],
    },
};

/// The value is a synonym of several terms: which of them is meant cannot be told.
pub fn shared(
    path: &Arc<str>,
    position: Position,
    attribute: &str,
    value: &str,
    labels: &[&str],
    count: u64,
) -> Diagnostic {
    let message = format!("`{value}` in `{attribute}` is a synonym of several terms; ODM wants one of them");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(attribute)
        .value(value)
        .count(count)
        .help(format!("write what is meant: {}", labels.join(" or ")))
        .odm_error("SYNONYM_ATTRIBUTE")
        .cause(format!("{attribute} {value}"))
}

/// The value is a synonym of the term `label`.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    attribute: &str,
    value: &str,
    label: &str,
    count: u64,
) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("`{value}` in `{attribute}` is a synonym; ODM wants the term `{label}`"),
    )
    .at(position)
    .field(attribute)
    .value(value)
    .count(count)
    .help(format!("write {label}"))
    .odm_error("SYNONYM_ATTRIBUTE")
    .fix("write terms for synonyms")
    .cause(format!("{attribute} {value}"))
}
