//! X002 duplicate-transcript.

use std::sync::Arc;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_formats::mapping::TRANSCRIPT;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("X002"),
    name: "duplicate-transcript",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A file that maps transcripts to genes has a transcript twice.",
    why: "A transcript belongs to one gene: older versions of ODM refuse the file, newer ones skip the second row, whichever it is.",
    mend: "Keep one row for each transcript.",
    example: Example {
        command: "mapping.tsv",
        files: &[
            ("mapping.tsv", "TXNAME<TAB>GENEID\nENST01<TAB>ENSG01\nENST01<TAB>ENSG02\n"),
        ],
    },
};

/// The transcript at `position` stands further up already, with the same gene or with another; `first` is the line of
/// its first row, where that has not been told. All rows of one transcript are one cause.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    name: &str,
    first: Option<LineNumber>,
    same_gene: bool,
) -> Diagnostic {
    let (message, help) = if same_gene {
        (
            format!("the transcript `{name}` stands in more than one row"),
            "delete the row: it says what an earlier one says",
        )
    } else {
        (
            format!("the transcript `{name}` stands in more than one row, with different genes"),
            "find out which gene is right, and delete the other row",
        )
    };
    let finding = Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(TRANSCRIPT)
        .value(name)
        .help(help)
        .cause(name);
    match first {
        Some(_) => finding.related(path, first, format!("`{name}` stands here first")),
        None => finding,
    }
}
