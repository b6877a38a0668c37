//! D004 not-a-number. What single values give is made in [`values`](crate::values), in the same words for both kinds of
//! matrix.

use odmkit_diagnostics::{Code, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D004"),
    name: "not-a-number",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A measurement is neither a number nor a missing token.",
    why: "Measurements are stored as numbers; one that is none fails the import.",
    mend: "Write a number with a decimal point and no thousands separators, or one of the missing tokens (empty, NA, NaN, null, N/A, filtered).",
    example: Example {
        command: "protein.tsv --feature-attributes 1",
        files: &[
            ("protein.tsv", "Protein<TAB>S1<TAB>S2\nP04637<TAB>1.5<TAB>n.d.\nP38398<TAB>3<TAB>4\n"),
        ],
    },
};

/// What to do about a column of text.
pub const TEXT_COLUMN: &str =
    "leave the column out, or move it in front of the measurements and count it among the feature attributes";

/// What to do about a column of text and numbers.
pub const MIXED_COLUMN: &str =
    "write numbers, or leave the cells empty; a column that describes the feature stands in front of the measurements";
