//! M012 no-dictionary.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_template::{Rename, TextPlace};

use super::p001_bad_template as p001;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M012"),
    name: "no-dictionary",
    severity: Severity::Info,
    effect: Effect::None,
    fix: Fixable::No,
    what: "The template names a dictionary that was not given, so that the values are unchecked.",
    why: "ODM checks the values against its own copy; here they pass unseen.",
    mend: "Give the dictionary with `--dictionary NAME=FILE`, or a folder of them with `--dictionaries DIR`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Organism\nS1<TAB>clinic<TAB>Mus musculus\n"),
        ],
    },
};

/// The values of `attribute` are unchecked, because `dictionary` was not given; `all` are those that the table needs
/// and that were not given.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    attribute: &str,
    dictionary: &str,
    all: &[&str],
) -> Diagnostic {
    of_several(unplaced(path, attribute, dictionary).at(position), all)
}

/// All dictionaries that were not given are one cause.
fn of_several(finding: Diagnostic, all: &[&str]) -> Diagnostic {
    let finding = finding.cause("no dictionary");
    if all.len() < 2 {
        return finding;
    }
    finding.help(format!(
        "give each with --dictionary NAME=FILE, or all with --dictionaries FOLDER, whose files have their names: {}",
        all.iter().map(|name| with_other_name(name)).collect::<Vec<_>>().join(", ")
    ))
}

/// A dictionary with the name that other versions of ODM have for it.
fn with_other_name(name: &str) -> String {
    match Rename::of(name) {
        Some(Rename::Newer(other)) => format!("{name} (`{other}` in ODM 1.60 and newer)"),
        Some(Rename::Older(other)) => format!("{name} (`{other}` in ODM before 1.60)"),
        None => name.to_owned(),
    }
}

/// The same, said of a template and of the first attribute that names the dictionary, at `place`; `all` are those that it names
/// and that were not given.
pub fn of_template(
    path: &Arc<str>,
    place: Option<TextPlace>,
    attribute: &str,
    dictionary: &str,
    all: &[&str],
) -> Diagnostic {
    let finding = of_several(unplaced(path, attribute, dictionary), all);
    match place {
        Some(place) => finding.at(p001::position(place)),
        None => finding,
    }
}

/// The template names a dictionary, at `place`, that is given by the name that other versions of ODM have for it.
pub fn given_as(
    path: &Arc<str>,
    place: Option<TextPlace>,
    attribute: &str,
    dictionary: &str,
    other: Rename,
) -> Diagnostic {
    let (name, version) = match other {
        Rename::Newer(name) => (name, "1.60 and newer know"),
        Rename::Older(name) => (name, "before 1.60 knows"),
    };
    let message = format!(
        "the template names the dictionary `{dictionary}`, and given is `{name}`, as ODM {version} it"
    );
    let finding = Diagnostic::new(&RULE, path, message)
        .field(attribute)
        .help(format!("write `{name}` into the template for such a server, or give --dictionary \"{dictionary}=FILE\""));
    match place {
        Some(place) => finding.at(p001::position(place)),
        None => finding,
    }
}

fn unplaced(path: &Arc<str>, attribute: &str, dictionary: &str) -> Diagnostic {
    let message =
        format!("the values of `{attribute}` are not checked: the dictionary `{dictionary}` was not given");
    let renamed = match Rename::of(dictionary) {
        Some(other @ Rename::Newer(name)) => match other.spelt().filter(|spelt| *spelt != dictionary) {
            Some(spelt) => format!("; ODM knows it as `{spelt}`, and from 1.60 on as `{name}`"),
            None => format!("; ODM 1.60 and newer know it as `{name}`"),
        },
        Some(Rename::Older(name)) => format!("; ODM before 1.60 knows it as `{name}`"),
        None => Rename::nearest(dictionary).map_or_else(String::new, |name| format!("; or is `{name}` meant?")),
    };
    Diagnostic::new(&RULE, path, message)
        .field(attribute)
        .help(format!("give it with --dictionary \"{dictionary}=FILE\"{renamed}"))
}
