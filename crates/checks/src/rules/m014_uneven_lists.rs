//! M014 uneven-lists.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M014"),
    name: "uneven-lists",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "Grouped attributes (`Group / Field`) have lists of different lengths in one record.",
    why: "ODM matches the items of a group by their place: the second dose belongs to the second compound.",
    mend: "Give each list of the group the same number of items; write Not reported for an item that is not known.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Treatment / Drug<TAB>Treatment / Day\nS1<TAB>clinic<TAB>aspirin|ibuprofen<TAB>5\n"),
        ],
    },
};

/// In `count` records the lists of the group `group` differ in length; the first has from `shortest` to
/// `longest` items.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    group: &str,
    shortest: u64,
    longest: u64,
    count: u64,
) -> Diagnostic {
    let message = format!(
        "the attributes of `{group}` have lists of different lengths: {shortest} and {longest} items"
    );
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(group)
        .count(count)
        .help(
            "give each list of the group the same number of items; write Not reported where one is not known",
        )
        .cause(group)
}
