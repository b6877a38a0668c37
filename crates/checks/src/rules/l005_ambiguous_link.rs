//! L005 ambiguous-link.

use std::sync::Arc;

use odmkit_core::{FileKind, LineNumber, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::records;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L005"),
    name: "ambiguous-link",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A value by which data is tied stands for several samples, or for a library and a preparation alike, and a data \
           file uses it.",
    why: "One column of data belongs to one sample. Which of several it is cannot be told, and the link fails or goes astray.",
    mend: "Tie by an attribute whose values are unique, such as Sample Source ID, or make the values unique.",
    example: Example {
        command: "trial.samples.tsv trial.gct --link-attribute 'Sample Name'",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Sample Name\nS1<TAB>clinic<TAB>liver\nS2<TAB>clinic<TAB>liver\n"),
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>liver\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// `value` of `attribute` stands for a further record at `position`; `first` is where it stands first.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    attribute: &str,
    value: &str,
    kind: FileKind,
    first: (&Arc<str>, LineNumber),
) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!(
            "`{value}` stands for several {}, so data of that name belongs to no one {}",
            records(kind),
            kind.record()
        ),
    )
    .at(position)
    .field(attribute)
    .value(value)
    .help(format!(
        "make `{attribute}` unique, or tie the data by an attribute that is"
    ))
    .related(first.0, Some(first.1), format!("`{value}` stands here first"))
    .cause(format!("{attribute}\t{value}"))
}

/// The names of a data file are ids of several kinds of records alike, and nothing says which are meant. ODM takes
/// either link.
pub fn several_kinds(data: &Arc<str>, kinds: &[FileKind]) -> Diagnostic {
    let names: Vec<&str> = kinds.iter().map(|kind| records(*kind)).collect();
    let choices: Vec<String> = kinds.iter().map(|kind| format!("link_to = \"{kind}\"")).collect();
    Diagnostic::new(
        &RULE,
        data,
        format!(
            "the columns are ids of {} alike: this data may hang on either",
            names.join(" and of ")
        ),
    )
    .taken(Effect::Degraded)
    .help(format!("say which are meant: {} in study.toml (`odmkit init` writes one)", choices.join(" or ")))
}
