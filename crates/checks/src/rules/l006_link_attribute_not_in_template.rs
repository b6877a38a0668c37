//! L006 link-attribute-not-in-template.

use std::sync::Arc;

use odmkit_core::FileKind;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::{SAMPLE_KEY, records};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L006"),
    name: "link-attribute-not-in-template",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The attribute that data is to be tied by is not one that ODM can tie by.",
    why: "ODM ties data to samples by attributes of the template's sample section only, and to libraries, preparations \
          and cells by their own ids only; a link by anything else is refused.",
    mend: "Tie by an attribute of the template, such as Sample Source ID, or use a template that has the attribute.",
    example: Example {
        command: "trial.samples.tsv trial.gct --link-attribute 'Lab code'",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Lab code\nS1<TAB>clinic<TAB>X7\n"),
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>X7\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The template has no `attribute` for samples.
pub fn finding(data: &Arc<str>, attribute: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        data,
        format!("data cannot be tied by `{attribute}`: the template has no such attribute of samples"),
    )
    .field(attribute)
    .help(if attribute == SAMPLE_KEY {
        "add it to the attributes of samples in the template, or give another template with --template"
    } else {
        "tie by `Sample Source ID`, or give the template that has the attribute with --template"
    })
}

/// Records of this kind are tied by `key`, whatever is asked for.
pub fn not_for(data: &Arc<str>, attribute: &str, kind: FileKind, key: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        data,
        format!(
            "data cannot be tied to {} by `{attribute}`: ODM goes by `{key}` there",
            records(kind)
        ),
    )
    .field(attribute)
    .help(format!(
        "leave the link attribute out, and name the columns by `{key}`"
    ))
}
