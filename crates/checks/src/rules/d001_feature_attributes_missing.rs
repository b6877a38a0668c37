//! D001 feature-attributes-missing.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D001"),
    name: "feature-attributes-missing",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A data frame needs `numberOfFeatureAttributes`: how many of its first columns describe the feature.",
    why: "ODM cannot tell by itself where the description ends and the measurements begin; the import fails without.",
    mend: "Give it: `--feature-attributes N`, or `feature_attributes = N` in study.toml.",
    example: Example {
        command: "protein.tsv",
        files: &[
            ("protein.tsv", "Protein<TAB>Gene<TAB>S1<TAB>S2\nP04637<TAB>TP53<TAB>1.5<TAB>2\nP38398<TAB>BRCA1<TAB>3<TAB>4\n"),
        ],
    },
};

/// Nobody said how many columns describe the feature; `likely` is what the rows look like, and why, and `unfit` is why
/// no number would do.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    likely: Option<(u64, &str)>,
    unfit: Option<&str>,
) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, path, "a data frame needs the number of its feature attributes").at(position);
    match likely {
        Some((number, reason)) => {
            let number = number.to_string();
            let before = format!("probably {number} ({reason}): ");
            finding.value(number.as_str()).advise(Advice::give(before, "feature-attributes", number))
        }
        None if let Some(unfit) = unfit => {
            finding.help(unfit)
        }
        None => finding.advise(Advice::ask("say how many of the first columns describe the feature: ", "feature-attributes", "N")),
    }
}
