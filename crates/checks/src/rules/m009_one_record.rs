//! M009 one-record.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M009"),
    name: "one-record",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A study file, or the metadata file of a data file, has no record or several.",
    why: "Each such file describes one thing, with one record under the header; ODM rejects any other number.",
    mend: "Keep one record. Several values of one attribute are written in one cell, with | between them.",
    example: Example {
        command: "trial.study.tsv --kind study",
        files: &[
            ("trial.study.tsv", "Study Title<TAB>Study Source<TAB>Study Source ID<TAB>Study Description\nA trial<TAB>GEO<TAB>GSE1<TAB>Livers\nAnother trial<TAB>GEO<TAB>GSE2<TAB>Kidneys\n"),
        ],
    },
};

/// A header without a record.
pub fn none(path: &Arc<str>, header: Position, what: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("there is a header and no record; {what} has exactly one"),
    )
    .at(header)
    .help("write the record on the line under the header")
}

/// `records` records; `second` is where the second begins.
pub fn several(path: &Arc<str>, second: Position, what: &str, records: u64) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("there are {records} records; {what} has exactly one"),
    )
    .at(second)
    .help("keep one record; several values of one attribute go into one cell, with | between them")
}
