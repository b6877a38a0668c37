//! L002 sample-without-data.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::{SAMPLE_KEY, some};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L002"),
    name: "sample-without-data",
    severity: Severity::Warning,
    effect: Effect::None,
    fix: Fixable::No,
    what: "No data file mentions a sample, neither by itself nor through its libraries, preparations or cells.",
    why: "ODM takes it: a sample need not have data. It is often a sign that a column was left out or is named otherwise.",
    mend: "Nothing where it is meant; else add the column, or name it as the samples file does.",
    example: Example {
        command: "trial.samples.tsv trial.gct",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\nS2<TAB>clinic\n"),
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The samples `names`, of `total` in the file, have no data; the first of them stands at `first`.
pub fn finding(path: &Arc<str>, first: Position, names: &[&str], total: usize) -> Diagnostic {
    let message = match names {
        [name] => format!("no data file mentions sample `{name}`"),
        _ => format!(
            "no data file mentions {} of the {total} samples: {}",
            names.len(),
            some(names.iter().copied())
        ),
    };
    Diagnostic::new(&RULE, path, message)
        .at(first)
        .field(SAMPLE_KEY)
        .value(names.first().copied().unwrap_or_default())
        .count(names.len() as u64)
        .help("nothing to do if they have no data; else look for a column that was left out or is named otherwise")
}
