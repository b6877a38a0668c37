//! T009 look-alike-characters.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T009"),
    name: "look-alike-characters",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A name differs from a known one only by characters that look the same, are invisible, or are non-breaking blanks; or an identifier holds blanks that look like one.",
    why: "To ODM they are different names: the column becomes an unknown attribute, or the link finds nothing, and nobody sees why.",
    mend: "Type the name again by hand, or copy it from the template.",
    example: Example {
        command: "trial.libraries.tsv",
        files: &[
            ("trial.libraries.tsv", "Library ID<TAB>Sample Source ID<TAB>Flow \u{421}ell\nL1<TAB>S1<TAB>HX7\n"),
        ],
    },
};

/// The name `found` looks like `known`; `differing` says which characters differ, by code point.
pub fn finding(path: &Arc<str>, position: Position, found: &str, known: &str, differing: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("`{found}` only looks like `{known}`: {differing}"))
        .at(position)
        .field(known)
        .value(found)
        .help(format!("type the name again: {known}"))
}

/// The id `value` of `attribute` holds `blanks`. All such ids of a column are one cause.
pub fn in_id(path: &Arc<str>, position: Position, attribute: &str, value: &str, blanks: &str) -> Diagnostic {
    let message = format!("the {attribute} `{value}` is not what it looks like: {blanks}");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(attribute)
        .value(value)
        .help("write it with single plain blanks, here and wherever it is referred to: links are by exact text")
        .cause(format!("blanks in {attribute}"))
}
