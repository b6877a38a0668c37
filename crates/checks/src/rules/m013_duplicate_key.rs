//! M013 duplicate-key.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M013"),
    name: "duplicate-key",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The same key stands twice in a samples, libraries or preparations file.",
    why: "The key identifies the record and is what data columns are linked by; ODM rejects a file in which it is not unique.",
    mend: "Give each record its own key, or delete the repeated one. A library of several samples is one record, with | between the samples.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\nS1<TAB>clinic\n"),
        ],
    },
};

/// The key `value` of `attribute` stands at `first` and again at `position`, in all `count` times more.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    attribute: &str,
    value: &str,
    first: Position,
    count: u64,
) -> Diagnostic {
    let times = crate::names::times(count + 1);
    Diagnostic::new(&RULE, path, format!("the {attribute} `{value}` is used {times}"))
        .at(position)
        .field(attribute)
        .value(value)
        .count(count)
        .help("give each record its own key, or delete the repeated record")
        .related(path, Some(first.line), format!("`{value}` stands here first"))
        .cause("duplicate key")
}
