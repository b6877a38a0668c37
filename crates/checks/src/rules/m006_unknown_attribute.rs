//! M006 unknown-attribute.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M006"),
    name: "unknown-attribute",
    severity: Severity::Info,
    effect: Effect::None,
    fix: Fixable::No,
    what: "The template has no attribute of this name.",
    why: "ODM loads the column and finds values in it, but never validates it.",
    mend: "Nothing, if the attribute is your own. Otherwise rename the column as the template has it.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Freezer\nS1<TAB>clinic<TAB>B4\n"),
        ],
    },
};

/// The template has no attribute `name`; `noun` is what the table describes.
pub fn finding(path: &Arc<str>, position: Position, name: &str, noun: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("the template has no {noun} attribute `{name}`"),
    )
    .at(position)
    .field(name)
    .value(name)
    .cause("unknown attribute")
    .help("ODM loads it as it is and does not validate it")
}
