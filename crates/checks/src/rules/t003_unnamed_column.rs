//! T003 unnamed-column.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T003"),
    name: "unnamed-column",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A column has no name.",
    why: "Every column becomes an attribute or a sample, and needs a name; the import fails without.",
    mend: "Give the column a name, or delete it.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB><TAB>Sample Name\nS1<TAB>clinic<TAB>a<TAB>b\n"),
        ],
    },
};

/// The column at `position` has no name. All such columns of a file are one cause.
pub fn finding(path: &Arc<str>, position: Position) -> Diagnostic {
    let first = position.field.is_some_and(|field| field.get() == 1);
    Diagnostic::new(&RULE, path, "a column has no name")
        .at(position)
        .cause("unnamed column")
        .help(if first {
            "give the column a name, or delete it: R and pandas write row names under none"
        } else {
            "give the column a name, or delete it"
        })
        .cause("unnamed column")
}
