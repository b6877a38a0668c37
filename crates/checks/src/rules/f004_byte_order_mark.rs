//! F004 byte-order-mark.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F004"),
    name: "byte-order-mark",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::Safe,
    what: "The file begins with a UTF-8 byte order mark.",
    why: "The three invisible bytes become part of the first column's name, so that ODM does not recognise it (in a GCT, the version line).",
    mend: "Save the file as \"UTF-8 without BOM\", or run `odmkit fix`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "<EF><BB><BF>Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
        ],
    },
};

/// The file begins with the mark.
pub fn finding(path: &Arc<str>) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the file begins with an invisible byte order mark, which ODM takes for part of the first name")
        .at(Position::START)
        .help("save the file as UTF-8 without BOM")
        .fix("remove the byte order mark")
}
