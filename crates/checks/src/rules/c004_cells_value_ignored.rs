//! C004 cells-value-ignored.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("C004"),
    name: "cells-value-ignored",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A known column of a cells file holds a value that ODM will drop: not of its type, or with more dimensions than ODM keeps.",
    why: "The import succeeds without the value: `nCounts` takes integers, `percentMito` numbers, `umap` and `tsne` three dimensions, `pca` a hundred.",
    mend: "Correct the value, or accept that it is dropped.",
    example: Example {
        command: "trial.cells.tsv --kind cells",
        files: &[
            ("trial.cells.tsv", "barcode<TAB>batch<TAB>nCounts\nAAACCTG-1<TAB>S1<TAB>1200.0\n"),
        ],
    },
};

/// `count` values of the column `name` are not `wanted`; `value` is the first.
pub fn wrong_type(
    path: &Arc<str>,
    position: Position,
    name: &str,
    value: &str,
    wanted: &str,
    count: u64,
) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("`{value}` in `{name}` is not {wanted}, and ODM drops it"),
    )
    .at(position)
    .field(name)
    .value(value)
    .count(count)
    .help(format!("write {wanted}, or leave the field blank"))
    .cause(name)
}

/// `count` embeddings of the column `name` have more than `limit` dimensions.
pub fn past_limit(path: &Arc<str>, position: Position, name: &str, limit: usize, count: u64) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("an embedding in `{name}` has more than {limit} dimensions"),
    )
    .at(position)
    .field(name)
    .count(count)
    .help(format!(
        "ODM keeps the first {limit} and drops the others; write no more than those"
    ))
    .cause(name)
}
