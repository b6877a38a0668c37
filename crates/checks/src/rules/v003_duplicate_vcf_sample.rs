//! V003 duplicate-vcf-sample.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("V003"),
    name: "duplicate-vcf-sample",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "Two samples of a VCF have the same name.",
    why: "VCF does not allow it, and the genotypes of two columns could not be told apart.",
    mend: "Give each sample its own name, the one of the samples table.",
    example: Example {
        command: "calls.vcf",
        files: &[
            ("calls.vcf", "##fileformat=VCFv4.2\n#CHROM<TAB>POS<TAB>ID<TAB>REF<TAB>ALT<TAB>QUAL<TAB>FILTER<TAB>INFO<TAB>FORMAT<TAB>S1<TAB>S1\nchr1<TAB>100<TAB>.<TAB>A<TAB>G<TAB>.<TAB>.<TAB>.<TAB>GT<TAB>0/1<TAB>0/0\n"),
        ],
    },
};

/// The sample at `position` has a name that the one at `first` has already. All of a file are one cause.
pub fn finding(path: &Arc<str>, position: Position, name: &str, first: Position) -> Diagnostic {
    let field = first.field.map_or(0, odmkit_core::FieldNumber::get);
    Diagnostic::new(
        &RULE,
        path,
        format!("the sample name `{name}` is used more than once"),
    )
    .at(position)
    .field(name)
    .help("give each sample its own name, the one of the samples table")
    .value(name)
    .cause("duplicate sample")
    .related(path, Some(first.line), format!("first used for column {field}"))
}
