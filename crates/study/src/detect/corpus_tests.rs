//! Every file of a folder of real files, where one is at hand, is detected as the tables say.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// What the files whose path begins so are, but for the exceptions that follow.
const FOLDERS: [(&str, &str); 5] = [
    ("gct/", "expression gct-1.3"),
    ("vcf/", "variant vcf"),
    ("dictionary/", "not for ODM: comma-separated text (CSV)"),
    ("template/", "not for ODM: JSON"),
    ("tsv/", "unknown: SomeTable"),
];

/// Exceptions, by a part of the path.
const FILES: [(&str, &str); 61] = [
    ("gct/MultiQC-test-data__01c3e26", "expression gct-1.2"),
    (
        "gct/broadinstitute-lincs",
        "not for ODM: a Git LFS pointer to the file",
    ),
    ("gct/cmap-cmapPy__afb6c9f", "expression gct-1.2"),
    ("gct/cmap-cmapPy__fdae778", "expression gct-1.2"),
    // These have no GCT lines at all: their name alone says GCT.
    ("gct/cmap-merino__023b873", "expression gct-1.2"),
    ("gct/cmap-merino__1ee92a9", "expression gct-1.2"),
    ("gct/cmap-merino__7aba9c8", "expression gct-1.2"),
    ("gct/cmap-merino__9ae270a", "expression gct-1.2"),
    ("gct/cmap-merino__be53c5e", "expression gct-1.2"),
    ("gct/cmap-merino__c4539cf", "expression gct-1.2"),
    ("gct/genepattern-", "expression gct-1.2"),
    ("gct/igvteam-igv__8611028", "expression gct-1.2"),
    ("gct/odm-study-variants", "expression gct-1.2"),
    // One column: nothing to count commas by.
    ("Vocabulary1.csv", "unknown: NoTable"),
    ("body_weight_unit.csv", "unknown: NoTable"),
    ("data_species.csv", "unknown: NoTable"),
    ("ethnic_groups.csv", "unknown: NoTable"),
    ("experiment_instrument.csv", "unknown: NoTable"),
    ("experiment_type.csv", "unknown: NoTable"),
    ("library_type.csv", "unknown: NoTable"),
    ("methods.csv", "unknown: NoTable"),
    ("microarray_platforms.csv", "unknown: NoTable"),
    ("scope.csv", "unknown: NoTable"),
    ("sequencing_platforms.csv", "unknown: NoTable"),
    ("therapeutic_area.csv", "unknown: NoTable"),
    ("units_dimensionless.csv", "unknown: NoTable"),
    ("odm/odm-GSE29746__GSE29746_samples.tsv", "samples tsv"),
    ("odm/odm-GSE29746__GSE29746_study.tsv", "study tsv"),
    (
        "odm/sdk__sample_scripts__sample_encode_metadata.12bf87d.tsv",
        "unknown: SomeTable",
    ),
    (
        "odm/sdk__sample_scripts__sample_encode_metadata.tsv",
        "unknown: SomeTable",
    ),
    ("odm/user-docs__curation-script__samples.tsv", "samples tsv"),
    ("odm/user-docs__users__users.tsv", "unknown: SomeTable"),
    ("odm/userdocs-rework__libraries.tsv", "libraries tsv"),
    ("odm/userdocs-rework__preparations.tsv", "preparations tsv"),
    ("odm/userdocs-rework__samples.tsv", "samples tsv"),
    (
        "study-samples-libraries-omics/Test.expression.gct",
        "expression gct-1.2",
    ),
    (
        "study-samples-libraries-omics/Test.expression.gct.tsv",
        "expression-metadata tsv",
    ),
    (
        "study-samples-libraries-omics/Test.libraries.tsv",
        "libraries tsv",
    ),
    (
        "study-samples-libraries-omics/Test.preparations.tsv",
        "preparations tsv",
    ),
    ("study-samples-libraries-omics/Test.samples.tsv", "samples tsv"),
    ("study-samples-libraries-omics/Test.study.tsv", "study tsv"),
    ("study-samples-omics/Test.expression.gct", "expression gct-1.2"),
    (
        "study-samples-omics/Test.expression.gct.tsv",
        "expression-metadata tsv",
    ),
    ("study-samples-omics/Test.samples.tsv", "samples tsv"),
    ("study-samples-omics/Test.study.tsv", "study tsv"),
    ("study-variants/Example.expression.gct", "expression gct-1.2"),
    (
        "study-variants/Example.expression.gct.tsv",
        "expression-metadata tsv",
    ),
    ("study-variants/Example.gx-dummy.tsv", "expression-metadata tsv"),
    ("study-variants/Example.gx-dummy.vcf", "variant vcf"),
    ("study-variants/Example.samples.tsv", "samples tsv"),
    ("study-variants/Example.study.tsv", "study tsv"),
    (
        "tsv/genepattern-Kallisto.Quant",
        "not for ODM: comma-separated text (CSV)",
    ),
    ("tsv/cmap-morpheus.js__75f9f39", "expression tsv"),
    ("tsv/igvteam-igv__4ec619a__custom.igv", "unknown: Comments"),
    ("tsv/igvteam-igv__8cb7baf__OV", "expression tsv"),
    ("tsv/igvteam-igv__aa5cdae__recombRate", "expression tsv"),
    ("tsv/igvteam-igv__abe35ce__GBM", "expression tsv"),
    ("tsv/zqfang-GSEApy__0c11319__gsea_data", "unknown: NoHeader"),
    ("tsv/zqfang-GSEApy__0fad511__stats.tsv", "unknown: NoTable"),
    ("tsv/zqfang-GSEApy__1127304__batchcpp", "unknown: NoHeader"),
    ("tsv/zqfang-GSEApy__4b2155f__ref", "expression tsv"),
];

#[test]
fn real_files_are_what_the_tables_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    let mut wrong = Vec::new();
    for path in paths {
        let name = path
            .strip_prefix(&root)
            .expect("inside")
            .to_string_lossy()
            .replace('\\', "/");
        let Some(wanted) = wanted(&name) else { continue };
        let found = says(&path);
        if found != wanted {
            wrong.push(format!("{name}: {found}, not {wanted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The longest entry that fits decides, exceptions first.
fn wanted(name: &str) -> Option<&'static str> {
    let longest = |entries: &[(&'static str, &'static str)], fits: &dyn Fn(&str) -> bool| {
        entries
            .iter()
            .filter(|(part, _)| fits(part))
            .max_by_key(|(part, _)| part.len())
            .map(|&(_, says)| says)
    };
    longest(&FILES, &|part| name.contains(part)).or_else(|| longest(&FOLDERS, &|part| name.starts_with(part)))
}

fn says(path: &Path) -> String {
    let bytes = fs::read(path).expect("readable");
    let limit = crate::head::HEAD_BYTES;
    let head = if bytes.len() <= limit {
        Head::whole(bytes)
    } else {
        Head::part(&bytes[..limit])
    };
    let beside = fs::read_dir(path.parent().expect("a folder"))
        .expect("listable")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect::<Vec<_>>();
    match detect(&path.to_string_lossy(), &head, &beside).detected {
        Detected::Known { kind, format } => format!("{kind} {format}"),
        Detected::NotThisKind(foreign) => format!("not for ODM: {foreign}"),
        Detected::Unknown(unclear) => format!("unknown: {unclear:?}"),
    }
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            walk(&path, paths);
        } else {
            paths.push(path);
        }
    }
}
