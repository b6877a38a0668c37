//! M018 local-link.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M018"),
    name: "local-link",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A link leads to the machine of whoever follows it: `localhost`, 127.0.0.1, `file://`.",
    why: "ODM keeps the link as it is. It works on the machine on which it was written; everybody else, ODM's server \
          included, finds nothing there, or something else.",
    mend: "Put the file where others can reach it, and give that address; or leave the cell blank.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Data Files / Raw\nS1<TAB>clinic<TAB>http://localhost/reads/S1.fastq.gz\n"),
        ],
    },
};

/// Links of `attribute` lead nowhere for others; `value` is the first of `count`.
pub fn finding(path: &Arc<str>, position: Position, attribute: &str, value: &str, count: u64) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("the link `{value}` in `{attribute}` leads nowhere on other machines"),
    )
    .at(position)
    .field(attribute)
    .value(value)
    .count(count)
    .help("give an address that others can reach, such as https://example.org/file, or leave the cell blank")
    .cause(format!("local {attribute}"))
}
