//! D008 unknown-data-class.

use std::sync::Arc;

use odmkit_core::DataClass;
use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

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
    let finding = || Diagnostic::new(&RULE, path, format!("`{given}` is none of ODM's data classes")).value(given);
    let told = |help: String| finding().help(help);
    let meant = |name: &str| finding().advise(Advice::give(format!("did you mean `{name}`? "), FLAG, name));
    if AUTOMATIC.iter().any(|name| name.eq_ignore_ascii_case(given)) {
        return told("ODM gives this class itself, to VCF and flow cytometry files; leave it out".to_owned());
    }
    if let Some((_, name)) = FORMER.iter().find(|(former, _)| former.eq_ignore_ascii_case(given)) {
        return finding().advise(Advice::give(format!("write `{name}`, as it is called since ODM 1.62: "), FLAG, *name));
    }
    match &named_by_part(given)[..] {
        [] => {}
        [name] => return meant(name),
        names => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            return told(format!("did you mean one of {}?", names.join(", ")));
        }
    }
    let nearest = DataClass::ALL
        .into_iter()
        .map(|class| (strsim::damerau_levenshtein(&class.name.to_lowercase(), &given.to_lowercase()), class.name))
        .min();
    match nearest {
        Some((distance, name)) if distance <= given.chars().count() / 2 => meant(name),
        _ => match nearest_word(given) {
            Some(name) => finding().advise(
                Advice::give(format!("did you mean `{name}`? "), FLAG, name)
                    .and("; odmkit rules D008 lists the data classes"),
            ),
            None => told("odmkit rules D008 lists the data classes".to_owned()),
        },
    }
}

/// A GCT file is bulk transcriptomics to ODM, whatever else it is called.
pub fn not_for_gct(path: &Arc<str>, given: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("a GCT file has the data class `{}`, not `{given}`", DataClass::BULK_TRANSCRIPTOMICS))
        .value(given)
        .advise(Advice::give("", FLAG, DataClass::BULK_TRANSCRIPTOMICS).and(", or save the matrix as a tabular TSV"))
}

/// The flag that says the class.
const FLAG: &str = "data-class";

/// Classes that ODM gives by itself.
const AUTOMATIC: [&str; 2] = ["Gene variant (VCF)", "Flow Cytometry (FACS)"];

/// What classes were called before.
const FORMER: [(&str, &str); 1] = [("Nanopore", "Long-read sequencing (Nanopore, PacBio)")];

/// The classes in whose name the text stands as a part, from the beginning of a word on: `Metagenomics`, `bulk`. One that
/// begins with it is meant rather than one that has it further on.
fn named_by_part(given: &str) -> Vec<&'static str> {
    let given = given.trim().to_lowercase();
    if given.chars().count() < 4 {
        return Vec::new();
    }
    let at = |class: &DataClass| {
        let name = class.name.to_lowercase();
        let is_word = |at: &usize| !name[..*at].ends_with(char::is_alphanumeric);
        name.match_indices(&given).map(|(at, _)| at).find(is_word)
    };
    let begins: Vec<&str> = DataClass::ALL.into_iter().filter(|class| at(class) == Some(0)).map(|class| class.name).collect();
    if begins.is_empty() {
        DataClass::ALL.into_iter().filter(|class| at(class).is_some()).map(|class| class.name).collect()
    } else {
        begins
    }
}

/// The first class that shares a word with the text: an assay is often named where the class of its results is wanted.
fn nearest_word(given: &str) -> Option<&'static str> {
    const MEANT: [(&str, &str); 16] = [
        ("scrna", "Single-cell transcriptomics"),
        ("single", "Single-cell transcriptomics"),
        ("spatial", "Spatial transcriptomics"),
        ("rna", DataClass::BULK_TRANSCRIPTOMICS),
        ("rnaseq", DataClass::BULK_TRANSCRIPTOMICS),
        ("transcriptomics", DataClass::BULK_TRANSCRIPTOMICS),
        ("expression", DataClass::BULK_TRANSCRIPTOMICS),
        ("microarray", DataClass::BULK_TRANSCRIPTOMICS),
        ("protein", "Proteomics"),
        ("proteome", "Proteomics"),
        ("metabolite", "Metabolomics"),
        ("lipid", "Lipidomics"),
        ("methylation", "DNA methylation"),
        ("cnv", "Copy number alterations"),
        ("crispr", "Genetic screens (CRISPR / RNAi)"),
        ("microbiome", "Microbiome / Metagenomics"),
    ];
    let lower = given.to_lowercase();
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).collect();
    MEANT.into_iter().find(|(word, _)| words.contains(word)).map(|(_, class)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_that_was_meant_is_named() {
        let path = Arc::from("m.tsv");
        for (given, named) in [
            ("Proteomic", Some("Proteomics")),
            ("bulk transcriptomics", Some("Bulk transcriptomics")),
            ("Single cell transcriptomics", Some("Single-cell transcriptomics")),
            ("scRNA-seq", Some("Single-cell transcriptomics")),
            ("RNA-Seq", Some("Bulk transcriptomics")),
            ("Nanopore", Some("Long-read sequencing (Nanopore, PacBio)")),
            ("Gene variant (VCF)", Some("leave it out")),
            ("protein levels", Some("Proteomics")),
            ("Metagenomics", Some("`Microbiome / Metagenomics`?")),
            ("Differential abundance", Some("`Differential abundance (FC, pval, etc.)`?")),
            ("Long-read sequencing", Some("`Long-read sequencing (Nanopore, PacBio)`?")),
            ("Genetic screens", Some("`Genetic screens (CRISPR / RNAi)`?")),
            ("bulk", Some("`Bulk transcriptomics`?")),
            ("Single-cell", Some("one of `Single-cell transcriptomics`, `Single-cell proteomics`?")),
            ("Epigenomic", Some("`Epigenomics`?")),
            ("xyzzy", None),
        ] {
            let help = finding(&path, given).help.unwrap_or_default();
            match named {
                Some(named) => assert!(help.contains(named), "{given}: {help}"),
                None => assert_eq!(help, "odmkit rules D008 lists the data classes", "{given}"),
            }
        }
    }
}
