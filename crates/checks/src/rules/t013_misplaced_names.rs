//! T013 misplaced-names.

use std::sync::Arc;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T013"),
    name: "misplaced-names",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The names of the columns of a metadata table do not stand on its first line: a title or a comment stands above them, or they stand below each other in the first column.",
    why: "ODM takes the first line for the names, whatever it holds: it finds none that it knows, and the import fails or makes attributes of what is none.",
    mend: "Delete the lines above the names, or turn the table so that the names stand side by side on the first line.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "# samples of the trial\nSample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
        ],
    },
};

/// Other lines stand before that of the names, the first at `position`.
pub fn below(path: &Arc<str>, position: Position, names: LineNumber) -> Diagnostic {
    let help = match names.get() - 1 {
        1 => "delete line 1".to_owned(),
        above => format!("delete the {above} lines above it"),
    };
    let message = format!("the names of the columns stand on line {names}; ODM looks for them on the first");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .related(path, Some(names), "the names stand here")
        .help(help)
}

/// The names stand below each other; the first line is at `position`.
pub fn upright(path: &Arc<str>, position: Position) -> Diagnostic {
    let message = "the names of the attributes stand below each other; ODM looks for all of them on the first line";
    Diagnostic::new(&RULE, path, message).at(position).help(
        "turn the table: the names on the first line, their values under them (in a spreadsheet, copy it and paste it transposed)",
    )
}
