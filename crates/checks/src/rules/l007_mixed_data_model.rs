//! L007 mixed-data-model.

use std::sync::Arc;

use odmkit_core::FileKind;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::records;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L007"),
    name: "mixed-data-model",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "Data hangs on samples directly, in a study that has libraries or preparations.",
    why: "In such a study data hangs on the libraries or preparations that it was measured from. ODM's importer refuses \
          a study that has both.",
    mend: "Name the columns by Library ID or Preparation ID; or leave the libraries and preparations out of the study.",
    example: Example {
        command: "trial.samples.tsv trial.libraries.tsv trial.gct",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
            ("trial.libraries.tsv", "Library ID<TAB>Sample Source ID\nL1<TAB>S1\n"),
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The data of `kind` hangs on samples, and the study has libraries, or else preparations.
pub fn finding(data: &Arc<str>, kind: FileKind, libraries: bool) -> Diagnostic {
    let (parents, key) = if libraries {
        (records(FileKind::Libraries), "Library ID")
    } else {
        (records(FileKind::Preparations), "Preparation ID")
    };
    let help = if kind == FileKind::Expression {
        format!("name the columns by `{key}`, or leave the {parents} out of the study")
    } else {
        format!(
            "{kind} data hangs on samples only: leave the {parents} out, or import this data into a study without them"
        )
    };
    Diagnostic::new(
        &RULE,
        data,
        format!("this data hangs on samples, but the study has {parents}"),
    )
    .help(help)
}
