//! G006 bad-description-header.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G006"),
    name: "bad-description-header",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Safe,
    what: "The second column of a GCT file is not called `Description` (in any case), or there is no description column.",
    why: "ODM expects the second column to hold descriptions; where it is missing, the first sample is taken for it.",
    mend: "Write `Description` as the second header; where the column is missing, add one filled with `NA`. `odmkit fix` does both.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Gene title<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The second header says `found`.
pub fn misnamed(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    let message = if found.is_empty() {
        "the second column has no header; it must be `Description`".to_owned()
    } else {
        format!("the second column is called `{found}`; it must be `Description`")
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .value(found)
        .help("write Description as the second header")
        .fix("call the second column Description")
}

/// The second column is a sample already.
pub fn absent(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("there is no description column: the second column is the sample `{found}`"))
        .at(position)
        .value(found)
        .help("add a second column called Description, filled with NA")
        .fix("add a Description column filled with NA")
}

/// The second header says `found`, and whether that is a description or a sample cannot be told.
pub fn unclear(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the second column is called `{found}`; it must be `Description`"))
        .at(position)
        .value(found)
        .help(
            "if it holds descriptions, call it Description; if it is a sample, add a column Description filled with NA before \
             it, and count the sample on line 2",
        )
}

/// The header has one field less than the rows, and `Name` is followed by a sample.
pub fn lacking(path: &Arc<str>, position: Position) -> Diagnostic {
    let message = "the header lacks `Description`, the name of the second column: it has one field less than every row";
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help("write Description and a tab behind Name")
        .fix("call the second column Description")
}

/// The second header says `found`, and column `column` is the description.
pub fn elsewhere(path: &Arc<str>, position: Position, found: &str, column: u64) -> Diagnostic {
    let second = if found.is_empty() { "the second column has no header".to_owned() } else { format!("the second column is called `{found}`") };
    Diagnostic::new(&RULE, path, format!("{second}, and `Description` stands in column {column}; it must be the second"))
        .at(position)
        .value(found)
        .help("move the column Description beside Name; columns of text between them have no place in a GCT file")
}
