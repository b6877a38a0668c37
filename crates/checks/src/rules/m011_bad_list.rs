//! M011 bad-list.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M011"),
    name: "bad-list",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A list value has a stray, doubled or trailing `|`.",
    why: "ODM separates values at `|` and takes `||` for a literal pipe: a stray one makes an empty value, a doubled one joins two.",
    mend: "Write one | between two values, none at the ends, and no blanks around it.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Sample Name\nS1<TAB>clinic<TAB>liver|\n"),
        ],
    },
};

/// What is wrong with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListFault {
    /// An item is empty: a pipe at an end, or blanks between two pipes.
    EmptyItem,
    /// `||`, which is read as one literal pipe.
    Doubled,
    /// Blanks around a pipe.
    Spaced,
}

/// `count` lists of a column are wrong in one way; `value` is the first.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    attribute: &str,
    value: &str,
    fault: ListFault,
    count: u64,
) -> Diagnostic {
    let (message, help) = match fault {
        ListFault::EmptyItem => (
            format!("the list `{value}` in `{attribute}` has an empty item"),
            "delete the | that has nothing before or after it",
        ),
        ListFault::Doubled => (
            format!("`{value}` in `{attribute}` has a doubled |, which ODM reads as a literal pipe"),
            "write one | between two values; keep two only where the value itself has a pipe",
        ),
        ListFault::Spaced => (
            format!("the list `{value}` in `{attribute}` has blanks around a |"),
            "delete the blanks around |: ODM's web interface failed on them before 1.64",
        ),
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(attribute)
        .value(value)
        .count(count)
        .help(help)
        .cause(format!("{attribute} {fault:?}"))
}
