//! M015 recommended-attribute.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M015"),
    name: "recommended-attribute",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "`Study Title` of a study or `Sample Source` of a sample is absent or blank.",
    why: "A study without a title is shown as New Study; ODM documents Sample Source as mandatory, though it imports samples without it.",
    mend: "Add the column and fill it in.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Name\nS1<TAB>liver\n"),
        ],
    },
};

/// The attribute `name` has no column.
pub fn absent(path: &Arc<str>, header: Position, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("there is no column `{name}`"))
        .at(header)
        .field(name)
        .help(help(name))
}

/// The attribute `name` is blank in `count` records, the first of them at `position`.
pub fn blank(path: &Arc<str>, position: Position, name: &str, count: u64) -> Diagnostic {
    let message = if count == 1 {
        format!("`{name}` is blank")
    } else {
        format!("`{name}` is blank in {count} rows")
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .count(count)
        .help(help(name))
}

fn help(name: &str) -> String {
    if name == "Study Title" {
        "write the title; without it ODM shows the study as New Study".to_owned()
    } else {
        format!("write where each record comes from under `{name}`: a repository, a department, a company")
    }
}
