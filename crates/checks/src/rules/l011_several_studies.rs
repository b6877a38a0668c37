//! L011 several-studies.

use std::sync::Arc;

use odmkit_core::FileKind;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::records;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L011"),
    name: "several-studies",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "Samples, or other records or data, stand beside several study files, and nothing says to which study they belong.",
    why: "A group of samples belongs to one study, and so does what hangs on it: ODM refuses to tie it to a second one.",
    mend: "Give each study a folder of its own, or name the one that is meant as `metadata` of [study] in study.toml.",
    example: Example {
        command: "trial",
        files: &[
            ("trial/one.study.tsv", "Study Title<TAB>Study Source<TAB>Study Source ID<TAB>Study Description\nOne<TAB>clinic<TAB>1<TAB>First\n"),
            ("trial/two.study.tsv", "Study Title<TAB>Study Source<TAB>Study Source ID<TAB>Study Description\nTwo<TAB>clinic<TAB>2<TAB>Second\n"),
            ("trial/trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
        ],
    },
};

/// The file at `path` is a study beside the one in `first`, and records or data of a `kind` belong to one of them.
pub fn finding(path: &Arc<str>, first: &Arc<str>, kind: FileKind) -> Diagnostic {
    let what = if kind.is_data() { "data" } else { records(kind) };
    Diagnostic::new(&RULE, path, format!("this is a second study, and the {what} can belong to one only"))
        .help("give each study a folder of its own, or name the one that is meant in study.toml (`odmkit init` writes one)")
        .related(first, None, "the first study")
}
