//! D008 unknown-data-class.

use std::sync::Arc;

use odmkit_core::DataClass;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D008"),
    name: "unknown-data-class",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The data class is not one of ODM's.",
    why: "ODM compares the data class letter by letter and refuses others.",
    mend: "Write it as ODM does. ODM 1.64 knows: Bulk transcriptomics; Single-cell transcriptomics; Differential abundance (FC, pval, etc.); Pathway analysis; Proteomics; Single-cell proteomics; Metabolomics; Lipidomics (since 1.58); Epigenomics; DNA methylation; Chemoinformatics; Imaging features; Gene panel data; Biomarker data; Physical measures; Blood counts; Other body fluid counts; Long-read sequencing (Nanopore, PacBio) (since 1.62); Flow Cytometry (FCS) (since 1.59); Spatial transcriptomics (since 1.62); Phenomics (since 1.62); Copy number alterations (since 1.62); Microbiome / Metagenomics (since 1.62); Immune repertoire (since 1.62); Genetic screens (CRISPR / RNAi) (since 1.62); Cell imaging (since 1.62); Document (since 1.59); Other.",
    example: Example {
        command: "protein.tsv --feature-attributes 1 --data-class Proteomic",
        files: &[
            ("protein.tsv", "Protein<TAB>S1\nP04637<TAB>1.5\n"),
        ],
    },
};

/// The data class `given` is none.
pub fn finding(path: &Arc<str>, given: &str) -> Diagnostic {
    let nearest = DataClass::ALL
        .into_iter()
        .map(|class| (strsim::damerau_levenshtein(&class.name.to_lowercase(), &given.to_lowercase()), class.name))
        .min();
    let finding = Diagnostic::new(&RULE, path, format!("`{given}` is none of ODM's data classes")).value(given);
    match nearest {
        Some((distance, name)) if distance <= given.chars().count() / 2 => {
            finding.help(format!("did you mean `{name}`?"))
        }
        _ => finding.help("odmkit rules D008 lists the data classes"),
    }
}

/// A GCT file is bulk transcriptomics to ODM, whatever else it is called.
pub fn not_for_gct(path: &Arc<str>, given: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("a GCT file has the data class `{}`, not `{given}`", DataClass::BULK_TRANSCRIPTOMICS))
        .value(given)
        .help(format!("--data-class \"{}\", or save the matrix as a tabular TSV", DataClass::BULK_TRANSCRIPTOMICS))
}
