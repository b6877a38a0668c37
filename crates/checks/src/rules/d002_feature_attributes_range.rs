//! D002 feature-attributes-range.

use std::sync::Arc;

use odmkit_core::Position;
use super::d003_feature_attributes_suspect as d003;
use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D002"),
    name: "feature-attributes-range",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The number of feature attributes is not between 1 and the number of columns less one.",
    why: "At least one column must name the feature, and at least one must hold a measurement.",
    mend: "Count the columns that describe the feature, and give that number.",
    example: Example {
        command: "protein.tsv --feature-attributes 9",
        files: &[
            ("protein.tsv", "Protein<TAB>Gene<TAB>S1<TAB>S2\nP04637<TAB>TP53<TAB>1.5<TAB>2\n"),
        ],
    },
};

/// `given` attributes were claimed for a table of `columns` columns; `likely` is what the rows look like, and why.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    given: u64,
    columns: u64,
    likely: Option<(u64, &str)>,
) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, path, format!("{} {} not fit a table of {columns} columns", d003::attributes(given), if given == 1 { "does" } else { "do" }))
        .at(position)
        .value(given.to_string());
    if let Some((number, reason)) = likely {
        let before = format!("probably {number} ({reason}): ");
        finding.advise(Advice::give(before, "feature-attributes", number.to_string()))
    } else if columns < 2 {
        finding.help("a data frame has at least two columns; are the columns separated by tabs?")
    } else {
        let before = format!("give a number from 1 to {}: ", columns - 1);
        finding.advise(Advice::ask(before, "feature-attributes", "N"))
    }
}
