//! D013 ignored-for-gct.

use std::sync::Arc;

use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D013"),
    name: "ignored-for-gct",
    severity: Severity::Warning,
    effect: Effect::None,
    fix: Fixable::No,
    what: "A number of feature attributes or a measurement separator is given for a GCT file.",
    why: "ODM uses neither for GCT: the file always has two feature columns and one column per sample. Who gives them expects something else of the file than ODM makes of it.",
    mend: "Leave them out; or save the matrix as a data frame (a .tsv without the two lines above the header) if it has more feature columns, or several measurements per sample.",
    example: Example {
        command: "trial.gct --measurement-separator :",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>2\nName<TAB>Description<TAB>S1:tpm<TAB>S1:counts\nTP53<TAB>na<TAB>1.5<TAB>2\n"),
        ],
    },
};

/// What was given, of the two things that mean nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<'a> {
    /// A number of feature attributes.
    FeatureAttributes(u64),
    /// A measurement separator.
    Separator(&'a str),
}

/// Something was given for a GCT file that ODM uses for data frames only.
pub fn finding(path: &Arc<str>, given: Given<'_>) -> Diagnostic {
    let (message, value, name) = match given {
        Given::FeatureAttributes(number) => (
            format!("the number of feature attributes, {number}, means nothing for a GCT file: it always has two"),
            number.to_string(),
            "feature-attributes",
        ),
        Given::Separator(separator) => (
            format!("the separator `{separator}` means nothing for a GCT file: each column is one sample"),
            separator.to_owned(),
            "measurement-separator",
        ),
    };
    Diagnostic::new(&RULE, path, message).value(value).advise(Advice::about("leave out ", name))
}
