//! F011 unknown-kind.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F011"),
    name: "unknown-kind",
    severity: Severity::Error,
    effect: Effect::None,
    fix: Fixable::No,
    what: "It cannot be told what the file is to ODM.",
    why: "Which rules apply, and which import ODM runs, depends on what the file is; guessing would hide faults.",
    mend: "Say it with --kind, or in study.toml.",
    example: Example {
        command: "people.tsv",
        files: &[
            ("people.tsv", "name<TAB>colour\nMary<TAB>red\n"),
        ],
    },
};

/// Nothing in the file or its name says what it is; `reason` says what was looked for, and `help` what would tell, where
/// naming the kind would not.
pub fn finding(path: &Arc<str>, reason: &str, help: Option<&str>) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("cannot tell what this file is: {reason}"))
        .help(help.unwrap_or("say it with --kind: study, samples, libraries, preparations, cells, expression, expression-metadata, variant, flow-cytometry or mapping"))
}
