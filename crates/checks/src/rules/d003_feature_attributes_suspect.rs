//! D003 feature-attributes-suspect.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D003"),
    name: "feature-attributes-suspect",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "The number of feature attributes leaves text or columns that are no known samples among the measurements (then this is an error), or measurements among the attributes.",
    why: "With a number too small the import fails at the first text; with one too large, measurements are stored as descriptions and linked to no sample.",
    mend: "Look at the header: the number counts the columns before the first sample.",
    example: Example {
        command: "protein.tsv --feature-attributes 3",
        files: &[
            ("protein.tsv", "Protein<TAB>Gene<TAB>S1<TAB>S2\nP04637<TAB>TP53<TAB>1.5<TAB>2\nP38398<TAB>BRCA1<TAB>3<TAB>4\n"),
        ],
    },
};

/// Columns after the `given` attributes hold text: `likely` would be the number. `name` is the first of them. ODM refuses
/// the first text that it meets; no further finding tells of that.
pub fn text_among_values(path: &Arc<str>, position: Position, given: u64, likely: u64, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the column `{name}` holds text, and with {} it counts as a measurement", attributes(given)))
        .at(position)
        .field(name)
        .value(given.to_string())
        .advise(probably(likely))
        .rejected()
}

/// The last of the `given` attributes hold measurements: `likely` would be the number. `name` is the first of them.
pub fn values_among_attributes(path: &Arc<str>, position: Position, given: u64, likely: u64, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the column `{name}` looks like a measurement, and with {} it counts as a description", attributes(given)))
        .at(position)
        .field(name)
        .value(given.to_string())
        .advise(probably(likely))
}

/// The names of the columns say where the values begin, for the `reason`, and not after the `given` attributes: the column
/// `name` is the first on the wrong side. With too few attributes it is taken for a sample, and ODM knows none such.
pub fn by_names(path: &Arc<str>, position: Position, (given, likely): (u64, u64), name: &str, reason: &str) -> Diagnostic {
    let too_few = given < likely;
    let taken_for = if too_few { "measurement" } else { "description" };
    let advice = probably(likely);
    let advice = if too_few {
        advice.and(format!("; if `{name}` is measured too, name it after its sample, as the others are"))
    } else {
        advice
    };
    // Where it is the first of the values itself, its name is not said twice.
    let reason = reason.replacen(&format!("`{name}`"), "it", usize::from(!too_few));
    let finding = Diagnostic::new(&RULE, path, format!("with {} the column `{name}` counts as a {taken_for}, but {reason}", attributes(given)))
        .at(position)
        .field(name)
        .value(given.to_string())
        .advise(advice);
    if too_few { finding.rejected() } else { finding }
}

/// The advice to give this number.
fn probably(number: u64) -> Advice {
    Advice::give(format!("probably {}: ", attributes(number)), "feature-attributes", number.to_string())
}

/// A number of feature attributes, in words.
pub(super) fn attributes(number: u64) -> String {
    if number == 1 {
        "1 feature attribute".to_owned()
    } else {
        format!("{number} feature attributes")
    }
}
