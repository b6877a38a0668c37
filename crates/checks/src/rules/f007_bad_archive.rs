//! F007 bad-archive.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F007"),
    name: "bad-archive",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A compressed file is truncated, corrupt, encrypted, has several members, expands beyond all measure, or is not what its name says.",
    why: "ODM unpacks one text from one file; it cannot take what it cannot unpack.",
    mend: "Compress the file again and compare sizes after the transfer; put one file into one archive.",
    example: Example {
        command: "trial.gct.gz",
        files: &[
            ("trial.gct.gz", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The archive cannot be unpacked (further); `reason` says why, `help` what to do.
pub fn finding(path: &Arc<str>, reason: &str, help: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, reason).help(help)
}
