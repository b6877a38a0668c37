//! L010 mixed-sources.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L010"),
    name: "mixed-sources",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A data file and the file that describes it lie at different kinds of links, such as one at https:// and one at s3://.",
    why: "One import takes both from one kind of source. ODM's own importer refuses such a pair.",
    mend: "Put both files in the same place.",
    example: Example {
        command: "study.toml --allow F001",
        files: &[
            ("study.toml", "[[data]]\nfile = \"http://localhost:9/trial.gct\"\nmetadata = \"file:///srv/trial.gct.tsv\"\n"),
        ],
    },
};

/// The `data` lies at one kind of source, and the `metadata` that describes it at another.
pub fn finding(data: &Arc<str>, metadata: &Arc<str>, sources: (&str, &str)) -> Diagnostic {
    let (of_data, of_metadata) = sources;
    Diagnostic::new(
        &RULE,
        data,
        format!("this file is at {of_data}, and the one that describes it at {of_metadata}"),
    )
    .help("put both in the same place: ODM's importer takes them from one kind of source")
    .related(metadata, None, "the file that describes it")
}
