//! F012 same-file-name.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F012"),
    name: "same-file-name",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "Two data files or attachments of one study have the same file name, in different places.",
    why: "ODM keeps the files of a study under their names: exporting the whole study breaks where one stands twice, and before 1.63 the second upload failed.",
    mend: "Give the files different names.",
    example: Example {
        command: "trial.samples.tsv run1/trial.gct run2/trial.gct",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
            ("run1/trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
            ("run2/trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nEGFR<TAB>na<TAB>2.5\n"),
        ],
    },
};

/// The file at `path` has the `name` of `first`.
pub fn finding(path: &Arc<str>, name: &str, first: &Arc<str>) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("another file of the study is called `{name}` as well"))
        .value(name)
        .help("give one of them another name")
        .related(first, None, "this one")
}
