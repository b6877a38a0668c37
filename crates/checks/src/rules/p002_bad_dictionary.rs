//! P002 bad-dictionary.

use odmkit_core::LineNumber;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_template::DictionaryError;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("P002"),
    name: "bad-dictionary",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A dictionary file cannot be read as one.",
    why: "Values cannot be checked against it; where ODM would refuse the file too, its attributes stay unchecked there.",
    mend: "Give a CSV file with a `Label` column and, as you like, a `Synonyms` column, or a JSON array. OWL, OBO, TTL and SKOS files are not read yet: export their labels and synonyms to CSV.",
    example: Example {
        command: "trial.samples.tsv --dictionary Sex=sex.csv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
            ("sex.csv", "Term,Synonyms\nmale,M\n"),
        ],
    },
};

/// What is wrong with a dictionary file.
pub fn finding(error: &DictionaryError) -> Diagnostic {
    let message = format!("the dictionary `{}` cannot be read: {}", error.name, error.fault);
    let finding = Diagnostic::new(&RULE, &error.path, message)
        .field(error.name.as_ref())
        .help(error.fault.help());
    match error.fault.line() {
        Some(line) => Diagnostic {
            line: Some(LineNumber::new(line)),
            ..finding
        },
        None => finding,
    }
}
