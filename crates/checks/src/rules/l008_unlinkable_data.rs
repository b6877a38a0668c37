//! L008 unlinkable-data.

use std::sync::Arc;

use odmkit_core::FileKind;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::records;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L008"),
    name: "unlinkable-data",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "Variants or flow cytometry are to hang on libraries, preparations or cells.",
    why: "ODM ties variants and flow cytometry to samples only; there is no link to anything else.",
    mend: "Name the samples of the file by Sample Source ID, and tie it to the samples.",
    example: Example {
        command: ".",
        files: &[
            ("study.toml", "[[samples]]\nmetadata = \"trial.samples.tsv\"\n\n[[libraries]]\nmetadata = \"trial.libraries.tsv\"\n\n[[data]]\nfile = \"calls.vcf\"\nlink_to = \"libraries\"\n"),
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
            ("trial.libraries.tsv", "Library ID<TAB>Sample Source ID\nL1<TAB>S1\n"),
            ("calls.vcf", "##fileformat=VCFv4.2\n#CHROM<TAB>POS<TAB>ID<TAB>REF<TAB>ALT<TAB>QUAL<TAB>FILTER<TAB>INFO<TAB>FORMAT<TAB>L1\nchr1<TAB>100<TAB>.<TAB>A<TAB>G<TAB>.<TAB>.<TAB>.<TAB>GT<TAB>0/1\n"),
        ],
    },
};

/// The data of `kind` is to hang on `target`: the manifest says so, or else the names in it do.
pub fn finding(
    data: &Arc<str>,
    kind: FileKind,
    target: FileKind,
    stated: bool,
    has_samples: bool,
) -> Diagnostic {
    let targets = records(target);
    let message = if stated {
        format!("{kind} data cannot hang on {targets}: ODM ties it to samples only")
    } else {
        format!("the names in this file are those of {targets}, and ODM ties {kind} data to samples only")
    };
    let help = match (stated, has_samples) {
        (true, true) => "write link_to = \"samples\", and name the samples in the file by `Sample Source ID`",
        (false, true) => "name the samples in the file by `Sample Source ID`",
        (_, false) => "add a samples file, and name the samples in this file by `Sample Source ID`",
    };
    Diagnostic::new(&RULE, data, message).help(help)
}
