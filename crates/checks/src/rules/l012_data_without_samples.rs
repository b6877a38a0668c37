//! L012 data-without-samples.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L012"),
    name: "data-without-samples",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A study has data and no samples, libraries, preparations or cells for it to hang on.",
    why: "Data hangs on a study through its samples. Without any, ODM takes the file, ties it to nothing and does not show it.",
    mend: "Add the samples file, or the accession of samples that are in ODM: `accession` of [[samples]] in study.toml.",
    example: Example {
        command: "trial",
        files: &[
            ("trial/trial.study.tsv", "Study Title<TAB>Study Source<TAB>Study Source ID<TAB>Study Description\nOne<TAB>clinic<TAB>1<TAB>First\n"),
            ("trial/trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The data files, `path` the first of `count`, have nothing to hang on.
pub fn finding(path: &Arc<str>, count: usize) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the study has no samples that this data could be tied to")
        .count(count as u64)
        .help("add the samples file, or their accession in study.toml: without them ODM takes the data and does not show it")
}
