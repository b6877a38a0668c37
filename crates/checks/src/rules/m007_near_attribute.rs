//! M007 near-attribute.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::names;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M007"),
    name: "near-attribute",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::Safe,
    what: "A column name is nearly one of the template: it differs by case, by spacing or punctuation, or by one letter.",
    why: "Names are compared letter by letter: the column becomes an unknown attribute, and the one that was meant stays without values.",
    mend: "Rename the column, or run `odmkit fix`.",
    example: Example {
        command: "trial.libraries.tsv",
        files: &[
            ("trial.libraries.tsv", "Library ID<TAB>Sample Source ID<TAB>Flow cell\nL1<TAB>S1<TAB>HX7\n"),
        ],
    },
};

/// The column `found` was probably meant to be `known`, which has no column of its own. `required` says that
/// the template requires it.
pub fn finding(path: &Arc<str>, position: Position, found: &str, known: &str, required: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        &RULE,
        path,
        format!("`{found}` is probably the attribute `{known}`"),
    )
    .at(position)
    .field(known)
    .value(found)
    .help(format!("rename the column to {known}"))
    .fix(format!("rename `{found}` to `{known}`"));
    of(finding, required)
}

/// Each of the columns `found`, the first of them at `position`, may be meant to be `known`.
pub fn rivals(
    path: &Arc<str>,
    position: Position,
    known: &str,
    found: &[&str],
    required: bool,
) -> Diagnostic {
    let message = format!("{} look like the attribute `{known}`", names::rivals(found));
    let finding = Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(known)
        .value(found[0])
        .help(names::rivals_help(known));
    of(finding, required)
}

fn of(finding: Diagnostic, required: bool) -> Diagnostic {
    if required {
        finding.effect(Effect::Flagged).odm_error("MISSING_ATTRIBUTE")
    } else {
        finding
    }
}
