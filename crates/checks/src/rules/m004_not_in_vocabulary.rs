//! M004 not-in-vocabulary.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M004"),
    name: "not-in-vocabulary",
    severity: Severity::Warning,
    effect: Effect::Flagged,
    fix: Fixable::No,
    what: "A value is not a term of the dictionary that the template names for its attribute.",
    why: "ODM imports the record and marks it invalid (VOCABULARY_NOT_FOUND); searches by the term do not find it.",
    mend: "Write a term of the dictionary, letter by letter; the nearest ones are named. Abbreviations of units are no terms: write gram, not g.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Age<TAB>Age Unit\nS1<TAB>clinic<TAB>34<TAB>years\n"),
        ],
    },
};

/// What is known of one value that is no term.
#[derive(Debug, Clone, Copy)]
pub struct NoTerm<'a> {
    /// The attribute.
    pub attribute: &'a str,
    /// The dictionary's name.
    pub dictionary: &'a str,
    /// The value.
    pub value: &'a str,
    /// How often it stands there.
    pub count: u64,
}

/// The value is no term; `nearest` are the terms that were probably meant, and `terms` some of all terms, and how many
/// there are. All values of a column that no term is near to are one cause.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    value: NoTerm<'_>,
    nearest: &[&str],
    terms: (&[&str], usize),
) -> Diagnostic {
    let finding = base(path, position, value);
    let (some, all) = terms;
    match nearest {
        [] => {
            let terms = if some.len() == all {
                format!("the terms are {}", list(some, "and"))
            } else {
                format!("write one of the {all} terms of the dictionary, such as {}", list(some, "or"))
            };
            finding.help(terms).cause(value.attribute)
        }
        several => finding.help(format!("did you mean {}?", list(several, "or"))),
    }
}

/// The value is the term `label` but for the case of its letters.
pub fn case_only(path: &Arc<str>, position: Position, value: NoTerm<'_>, label: &str) -> Diagnostic {
    base(path, position, value).help(format!("write {label}: upper and lower case count"))
}

/// The value is the term `label` but for characters that only look like it.
pub fn look_alike(
    path: &Arc<str>,
    position: Position,
    value: NoTerm<'_>,
    label: &str,
    differing: &str,
) -> Diagnostic {
    base(path, position, value).help(format!("write {label}: {differing}"))
}

/// The value is several terms with something else than a pipe between them; `list` is what ODM reads.
pub fn several(path: &Arc<str>, position: Position, value: NoTerm<'_>, list: &str) -> Diagnostic {
    base(path, position, value).help(format!("write {list}: a | stands between several terms, and nothing else does"))
}

/// `count` further values that are no terms, beyond those that are listed one by one.
pub fn further(path: &Arc<str>, position: Position, value: NoTerm<'_>) -> Diagnostic {
    let NoTerm {
        attribute,
        dictionary,
        count,
        ..
    } = value;
    let message =
        format!("{count} further values of `{attribute}` are no terms of the dictionary `{dictionary}`");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(attribute)
        .count(count)
        .help("does the column hold what its name says?")
        .odm_error("VOCABULARY_NOT_FOUND")
}

fn base(path: &Arc<str>, position: Position, value: NoTerm<'_>) -> Diagnostic {
    let NoTerm {
        attribute,
        dictionary,
        value,
        count,
    } = value;
    Diagnostic::new(
        &RULE,
        path,
        format!("`{value}` in `{attribute}` is no term of the dictionary `{dictionary}`"),
    )
    .at(position)
    .field(attribute)
    .value(value)
    .count(count)
    .odm_error("VOCABULARY_NOT_FOUND")
    .cause(format!("{attribute} {value}"))
}

fn list(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [head @ .., last] => format!("{} {word} {last}", head.join(", ")),
    }
}
