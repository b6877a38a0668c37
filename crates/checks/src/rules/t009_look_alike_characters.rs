//! T009 look-alike-characters.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::metadata::look_alike::Odd;
use crate::rows::shown;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T009"),
    name: "look-alike-characters",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A name differs from a known one only by characters that look the same, are invisible, or are non-breaking blanks; or an identifier holds blanks or hyphens that only look like the plain ones; or a character that cannot be seen stands in a name or a value that needs none.",
    why: "To ODM they are different names: the column becomes an unknown attribute, the link finds nothing, a search misses the value, and nobody sees why.",
    mend: "Type the name or the value again by hand, or copy it from the template.",
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

/// The id `value` of `attribute` holds something odd. All such ids of a column are one cause.
pub fn in_id(path: &Arc<str>, position: Position, attribute: &str, value: &str, odd: Odd) -> Diagnostic {
    let message = format!("the {attribute} `{value}` is not what it looks like: {}", odd.what());
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(attribute)
        .value(value)
        .help(format!("{}, here and wherever it is referred to: links are by exact text", odd.remedy()))
        .cause(format!("odd ids in {attribute}"))
}

/// A value of the column `name` holds something that cannot be seen. All such values of a column are one cause.
pub fn in_value(path: &Arc<str>, position: Position, name: &str, value: &str, odd: Odd) -> Diagnostic {
    let message = format!("the value `{}` of `{name}` is not what it looks like: {}", shown(value), odd.what());
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .value(value)
        .help(format!("{}: to ODM this is another value than the one without it", odd.remedy()))
        .cause(format!("odd values in {name}"))
}

/// The column name `name` holds something that cannot be seen.
pub fn in_name(path: &Arc<str>, position: Position, name: &str, odd: Odd) -> Diagnostic {
    let message = format!("the column name `{name}` is not what it looks like: {}", odd.what());
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .value(name)
        .help(format!("{}: ODM compares names letter by letter", odd.remedy()))
}
