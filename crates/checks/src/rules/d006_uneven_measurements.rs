//! D006 uneven-measurements.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D006"),
    name: "uneven-measurements",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "Samples do not share one set of measurements.",
    why: "ODM reads the columns as a full grid of samples and measurements; a hole in it fails the import.",
    mend: "Add the columns that are missing (empty cells are fine), or look whether the separator cuts the names at the right place.",
    example: Example {
        command: "protein.tsv --feature-attributes 1 --measurement-separator :",
        files: &[
            ("protein.tsv", "Protein<TAB>S1:abundance<TAB>S1:pvalue<TAB>S2:abundance\nP04637<TAB>1.5<TAB>0.01<TAB>3\n"),
        ],
    },
};

/// The sample, whose first column is at `position`, lacks measurements that most others have. All such samples of a
/// file are one cause.
pub fn lacking(path: &Arc<str>, position: Position, sample: &str, lacking: &[&str]) -> Diagnostic {
    let few: Vec<String> = lacking.iter().take(3).map(|name| format!("`{name}`")).collect();
    let more = if lacking.len() > few.len() { format!(" and {} more", lacking.len() - few.len()) } else { String::new() };
    Diagnostic::new(&RULE, path, format!("the sample `{sample}` has no column for {}{more}, which other samples have", few.join(", ")))
        .at(position)
        .field(sample)
        .help("add the missing columns, or look whether the separator cuts the names at the right place")
        .cause("uneven measurements")
}

/// The sample has a column, at `position`, for a measurement that only `few` of `all` samples have. All such columns of a
/// file are one cause.
pub fn odd(path: &Arc<str>, position: Position, (sample, measurement): (&str, &str), (few, all): (usize, usize)) -> Diagnostic {
    let which = if few == 1 { "no other sample has one".to_owned() } else { format!("only {few} of {all} samples have one") };
    Diagnostic::new(&RULE, path, format!("the sample `{sample}` has a column for `{measurement}`, and {which}"))
        .at(position)
        .field(sample)
        .value(measurement)
        .help("mend the name of the column, leave it out, or add such a column for each sample (empty cells are fine)")
        .cause("odd measurements")
}

/// The sample, whose first column is at `position`, is `other` but for case or punctuation, and has columns that it lacks. All
/// such samples of a file are one cause.
pub fn misspelt(path: &Arc<str>, position: Position, sample: &str, other: &str) -> Diagnostic {
    let message = format!("the sample `{sample}` is probably `{other}`, which has the other measurements");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(sample)
        .value(other)
        .help(format!(
            "if `{other}` is meant, write it so; else give each sample a column for all measurements (empty cells are fine)"
        ))
        .cause("odd measurements")
}

/// The sample has a column, at `position`, for a measurement that no other has, and lacks the one that is `wanted`. All such
/// columns of a file are one cause.
pub fn misnamed(path: &Arc<str>, position: Position, (sample, found): (&str, &str), wanted: &str) -> Diagnostic {
    let message = format!("the sample `{sample}` has a column for `{found}` where other samples have one for `{wanted}`");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(sample)
        .value(found)
        .help(format!(
            "if `{wanted}` is meant, write it so; else give each sample a column for both (empty cells are fine)"
        ))
        .cause("odd measurements")
}
