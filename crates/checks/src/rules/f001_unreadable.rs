//! F001 unreadable.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F001"),
    name: "unreadable",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The file cannot be opened or read.",
    why: "ODM can only import what can be read; nothing of this file was checked.",
    mend: "Check the name and the permissions, and that the disk or the network share is there.",
    example: Example {
        command: "trial.gct",
        files: &[],
    },
};

/// The file could not be opened or read, for the reason the system gives.
pub fn finding(path: &Arc<str>, reason: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the file cannot be read: {reason}"))
        .help("check the name and the permissions of the file")
}
