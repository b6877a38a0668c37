//! X001 bad-mapping.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_formats::mapping::{GENE, LONGEST_ID, TRANSCRIPT};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("X001"),
    name: "bad-mapping",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A file that maps transcripts to genes has another header than `TXNAME` and `GENEID`, or an identifier that is blank or too long.",
    why: "ODM reads exactly these two columns; identifiers of more than 255 characters are cut off or fail the import.",
    mend: "Write the header TXNAME<TAB>GENEID, and one transcript and its gene in each row.",
    example: Example {
        command: "mapping.tsv --kind mapping",
        files: &[
            ("mapping.tsv", "transcript<TAB>gene\nENST00000456328<TAB>ENSG00000223972\n"),
        ],
    },
};

/// What is wrong with an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// There is none.
    Blank,
    /// It has more than 255 characters.
    TooLong,
}

/// The header is another.
pub fn header(path: &Arc<str>, position: Position, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, what).at(position).help(help)
}

/// The identifier at `position`, of the column `name`, is wrong. All of one kind in a column are one cause.
pub fn identifier(path: &Arc<str>, position: Position, name: &str, text: &str, fault: Fault) -> Diagnostic {
    let thing = if name == GENE { "gene" } else { "transcript" };
    let (message, help) = match fault {
        Fault::Blank => (
            format!("the row has no {thing}: `{name}` is blank"),
            format!("write the {thing}, or delete the row"),
        ),
        Fault::TooLong => (
            format!(
                "the {thing} `{}…` has {} characters; ODM takes {LONGEST_ID}",
                text.chars().take(40).collect::<String>(),
                text.chars().count()
            ),
            format!("write one {thing} in each row; several may have been joined in one cell"),
        ),
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .help(help)
        .cause(format!("{fault:?} {name}"))
}

/// The header as it should be, to be typed.
pub fn right_header() -> String {
    format!("{TRANSCRIPT}<TAB>{GENE}")
}
