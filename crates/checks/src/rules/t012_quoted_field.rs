//! T012 quoted-field.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T012"),
    name: "quoted-field",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::Safe,
    what: "A field is wrapped in double quotes.",
    why: "ODM has no quoting: the quotes become part of the value, so that it is no dictionary term, no number and no matching identifier.",
    mend: "Save the file without quotes around fields, or run `odmkit fix`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>\"clinic, ward 3\"\n"),
        ],
    },
};

/// The field of the column `name` is quoted. All such fields of a column are one cause.
pub fn finding(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the quotes in {} become part of the value", shown(value)))
        .at(position)
        .field(name)
        .value(value)
        .help("save the file without quotes around fields")
        .fix("remove the quotes around fields")
        .cause(format!("quoted {name}"))
}

fn shown(value: &str) -> String {
    if value.chars().count() > 40 {
        let start: String = value.chars().take(40).collect();
        format!("`{start}…`")
    } else {
        format!("`{value}`")
    }
}

/// Whether a field is wrapped in double quotes.
pub fn is_quoted(field: &[u8]) -> bool {
    field.len() >= 2 && field[0] == b'"' && field[field.len() - 1] == b'"'
}
