//! M002 value-not-set.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M002"),
    name: "value-not-set",
    severity: Severity::Warning,
    effect: Effect::Flagged,
    fix: Fixable::No,
    what: "A value that the template requires is blank.",
    why: "ODM imports the record and marks it invalid (VALUE_NOT_SET).",
    mend: "Fill the value in; `Not applicable`, `Not reported` and `Not recorded` are valid for any attribute.",
    example: Example {
        command: "trial.study.tsv",
        files: &[
            ("trial.study.tsv", "Study Title<TAB>Study Source<TAB>Study Description<TAB>Study Source ID\nA trial<TAB>GEO<TAB>Livers of mice<TAB>\n"),
        ],
    },
};

/// The required attribute `name` is blank in `count` records, the first of them at `position`.
pub fn finding(path: &Arc<str>, position: Position, name: &str, count: u64) -> Diagnostic {
    let message = if count == 1 {
        format!("the required attribute `{name}` is blank")
    } else {
        format!("the required attribute `{name}` is blank in {count} rows")
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .count(count)
        .help("fill it in; where there is nothing to say, write Not reported")
        .odm_error("VALUE_NOT_SET")
}
