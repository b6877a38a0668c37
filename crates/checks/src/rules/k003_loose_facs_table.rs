//! K003 loose-facs-table.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("K003"),
    name: "loose-facs-table",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A flow cytometry table can be read, and is not quite as documented: `Marker` for `Color/Marker`, a sixth column, or both `Count` and `Counts`.",
    why: "Other columns are lost on import, and readouts of two spellings are two readouts to a search.",
    mend: "Use the five columns as they are documented, and one spelling throughout.",
    example: Example {
        command: "gates.facs",
        files: &[
            ("gates.facs", "Sample<TAB>CellPopulation<TAB>ReadoutType<TAB>Marker<TAB>Value\nS1<TAB>Lymphocytes/CD3+<TAB>Count<TAB><TAB>1204\n"),
        ],
    },
};

/// The column is called `found`, and `expected` in ODM's documentation.
pub fn alias(path: &Arc<str>, position: Position, found: &str, expected: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("the column `{found}` is mostly called `{expected}`"),
    )
    .at(position)
    .field(found)
    .help(format!(
        "write {expected}: not every version of ODM may know the other name"
    ))
}

/// A column that flow cytometry tables do not have. All such columns are one cause.
pub fn extra(path: &Arc<str>, position: Position, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("ODM has no use for the column `{name}`"))
        .at(position)
        .field(name)
        .help("delete the column; what belongs to the sample goes into the samples table")
        .cause("extra column")
}

/// The spelling `rarer` at `position` stands beside `usual`, `count` times.
pub fn two_spellings(
    path: &Arc<str>,
    position: Position,
    rarer: &str,
    usual: &str,
    count: u64,
) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("the readout is called `{rarer}` here and `{usual}` elsewhere in the file"),
    )
    .at(position)
    .field("ReadoutType")
    .value(rarer)
    .count(count)
    .help(format!("write {usual} throughout"))
}
