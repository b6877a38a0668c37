//! D004 not-a-number.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Fixable, Rule, Severity};

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
    example: "Protein<TAB>S1<TAB>S2\nP04637<TAB>1.5<TAB>n.d.",
};

/// A value that is no number. Equal values, and all values with the same kind of fault, are one cause.
pub fn finding(path: &Arc<str>, position: Position, sample: &str, value: &str) -> Diagnostic {
    crate::values::not_a_number(&RULE, path, position, sample, value)
}
