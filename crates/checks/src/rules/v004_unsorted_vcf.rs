//! V004 unsorted-vcf.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("V004"),
    name: "unsorted-vcf",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "The records of a VCF are out of order: a position below the one before it, or a chromosome in two places.",
    why: "VCF wants each chromosome in one piece and its positions ascending; readers that rely on it miss records or refuse the file.",
    mend: "Sort the file: `bcftools sort in.vcf -o out.vcf`.",
    example: Example {
        command: "calls.vcf",
        files: &[
            ("calls.vcf", "##fileformat=VCFv4.2\n#CHROM<TAB>POS<TAB>ID<TAB>REF<TAB>ALT<TAB>QUAL<TAB>FILTER<TAB>INFO\nchr1<TAB>200<TAB>.<TAB>A<TAB>G<TAB>.<TAB>.<TAB>.\nchr1<TAB>100<TAB>.<TAB>C<TAB>T<TAB>.<TAB>.<TAB>.\n"),
        ],
    },
};

/// A record stands `after` a greater position of its chromosome. All such records are one cause.
pub fn position(path: &Arc<str>, position: Position, found: u32, after: u32) -> Diagnostic {
    base(
        path,
        position,
        format!("position {found} comes after position {after}"),
    )
    .field("POS")
    .value(found.to_string())
    .cause("positions")
}

/// Records of a chromosome go on after records of another. All such places are one cause.
pub fn chromosome(path: &Arc<str>, position: Position, name: &str) -> Diagnostic {
    base(
        path,
        position,
        format!("chromosome `{name}` goes on after records of another"),
    )
    .field("CHROM")
    .value(name)
    .cause("chromosomes")
}

fn base(path: &Arc<str>, position: Position, message: String) -> Diagnostic {
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .help("sort the file, for instance: bcftools sort in.vcf -o out.vcf")
}
