//! T002 duplicate-column.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T002"),
    name: "duplicate-column",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "Two columns have the same name.",
    why: "ODM identifies a column by its name; an import with a repeated name fails.",
    mend: "Rename or remove one of the columns.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Sample Name<TAB>Sample Name\nS1<TAB>clinic<TAB>a<TAB>b\n"),
        ],
    },
};

/// The column at `position` has a name that the column at `first` has already.
pub fn finding(path: &Arc<str>, position: Position, name: &str, first: Position) -> Diagnostic {
    let field = first.field.map_or(0, odmkit_core::FieldNumber::get);
    Diagnostic::new(&RULE, path, format!("the column name `{name}` is used more than once"))
        .at(position)
        .field(name)
        .help("give each column its own name, or remove what is there twice")
        .value(name)
        .cause("duplicate column")
        .related(path, Some(first.line), format!("first used for column {field}"))
}
