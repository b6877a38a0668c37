//! G005 bad-name-header.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G005"),
    name: "bad-name-header",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Safe,
    what: "The first column of a GCT file is not called `Name` (in any case).",
    why: "ODM finds the feature names under this header and takes no other.",
    mend: "Write `Name` as the first header, or run `odmkit fix`.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>1\nGeneID<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The first header says `found`.
pub fn finding(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    let message = if found.is_empty() {
        "the first column has no header; it must be `Name`".to_owned()
    } else {
        format!("the first column is called `{found}`; it must be `Name`")
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .value(found)
        .help("write Name as the first header")
        .fix("call the first column Name")
}

/// The header has one field less than the rows, and begins with `found`: the name of the row names is missing.
pub fn absent(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the header lacks `Name`, the name of the first column: it has one field less than every row, as R writes it")
        .at(position)
        .value(found)
        .help(format!("write Name and a tab before `{found}`"))
        .fix("call the first column Name")
}
