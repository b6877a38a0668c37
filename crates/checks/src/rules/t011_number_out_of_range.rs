//! T011 number-out-of-range.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T011"),
    name: "number-out-of-range",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A number that no double can hold: it becomes infinity, or zero.",
    why: "ODM stores measurements as doubles; the value that is stored is not the value in the file.",
    mend: "Look at where the value comes from; such magnitudes are nearly always a division by zero or an underflow.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1e400\n"),
        ],
    },
};

/// The number `value` under the column `name` is out of range. All of one direction are one cause.
pub fn finding(path: &Arc<str>, position: Position, name: &str, value: &str, becomes: Becomes) -> Diagnostic {
    let (what, cause) = match becomes {
        Becomes::Infinity => ("larger than any number that a computer stores (about 1.8e308): it becomes infinity", "infinity"),
        Becomes::Zero => ("closer to zero than any number that a computer stores (about 5e-324): it becomes zero", "zero"),
    };
    let help = match becomes {
        Becomes::Infinity => "look at where the value comes from: a division by something near zero, or a figure too many in its exponent",
        Becomes::Zero => "look at where the value comes from; if it is a p-value that is as good as zero, write 0",
    };
    Diagnostic::new(&RULE, path, format!("`{value}` is {what}"))
        .at(position)
        .field(name)
        .value(value)
        .help(help)
        .cause(cause)
}

/// What an out-of-range number becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Becomes {
    /// Positive or negative infinity.
    Infinity,
    /// Positive or negative zero.
    Zero,
}
