//! D009 duplicate-feature.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D009"),
    name: "duplicate-feature",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "Two rows of a data frame have the same feature attributes.",
    why: "ODM stores both, and nobody can tell them apart.",
    mend: "Add a feature column that distinguishes them, or merge the rows.",
    example: Example {
        command: "protein.tsv --feature-attributes 1",
        files: &[
            ("protein.tsv", "Protein<TAB>S1\nP04637<TAB>1.5\nP04637<TAB>1.7\n"),
        ],
    },
};

/// The row at `position` has the feature attributes that the row on the line `first` has already.
pub fn finding(path: &Arc<str>, position: Position, name: &str, first: odmkit_core::LineNumber) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the feature `{name}` stands more than once"))
        .at(position)
        .value(name)
        .help("add a feature column that distinguishes the rows, or merge them")
        .cause("duplicate feature")
        .related(path, Some(first), format!("`{name}` first stands here"))
}
