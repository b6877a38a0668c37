//! M008 read-only-attribute.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M008"),
    name: "read-only-attribute",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "The file sets an attribute that ODM sets itself, such as an accession or the data class.",
    why: "ODM ignores what the file says and writes its own value.",
    mend: "Delete the column. The data class of a file is given with the import, not in its metadata.",
    example: Example {
        command: "trial.metadata.tsv --kind expression-metadata",
        files: &[
            ("trial.metadata.tsv", "Data Class<TAB>Genome Version\nProteomics<TAB>GRCh38\n"),
        ],
    },
};

/// ODM sets the attribute `name` itself.
pub fn finding(path: &Arc<str>, position: Position, name: &str) -> Diagnostic {
    let help = if name == "Data Class" {
        "delete the column, and give the class with the import: data_class in study.toml, or --data-class"
    } else {
        "delete the column"
    };
    Diagnostic::new(
        &RULE,
        path,
        format!("ODM sets `{name}` itself and ignores this column"),
    )
    .at(position)
    .field(name)
    .help(help)
}
