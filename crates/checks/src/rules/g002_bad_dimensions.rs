//! G002 bad-dimensions.

use std::sync::Arc;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G002"),
    name: "bad-dimensions",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Safe,
    what: "The second line of a GCT file is not two integers: how many rows and how many samples follow.",
    why: "ODM compares the figures with what it reads; without them the import fails.",
    mend: "Write the number of rows, a tab, and the number of samples; `odmkit fix` counts them.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1 row<TAB>1 sample\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The second line says `found`, or is missing altogether (`None`); `wanted` figures belong there.
pub fn finding(path: &Arc<str>, position: Position, found: Option<&str>, wanted: usize) -> Diagnostic {
    let (number, figures) = if wanted == 4 {
        ("four", "rows, samples, row attributes, sample attributes")
    } else {
        ("two", "rows, samples")
    };
    let message = match found {
        Some(text) => format!("the second line is `{text}` and not {number} integers ({figures}) with tabs between"),
        None => "the line with the numbers of rows and samples is missing".to_owned(),
    };
    let finding = Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(format!("write {number} integers with tabs between: {figures}"))
        .fix("count rows and samples and write the second line");
    match found {
        Some(text) => finding.value(text),
        None => finding,
    }
}

/// The figures stand below the names, which are on `line`.
pub fn under_names(path: &Arc<str>, position: Position, line: LineNumber) -> Diagnostic {
    let message = "the numbers of rows and samples stand below the line of column names; ODM looks for them above it";
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(format!("put line {line} below the line of figures"))
}

/// The second line is blank.
pub fn blank(path: &Arc<str>, position: Position, wanted: usize) -> Diagnostic {
    let mut finding = finding(path, position, None, wanted);
    let line = position.line;
    finding.message = format!("line {line} is blank, where the numbers of rows and samples belong");
    finding
}

/// The figures stand on the version line.
pub fn joined(path: &Arc<str>, position: Position) -> Diagnostic {
    let line = position.line;
    Diagnostic::new(&RULE, path, format!("the figures stand on line {line}, beside the version; ODM looks for them on the line below it"))
        .at(position)
        .help(format!("put a line break in place of what stands between them on line {line}"))
        .fix("put the figures on a line of their own")
}
