//! G003 row-count-mismatch.

use std::sync::Arc;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G003"),
    name: "row-count-mismatch",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Unsafe,
    what: "A GCT file declares another number of rows than it has.",
    why: "Either the figure is wrong, or rows are missing: a file that was cut off looks exactly like this.",
    mend: "Make sure that the file is whole; then correct the figure on line 2 (`odmkit fix --unsafe --write`).",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n3<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\nBRCA1<TAB>na<TAB>2.5\n"),
        ],
    },
};

/// Line 2 declares `declared` rows where `found` follow.
pub fn finding(path: &Arc<str>, position: Position, declared: u64, found: u64) -> Diagnostic {
    let help = if declared == found + 1 {
        format!("the header was probably counted as a row: write {found} as the first figure")
    } else if declared > found {
        format!("the file may be cut off: compare it with its source; if it is whole, write {found} as the first figure")
    } else {
        format!("write {found} as the first figure")
    };
    Diagnostic::new(&RULE, path, format!("line {} declares {}, and {found} {}", position.line, count(declared), if found == 1 { "follows" } else { "follow" }))
        .at(position)
        .field("rows")
        .value(declared.to_string())
        .help(help)
        .unsafe_fix(format!("declare {found} rows"))
}

/// Line 2 declares `declared` rows where `found` follow; what is too many has no values, last on line `note`.
pub fn note(path: &Arc<str>, position: Position, declared: u64, found: u64, note: LineNumber) -> Diagnostic {
    let mut finding = finding(path, position, declared, found);
    finding.help = Some(if found - declared == 1 {
        format!(
            "if line {note}, which has no values, is a note, delete it, or if it is a part of a row, put that together; else write {found} \
             as the first figure"
        )
    } else {
        format!(
            "{} lines, the last on line {note}, have no values: if they are notes, delete them, or if they are parts of rows, put these \
             together; else write {found} as the first figure",
            found - declared
        )
    });
    finding
}

/// Line 2 declares `samples` rows and `rows` samples: there are `rows` rows and `samples` samples.
pub fn swapped(path: &Arc<str>, position: Position, rows: u64, samples: u64) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the figures of line {} are swapped: the rows come first, then the samples", position.line))
        .at(position)
        .field("rows")
        .value(samples.to_string())
        .help(format!("write {rows} as the first figure and {samples} as the second"))
        .unsafe_fix(format!("declare {rows} rows and {samples} samples"))
}

/// A GCT 1.3 file declares `declared` lines of sample attributes and `rows` rows, and all in all `found` lines follow.
pub fn attributes(path: &Arc<str>, position: Position, declared: u64, rows: u64, found: u64) -> Diagnostic {
    let message = format!(
        "line {} declares {declared} lines of sample attributes and {} under them, and {found} {} all in all",
        position.line,
        count(rows),
        if found == 1 { "line follows" } else { "lines follow" },
    );
    of_attributes(path, position, message, declared)
        .help("count the lines of sample attributes and the rows, and correct the fourth figure and the first; the file may also be cut off")
}

/// A GCT 1.3 file declares `declared` lines of sample attributes, and that on line `row` is a row. `right` is the figure where
/// it is the first of the rows.
pub fn row_above(path: &Arc<str>, position: Position, declared: u64, row: LineNumber, right: Option<u64>) -> Diagnostic {
    let message = format!("{}, and line {row} among them is a row", declares(position, declared));
    let help = match right {
        Some(right) => format!("write {right} as the fourth figure"),
        None => format!("move line {row} below the lines of sample attributes"),
    };
    of_attributes(path, position, message, declared).help(help).related(path, Some(row), "attributes of a row stand here, and numbers")
}

/// A GCT 1.3 file declares `declared` lines of sample attributes, and `more` follow from line `first` on.
pub fn attributes_below(path: &Arc<str>, position: Position, declared: u64, first: LineNumber, more: u64) -> Diagnostic {
    let message = format!("{}, and line {first} looks like one more", declares(position, declared));
    of_attributes(path, position, message, declared)
        .help(format!("write {} as the fourth figure", declared + more))
        .related(path, Some(first), "a sample attribute stands here")
}

fn declares(position: Position, declared: u64) -> String {
    let lines = if declared == 1 { "line" } else { "lines" };
    format!("line {} declares {declared} {lines} of sample attributes", position.line)
}

fn of_attributes(path: &Arc<str>, position: Position, message: String, declared: u64) -> Diagnostic {
    Diagnostic::new(&RULE, path, message).at(position).field("sample attributes").value(declared.to_string())
}

fn count(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}
