//! C003 cells-column-alias.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::names;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("C003"),
    name: "cells-column-alias",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::Safe,
    what: "A column of a cells file is nearly one that ODM knows, such as `n_counts` for `nCounts`.",
    why: "In a table only the exact name counts; under another name the values become a custom attribute of text.",
    mend: "Rename the column, or run `odmkit fix`.",
    example: Example {
        command: "trial.cells.tsv --kind cells",
        files: &[
            ("trial.cells.tsv", "barcode<TAB>batch<TAB>n_counts<TAB>X_umap\nAAACCTG-1<TAB>S1<TAB>1200<TAB>4.2,-1.7\n"),
        ],
    },
};

/// The column `found` was probably meant to be `known`.
pub fn finding(path: &Arc<str>, position: Position, found: &str, known: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("`{found}` is probably the column `{known}`"))
        .at(position)
        .field(known)
        .value(found)
        .help(format!("rename the column to {known}"))
        .fix(format!("rename `{found}` to `{known}`"))
}

/// The column `found` was probably meant to be `known`, but does not hold what ODM reads under that name: the first such value
/// and its place are given.
pub fn unfit(
    path: &Arc<str>,
    position: Position,
    found: &str,
    known: &str,
    (place, value): (Position, &str),
) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("`{found}` is probably the column `{known}`, but not by its values"))
        .at(position)
        .field(known)
        .value(found)
        .help(format!("leave it as text, or rename it to {known} and write its values as ODM reads them there"))
        .related(path, Some(place.line), format!("`{value}` is none that ODM reads as {known}"))
}

/// Each of the columns `found`, the first of them at `position`, may be meant to be `known`.
pub fn rivals(path: &Arc<str>, position: Position, known: &str, found: &[&str]) -> Diagnostic {
    let message = format!("{} look like the column `{known}`", names::rivals(found));
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(known)
        .value(found[0])
        .help(names::rivals_help(known))
}
