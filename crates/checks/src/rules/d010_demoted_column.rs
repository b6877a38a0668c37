//! D010 demoted-column.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D010"),
    name: "demoted-column",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A feature column of numbers is read as text because of a few cells.",
    why: "ODM types a feature column as a number only if every value is one; as text it cannot be searched by range.",
    mend: "Correct the cells, or empty them.",
    example: "Protein<TAB>Length<TAB>S1\nP04637<TAB>393<TAB>1.5\nP38398<TAB>1863 aa<TAB>2.5",
};

/// `text` cells of the column `name`, the first at `position`, are no numbers, beside `numbers` that are.
pub fn finding(path: &Arc<str>, position: Position, name: &str, value: &str, text: u64, numbers: u64) -> Diagnostic {
    let cells = if text == 1 { "1 cell".to_owned() } else { format!("{text} cells") };
    Diagnostic::new(&RULE, path, format!("the feature column `{name}` has {numbers} numbers, and becomes text because of {cells}"))
        .at(position)
        .field(name)
        .value(value)
        .help(format!("correct the cells that are no numbers, such as `{value}`, or empty them"))
}
