//! T001 ragged-row.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T001"),
    name: "ragged-row",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A row has more or fewer fields than the header.",
    why: "Fields are told apart by counting tabs: one too many or too few puts every later value under the wrong name.",
    mend: "Look for a lost or an extra tab in the row; a tab or a line break inside a cell is the usual cause.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic<TAB>male\n"),
        ],
    },
};

/// A row of `found` fields under a header of `expected`. Rows with the same number of fields are one cause.
pub fn finding(path: &Arc<str>, position: Position, found: u64, expected: u64) -> Diagnostic {
    let help = if found + 1 == expected {
        "a cell is missing: look for a lost tab, or for a line break inside a cell"
    } else if found < expected {
        "cells are missing: look for lost tabs, or for a line break inside a cell"
    } else if found == expected + 1 {
        "look for an extra tab, or for a tab inside a cell; where every row is so, the header lacks the name of the row \
         names, which R leaves out"
    } else {
        "look for extra tabs, or for tabs inside cells"
    };
    Diagnostic::new(&RULE, path, format!("this row has {} where the header has {expected}", count(found)))
        .at(position)
        .help(help)
        .cause(format!("width {found}"))
}

fn count(fields: u64) -> String {
    if fields == 1 { "1 field".to_owned() } else { format!("{fields} fields") }
}
