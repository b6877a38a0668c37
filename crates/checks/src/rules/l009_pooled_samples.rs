//! L009 pooled-samples.

use std::sync::Arc;

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::records;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L009"),
    name: "pooled-samples",
    severity: Severity::Info,
    effect: Effect::None,
    fix: Fixable::No,
    what: "A library or preparation comes from several samples, with `|` between them.",
    why: "ODM ties such a record, and the data that hangs on it, to each of the samples: a search for one of them finds values that belong to the pool.",
    mend: "Nothing, where the samples were pooled. Else give each sample a record of its own.",
    example: Example {
        command: "trial.libraries.tsv",
        files: &[
            ("trial.libraries.tsv", "Library ID<TAB>Sample Source ID\nL1<TAB>S1|S2\nL2<TAB>S3\n"),
        ],
    },
};

/// `count` of `all` records of a kind come from several samples; the first at `position`, from those in `value`.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    attribute: &str,
    value: &str,
    kind: FileKind,
    (count, all): (u64, u64),
) -> Diagnostic {
    let message = if count == 1 {
        format!("a {} comes from several samples: `{value}`", kind.record())
    } else {
        format!("{count} of the {all} {} come from several samples each, the first from `{value}`", records(kind))
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(attribute)
        .value(value)
        .count(count)
        .help("nothing to do if these were pooled: ODM ties such a record to each of its samples")
}
