//! P002 bad-dictionary.

use std::path::PathBuf;
use std::sync::Arc;

use odmkit_core::LineNumber;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_template::{Dictionaries, DictionaryError, Rename, Template};
use strsim::osa_distance;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("P002"),
    name: "bad-dictionary",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A dictionary file cannot be read as one.",
    why: "Values cannot be checked against it; where ODM would refuse the file too, its attributes stay unchecked there. A file in OWL, OBO, TTL or SKOS is one that ODM takes: that is told, and is no fault.",
    mend: "Give a CSV file with a `Label` column and, as you like, a `Synonyms` column, or a JSON array. OWL, OBO, TTL and SKOS files are not read yet: export their labels and synonyms to CSV.",
    example: Example {
        command: "trial.samples.tsv --dictionary Sex=sex.csv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
            ("sex.csv", "Term,Synonyms\nmale,M\n"),
        ],
    },
};

/// What is wrong with a dictionary file. One that ODM takes and odmkit does not read is no fault of the file.
pub fn finding(error: &DictionaryError) -> Diagnostic {
    let for_odm = error.fault.is_for_odm();
    let message = if error.name.is_empty() {
        error.fault.to_string()
    } else if for_odm {
        format!("no value is checked against the dictionary `{}`: {}", error.name, error.fault)
    } else {
        format!("the dictionary `{}` cannot be read: {}", error.name, error.fault)
    };
    let mut finding = Diagnostic::new(&RULE, &error.path, message)
        .field(error.name.as_ref())
        .help(error.fault.help());
    finding.line = error.fault.line().map(LineNumber::new);
    if for_odm {
        finding.severity = Severity::Info;
        finding = finding.effect(Effect::None);
    }
    finding
}

/// Dictionaries that were given by a name that the template does not know: probably a slip. One call may well be used for
/// several templates, so this is no fault. One that cannot be read is told as that.
pub fn unused(
    given: &[(String, PathBuf)],
    template: &Template,
    dictionaries: &Dictionaries,
) -> Vec<Diagnostic> {
    let mut named: Vec<&str> = Vec::new();
    for attribute in template.attributes() {
        named.extend(
            attribute
                .dictionary
                .as_deref()
                .filter(|name| !named.contains(name)),
        );
    }
    let is_known = |name: &str| {
        named.iter().any(|known| Dictionaries::answers(name, known))
            || Rename::of(name).is_some_and(|other| named.contains(&other.name()))
            || dictionaries.is_unread(name)
    };
    given
        .iter()
        .filter(|(name, _)| !is_known(name))
        .map(|(name, file)| of_no_attribute(&file.to_string_lossy().into(), name, &named))
        .collect()
}

fn of_no_attribute(path: &Arc<str>, name: &str, named: &[&str]) -> Diagnostic {
    let mut near = named.to_vec();
    near.sort_by_key(|other| osa_distance(&other.to_lowercase(), &name.to_lowercase()));
    let help = match near.as_slice() {
        [] => "the template names no dictionaries: leave the flag out".to_owned(),
        [only] => format!("the template names {only} only"),
        [nearest, ..] if osa_distance(nearest, name) < 3 => format!("did you mean {nearest}?"),
        _ => format!("the template names {}", named.join(", ")),
    };
    let message = format!("no attribute of the template takes its values from a dictionary `{name}`");
    let mut finding = Diagnostic::new(&RULE, path, message)
        .field(name)
        .help(help)
        .effect(Effect::None);
    finding.severity = Severity::Info;
    finding
}
