//! C002 bad-embedding.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("C002"),
    name: "bad-embedding",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "An embedding (`umap`, `tsne`, `pca`) of a cell has one dimension, or holds something other than numbers.",
    why: "ODM takes embeddings of no dimension or of at least two, as numbers with commas between them; the import fails on others.",
    mend: "Write all coordinates of the cell into one field, with commas between them, or leave the field blank.",
    example: Example {
        command: "trial.cells.tsv --kind cells",
        files: &[
            ("trial.cells.tsv", "barcode<TAB>batch<TAB>umap\nAAACCTG-1<TAB>S1<TAB>4.2\n"),
        ],
    },
};

/// `count` embeddings of the column `name` have one dimension; `value` is the first.
pub fn one_dimension(path: &Arc<str>, position: Position, name: &str, value: &str, count: u64) -> Diagnostic {
    base(
        path,
        position,
        name,
        value,
        count,
        format!("the embedding `{value}` in `{name}` has one dimension"),
    )
    .help("write all coordinates of the cell, with commas between them, or leave the field blank")
    .cause(format!("{name} one dimension"))
}

/// `count` embeddings of the column `name` are not numbers; `value` is the first.
pub fn not_numbers(path: &Arc<str>, position: Position, name: &str, value: &str, count: u64) -> Diagnostic {
    let message = format!("the embedding `{value}` in `{name}` is not numbers with commas between them");
    base(path, position, name, value, count, message)
        .help("write coordinates such as 4.2,-1.7, or leave the field blank")
        .cause(format!("{name} not numbers"))
}

fn base(
    path: &Arc<str>,
    position: Position,
    name: &str,
    value: &str,
    count: u64,
    message: String,
) -> Diagnostic {
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .value(value)
        .count(count)
}
