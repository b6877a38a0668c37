//! M016 blank-key.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M016"),
    name: "blank-key",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The key of a record is blank, or nothing but quotes.",
    why: "The key identifies the record, or ties it to its sample; ODM rejects a file with a blank one.",
    mend: "Fill the key in, or delete the row.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n<TAB>clinic\n"),
        ],
    },
};

/// The key `name` is blank in `count` records, the first of them at `position`.
pub fn finding(path: &Arc<str>, position: Position, name: &str, count: u64) -> Diagnostic {
    let message = if count == 1 {
        format!("the key `{name}` is blank")
    } else {
        format!("the key `{name}` is blank in {count} rows")
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .count(count)
        .help("fill it in, or delete the row")
}
