//! D014 no-data-class.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D014"),
    name: "no-data-class",
    severity: Severity::Info,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A data frame of a study.toml has no data class, or one that is for attachments only (`Document`, `Other`).",
    why: "Without a class ODM takes the file for `Other`, and what is `Other` or `Document` is not indexed: its values are not found by any search.",
    mend: "Give the class: `data_class = \"Proteomics\"` in study.toml, or `--data-class`. `odmkit rules D008` lists the classes.",
    example: Example {
        command: "protein.tsv --feature-attributes 1 --data-class Other",
        files: &[
            ("protein.tsv", "Protein<TAB>S1\nP04637<TAB>1.5\n"),
        ],
    },
};

/// No class is given.
pub fn absent(path: &Arc<str>) -> Diagnostic {
    Diagnostic::new(&RULE, path, "no data class is given: ODM takes the file for `Other`, and does not index its values")
        .help("give it in study.toml, such as data_class = \"Proteomics\", or with --data-class; odmkit rules D008 lists the classes")
}

/// The class that is given is for attachments.
pub fn not_indexed(path: &Arc<str>, given: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("ODM does not index the values of files of the class `{given}`"))
        .value(given)
        .help("give the class of what was measured; odmkit rules D008 lists the classes")
}
