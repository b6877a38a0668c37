//! G014 no-version-line.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G014"),
    name: "no-version-line",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Safe,
    what: "A GCT file begins with its header: the version and the line of figures are missing.",
    why: "ODM recognises a GCT file by its first line.",
    mend: "Put `#1.2`, and the line with the numbers of rows and samples, above the header; `odmkit fix` does.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "Name<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// What a file without a version line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begins {
    /// The line of figures.
    WithFigures,
    /// A line of four figures, as GCT 1.3 has it.
    WithFourFigures,
    /// The header.
    WithHeader,
    /// Nothing that a GCT file has.
    Otherwise,
}

/// The file begins at `position` with something that is not the version line.
pub fn finding(path: &Arc<str>, position: Position, begins: Begins) -> Diagnostic {
    let finding = |message: &str| Diagnostic::new(&RULE, path, message).at(position);
    match begins {
        Begins::WithFigures => {
            finding("the version line `#1.2` is missing: the file begins with the numbers of rows and samples")
                .help("write #1.2 on the first line")
                .fix("write the line that is missing")
        }
        Begins::WithFourFigures => {
            finding("the version line is missing: the file begins with four figures, as GCT 1.3 has them under `#1.3`")
                .help("write #1.3 on the first line: then `odmkit fix --write` makes GCT 1.2 of the file, which ODM takes")
        }
        Begins::WithHeader => finding(
            "the version line `#1.2` and the numbers of rows and samples are missing: the file begins with its header",
        )
        .help("write #1.2 on the first line, and the numbers of rows and samples on the second")
        .fix("write the lines that are missing"),
        Begins::Otherwise => {
            finding("this is no GCT file but for its name: neither a version line nor a GCT header is there")
                .help("if it is a data frame, name it .tsv and say --feature-attributes N; else export it as GCT 1.2")
        }
    }
}
