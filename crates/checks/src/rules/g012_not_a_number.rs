//! G012 not-a-number. Its findings are made in [`values`](crate::values), in the same words for both kinds of matrix.

use odmkit_diagnostics::{Code, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G012"),
    name: "not-a-number",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A value of a GCT file is neither a number nor a missing token.",
    why: "Values are stored as numbers; one that is none fails the import.",
    mend: "Write a number with a decimal point and no thousands separators, or leave the cell empty.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1,5\n"),
        ],
    },
};

/// What to do about a column of text.
pub const TEXT_COLUMN: &str = "leave the column out: a GCT file has one column of text beside the names, Description";

/// What to do about a column of text and numbers.
pub const MIXED_COLUMN: &str = "write numbers, or leave the cells empty";
