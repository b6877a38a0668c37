//! D011 separator-suspect.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D011"),
    name: "separator-suspect",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "The column names look like sample and measurement, and no separator was given; or the one given stands twice in each.",
    why: "Without a separator each column is taken for a sample of its own, and none of them links.",
    mend: "Give it: `--measurement-separator S`, or `measurement_separator = \"S\"` in study.toml.",
    example: Example {
        command: "protein.tsv --feature-attributes 1",
        files: &[
            ("protein.tsv", "Protein<TAB>S1:abundance<TAB>S1:pvalue<TAB>S2:abundance<TAB>S2:pvalue\nP04637<TAB>1.5<TAB>0.01<TAB>2<TAB>0.2\n"),
        ],
    },
};

/// The columns can be cut at `separator`, for the `reason` given.
pub fn finding(path: &Arc<str>, position: Position, separator: &str, reason: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the column names look like sample{separator}measurement ({reason}), and no separator was given"))
        .at(position)
        .value(separator)
        .advise(Advice::give("if so: ", "measurement-separator", separator))
}

/// In all names the `separator` that was given stands twice, one behind the other: the measurements begin with it.
pub fn doubled(path: &Arc<str>, position: Position, separator: &str) -> Diagnostic {
    let twice = separator.repeat(2);
    let message = format!("with the separator `{separator}` the names of all measurements begin with `{separator}`");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .value(separator)
        .advise(Advice::give(format!("probably `{twice}`: "), "measurement-separator", twice))
}
