//! L003 no-link-attribute.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L003"),
    name: "no-link-attribute",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The attribute that data is to be tied by is no column of the samples file.",
    why: "ODM compares the names of the data's columns with that attribute of the samples; without it nothing can be tied.",
    mend: "Name a column that is there, letter by letter, or leave the attribute out to tie by Sample Source ID.",
    example: Example {
        command: "trial.samples.tsv trial.gct --link-attribute 'Sample name'",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Sample Name\nS1<TAB>clinic<TAB>liver\n"),
            ("trial.gct", "#1.2\n1<TAB>1\nName<TAB>Description<TAB>liver\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The samples file `path` has no column `attribute`, by which `data` is to be tied.
pub fn finding(path: &Arc<str>, attribute: &str, nearest: Option<&str>, data: &Arc<str>) -> Diagnostic {
    let advice = match nearest {
        Some(nearest) => Advice::give(
            format!("the nearest column is `{nearest}`: give "),
            "link-attribute",
            nearest,
        ),
        None => Advice::about("give ", "link-attribute")
            .and(" with a column of this file, or leave it out to tie by `Sample Source ID`"),
    };
    Diagnostic::new(
        &RULE,
        path,
        format!("there is no column `{attribute}`, by which data is to be tied to these samples"),
    )
    .at(Position::line(Position::START.line, Position::START.byte))
    .field(attribute)
    .advise(advice)
    .related(data, None, "this data is to be tied by it")
}
