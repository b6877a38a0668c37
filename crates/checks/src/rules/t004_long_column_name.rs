//! T004 long-column-name.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T004"),
    name: "long-column-name",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A column name has more than 255 characters.",
    why: "ODM takes names of at most 255 characters.",
    mend: "Shorten the name; a name this long is usually a value that slid into the header.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB><x, 256 times>\nS1<TAB>clinic<TAB>a\n"),
        ],
    },
};

/// The column at `position` has a name of `length` characters.
pub fn finding(path: &Arc<str>, position: Position, name: &str, length: u64) -> Diagnostic {
    let start: String = name.chars().take(40).collect();
    Diagnostic::new(&RULE, path, format!("the column name `{start}…` has {length} characters; ODM takes 255"))
        .at(position)
        .field(start)
        .help("shorten the name; a value may have slid into the header")
}
