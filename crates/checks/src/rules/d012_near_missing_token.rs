//! D012 near-missing-token.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D012"),
    name: "near-missing-token",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::Safe,
    what: "A measurement is a missing token in a spelling that ODM does not know (`nan`, `na`, `NULL`, `inf`).",
    why: "ODM lists its missing tokens letter by letter. Another spelling may not be known as one, and is text among numbers then.",
    mend: "Write NA, NaN, null, N/A, filtered, Inf or -Inf exactly so, or leave the cell empty.",
    example: Example {
        command: "protein.tsv --feature-attributes 1",
        files: &[
            ("protein.tsv", "Protein<TAB>S1<TAB>S2\nP04637<TAB>1.5<TAB>na\nP38398<TAB>3<TAB>4\n"),
        ],
    },
};

/// The token `token` is nearly one of ODM's. All cells with the same token are one cause.
pub fn finding(path: &Arc<str>, position: Position, sample: &str, token: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("`{token}` is no missing token in this spelling"))
        .at(position)
        .field(sample)
        .value(token)
        .help("write NA, NaN, null, N/A, filtered, Inf or -Inf exactly so, or leave the cell empty")
        .fix("spell missing tokens as ODM does")
        .cause(token)
}
