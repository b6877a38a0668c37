//! G004 column-count-mismatch.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G004"),
    name: "column-count-mismatch",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Unsafe,
    what: "A GCT file declares another number of samples than its header names.",
    why: "Either the figure is wrong, or columns are missing.",
    mend: "Count the columns after Name and Description and correct the second figure on line 2 (`odmkit fix --unsafe --write`).",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>2\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// Line 2 declares `declared` samples where the header names `found`; `features` columns stand before them.
pub fn finding(path: &Arc<str>, position: Position, declared: u64, found: u64, features: u64) -> Diagnostic {
    let help = if declared == found + features {
        format!("the first {features} columns were probably counted as samples: write {found} as the second figure")
    } else if declared == found + 1 {
        format!("a column that is no sample was probably counted: write {found} as the second figure")
    } else if declared > found {
        format!("columns may be missing: compare the file with its source; if it is whole, write {found} as the second figure")
    } else {
        format!("write {found} as the second figure")
    };
    Diagnostic::new(&RULE, path, format!("line {} declares {declared} {}, and the header names {found}", position.line, if declared == 1 { "sample" } else { "samples" }))
        .at(position)
        .field("samples")
        .value(declared.to_string())
        .help(help)
        .unsafe_fix(format!("declare {found} samples"))
}

/// A GCT 1.3 file declares `declared` attributes of rows, and has `right` of them.
pub fn row_attributes(path: &Arc<str>, position: Position, declared: u64, right: u64) -> Diagnostic {
    let attributes = if declared == 1 { "1 attribute" } else { &format!("{declared} attributes") };
    let message = if right > declared {
        format!("line {} declares {attributes} of rows, and the columns of text behind the names are {right}", position.line)
    } else {
        format!("line {} declares {attributes} of rows, and all but {right} of these columns hold numbers, as samples do", position.line)
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field("row attributes")
        .value(declared.to_string())
        .help(format!("write {right} as the third figure"))
}
