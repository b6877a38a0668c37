//! G007 duplicate-sample.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G007"),
    name: "duplicate-sample",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "Two samples of a GCT file have the same name.",
    why: "Values of two columns cannot be told apart, and only one of them can be linked.",
    mend: "Give each sample its own name, the one of the samples table.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>2\nName<TAB>Description<TAB>S1<TAB>S1\nTP53<TAB>na<TAB>1.5<TAB>2\n"),
        ],
    },
};

/// The sample at `position` has a name that the one at `first` has already. All of a file are one cause.
pub fn finding(path: &Arc<str>, position: Position, name: &str, first: Position) -> Diagnostic {
    let field = first.field.map_or(0, odmkit_core::FieldNumber::get);
    Diagnostic::new(&RULE, path, format!("the sample name `{name}` is used more than once"))
        .at(position)
        .field(name)
        .help("give each sample its own name, the one of the samples table")
        .value(name)
        .cause("duplicate sample")
        .related(path, Some(first.line), format!("first used for column {field}"))
}
