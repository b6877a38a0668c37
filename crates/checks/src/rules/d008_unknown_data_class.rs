//! D008 unknown-data-class.

use std::sync::Arc;

use odmkit_core::DataClass;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D008"),
    name: "unknown-data-class",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The data class is not one of ODM's.",
    why: "ODM compares the data class letter by letter and refuses others.",
    mend: "Write it as ODM does; `odmkit rules D008` lists them all.",
    example: "odmkit check --data-class Proteomic protein.tsv\n\nODM 1.64 knows: Bulk transcriptomics; Single-cell transcriptomics; Differential abundance (FC, pval, etc.); Pathway analysis; Proteomics; Single-cell proteomics; Metabolomics; Lipidomics; Epigenomics; DNA methylation; Chemoinformatics; Imaging features; Gene panel data; Biomarker data; Physical measures; Blood counts; Other body fluid counts; Long-read sequencing (Nanopore, PacBio); Flow Cytometry (FCS); Spatial transcriptomics; Phenomics; Copy number alterations; Microbiome / Metagenomics; Immune repertoire; Genetic screens (CRISPR / RNAi); Cell imaging; Document; Other.",
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
