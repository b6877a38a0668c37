//! T007 padding-tabs.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T007"),
    name: "padding-tabs",
    severity: Severity::Warning,
    effect: Effect::None,
    fix: Fixable::Safe,
    what: "Empty fields follow the last column: what a spreadsheet leaves when it saves a wider sheet.",
    why: "ODM tolerates them on the first lines of a GCT; other tools do not, and on rows they look like missing values.",
    mend: "Delete the tabs at the end of the line, or run `odmkit fix`.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2<TAB><TAB>\n1<TAB>1<TAB>\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// `tabs` tabs at the end of a line, beginning at `position`. All such lines of a file are one cause.
pub fn finding(path: &Arc<str>, position: Position, tabs: u64) -> Diagnostic {
    let message = if tabs == 1 {
        "a tab follows the last field of the line".to_owned()
    } else {
        format!("{tabs} tabs follow the last field of the line")
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help("delete the empty fields at the end of the line: a spreadsheet has padded it")
        .fix("delete padding tabs")
        .cause("padding tabs")
}
